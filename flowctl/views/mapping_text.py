"""Previews and mapping tests as lines."""

from collections.abc import Iterator
from typing import Final

from flowctl.model.mapping_report import CaseEnd, Difference, MappedRow, MappingTests, PreviewedRows
from flowctl.views.lines import Line
from flowctl.views.masked_note import MASKED
from flowctl.views.values import short

_MOST_DIFFERENCES: Final = 20
_MOST_UNCOVERED: Final = 20
_MOST_COLUMNS: Final = 20
_WIDEST: Final = 40


def preview_lines(data: PreviewedRows) -> Iterator[Line]:
    """The first rows beside their records, then the counts of all rows."""
    yield Line(f"{data.pipeline}: {data.source}", "bold")
    for row in data.rows:
        yield Line()
        yield from _row_lines(row)
    if data.rows and data.is_masked:
        yield Line()
        yield MASKED
    yield Line()
    yield Line(f"{_counted(data.read, 'row')} read, {data.written:,} written, {data.rejected:,} rejected", "bold")
    if data.destinations:
        yield from _table(data)
    if data.unmapped:
        more = f" and {len(data.unmapped) - _MOST_COLUMNS} more" if len(data.unmapped) > _MOST_COLUMNS else ""
        yield Line(f"No mapping reads: {', '.join(data.unmapped[:_MOST_COLUMNS])}{more}")
    if data.is_unrelated:
        yield Line("No row has a column that the mappings read. Check the file and its delimiter.", "yellow")
    for reason in data.rejections:
        rows = _counted(reason.rows, "row")
        yield Line(f"Rejected: {reason.problem.message} ({rows}, first in row {reason.first})", "red")
    if data.unchecked:
        yield Line(f"Not checked, because only Experience Platform has it: {', '.join(data.unchecked)}", "yellow")
    if data.out:
        yield Line(f"Wrote the records to {data.out}.")


def _row_lines(row: MappedRow) -> Iterator[Line]:
    yield Line(f"Row {row.row}" + (": rejected" if row.is_rejected else ""), "red" if row.is_rejected else "bold")
    left = [f"{name}: {short(value)}" for name, value in row.source.items()]
    right = [f"{path}: {short(value)}" for path, value in _leaves(row.record)]
    width = min(_WIDEST, max(map(len, left), default=0))
    for number in range(max(len(left), len(right))):
        source = left[number] if number < len(left) else ""
        record = right[number] if number < len(right) else ""
        source = source if len(source) <= width else f"{source[: width - 1]}…"
        yield Line(f"  {source:<{width}}  {record}".rstrip())
    for problem in row.errors:
        yield Line(f"  {problem.destination}: {problem.message} [{problem.code}]", "yellow")
    for problem in row.refusals:
        yield Line(f"  {problem.message} [{problem.code}]", "red")


def _table(data: PreviewedRows) -> Iterator[Line]:
    width = max(len("DESTINATION"), *(len(each.path) for each in data.destinations))
    yield Line(f"{'DESTINATION':<{width}}  {'FILLED':>10}  {'EMPTY':>10}  {'ERRORS':>10}  FIRST BAD ROW", "bold")
    for each in data.destinations:
        first = f"  {each.first[0]}: {each.first[1]}" if each.first else ""
        counts = f"{each.path:<{width}}  {each.filled:>10,}  {each.empty:>10,}  {each.errors:>10,}"
        yield Line(f"{counts}{first}", "yellow" if each.errors else "")


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
