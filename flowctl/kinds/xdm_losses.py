"""What would be lost of a field group, data type or class if its manifest created it again.

The live resource is compared with the body that its attributes become, keyword by keyword: what Schema Registry works
out itself counts in neither, and order counts only in what has one.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flowctl.kinds.depth import DEEPEST_FIELD

_ADDED: Final = frozenset(
    {
        *("$id", "$schema", "version", "refs", "imsOrg", "meta:altId", "meta:resourceType", "meta:abstract"),
        *("meta:extensible", "meta:extends", "meta:containerId", "meta:sandboxId", "meta:sandboxType", "meta:class"),
        *("meta:tenantNamespace", "meta:registryMetadata", "meta:createdDate", "meta:allFieldAccess", "meta:license"),
        *("meta:descriptorStatus", "meta:xdmField", "meta:referencedFrom", "meta:xedConverted", "meta:titleId"),
        *("meta:descriptionId", "meta:xdmType", "allOf", "definitions", "properties", "type", "required"),
    }
)
"""The keywords of a whole resource that are compared otherwise, or that Schema Registry sets."""
_OF_FIELDS: Final = frozenset(
    {"meta:xdmField", "meta:referencedFrom", "meta:xedConverted", "meta:titleId", "meta:descriptionId"}
)
_UNORDERED: Final = frozenset({"enum", "required", "meta:intendedToExtend"})
_HOLDERS: Final = ("items", "additionalProperties")
_LOCAL: Final = "#/"


def first_lost(live: Mapping[str, Any], sent: Any) -> str | None:
    """The first keyword that is there and would not be sent, or otherwise, in words; None if nothing is lost."""
    there, made = _fields(live), _fields(sent)
    for path in sorted({*there, *made}):
        before, after = there.get(path), made.get(path)
        if before is None or after is None:
            return f"the field `{path}`"
        lost = _difference(before, after)
        if lost is not None:
            return f"`{lost}` of the field `{path}`"
    whole = [{name: value for name, value in _plain(each).items() if name not in _ADDED} for each in (live, sent)]
    return f"its `{lost}`" if (lost := _difference(*whole)) is not None else _reference(live, sent)


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    return next((name for name in sorted({*before, *after}) if before.get(name) != after.get(name)), None)


def _reference(live: Mapping[str, Any], sent: Any) -> str | None:
    """The first resource that is extended beside those that a manifest names."""
    before, after = ({*_references(each)} for each in (live, sent))
    return next((f"that it is made of `{each}`" for each in sorted(before ^ after)), None)


def _references(body: Mapping[str, Any]) -> Iterator[str]:
    for entry in body.get("allOf") or ():
        reference = entry.get("$ref") if isinstance(entry, Mapping) else None
        if not isinstance(reference, str) or not reference.startswith(_LOCAL):
            yield str(reference)


def _fields(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The keywords of each field by its path, wherever the resource holds it."""
    found: dict[str, dict[str, Any]] = {}
    definitions = body.get("definitions")
    parts = [body, *(definitions.values() if isinstance(definitions, Mapping) else ())]
    waiting = [(name, child, 0) for part in parts if isinstance(part, Mapping) for name, child in _below(part)]
    for part in parts:
        own = _keywords(part).items() if part is not body else {"required": body.get("required")}.items()
        found.setdefault("", {}).update({name: value for name, value in own if name != "type" and value})
    for path, node, depth in waiting:
        found.setdefault(path, {}).update(_keywords(node))
        if isinstance(node, Mapping) and depth < DEEPEST_FIELD:
            waiting += [(f"{path}.{name}", child, depth + 1) for name, child in _below(node)]
            waiting += [(f"{path}[*]", node[each], depth + 1) for each in _HOLDERS if isinstance(node.get(each), dict)]
    return {path: keywords for path, keywords in found.items() if path or keywords}


def _below(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    properties = node.get("properties")
    for name, child in (properties if isinstance(properties, Mapping) else {}).items():
        yield str(name), child


def _keywords(node: Any) -> dict[str, Any]:
    """What a node says of its own field, in one form."""
    if not isinstance(node, Mapping):
        return {"type": node}
    found = _plain(node)
    holders = {each for each in _HOLDERS if isinstance(node.get(each), dict)}
    is_map = node.get("meta:xdmType") == "map" or ("additionalProperties" in holders and not node.get("properties"))
    kept = {
        name: value
        for name, value in found.items()
        if name not in _OF_FIELDS and name != "properties" and name not in holders and name != "meta:xdmType"
    }
    if "$ref" in kept or "type" not in kept:
        kept = {name: value for name, value in kept.items() if name != "type"}
        kept |= {} if "$ref" in kept else {"type": "object"}
    labels = kept.get("meta:enum")
    if "enum" in kept and isinstance(labels, Mapping):
        kept["meta:enum"] = {value: label for value, label in labels.items() if label != value} or None
    return {**kept, **({"is a map": True} if is_map else {})}


def _plain(node: Mapping[str, Any]) -> dict[str, Any]:
    """The members without those that are empty, and lists without an order as sorted ones."""
    return {
        str(name): sorted(value) if name in _UNORDERED and _are_texts(value) else value
        for name, value in node.items()
        if value is not None and value not in ("", [], {})
    }


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(each, str) for each in values)
