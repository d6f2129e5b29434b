"""A platform that shows chosen objects with values of another type than in Adobe's API."""

import json
from collections.abc import Callable, Sequence
from typing import Any

_LISTS = ("items", "data", "results")


def with_value(body: Any, place: Sequence[str | int], value: Any) -> Any:
    """A copy of a body with another value at a place."""
    if not place:
        return value
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[place[0]] = with_value(copy[place[0]], place[1:], value)
    return copy


def showing(object_id: str, place: Sequence[str | int], value: Any) -> Callable[[bytes], bytes]:
    """Changes the replies that show an object, alone or in a list."""

    def changed(body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        if object_id in (body.get("id"), body.get("$id")):
            return with_value(body, place, value)
        if object_id in body:
            return {**body, object_id: with_value(body[object_id], place, value)}
        return {
            name: [changed(item) for item in member] if name in _LISTS and isinstance(member, list) else member
            for name, member in body.items()
        }

    def reworded(content: bytes) -> bytes:
        return json.dumps(changed(json.loads(content))).encode() if content.startswith(b"{") else content

    return reworded
