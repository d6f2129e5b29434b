"""The counts of a preview: by destination, by reason of refusal, and the columns that nothing reads."""

from collections.abc import Mapping
from typing import Final

from flowctl.dataprep.paths import has_path
from flowctl.dataprep.problem import ExpressionError
from flowctl.model.json_value import JSONValue
from flowctl.model.mapping_report import DestinationCount, MappedRow, RejectionCount, RowProblem
from flowctl.preview.columns import read_columns
from flowctl.preview.mapper import Mapper
from flowctl.xdm.destinations import place_in_record

_MOST_REASONS: Final = 100
_MOST_COLUMNS: Final = 10_000


class Tally:
    """Counts rows as they pass; it grows with destinations and columns, and not with rows."""

    def __init__(self, mapper: Mapper) -> None:
        self._destinations = mapper.destinations
        self._places = [place_in_record(path) for path in self._destinations]
        self._paths = [_names(path) for path in self._places]
        self._filled = [0] * len(self._destinations)
        self._errors: dict[str, int] = {}
        self._first: dict[str, tuple[int, str]] = {}
        self._reasons: dict[tuple[str, str], tuple[RowProblem, int, int]] = {}
        self._columns: dict[str, None] = {}
        self._last: tuple[str, ...] = ()
        self._known = read_columns(mapper.mappings)
        self.read = 0
        self.rejected = 0

    def add(self, row: MappedRow) -> None:
        """Count one row."""
        self.read += 1
        self._add_columns(row.source)
        for index, names in enumerate(self._paths):
            if _is_filled(row.record, names, self._places[index]):
                self._filled[index] += 1
        for error in row.errors:
            self._errors[error.destination] = self._errors.get(error.destination, 0) + 1
            self._first.setdefault(error.destination, (row.row, error.message))
        if row.refusals:
            self.rejected += 1
            for problem in row.refusals:
                self._add_reason(problem, row.row)

    @property
    def destinations(self) -> tuple[DestinationCount, ...]:
        """The counts of each destination; a value that is missing without a problem is empty."""
        return tuple(
            DestinationCount(
                path=path,
                filled=filled,
                errors=self._errors.get(path, 0),
                empty=max(0, self.read - filled - self._errors.get(path, 0)),
                first=self._first.get(path),
            )
            for path, filled in zip(self._destinations, self._filled, strict=True)
        )

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The columns that no mapping reads, in the order of the file."""
        return tuple(name for name in self._columns if name not in self._known)

    @property
    def is_unrelated(self) -> bool:
        """Whether no row has a column that the mappings read."""
        return bool(self.read and self._known) and self._known.isdisjoint(self._columns)

    @property
    def rejections(self) -> tuple[RejectionCount, ...]:
        """The reasons of refusals, the most frequent first."""
        found = sorted(self._reasons.values(), key=lambda reason: -reason[1])
        return tuple(RejectionCount(problem=problem, rows=rows, first=first) for problem, rows, first in found)

    def _add_columns(self, source: Mapping[str, JSONValue]) -> None:
        names = tuple(source)
        if names != self._last:
            self._last = names
            for name in names:
                if len(self._columns) < _MOST_COLUMNS:
                    self._columns.setdefault(name)

    def _add_reason(self, problem: RowProblem, row: int) -> None:
        key = (problem.destination, problem.code)
        found = self._reasons.get(key)
        if found is not None:
            self._reasons[key] = (found[0], found[1] + 1, found[2])
        elif len(self._reasons) < _MOST_REASONS:
            self._reasons[key] = (problem, 1, row)


def _names(path: str) -> tuple[str, ...] | None:
    """Return the names of a path without indexes, which is followed without a call."""
    return None if "[" in path or "\\" in path else tuple(path.split("."))


def _is_filled(record: Mapping[str, JSONValue], names: tuple[str, ...] | None, path: str) -> bool:
    if names is None:
        try:
            return has_path(record, path.replace("[*]", "[0]"))
        except ExpressionError:
            return False
    value: JSONValue = record
    for name in names:
        if not isinstance(value, dict):
            return False
        value = value.get(name)
    return value is not None
