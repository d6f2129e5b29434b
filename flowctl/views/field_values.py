"""A field of a field group, data type or class as its manifest declares it: in words, and as a JSON object."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON, JSONObject

_FLAGS: Final = ("required", "deprecated")
_FIELDS: Final = "fields"
_WHOLE: Final = 2
"""How many steps lead to a whole field."""
_APART: Final = frozenset({"path", "type", "ref", "labels", "description", *_FLAGS})
"""Members that have a place of their own among the words of a field, or none."""
_ITEMS: Final = 10
"""The most values of a field that are listed; the others are counted."""
Worded = Callable[[JSON], str]


def is_field(path: Path, value: object) -> bool:
    """Whether a value is a whole field, which its path shows: it is an item of the list of fields."""
    is_item = len(path) == _WHOLE and path[0] == _FIELDS and path[1].startswith("[")
    return is_item and isinstance(value, Mapping) and "path" in value


def as_declared(path: Path, value: JSON) -> JSON:
    """The value at a path for a program: a whole field has the members that its manifest has."""
    if not is_field(path, value):
        return value
    labels = value.get("labels") or {}
    members = {name: member for name, member in value.items() if name not in ("path", "labels")}
    return {**members, "enum": {each: labels.get(each, each) for each in value["enum"]}} if labels else members


def field_texts(entry: JSONObject, worded: Worded) -> Sequence[str]:
    """The members of a field as texts such as `string` and `title: Tier`, in the order in which a person reads them."""
    type_, description = entry.get("type"), entry.get("description")
    return [
        *([f"ref: {entry['ref']}"] if entry.get("ref") else [str(type_)] if type_ else ()),
        *(
            f"{name}: {_member_text(member, entry.get('labels'), worded)}"
            for name, member in entry.items()
            if name not in _APART
        ),
        *(name for name in _FLAGS if entry.get(name) is True),
        *([f"description: {worded(description)}"] if description else ()),
    ]


def _member_text(value: JSON, labels: JSON, worded: Worded) -> str:
    """The value of a member; values that are allowed or suggested with what the UI calls them."""
    if not isinstance(value, list | Mapping) or not value:
        return worded(value)
    names = value if isinstance(value, Mapping) else labels if isinstance(labels, Mapping) else {}
    texts = [
        f"{worded(each)} ({worded(names[each])})" if names.get(each, each) != each else worded(each) for each in value
    ]
    more = len(texts) - _ITEMS
    return ", ".join([*texts[:_ITEMS], *([f"and {more} more"] * (more > 0))])
