"""Paths of policy rules: names between dots, `[*]` or `*` for everything, `[0]` and `[key]` inside lists."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from flowctl.late_pattern import late_pattern
from flowctl.model.json_value import JSON

Steps: TypeAlias = tuple[str, ...]
_EVERY: Final = "*"
_STEP: Final = late_pattern(r"(?:^|\.)([^.\[\]\s]+)|\[([^\[\]\s]+)\]")
_KEYS: Final = ("destination", "name")
"""The members that a `[key]` in a list of mappings is compared with."""


class _Missing:
    """What is at a place without a value; null is a value."""

    def __repr__(self) -> str:
        return "(missing)"


MISSING: Final = _Missing()


def steps_of(text: str) -> Steps | None:
    """The steps of a path, or None if the text is not one."""
    steps: list[str] = []
    end = 0
    for found in _STEP.finditer(text):
        if found.start() != end:
            return None
        steps.append(found[1] or found[2])
        end = found.end()
    return tuple(steps) if steps and end == len(text) else None


def values_at(
    value: JSON, steps: Steps, above: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], JSON]]:
    """Each place that a path stands for, with its value; MISSING if a step leads nowhere."""
    if not steps:
        yield above, value
        return
    step, rest = steps[0], steps[1:]
    if step == _EVERY and isinstance(value, Mapping | list | tuple):
        members = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, member in members:
            yield from values_at(member, rest, (*above, name))
        return
    found = _member(value, step)
    if found is None:
        yield (*above, step), MISSING
    else:
        yield from values_at(found[1], rest, (*above, found[0]))


def _member(value: JSON, step: str) -> tuple[str | int, JSON] | None:
    """The place and the value of one step."""
    if isinstance(value, Mapping):
        return (step, value[step]) if step in value else None
    if not isinstance(value, list | tuple):
        return None
    if step.isdecimal():
        return (int(step), value[int(step)]) if int(step) < len(value) else None
    for number, item in enumerate(value):
        if isinstance(item, Mapping) and any(item.get(key) == step for key in _KEYS):
            return number, item
    return None
