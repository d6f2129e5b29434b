"""The schema that a pipeline writes to, as far as the workspace and the library of standard XDM tell its fields."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index

if TYPE_CHECKING:
    from flowctl.xdm.destinations import PathProblem
    from flowctl.xdm.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SchemaFields:
    """The fields that a class and field groups have together, and the paths of those that a record must have.

    `is_whole` says that the class and all of the field groups are known. Schemas of the same parts share one.
    """

    class_: str
    root: "Field"
    required: tuple[str, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetSchema:
    """The schema that a pipeline writes to, by the name of its document."""

    name: str
    fields: SchemaFields


def target_schema(document: Document, index: Index) -> TargetSchema | None:
    """Return the schema of a pipeline's dataset; None for one that only Experience Platform knows."""
    dataset = document.at("dataset")
    if isinstance(dataset, str):
        shared = index.get("Dataset", dataset)
        name = shared.at("schema") if shared is not None else None
    else:
        name = document.at("dataset", "schema")
    schema = index.get("Schema", name)
    return index.once(_declared, schema) if schema is not None else None


def _declared(schema: Document, _index: Index) -> TargetSchema | None:
    """The schema that a Schema document declares."""
    class_, groups = schema.at("class"), schema.at("fieldGroups")
    if not isinstance(class_, str):
        return None
    fields = _resolved(
        class_, tuple(group for group in groups if isinstance(group, str)) if isinstance(groups, list) else ()
    )
    return None if fields is None else TargetSchema(name=schema.name, fields=fields)


@lru_cache(maxsize=256)
def _resolved(class_: str, groups: tuple[str, ...]) -> SchemaFields | None:
    # Imported here, because most commands look at no schema.
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import composed

    root, unknown = composed((class_, *groups), standard())
    if class_ in unknown:
        return None
    return SchemaFields(class_=class_, root=root, required=tuple(root.required()), is_whole=not unknown)


@lru_cache(maxsize=16384)
def path_problem(path: str, fields: SchemaFields | None) -> "PathProblem | None":
    """Return what is wrong with a destination, in its form or in a schema of these fields."""
    from flowctl.xdm.destinations import PathProblem, problem_of, steps_of

    if fields is not None:
        return problem_of(path, fields.root)
    found = steps_of(path)
    return found if isinstance(found, PathProblem) else None


@lru_cache(maxsize=16384)
def field_of(path: str, fields: SchemaFields) -> "Field | None":
    """Return the field that a destination leads to."""
    from flowctl.xdm.destinations import field_at

    return field_at(path, fields.root)
