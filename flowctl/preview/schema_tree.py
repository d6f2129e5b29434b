"""The fields of the schema that a pipeline writes to, as far as they are known offline."""

from dataclasses import dataclass

from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.pulled import Pulled
from flowctl.manifest.target_schema import resource_ids, schema_of, target_schema
from flowctl.xdm.destinations import field_at, problem_of
from flowctl.xdm.fields import Field
from flowctl.xdm.library import standard
from flowctl.xdm.schema_nodes import node_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaTree:
    """The known fields. `unknown` are the classes and field groups that only Experience Platform knows."""

    root: Field
    unknown: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether every field of the schema is known."""
        return not self.unknown

    def node(self, destination: str) -> tuple[dict[str, object], str]:
        """Return the JSON Schema node at a destination, and why there is none; both empty if it is not known."""
        problem = problem_of(destination, self.root)
        if problem is None:
            found = field_at(destination, self.root)
            return (node_of(found) if found is not None else {}), ""
        if self.unknown and problem.code != "destination-syntax":
            return {}, ""
        near = f" Did you mean {problem.nearest}?" if problem.nearest else ""
        return {}, f"The destination {destination} is not in the schema: there is no {problem.name}.{near}"


def schema_tree(pipeline: Document, documents: Named, pulled: Pulled) -> SchemaTree:
    """Return the fields of the schema of a pipeline's dataset."""
    schema = target_schema(pipeline, documents, pulled)
    if schema is None:
        declared = schema_of(pipeline, documents)
        unknown = resource_ids(declared) if isinstance(declared, Document) else ["the schema"]
        return SchemaTree(root=Field((), standard()), unknown=tuple(unknown))
    return SchemaTree(root=schema.fields, unknown=schema.unknown)
