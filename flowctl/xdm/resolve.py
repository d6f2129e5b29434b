"""The resolved tree of a resource: `allOf` and `$ref` replaced by the properties that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    Load: TypeAlias = Callable[[str], dict[str, Any] | None]
    """The resource of a `$id`, or None if there is none."""

MAX_DEPTH = 60
CHOSEN = "meta:refProperty"
"""Beside a `$ref`: the paths of the fields that are taken of what it names, or one of them."""
_NOT_SHOWN = frozenset({"$ref", "allOf", "definitions", CHOSEN})


class Unresolvable(ValueError):  # noqa: N818 - reads as what happened
    """A resource refers to nothing, to itself, or is nested too deeply."""


def resolved(resource: dict[str, Any], load: Load) -> dict[str, Any]:
    """Return a resource as the full view shows it: `properties` and `required`, no `allOf`, no `definitions`.

    Raises Unresolvable.
    """
    tree = _Resolver(load, str(resource.get("$id"))).node(resource, resource, 0)
    left_out = {"allOf", "definitions", "properties", "required", "refs"}
    result = {key: value for key, value in resource.items() if key not in left_out}
    result["properties"] = tree.get("properties", {})
    if tree.get("required"):
        result["required"] = tree["required"]
    return result


class _Resolver:
    def __init__(self, load: Load, id_: str) -> None:
        self._load = load
        self._open = [id_]

    def node(self, node: dict[str, Any], root: dict[str, Any], depth: int) -> dict[str, Any]:
        """Return one node with everything below it resolved; `root` holds its local definitions."""
        if depth > MAX_DEPTH:
            raise Unresolvable("The resource is nested too deeply.")
        merged: dict[str, Any] = {}
        for part in self._parts(node, root, depth):
            _merge(merged, part)
        own = {key: value for key, value in node.items() if key not in _NOT_SHOWN}
        for member in ("items", "additionalProperties"):
            if isinstance(own.get(member), dict):
                own[member] = self.node(own[member], root, depth + 1)
        if isinstance(own.get("properties"), dict):
            children = own["properties"].items()
            own["properties"] = {
                key: self.node(child, root, depth + 1) if isinstance(child, dict) else child for key, child in children
            }
        _merge(merged, own)
        return merged

    def _parts(self, node: dict[str, Any], root: dict[str, Any], depth: int) -> list[dict[str, Any]]:
        parts = []
        if isinstance(node.get("$ref"), str):
            referenced = self._referenced(node["$ref"], root, depth)
            chosen = node.get(CHOSEN)
            paths = [chosen] if isinstance(chosen, str) else chosen
            if isinstance(paths, list):
                referenced = _only(referenced, [path.split("/")[1:] for path in paths if isinstance(path, str)])
            parts.append(referenced)
        entries = [entry for entry in node.get("allOf") or [] if isinstance(entry, dict)]
        return parts + [self.node(entry, root, depth + 1) for entry in entries]

    def _referenced(self, reference: str, root: dict[str, Any], depth: int) -> dict[str, Any]:
        if reference.startswith("#/"):
            target: Any = root
            for key in reference[2:].split("/"):
                target = target.get(key) if isinstance(target, dict) else None
            if not isinstance(target, dict):
                raise Unresolvable(f"The reference {reference} leads nowhere.")
            return self._inside(f"{root.get('$id')}{reference}", target, root, depth)
        resource = self._load(reference)
        if resource is None:
            raise Unresolvable(f"The reference {reference} names no resource.")
        tree = self._inside(reference, resource, resource, depth)
        result: dict[str, Any] = {
            key: tree[key] for key in ("type", "properties", "required", "meta:xdmType") if key in tree
        }
        if resource["meta:resourceType"] == "datatypes":
            result["meta:referencedFrom"] = reference
        return result

    def _inside(self, reference: str, target: dict[str, Any], root: dict[str, Any], depth: int) -> dict[str, Any]:
        """Return the resolved target of a reference. Refuses a reference that is being resolved already."""
        if reference in self._open:
            raise Unresolvable(f"The reference {reference} leads to itself.")
        self._open.append(reference)
        tree = self.node(target, root, depth + 1)
        self._open.pop()
        return tree


def _only(node: dict[str, Any], paths: list[list[str]]) -> dict[str, Any]:
    """Return a resolved node with the fields alone that paths lead to, and what is below those."""
    rests: dict[str, list[list[str]]] = {}
    for path in paths:
        rests.setdefault(path[0] if path else "", []).append(path[1:])
    kept = {
        name: child if [] in rests[name] or not isinstance(child, dict) else _only(child, rests[name])
        for name, child in (node.get("properties") or {}).items()
        if name in rests
    }
    result = {**node, "properties": kept}
    if "required" in node:
        result["required"] = [name for name in node["required"] if name in kept]
    return result


def _merge(into: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        if key == "properties" and isinstance(into.get(key), dict) and isinstance(value, dict):
            properties = dict(into[key])
            for name, child in value.items():
                if isinstance(properties.get(name), dict) and isinstance(child, dict):
                    both = dict(properties[name])
                    _merge(both, child)
                    properties[name] = both
                else:
                    properties[name] = child
            into[key] = properties
        elif key == "required" and isinstance(into.get(key), list) and isinstance(value, list):
            into[key] = [*into[key], *(name for name in value if name not in into[key])]
        else:
            into[key] = value
