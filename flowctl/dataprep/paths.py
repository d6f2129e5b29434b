"""Paths into records: `a.b`, `a[0].b`, `a[*].b`; a dot in a name is written with a backslash."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.problem import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flowctl.dataprep.types import Program, Record, Value

    Place = Callable[[dict[str, Value], Value], None]

_STEP = re.compile(r"((?:[^.\[\]\\]|\\.)+)((?:\[(?:\d+|\*)\])*)(?:\.|\Z)")
_INDEX = re.compile(r"\[(\d+|\*)\]")
LARGEST_INDEX = 1000
# The step of `[*]`.
EACH = -1


@lru_cache(maxsize=8192)
def steps(path: str) -> tuple[str | int, ...]:
    """Return names, indexes and -1 for `[*]`. Raises `ExpressionError` where the text is not a path."""
    found: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ExpressionError(f'"{path}" is not a path.', "path-syntax", position, len(path))
        found.append(match[1].replace("\\.", ".").removeprefix("${").removesuffix("}"))
        found.extend(EACH if index == "*" else int(index[:9]) for index in _INDEX.findall(match[2]))
        position = match.end()
    if not found or path.endswith("."):
        raise ExpressionError(f'"{path}" is not a path.', "path-syntax", max(0, len(path) - 1), len(path))
    if any(isinstance(step, int) and step > LARGEST_INDEX for step in found):
        raise ExpressionError(f"An index is at most {LARGEST_INDEX}.", "path-syntax")
    return tuple(found)


def path_reader(path: str) -> Program:
    """Return what reads a path: a column of exactly that name, else the nested value; null where it is missing."""
    found = steps(path)
    if len(found) == 1:
        (name,) = found
        if name == path:
            return lambda record: record.get(path)
        return lambda record: record.get(path) if path in record else record.get(str(name))
    return lambda record: record[path] if path in record else _read(record, found)


def read_path(record: Record, path: str) -> Value:
    """Return what a path leads to: a column of exactly that name, else the nested value; null where missing."""
    return record[path] if path in record else _read(record, steps(path))


def has_path(record: Record, path: str) -> bool:
    """Return whether a record has a path, its value being null or not. Raises `ExpressionError` on no path."""
    if path in record:
        return True
    value: Value = record
    for step in steps(path):
        if isinstance(step, str) and isinstance(value, Mapping) and step in value:
            value = value[step]
        elif isinstance(step, int) and isinstance(value, list) and (step == EACH or step < len(value)):
            value = value[max(0, step)] if value else None
        else:
            return False
    return True


def _read(value: Value, path: Sequence[str | int]) -> Value:
    for number, step in enumerate(path):
        if step == EACH:
            items = value if isinstance(value, list) else []
            return [_read(item, path[number + 1 :]) for item in items]
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def placer(path: str) -> Place:
    """Return what puts a value at a path, making objects and arrays on the way.

    At `[*]` an array fills element by element. Raises `ExpressionError` where the text is not a path.
    """
    names = steps(path)
    if not all(isinstance(name, str) for name in names):
        return lambda data, value: _place(data, names[0], names[1:], value)
    *parents, last = (str(name) for name in names)
    if not parents:
        return lambda data, value: data.__setitem__(last, value)
    if len(parents) == 1:
        return _placer_below(parents[0], last)

    def place(data: dict[str, Value], value: Value) -> None:
        for name in parents:
            child = data.get(name)
            if type(child) is not dict:
                child = data[name] = {}
            data = child
        data[last] = value

    return place


def _placer_below(parent: str, last: str) -> Place:
    def place(data: dict[str, Value], value: Value) -> None:
        child = data.get(parent)
        if type(child) is not dict:
            child = data[parent] = {}
        child[last] = value

    return place


def place(data: dict[str, Value], path: str, value: Value) -> None:
    """Put a value at a path, making objects and arrays on the way; at `[*]` an array fills element by element."""
    placer(path)(data, value)


def _place(holder: dict[str, Value] | list[Value], step: str | int, rest: Sequence[str | int], value: Value) -> None:
    if step == EACH:
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            _place(holder, index, rest, item)
        return
    if isinstance(holder, list):
        assert isinstance(step, int)
        holder.extend([None] * (step + 1 - len(holder)))
        child = holder[step]
    else:
        child = holder.get(str(step))
    if rest:
        if isinstance(rest[0], int):
            below: dict[str, Value] | list[Value] = child if isinstance(child, list) else []
        else:
            below = child if isinstance(child, dict) else {}
        _place(below, rest[0], rest[1:], value)
        value = below
    holder[step] = value  # type: ignore[index]
