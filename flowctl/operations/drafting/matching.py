"""Which field a column fills, by name and type: sure, likely, or none. The same columns always give the same answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flowctl.dataprep.paths import steps
from flowctl.dataprep.problem import ExpressionError
from flowctl.model.exploration import SourceColumn
from flowctl.operations.drafting.names import COMMON, words_of

if TYPE_CHECKING:
    from flowctl.xdm.fields import Field

_DEEPEST: Final = 6
"""How many levels of a schema are looked at: data types may contain themselves."""
_MOST_LIKELY: Final = 3
_ID: Final = "_id"
_OWN_FORM: Final = frozenset({"date", "date-time", "time", "boolean", "object"})
"""Types that no other column has the form of; any value can stand in the others, which are strings."""
_NUMBERS: Final = frozenset({"integer", "number", "int", "long", "short", "byte", "double", "float", "decimal"})


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a mapping can fill: its path, and its type as a column would have it."""

    path: str
    type: str


@dataclass(frozen=True, slots=True)
class Match:
    """A column with the fields that it may fill; `why` says in a clause what makes one likely only."""

    column: SourceColumn
    sure: str = ""
    likely: tuple[str, ...] = ()
    why: str = ""


def targets_of(schema: "Field") -> list[Target]:
    """The fields of a schema that hold one value each, those near the root first."""
    found = list(_leaves(schema, "", _DEEPEST))
    return sorted(found, key=lambda target: (target.path.count("."), target.path))


def _leaves(schema: "Field", prefix: str, levels: int) -> Iterator[Target]:
    for name in schema.names():
        child = schema.child(name)
        if child is None:
            continue
        if child.type == "object":
            if levels:
                yield from _leaves(child, f"{prefix}{name}.", levels - 1)
        elif child.type not in ("array", "map"):
            yield Target(f"{prefix}{name}", child.format or child.type)


def matches(columns: Iterable[SourceColumn], targets: Sequence[Target]) -> tuple[Match, ...]:
    """The match of each column. Of columns that surely fill one field, the first does and the others are likely."""
    by_path = {target.path: target for target in targets}
    by_name: dict[str, list[Target]] = {}
    for target in targets:
        by_name.setdefault(words_of(target.path.rpartition(".")[2]), []).append(target)
    taken: set[str] = set()
    found: list[Match] = []
    for column in columns:
        match = _match(column, by_path, by_name) if is_path(column.name) else Match(column)
        if match.sure in taken:
            match = Match(column, likely=(match.sure,), why="another column fills it")
        elif match.sure:
            taken.add(match.sure)
        found.append(match)
    return tuple(found)


def is_path(name: str) -> bool:
    """Whether a mapping can name a column so."""
    try:
        steps(name)
    except ExpressionError:
        return False
    return name.isprintable()


def _match(column: SourceColumn, by_path: Mapping[str, Target], by_name: Mapping[str, Sequence[Target]]) -> Match:
    words = words_of(column.name.rpartition(".")[2])
    if column.name in by_path:
        return _judged(column, [by_path[column.name]], is_named=True)
    usual = [by_path[path] for path in COMMON.get(words, ()) if path in by_path]
    if usual:
        return _judged(column, usual, is_named=True)
    same = list(by_name.get(words, ()))
    if same:
        return _judged(column, same, is_named=len(same) == 1)
    if words.endswith(" id") and _ID in by_path:
        return Match(column, likely=(_ID,), why="it is an ID of something")
    parts = set(words.split())
    partly = [
        target
        for name, those in by_name.items()
        if name and len(name) > 2 and set(name.split()) < parts
        for target in those
    ]
    return _judged(column, partly, is_named=False) if partly else Match(column)


def _judged(column: SourceColumn, candidates: Sequence[Target], *, is_named: bool) -> Match:
    first = candidates[0]
    if is_named and _fits(column.type, first.type):
        return Match(column, sure=first.path)
    paths = tuple(target.path for target in candidates[:_MOST_LIKELY])
    if is_named:
        return Match(column, likely=paths, why=f"{column.type} into {first.type} may need an expression")
    return Match(column, likely=paths, why="several fields fit" if len(candidates) > 1 else "the names are alike")


def _fits(source: str, target: str) -> bool:
    """Whether a value of a column can stand in a field as it is."""
    if target in _NUMBERS:
        return source in _NUMBERS
    return target == source or target not in _OWN_FORM
