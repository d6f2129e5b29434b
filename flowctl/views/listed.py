"""Results that are a few lines in every format for people: what is recorded, moved, forgotten, found or written."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_never

from flowctl.model.record_report import (
    ForgottenObjects,
    MovedObjects,
    Orphans,
    RecordedObject,
    RecordedObjects,
    Repair,
    SettledCreation,
)
from flowctl.model.report import HeldLock, LockRemoval, Version, WrittenSchemas
from flowctl.views.lines import Line
from flowctl.views.record_text import entries_lines, entry_lines, finding_lines, orphan_lines

if TYPE_CHECKING:
    from flowctl.model.result import Listed


def listed_lines(data: "Listed") -> Iterator[Line]:
    """The lines of a result."""
    match data:
        case RecordedObjects():
            yield from entries_lines(data)
        case RecordedObject():
            yield from entry_lines(data)
        case Repair():
            yield from finding_lines(data.findings)
        case Orphans():
            yield from orphan_lines(data.orphans)
        case ForgottenObjects():
            yield from (Line(f"{address} is forgotten.") for address in data.addresses)
        case MovedObjects():
            yield from (Line(f"{old} is {new} now") for old, new in data.moved.items())
        case SettledCreation():
            yield Line(data.sentence)
        case HeldLock():
            yield Line(f"Environment {data.environment} is held by {data.owner}.")
        case LockRemoval():
            held = data.owner is not None
            yield Line("The lock is removed." if held else f"Nothing holds environment {data.environment}.")
        case WrittenSchemas():
            yield from (Line(file) for file in data.files)
        case Version():
            yield Line(f"flowctl {data.version}")
        case _:
            assert_never(data)


def titled(command: str, data: "Listed") -> str:
    """The heading of a result: the command, and what it was about."""
    if isinstance(data, RecordedObjects):
        return f"{command}: {data.environment}"
    return f"{command} {data.address}" if isinstance(data, RecordedObject) else command
