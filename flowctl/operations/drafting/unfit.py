"""Fields that no manifest can hold: names that are too long or no text."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from flowctl.model.json_value import JSON
from flowctl.operations.drafting.field_group import FieldDraft
from flowctl.operations.drafting.field_names import fit_name
from flowctl.operations.drafting.shapes import Shape

_LONGEST_NAME: Final = 255
_LONGEST_PATH: Final = 1000
"""A key of YAML has at most 1,024 characters."""
_HALF: Final = re.compile("[\ud800-\udfff]")
_NO_TEXT: Final = "holds half of a character, which cannot be written"
_LONG: Final = f"its name is longer than {_LONGEST_NAME} characters"


def remove_unfit(columns: dict[str, Shape], above: str = "") -> Iterator[tuple[str, str]]:
    """Take the columns whose names no manifest can hold out of a sample, and yield each with the reason."""
    for column, shape in list(columns.items()):
        source = f"{above}{column}"
        reason = _why_not(column)
        if reason:
            del columns[column]
            yield source, reason
        else:
            yield from _remove_inside(shape, source)


def _remove_inside(shape: Shape, source: str) -> Iterator[tuple[str, str]]:
    if shape.item is not None:
        yield from _remove_inside(shape.item, f"{source}[*]")
    if shape.type() == "object":
        yield from remove_unfit(shape.children, f"{source}.")
    else:  # the names of a map are values
        for child in shape.children.values():
            yield from _remove_inside(child, f"{source}[*]")


def _why_not(column: str) -> str:
    if _HALF.search(column):
        return f"its name {_NO_TEXT}"
    return _LONG if max(len(column), len(fit_name(column))) > _LONGEST_NAME else ""


def why_unfit(draft: FieldDraft) -> str:
    """Why no manifest can hold a field; empty for one that fits."""
    if max(map(len, (*draft.path.split("."), *_names(draft.members)))) > _LONGEST_NAME:
        return _LONG
    if len(draft.path) > _LONGEST_PATH:
        return f"its path is longer than {_LONGEST_PATH:,} characters"
    return f"it {_NO_TEXT}" if _HALF.search(json.dumps(draft.members, ensure_ascii=False)) else ""


def _names(members: JSON) -> Iterator[str]:
    """The names of the fields inside of a field."""
    for key in ("items", "values"):
        if key in members:
            yield from _names(members[key])
    fields = members.get("fields")
    for name, member in fields.items() if isinstance(fields, Mapping) else ():
        yield name
        yield from _names(member)
