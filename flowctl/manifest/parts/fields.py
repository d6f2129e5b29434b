"""Declared fields as entries of a resource, and the places of these."""

from collections.abc import Mapping
from typing import Final

from flowctl.manifest.declared_fields import declared_fields, full_path, type_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.field_path import ITEM, holders_of
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import Reference
from flowctl.text.positions import Step

_COPIED: Final = (
    *("title", "description", "default", "pattern", "minLength", "maxLength", "minimum", "maximum"),
    *("minItems", "maxItems", "required", "deprecated", "format", "suggested"),
)
_FLAGS: Final = frozenset({"required", "deprecated"})
_KINDS: Final = {"Class": "class", "FieldGroup": "field_group", "DataType": "data_type"}
"""The kinds of the objects that documents of these kinds describe."""


def entries(document: Document, namespace: str, documents: Named) -> list[JSONObject]:
    """The entries of a document's fields, sorted by path, with the objects that no key declares."""
    found: dict[str, JSONObject] = {}
    for each in declared_fields(document):
        path = full_path(each.path, namespace)
        for above in holders_of(path):
            if above != namespace and not above.endswith(ITEM):
                found.setdefault(above, {"path": above, "type": "object"})
        found[path] = {"path": path, **_described(each.members, documents)}
    return [found[path] for path in sorted(found)]


def _described(members: Mapping[str, JSON], documents: Named) -> JSONObject:
    kept = {name: members[name] for name in _COPIED if members.get(name) not in (None, "")}
    kept = {name: value for name, value in kept.items() if name not in _FLAGS or value is True}
    values = members.get("enum")
    if isinstance(values, Mapping):
        labels = {str(value): str(label) for value, label in values.items() if label and label != value}
        kept |= {"enum": sorted(map(str, values)), **({"labels": labels} if labels else {})}
    elif isinstance(values, list):
        kept["enum"] = sorted(map(str, values))
    ref = members.get("ref")
    if isinstance(ref, str):
        return {"ref": reference("DataType", ref, documents), **kept}
    return {"type": type_of(members) or "string", **kept}


def reference(kind: str, value: str, documents: Named) -> Reference | str:
    """The reference for a name or a `$id`; a name is that of a document of this kind."""
    return Reference(Address.of(value, _KINDS[kind])) if (kind, value) in documents else value


def field_place(document: Document, namespace: str, *path: Step) -> SourceSpan:
    """The place of an attribute of a field, whose first step is its path in brackets; a class has its ID there.

    For a field that is not declared, it is the key of the nearest declaration that could hold it.
    """
    if len(path) == 2 and path[0] == "extends":
        names = [f"[{each}]" for each in document.at("extends") or ()]
        return document.span("extends", *(names.index(str(step)) for step in path[1:] if step in names))
    if len(path) < 2 or path[0] != "fields":
        return document.span(*path)
    places = {full_path(each.path, namespace): each.place for each in declared_fields(document)}
    wanted = str(path[1])[1:-1]
    if wanted in places:
        members = {"labels": "enum"}
        return document.span(*places[wanted], *(members.get(str(step), step) for step in path[2:3]))
    return document.key_span(*next((places[above] for above in holders_of(wanted) if above in places), ("fields",)))
