"""The order of members in manifests: the same whatever order Experience Platform answers in."""

from collections.abc import Mapping
from typing import Final

from flowctl.model.json_value import JSON, JSONObject

_FIRST: Final = ("name", "type")
"""What says what an item is."""


def in_order(value: JSON) -> JSON:
    """The value with the members of each mapping in order; lists stay as they are."""
    if isinstance(value, Mapping):
        return members_in_order(value)
    return [in_order(item) for item in value] if isinstance(value, list | tuple) else value


def members_in_order(members: JSONObject) -> dict[str, JSON]:
    """What names an item first, then plain values, then lists and mappings, each by name."""
    return {name: in_order(members[name]) for name in sorted(members, key=lambda name: _place(name, members[name]))}


def _place(name: str, value: JSON) -> tuple[int, bool, str]:
    first = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    return first, isinstance(value, Mapping | list | tuple), name
