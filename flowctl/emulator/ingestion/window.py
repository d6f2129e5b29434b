"""What a run reads of its source: a window that it was given, or what no run before it has read.

Sources: Adobe docs, on-demand ingestion (window of a run), sources tutorials (delta column, backfill).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flowctl.emulator.ingestion.source_files import SourceFile


_ZONE_LETTERS = frozenset("OVXZxz")


@dataclass(slots=True, kw_only=True)
class Progress:
    """What the runs of a dataflow have read: files with their stamps, and the largest value of the delta column."""

    files: dict[str, list[int]] = field(default_factory=dict)
    largest: list[Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the progress as JSON has it."""
        return {"files": self.files, "largest": self.largest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Limits in epoch seconds, both included. `is_given` says that the run was started with them.

    `from_start` leaves out what is older than the start of a schedule without backfill.
    `until_ns` leaves out files that were changed after the run that is repeated had looked for its files.
    """

    begin: int | None = None
    end: int | None = None
    is_given: bool = False
    from_start: int | None = None
    until_ns: int | None = None

    def holds(self, seconds: float) -> bool:
        """Whether a time is within the limits; the seconds are counted as whole ones."""
        whole = int(seconds // 1)
        return (self.begin is None or whole >= self.begin) and (self.end is None or whole <= self.end)


def unread_files(
    files: list[SourceFile], window: Window, progress: Progress, platform_ms: Callable[[int], int]
) -> list[SourceFile]:
    """Return the files that a run reads. `platform_ms` is the platform's time at which a file was changed."""
    if window.until_ns is not None:
        files = [file for file in files if file.changed_ns <= window.until_ns]
    if window.is_given:
        return [file for file in files if window.holds(platform_ms(file.changed_ns) / 1000)]
    new = [file for file in files if progress.files.get(file.name) != file.stamp]
    if window.from_start is None:
        return new
    return [file for file in new if platform_ms(file.changed_ns) >= window.from_start * 1000]


@dataclass(kw_only=True)
class DeltaColumn:
    """The column that tells which rows of a table are new, and the largest value that was seen."""

    name: str
    pattern: str | None
    zone: tzinfo
    window: Window
    largest: list[Any] | None

    def __post_init__(self) -> None:
        self._before = self.largest

    def takes(self, row: Mapping[str, Any]) -> bool:
        """Whether a run reads the row; notes its value."""
        value = row.get(self.name)
        if value is None or value == "":
            return self._before is None or self.window.is_given
        found = self._comparable(value)
        kind, amount = found
        if self.window.is_given:
            taken = kind != "time" or self.window.holds(amount / 1000)
        elif self._before is None:
            start = self.window.from_start
            taken = start is None or kind != "time" or amount >= start * 1000
        else:
            taken = kind != self._before[0] or amount > self._before[1]
        if taken and (self.largest is None or kind != self.largest[0] or amount > self.largest[1]):
            self.largest = [kind, amount]
        return taken

    def _comparable(self, value: Any) -> tuple[str, Any]:
        if isinstance(value, bool):
            return "text", str(value)
        if isinstance(value, int | float):
            return "number", value
        text = str(value).strip()
        moment = _moment(text, self.pattern, self.zone)
        if moment is not None:
            return "time", moment
        try:
            return "number", float(text)
        except ValueError:
            return "text", text


def delta_column(params: Mapping[str, Any] | None, window: Window, progress: Progress) -> DeltaColumn | None:
    """Return the delta column of a Copy transformation, or None if the dataflow has none."""
    given = (params or {}).get("deltaColumn")
    if isinstance(given, str):
        given = {"name": given}
    if not isinstance(given, dict) or not isinstance(given.get("name"), str):
        return None
    pattern = given.get("dateFormat")
    return DeltaColumn(
        name=given["name"],
        pattern=pattern if isinstance(pattern, str) else None,
        zone=_zone(given.get("timezone")),
        window=window,
        largest=progress.largest,
    )


def _zone(name: object) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(str(name)) if name else UTC
    except (ValueError, OSError, KeyError):  # not a name of a zone
        return UTC


@lru_cache(maxsize=4096)
def _moment(text: str, pattern: str | None, zone: tzinfo) -> float | None:
    """Return a time in epoch milliseconds: ISO 8601 first, which is never another one, then the declared format."""
    from flowctl.dataprep.dates import parse_date
    from flowctl.dataprep.problem import ExpressionError

    try:
        moment = datetime.fromisoformat(text) if not text.isdigit() or len(text) == 8 else None
    except ValueError:
        moment = None
    if moment is None and pattern is not None:
        try:
            moment = parse_date(text, pattern)
            moment = moment if _ZONE_LETTERS & set(pattern) else moment.replace(tzinfo=None)
        except ExpressionError:
            moment = None
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000
