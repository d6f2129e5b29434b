"""The fields that a workspace declares itself: field groups, classes and data types as resources of an XDM library."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flowctl.manifest.declared_fields import declared_fields, full_path, is_name, namespace_for, referred, type_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Named
from flowctl.manifest.pulled import Pulled
from flowctl.model.field_path import ITEM, steps_of
from flowctl.model.json_value import JSON

if TYPE_CHECKING:
    from flowctl.xdm.library import Library

_BEHAVIORS: Final = "https://ns.adobe.com/xdm/data/"
_LIMITS: Final = ("pattern", "minLength", "maxLength", "minimum", "maximum")
_STRINGS: Final = ("date", "date-time")


def resource_key(kind: str, value: str) -> str:
    """The key of a resource in the library: its `$id`, or the kind and the name of its document."""
    return f"{kind} {value}" if is_name(value) else value


def own_library(schema: Document, documents: Named, pulled: Pulled) -> "Library":
    """The standard library with the parts of a schema that the workspace declares, each under its kind and name."""
    groups = schema.at("fieldGroups")
    waiting = [("Class", schema.at("class")), *(("FieldGroup", each) for each in groups or ())]
    found: dict[tuple[str, str], Document] = {}
    for kind, name in waiting:
        document = documents.get((kind, name)) if is_name(name) and (kind, name) not in found else None
        if document is not None:
            found[kind, name] = document
            waiting += [("DataType", used) for used, _ in referred(document)]
    return _library(tuple(found.values()), pulled)


@lru_cache(maxsize=64)
def _library(own: tuple[Document, ...], pulled: Pulled) -> "Library":
    return pulled.library().extended({resource_key(document.kind, document.name): facts(document) for document in own})


def facts(document: Document) -> dict[str, JSON]:
    """The fields of a document in the form of the library."""
    namespace = namespace_for(document)
    root: dict[str, JSON] = {"type": "object"}
    for each in sorted(declared_fields(document), key=lambda field: field.path.count(".") + field.path.count("[")):
        steps = steps_of(full_path(each.path, namespace))
        here = root
        for step in steps[:-1]:
            here = _inside(here, step)
        _inside(here, steps[-1]).update(_described(each.members))
        if each.members.get("required") is True and steps[-1] != ITEM:
            here.setdefault("required", []).append(steps[-1])
    behavior = document.at("behavior")
    return root | ({"includes": [f"{_BEHAVIORS}{behavior}"]} if isinstance(behavior, str) else {})


def _inside(here: dict[str, JSON], step: str) -> dict[str, JSON]:
    if step == ITEM:
        found: dict[str, JSON] = here.setdefault("values" if here.get("type") == "map" else "items", {})
        return found
    below: dict[str, JSON] = here.setdefault("fields", {}).setdefault(step, {"type": "object"})
    return below


def _described(members: Mapping[str, JSON]) -> dict[str, JSON]:
    limits = {name: members[name] for name in _LIMITS if members.get(name) is not None}
    values = members.get("enum")
    if isinstance(values, list | dict):
        limits["enum"] = [str(value) for value in values]
    if isinstance(members.get("ref"), str):
        return {"type": "object", "refs": [resource_key("DataType", members["ref"])], **limits}
    type_ = type_of(members) or "string"
    return {"type": "string", "format": type_, **limits} if type_ in _STRINGS else {"type": type_, **limits}
