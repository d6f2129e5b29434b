"""The fields of the schema that a pipeline writes to, as far as they are known offline."""

from dataclasses import dataclass
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.pulled import Pulled
from flowctl.manifest.target_schema import resource_ids, schema_of, target_schema
from flowctl.xdm.destinations import field_at, problem_of
from flowctl.xdm.fields import Field
from flowctl.xdm.library import standard

_DEEPEST: Final = 5
"""Levels of an object that is copied as a whole: data types may contain themselves."""


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
            return (_node(found, 0) if found is not None else {}), ""
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


def _node(field: Field, depth: int) -> dict[str, object]:
    """Return a field as the conversion reads it."""
    type_ = field.type
    if type_ == "any" or depth > _DEEPEST:
        return {}
    if type_ == "array":
        items = field.items
        return {"type": "array"} | ({"items": _node(items, depth + 1)} if items is not None else {})
    if type_ == "map":
        inner = field.child("")
        return {"type": "object"} | ({"additionalProperties": _node(inner, depth + 1)} if inner is not None else {})
    if type_ == "object":
        below = {name: child for name in field.names() if (child := field.child(name)) is not None}
        return {"type": "object", "properties": {name: _node(child, depth + 1) for name, child in below.items()}}
    return {"type": type_, "format": field.format} if field.format else {"type": type_}
