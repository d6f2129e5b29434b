"""Previews and mapping tests as lines."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.model.mapping_report import CaseEnd, Difference, MappedRow, MappingTests, PreviewedRows
from flowctl.views.columns import Column, table_lines
from flowctl.views.lines import Line
from flowctl.views.masked_note import MASKED
from flowctl.views.values import short
from flowctl.views.width import Width, cells

_MOST_DIFFERENCES: Final = 20
_MOST_UNCOVERED: Final = 20
_MOST_COLUMNS: Final = 20
_WIDEST: Final = 40
_COUNTS: Final = (
    Column("DESTINATION"),
    *(Column(heading, right=True, least=10) for heading in ("FILLED", "EMPTY", "ERRORS")),
    Column("FIRST BAD ROW", wraps=True, kept=True),
)


def preview_lines(data: PreviewedRows, width: Width) -> Iterator[Line]:
    """The first rows beside their records, then the counts of all rows."""
    yield Line(f"{data.pipeline}: {data.source}", "bold")
    for row in data.rows:
        yield Line()
        yield from _row_lines(row, width)
    if data.rows and data.is_masked:
        yield Line()
        yield MASKED
    yield Line()
    yield Line(f"{_counted(data.read, 'row')} read, {data.written:,} written, {data.rejected:,} rejected", "bold")
    if data.destinations:
        yield from _table(data, width)
    if data.unmapped:
        more = f" and {len(data.unmapped) - _MOST_COLUMNS} more" if len(data.unmapped) > _MOST_COLUMNS else ""
        yield Line(f"No mapping reads: {', '.join(data.unmapped[:_MOST_COLUMNS])}{more}")
    if data.is_unrelated:
        yield Line("No row has a column that the mappings read. Check the file and its delimiter.", "yellow")
    for reason in data.rejections:
        # The others may say the same of other values.
        rows = f"{reason.rows:,} rows, such as row" if reason.rows > 1 else "row"
        yield Line(f"Rejected {rows} {reason.first}: {reason.problem.message}", "red")
    if data.unchecked:
        yield Line(f"Not checked, because only Experience Platform has it: {', '.join(data.unchecked)}", "yellow")
    if data.out:
        yield Line(f"Wrote the records to {data.out}.")


def _row_lines(row: MappedRow, width: Width) -> Iterator[Line]:
    yield Line(f"Row {row.row}" + (": rejected" if row.is_rejected else ""), "red" if row.is_rejected else "bold")
    left = [f"{name}: {short(value)}" for name, value in row.source.items()]
    right = [f"{path}: {short(value)}" for path, value in _leaves(row.record)]
    beside = list(_beside(left, right))
    if width.wraps and any(cells(line.text) > width.room(0) for line in beside):
        yield from (Line(f"  {text}") for text in left)
        yield from (Line(f"  -> {text}") for text in right)
    else:
        yield from beside
    for problem in row.errors:
        yield Line(f"  {problem.destination}: {problem.message} [{problem.code}]", "yellow")
    for problem in row.refusals:
        yield Line(f"  {problem.message} [{problem.code}]", "red")


def _beside(left: Sequence[str], right: Sequence[str]) -> Iterator[Line]:
    """The values of a row, and beside them those of its record."""
    width = min(_WIDEST, max(map(len, left), default=0))
    for number in range(max(len(left), len(right))):
        source = left[number] if number < len(left) else ""
        record = right[number] if number < len(right) else ""
        source = source if len(source) <= width else f"{source[: width - 1]}…"
        yield Line(f"  {source:<{width}}  {record}".rstrip())


def _table(data: PreviewedRows, width: Width) -> Iterator[Line]:
    rows = []
    for each in data.destinations:
        first = f"{each.first[0]}: {each.first[1]}" if each.first else ""
        counts = (each.path, f"{each.filled:,}", f"{each.empty:,}", f"{each.errors:,}", first)
        rows.append((counts, "yellow" if each.errors else ""))
    yield from table_lines(_COUNTS, rows, width)


def tested_lines(data: MappingTests) -> Iterator[Line]:
    """Each failed case with its differences by path, what no case covers, and the count."""
    yield from (Line(f"Wrote {path}.") for path in data.written)
    if data.first:
        yield Line(f"To write its snapshot, run `flowctl test {data.first} --update`.")
    for case in data.cases:
        if case.has_passed:
            yield Line(f"ok      {case.test}: {case.case}", "green")
        else:
            yield from _failed_lines(case)
    yield from _uncovered_lines(data)
    if data.cases or not data.written:
        passed = len(data.cases) - data.failed
        yield Line(f"{passed} passed, {data.failed} failed", "red" if data.failed else "bold")


def _failed_lines(case: CaseEnd) -> Iterator[Line]:
    yield Line(f"FAILED  {case.test}: {case.case} ({case.file}:{case.line})", "red")
    for each in case.differences[:_MOST_DIFFERENCES]:
        yield from difference_lines(each)
    if len(case.differences) > _MOST_DIFFERENCES:
        yield Line(f"    and {len(case.differences) - _MOST_DIFFERENCES} more differences")


def difference_words(each: Difference) -> str:
    """One place that differs, as a sentence."""
    return f"{each.path}: expected {_value(each.expected)}, found {_value(each.actual)}."


def difference_lines(each: Difference) -> Iterator[Line]:
    """One place that differs: what was expected, and what came."""
    yield Line(f"    {each.path}")
    yield Line(f"      - expected  {_value(each.expected)}")
    yield Line(f"      + actual    {_value(each.actual)}")
    if each.note:
        yield Line(f"      {each.note}")


def _uncovered_lines(data: MappingTests) -> Iterator[Line]:
    by_pipeline: dict[str, list[str]] = {}
    for pipeline, destination in data.uncovered:
        by_pipeline.setdefault(pipeline, []).append(destination)
    for number, (pipeline, paths) in enumerate(by_pipeline.items()):
        if number == _MOST_UNCOVERED:
            yield Line(f"and mappings of {len(by_pipeline) - number} more pipelines", "yellow")
            return
        more = f" and {len(paths) - _MOST_COLUMNS} more" if len(paths) > _MOST_COLUMNS else ""
        yield Line(f"No case covers {pipeline}: {', '.join(paths[:_MOST_COLUMNS])}{more}", "yellow")


def _value(value: object) -> str:
    return "no value" if value is None else short(value)


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and (value or not path):
        for name, child in value.items():
            yield from _leaves(child, f"{path}.{name}" if path else str(name))
    else:
        yield path, value


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
