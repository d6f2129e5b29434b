"""What mappings make of rows: previews, and the ends of mapping tests."""

from collections.abc import Mapping
from dataclasses import dataclass

from flowctl.model.json_value import JSONValue


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a field of one row has no value, or why ingestion would refuse the row."""

    destination: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedRow:
    """One row beside its record. `row` counts from 1; `refusals` are the reasons for which ingestion refuses it."""

    row: int
    source: Mapping[str, JSONValue]
    record: Mapping[str, JSONValue]
    errors: tuple[RowProblem, ...] = ()
    refusals: tuple[RowProblem, ...] = ()

    @property
    def is_rejected(self) -> bool:
        """Whether ingestion would refuse the row."""
        return bool(self.refusals)


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationCount:
    """How often a destination has a value, has none, and failed; `first` is the first row that failed, and why."""

    path: str
    filled: int
    empty: int
    errors: int
    first: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionCount:
    """How many rows ingestion would refuse for one reason, and the first of them."""

    problem: RowProblem
    rows: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedRows:
    """What a pipeline's mappings make of rows: the first of them, and the counts of all.

    `unmapped` are the columns that no mapping reads; `is_unrelated` says that no mapping reads any. `unchecked` are the
    parts of the schema that only Experience Platform knows. `out` is the file with all records. With
    `is_masked`, rows and problems have only the form of values.
    """

    pipeline: str
    source: str
    rows: tuple[MappedRow, ...]
    read: int
    written: int
    rejected: int
    destinations: tuple[DestinationCount, ...]
    unmapped: tuple[str, ...]
    is_unrelated: bool = False
    rejections: tuple[RejectionCount, ...] = ()
    unchecked: tuple[str, ...] = ()
    out: str = ""
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in which a record is not as expected; `note` is the reason, if it is known."""

    path: str
    expected: JSONValue
    actual: JSONValue
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEnd:
    """How one case of a mapping test ended, and its place in the manifest."""

    test: str
    case: str
    pipeline: str
    file: str
    line: int
    differences: tuple[Difference, ...] = ()

    @property
    def has_passed(self) -> bool:
        """Whether the case found what it expects."""
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingTests:
    """The ends of all cases, the destinations that no case covers, by pipeline, and the files that were written.

    `first` is the name of a test that was written for a sample.
    """

    cases: tuple[CaseEnd, ...]
    uncovered: tuple[tuple[str, str], ...] = ()
    written: tuple[str, ...] = ()
    first: str = ""

    @property
    def failed(self) -> int:
        """The number of cases that failed."""
        return sum(not case.has_passed for case in self.cases)
