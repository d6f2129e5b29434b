"""What is known of the schema of a document, as policies look at it; what is not known is left out."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.manifest.checks.profile_tags import is_enabled
from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.pulled import Pulled
from flowctl.manifest.target_schema import TargetSchema, dataset_tags, target_schema
from flowctl.model.json_value import JSON, JSONObject

if TYPE_CHECKING:
    from flowctl.xdm.fields import Field

_DEEPEST = 10
"""How deep fields are listed: data types may contain themselves."""
_IDENTITY_MAP = "identityMap"
_WITH_DATASET = frozenset({"Pipeline", "Dataset"})
_WITH_SCHEMA = _WITH_DATASET | {"Schema"}


def schema_facts(document: Document, documents: Named, pulled: Pulled) -> JSONObject:
    """The facts of the schema that a Pipeline or Dataset writes to, or that a Schema document is.

    `profile` says whether the dataset is enabled for Real-Time Customer Profile. `primaryIdentities` is there only if
    the schema was read from Experience Platform, or if a primary identity is declared.
    """
    if document.kind not in _WITH_SCHEMA:
        return {}
    facts: dict[str, JSON] = {}
    if document.kind in _WITH_DATASET and not _is_elsewhere(document):
        facts["profile"] = is_enabled(dataset_tags(document, documents).get("unifiedProfile"))
    schema = target_schema(document, documents, pulled)
    return facts if schema is None else {**facts, **_facts(schema)}


def _is_elsewhere(document: Document) -> bool:
    """Whether its dataset is one that only Experience Platform has."""
    target = document.at("dataset")
    return isinstance(target, dict) and "id" in target


@lru_cache(maxsize=256)
def _facts(schema: TargetSchema) -> JSONObject:
    facts: dict[str, JSON] = {
        "name": schema.name,
        "class": schema.class_,
        "complete": schema.is_whole,
        "fields": list(_paths(schema.fields)),
    }
    if schema.primary or schema.knows_identities:
        facts["primaryIdentities"] = list(schema.primary)
    has_map = schema.fields.child(_IDENTITY_MAP) is not None
    if has_map or schema.is_whole:
        facts[_IDENTITY_MAP] = has_map
    return facts


def _paths(field: "Field", above: str = "", depth: int = 0) -> Iterator[str]:
    """The dotted path of every field; of an array, the fields of its items."""
    if depth == _DEEPEST:
        return
    inside = field.items or field
    for name in inside.names():
        child = inside.child(name)
        path = f"{above}{name}"
        yield path
        if child is not None:
            yield from _paths(child, f"{path}.", depth + 1)
