"""Fields of field groups, data types and classes: as one entry for each path, and as Schema Registry writes them.

An entry has its `path`, a `type` or the `ref` of a data type, and what limits and describes the field. What an array or
a map holds has a path such as `orders[*]`. Keywords that no manifest declares are left to the platform.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flowctl.kinds.depth import DEEPEST_FIELD
from flowctl.model.field_path import ITEM, joined, steps_of
from flowctl.model.json_value import JSON, JSONObject

LIMITS: Final = ("pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")
_COPIED: Final = ("title", "description", "default", *LIMITS)
_OWN: Final = frozenset(
    {
        *_COPIED,
        "type",
        "format",
        "enum",
        "meta:enum",
        "meta:status",
        "meta:xdmType",
        "$ref",
        "properties",
        "items",
        "additionalProperties",
        "required",
    }
)
"""The keywords that entries stand for; the registry works out `meta:xdmType` itself, but for maps."""
_STRINGS: Final = ("date", "date-time")


def entries_of(body: Mapping[str, Any]) -> list[JSONObject]:
    """The entries of a field group, data type or class, sorted by path."""
    found: dict[str, JSONObject] = {}
    for part in _own_parts(body):
        for entry in _entries(part, "", 0):
            found.setdefault(str(entry["path"]), entry)
    return [found[path] for path in sorted(found)]


def _own_parts(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of a resource that hold fields: its own `properties`, and the definitions that `allOf` names."""
    yield body
    definitions = body.get("definitions")
    yield from (part for part in (definitions or {}).values() if isinstance(part, Mapping))


def _entries(node: Mapping[str, Any], path: str, depth: int) -> Iterator[JSONObject]:
    required = node.get("required")
    needed = required if isinstance(required, list) else ()
    properties = node.get("properties")
    for name, child in (properties if isinstance(properties, Mapping) else {}).items():
        if isinstance(child, Mapping):
            yield from _entry(child, joined(path, str(name)), depth + 1, is_required=name in needed)


def _entry(node: Mapping[str, Any], path: str, depth: int, *, is_required: bool) -> Iterator[JSONObject]:
    """The entry of a node and those below it; the namespace of a tenant has none of its own."""
    type_ = type_of(node)
    below = [*_entries(node, path, depth)] if depth < DEEPEST_FIELD and type_ == "object" and "$ref" not in node else []
    if not (below and path.startswith("_") and "." not in path):
        yield {
            "path": path,
            **({"ref": node["$ref"]} if "$ref" in node else {"type": type_}),
            **{name: node[name] for name in _COPIED if node.get(name) not in (None, "")},
            **({"format": node["format"]} if type_ == "string" and node.get("format") else {}),
            **_values(node),
            **({"required": True} if is_required else {}),
            **({"deprecated": True} if node.get("meta:status") == "deprecated" else {}),
        }
    inside = node.get({"array": "items", "map": "additionalProperties"}.get(type_, ""))
    if isinstance(inside, Mapping) and depth < DEEPEST_FIELD:
        below += _entry(inside, joined(path, ITEM), depth + 1, is_required=False)
    yield from below


def _values(node: Mapping[str, Any]) -> JSONObject:
    """The values that a field may have, and what the UI calls them where that differs."""
    values = node.get("enum")
    shown = node.get("meta:enum")
    if not isinstance(values, list):
        return {"suggested": dict(shown)} if isinstance(shown, Mapping) and shown else {}
    labels = {
        str(value): str(label)
        for value, label in (shown if isinstance(shown, Mapping) else {}).items()
        if value in values and label != value
    }
    return {"enum": sorted(map(str, values)), **({"labels": labels} if labels else {})}


def type_of(node: Mapping[str, Any]) -> str:
    """The type of a node in the words of manifests."""
    type_, format_ = node.get("type"), node.get("format")
    if type_ == "string" and format_ in _STRINGS:
        return str(format_)
    is_map = isinstance(node.get("additionalProperties"), Mapping) and not node.get("properties")
    if node.get("meta:xdmType") == "map" or (is_map and type_ in ("object", None)):
        return "map"
    return str(type_ or "object")


def properties_of(entries: Sequence[JSONObject], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The `properties` and `required` that entries stand for; `before` gives the keywords of others."""
    kept = dict(_nodes(before, "")) if before else {}
    root: dict[str, Any] = {"properties": {}}
    for entry in sorted(entries, key=lambda each: len(steps_of(str(each["path"])))):
        *above, name = steps_of(str(entry["path"]))
        parent, path = root, ""
        for step in above:
            path = joined(path, step)
            parent = _inside(parent, step, kept.get(path, {}))
        node = _node(entry, kept.get(str(entry["path"]), {}))
        _put(parent, name, node)
        if entry.get("required") is True and name != ITEM:
            parent.setdefault("required", []).append(name)
    return root


def _inside(parent: dict[str, Any], step: str, kept: JSONObject) -> dict[str, Any]:
    """The node at a step, made an object where no entry declares it."""
    if step == ITEM:
        return _put(parent, step, parent.get(_holder(parent)) or {"type": "object"})
    found: dict[str, Any] = parent.setdefault("properties", {}).setdefault(step, {**kept, "type": "object"})
    return found


def _holder(parent: Mapping[str, Any]) -> str:
    return "additionalProperties" if parent.get("meta:xdmType") == "map" else "items"


def _put(parent: dict[str, Any], step: str, node: dict[str, Any]) -> dict[str, Any]:
    if step == ITEM:
        parent[_holder(parent)] = node
    else:
        parent.setdefault("properties", {})[step] = node
    return node


def _node(entry: JSONObject, kept: JSONObject) -> dict[str, Any]:
    values = entry.get("enum")
    labels = entry.get("labels") or {}
    return {
        **kept,
        **({"$ref": entry["ref"]} if "ref" in entry else _typed(str(entry["type"]))),
        **{name: entry[name] for name in _COPIED if name in entry},
        **({"format": entry["format"]} if "format" in entry else {}),
        **({"meta:enum": entry["suggested"]} if "suggested" in entry else {}),
        **({"enum": values} if values else {}),
        **({"meta:enum": {each: labels.get(each, each) for each in values}} if values and labels else {}),
        **({"meta:status": "deprecated"} if entry.get("deprecated") is True else {}),
    }


def _typed(type_: str) -> dict[str, JSON]:
    if type_ in _STRINGS:
        return {"type": "string", "format": type_}
    return {"type": "object", "meta:xdmType": "map"} if type_ == "map" else {"type": type_}


def _nodes(body: Mapping[str, Any], path: str) -> Iterator[tuple[str, JSONObject]]:
    """The keywords of each live node that no entry stands for, by its path."""
    parts = _own_parts(body) if not path else [body]
    waiting = [(path, part, 0) for part in parts]
    for here, node, depth in waiting:
        if here:
            yield here, {name: value for name, value in node.items() if name not in _OWN}
        properties = node.get("properties")
        inside = [(joined(here, str(name)), child) for name, child in (properties or {}).items()]
        inside += [
            (joined(here, ITEM), node[name]) for name in ("items", "additionalProperties") if here and name in node
        ]
        if depth < DEEPEST_FIELD:
            waiting += [(each, child, depth + 1) for each, child in inside if isinstance(child, Mapping)]
