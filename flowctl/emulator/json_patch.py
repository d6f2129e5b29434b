"""JSON Patch (RFC 6902) on plain values: the operations, without any service's rules about what may change."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class PatchError(ValueError):
    """An operation cannot be applied; the message says why."""


def pointer(path: str) -> list[str]:
    """Return the unescaped tokens of a JSON Pointer. Raises `PatchError` where it is not one."""
    if path == "":
        return []
    if not path.startswith("/"):
        raise PatchError(f'The path "{path}" does not begin with a slash.')
    return [token.replace("~1", "/").replace("~0", "~") for token in path[1:].split("/")]


def apply(document: Any, operations: Sequence[dict[str, Any]]) -> Any:
    """Return `document` with all operations applied; the given one stays as it is.

    Raises `PatchError` on a missing member, a bad index, an unknown operation or a failed test.
    """
    result = copy.deepcopy(document)
    for operation in operations:
        result = _apply_one(result, operation)
    return result


def _apply_one(document: Any, operation: dict[str, Any]) -> Any:
    name, path = operation.get("op"), operation.get("path")
    if not isinstance(path, str):
        raise PatchError("An operation has a path.")
    tokens = pointer(path)
    if name in ("add", "replace", "test") and "value" not in operation:
        raise PatchError(f'The operation {name} on "{path}" has no value.')
    if name == "test":
        if _get(document, tokens, path) != operation["value"]:
            raise PatchError(f'The value at "{path}" is another one.')
        return document
    if name in ("move", "copy"):
        return _transfer(document, operation, tokens, path)
    if name not in ("add", "replace", "remove"):
        raise PatchError(f"There is no operation {name!r}.")
    if not tokens:
        if name == "remove":
            raise PatchError("The whole document cannot be removed.")
        return copy.deepcopy(operation["value"])
    _change(document, name, tokens, path, operation.get("value"))
    return document


def _transfer(document: Any, operation: dict[str, Any], tokens: list[str], path: str) -> Any:
    origin = operation.get("from")
    if not isinstance(origin, str):
        raise PatchError("The operations move and copy have a from.")
    source = pointer(origin)
    value = copy.deepcopy(_get(document, source, origin))
    if operation["op"] == "move":
        if not source or tokens[: len(source)] == source != tokens:
            raise PatchError("A member cannot be moved into itself.")
        _change(document, "remove", source, origin, None)
    if not tokens:
        return value
    _change(document, "add", tokens, path, value)
    return document


def _get(document: Any, tokens: Sequence[str], path: str) -> Any:
    for token in tokens:
        if isinstance(document, dict) and token in document:
            document = document[token]
        elif isinstance(document, list):
            document = document[_index(token, len(document) - 1, path)]
        else:
            raise PatchError(f'Missing field "{token}" in "{path}".')
    return document


def _change(document: Any, name: str, tokens: Sequence[str], path: str, value: Any) -> None:
    parent, last = _get(document, tokens[:-1], path), tokens[-1]
    value = copy.deepcopy(value)
    if isinstance(parent, dict):
        if name != "add" and last not in parent:
            raise PatchError(f'Missing field "{last}" in "{path}".')
        if name == "remove":
            del parent[last]
        else:
            parent[last] = value
    elif isinstance(parent, list):
        if name == "add":
            parent.insert(len(parent) if last == "-" else _index(last, len(parent), path), value)
        elif name == "replace":
            parent[_index(last, len(parent) - 1, path)] = value
        else:
            del parent[_index(last, len(parent) - 1, path)]
    else:
        raise PatchError(f'Missing field "{last}" in "{path}".')


def _index(token: str, largest: int, path: str) -> int:
    if not token.isascii() or not token.isdigit() or len(token) > 9 or (token != "0" and token[0] == "0"):
        raise PatchError(f'"{token}" in "{path}" is not an index.')
    index = int(token)
    if index > largest:
        raise PatchError(f'The index {token} in "{path}" is out of range.')
    return index
