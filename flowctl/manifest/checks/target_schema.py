"""The schema that a pipeline writes to, as far as the workspace and the library of standard XDM tell its fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.manifest.document import Document
from flowctl.manifest.index import Index

if TYPE_CHECKING:
    from flowctl.xdm.fields import Field


@dataclass(frozen=True, slots=True, kw_only=True)
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
    ids = (class_, *(group for group in groups if isinstance(group, str))) if isinstance(groups, list) else (class_,)
    fields, unknown = _composed(ids)
    return None if class_ in unknown else TargetSchema(name=name, class_=class_, fields=fields, is_whole=not unknown)


@lru_cache(maxsize=256)
def _composed(ids: tuple[str, ...]) -> "tuple[Field, Sequence[str]]":
    # Imported here, because most commands look at no schema.
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import composed

    return composed(ids, standard())
