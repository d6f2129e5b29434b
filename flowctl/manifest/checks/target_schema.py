"""The schema that a pipeline writes to, as far as the workspace and the library of standard XDM tell its fields."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.json_value import JSONObject

if TYPE_CHECKING:
    from flowctl.xdm.destinations import PathProblem
    from flowctl.xdm.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetSchema:
    """The fields of a schema. `is_whole` says that its class and all of its field groups are known."""

    name: str
    class_: str
    fields: "Field"
    is_whole: bool


def target_schema(document: Document, index: Index) -> TargetSchema | None:
    """Return the schema of a pipeline's dataset; None for one that only Experience Platform knows."""
    dataset = document.at("dataset")
    if isinstance(dataset, str):
        shared = index.get("Dataset", dataset)
        name = shared.at("schema") if shared is not None else None
    else:
        name = document.at("dataset", "schema")
    schema = index.get("Schema", name)
    class_ = schema.at("class") if schema is not None else None
    groups = schema.at("fieldGroups") if schema is not None else None
    if not isinstance(name, str) or not isinstance(class_, str):
        return None
    return _resolved(
        name, class_, tuple(group for group in groups if isinstance(group, str)) if isinstance(groups, list) else ()
    )


def dataset_tags(document: Document, index: Index) -> JSONObject:
    """Return the tags of a pipeline's dataset; none if the workspace does not declare it."""
    shared = index.get("Dataset", document.at("dataset"))
    tags = shared.at("tags") if shared is not None else document.at("dataset", "tags")
    return tags if isinstance(tags, dict) else {}


@lru_cache(maxsize=256)
def _resolved(name: str, class_: str, groups: tuple[str, ...]) -> TargetSchema | None:
    # Imported here, because most commands look at no schema.
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import composed

    fields, unknown = composed((class_, *groups), standard())
    return None if class_ in unknown else TargetSchema(name=name, class_=class_, fields=fields, is_whole=not unknown)


@lru_cache(maxsize=16384)
def path_problem(path: str, schema: TargetSchema | None) -> "PathProblem | None":
    """Return what is wrong with a destination, in its form or in this schema."""
    from flowctl.xdm.destinations import PathProblem, problem_of, steps_of

    if schema is not None:
        return problem_of(path, schema.fields)
    found = steps_of(path)
    return found if isinstance(found, PathProblem) else None


@lru_cache(maxsize=16384)
def field_of(path: str, schema: TargetSchema) -> "Field | None":
    """Return the field that a destination leads to."""
    from flowctl.xdm.destinations import field_at

    return field_at(path, schema.fields)
