"""Paths into records: `a.b`, `a[0].b`, `a[*].b`; a dot in a name is written with a backslash."""

from __future__ import annotations

import re
from typing import Any

from flowctl.dataprep.tokens import ExpressionError

_STEP = re.compile(r"((?:[^.\[\]\\]|\\.)+)((?:\[(?:\d+|\*)\])*)(?:\.|\Z)")
_INDEX = re.compile(r"\[(\d+|\*)\]")
LARGEST_INDEX = 1000


def steps(path: str) -> list[str | int]:
    """Return names, indexes and -1 for `[*]`. Raises `ExpressionError` where the text is not a path."""
    found: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ExpressionError(f"{path!r} is not a path.")
        found.append(match[1].replace("\\.", ".").removeprefix("${").removesuffix("}"))
        found.extend(-1 if index == "*" else int(index) for index in _INDEX.findall(match[2]))
        position = match.end()
    if any(isinstance(step, int) and step > LARGEST_INDEX for step in found):
        raise ExpressionError(f"An index is at most {LARGEST_INDEX}.")
    return found


def read_path(record: dict[str, Any], path: str) -> Any:
    """Return what a path leads to: a column of exactly that name, else the nested value; null where missing."""
    return record[path] if path in record else _read(record, steps(path))


def place(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path, making objects and arrays on the way; at `[*]` an array fills element by element."""
    first, *rest = steps(path)
    _place(data, first, rest, value)


def _read(value: Any, path: list[str | int]) -> Any:
    for number, step in enumerate(path):
        if step == -1:
            items = value if isinstance(value, list) else []
            return [_read(item, path[number + 1 :]) for item in items]
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _place(holder: Any, step: str | int, rest: list[str | int], value: Any) -> None:
    if step == -1:
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            _place(holder, index, rest, item)
        return
    if isinstance(step, int):
        holder.extend([None] * (step + 1 - len(holder)))
    if not rest:
        holder[step] = value
        return
    child = holder[step] if isinstance(step, int) else holder.get(step)
    if not isinstance(child, list if isinstance(rest[0], int) else dict):
        child = [] if isinstance(rest[0], int) else {}
        holder[step] = child
    _place(child, rest[0], rest[1:], value)
