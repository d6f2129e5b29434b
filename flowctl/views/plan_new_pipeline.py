"""A new pipeline as text: a line for each key of its manifest, and a table of its mappings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.model.change import Change
from flowctl.views.plan_mappings import new_mapping_lines
from flowctl.views.review.mapping_rows import MappingRow, mapping_rows
from flowctl.views.review.schedules import next_runs, schedule_words
from flowctl.views.review.worded import in_reading_order, new_values_by_key
from flowctl.views.width import Width, cells, padded

_NEXT: Final = "next runs"
_UTC: Final = " UTC"
_BETWEEN: Final = ", "


def new_pipeline_lines(changes: Sequence[Change], made_at: int | None, width: Width, indent: int) -> Iterator[str]:
    """The lines of a pipeline of which all objects are new."""
    values, mappings, schedules = _values(changes), _mappings(changes), _schedules(changes)
    runs = {key: next_runs_words(change, made_at) for key, change in schedules.items()}
    labels = (*values, *mappings, *schedules, *(_NEXT for words in runs.values() if words))
    column = max(map(cells, labels), default=0) + 2
    room = width.room(indent + column)
    rows: dict[str, Sequence[str]] = {key: width.listed(parts, room) for key, parts in values.items()}
    rows |= {key: new_mapping_lines(found, width, room) for key, found in mappings.items()}
    rows |= {key: width.listed(_clauses(change), room) for key, change in schedules.items()}
    for key, lines in in_reading_order(rows):
        yield from _labeled(key, lines, indent, column)
        if runs.get(key):
            yield from _labeled(_NEXT, width.listed(runs[key], room), indent, column)


def _clauses(change: Change) -> Sequence[str]:
    """The parts of a schedule in words, between which its line may be broken."""
    return schedule_words(change.schedule or {}).split(_BETWEEN)


def runs_lines(change: Change, made_at: int | None, width: Width, room: int) -> Sequence[str]:
    """The next runs behind their name, if the schedule tells any."""
    times = next_runs_words(change, made_at)
    return width.listed([f"{_NEXT}: {times[0]}", *times[1:]], room) if times else ()


def next_runs_words(change: Change, made_at: int | None) -> Sequence[str]:
    """The times of the next runs in UTC, each date once."""
    told: list[str] = []
    day = ""
    for run in next_runs(change.schedule or {}, made_at):
        date, _, time = run.removesuffix(_UTC).partition(" ")
        told.append(time if date == day else f"{date} {time}")
        day = date
    return [*told[:-1], f"{told[-1]}{_UTC}"] if told else []


def _labeled(label: str, lines: Sequence[str], indent: int, column: int) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{' ' * indent}{padded('' if number else label, column)}{line}".rstrip()


def _values(changes: Sequence[Change]) -> Mapping[str, Sequence[str]]:
    own = [change.address for change in changes]
    found: dict[str, Sequence[str]] = {}
    for change in changes:
        for key, parts in new_values_by_key(change, own).items():
            found[key] = (*found.get(key, ()), *parts)
    return found


def _mappings(changes: Sequence[Change]) -> Mapping[str, Sequence[MappingRow]]:
    rows = ((change, KINDS[change.kind].mappings, mapping_rows(change)) for change in changes)
    return {_key(change, attribute): found for change, attribute, found in rows if attribute and found}


def _schedules(changes: Sequence[Change]) -> Mapping[str, Change]:
    """The changes that have a schedule in words, by its key."""
    told = ((change, KINDS[change.kind].schedule) for change in changes if schedule_words(change.schedule or {}))
    return {_key(change, attribute): change for change, attribute in told if attribute}


def _key(change: Change, attribute: str) -> str:
    """The key of a pipeline for an attribute that is shown as a table."""
    term = KINDS[change.kind].terms.of((attribute,), in_pipeline=True)
    return term.key[0] if term.key else attribute
