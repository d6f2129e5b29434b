"""Destinations of mappings: dotted paths into the fields of a schema, and what is wrong with one.

A path may end at an object, because a mapping can fill a whole object.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowctl.xdm.fields import Field

_PART = re.compile(r"(?P<name>[^.\[\]]+)(?P<indexes>(?:\[[^\]]*\])*)\Z")
_INDEX = re.compile(r"\[(?:\d+|\*)\]")
_APPENDED = frozenset({"personComponents"})
"""Arrays to which Experience Platform appends what a record has: Adobe's tables write below them without an index."""


class Step(NamedTuple):
    """One name of a path, where it begins in the text (in characters), and its indexes, such as `[0]` or `[*]`."""

    name: str
    offset: int
    indexes: tuple[str, ...]


class PathProblem(NamedTuple):
    """What is wrong with a path: a code, the characters that it is about, and the nearest name that there is."""

    code: str
    offset: int
    length: int
    name: str
    nearest: str | None = None
    inside: str = ""


def steps_of(path: str) -> tuple[Step, ...] | PathProblem:
    """Return the steps of a path, or `destination-syntax`: `/`, `properties.`, an empty name, an open bracket.

    Below an array to which the platform appends, a path without an index is meant inside its one element.
    """
    steps: list[Step] = []
    offset = 0
    for part in path.split("."):
        match = _PART.match(part)
        indexes = tuple(re.findall(r"\[[^\]]*\]", match["indexes"])) if match else ()
        if match is None or "/" in part or not all(_INDEX.fullmatch(index) for index in indexes):
            return PathProblem("destination-syntax", offset, max(1, len(part)), part)
        steps.append(Step(match["name"], offset, indexes))
        offset += len(part) + 1
    first = steps[0]
    if len(steps) > 1 and not first.indexes and first.name in _APPENDED:
        steps[0] = Step(first.name, first.offset, ("[0]",))
    return tuple(steps)


def problem_of(path: str, schema: Field, *, is_open: frozenset[str] = frozenset()) -> PathProblem | None:
    """Return what is wrong with a destination, or None if nothing is, or if it cannot be known.

    Below the names in `is_open` (tenant namespaces, for instance) nothing is checked.
    """
    steps = steps_of(path)
    if isinstance(steps, PathProblem):
        return steps
    here: Field | None = schema
    walked = ""
    for position, step in enumerate(steps):
        if here is None or here.type == "any" or (position == 0 and step.name in is_open):
            return None
        found = here.child(step.name)
        if found is None:
            return _unknown(step, here, walked)
        problem = _index_problem(step, found, is_last=position == len(steps) - 1)
        if problem is not None:
            return problem
        here = _inside(found, len(step.indexes))
        walked = f"{walked}.{step.name}" if walked else step.name
    return None


def field_at(path: str, schema: Field) -> Field | None:
    """Return the field that a path leads to, inside arrays where it has an index; None if there is none."""
    steps = steps_of(path)
    here: Field | None = schema
    for step in steps if not isinstance(steps, PathProblem) else ():
        here = here.child(step.name) if here is not None else None
        here = _inside(here, len(step.indexes)) if here is not None else None
    return here if not isinstance(steps, PathProblem) else None


def place_in_record(path: str) -> str:
    """Return where in a record a mapping to this destination writes."""
    first, dot, rest = path.partition(".")
    return f"{first}[0].{rest}" if dot and first in _APPENDED else path


def closest(name: str, names: Iterable[str]) -> str | None:
    """Return the name that a misspelled one most likely stands for."""
    from difflib import get_close_matches  # most names are right

    return next(iter(get_close_matches(name, list(names), n=1, cutoff=0.7)), None)


def _unknown(step: Step, here: Field, walked: str) -> PathProblem:
    near = closest(step.name, here.names())
    return PathProblem("destination-unknown", step.offset, len(step.name), step.name, near, walked)


def _index_problem(step: Step, found: Field, *, is_last: bool) -> PathProblem | None:
    here: Field | None = found
    for _ in step.indexes:
        if here is None or here.type == "any":
            return None
        if here.type != "array":
            return PathProblem("destination-index-on-scalar", step.offset, len(step.name), step.name)
        here = here.items
    if here is not None and here.type == "array" and not is_last:
        return PathProblem("destination-needs-index", step.offset, len(step.name), step.name)
    return None


def _inside(found: Field, indexes: int) -> Field | None:
    here: Field | None = found
    for _ in range(indexes):
        here = here.items if here is not None else None
    return here
