"""Tables for people: columns as wide as their widest value, numbers to the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flowctl.views.lines import Line
from flowctl.views.visible import visible

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading; `right` aligns its values to the right."""

    heading: str
    right: bool = False


def table_lines(columns: Sequence[Column], rows: Sequence[tuple[Sequence[str], str]]) -> Iterator[Line]:
    """The heading and one line for each row, with the row's style. A column without any value is left out."""
    shown = [tuple(visible(value) for value in values) for values, _ in rows]
    kept = [index for index in range(len(columns)) if any(values[index] for values in shown)]
    widths = {index: max(len(columns[index].heading), *(len(values[index]) for values in shown)) for index in kept}

    def aligned(values: Sequence[str]) -> str:
        cells = (
            values[index].rjust(widths[index]) if columns[index].right else values[index].ljust(widths[index])
            for index in kept
        )
        return _GAP.join(cells).rstrip()

    yield Line(aligned([column.heading for column in columns]), "bold")
    for values, (_, style) in zip(shown, rows, strict=True):
        yield Line(aligned(values), style)


def rows_lines(rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    """Rows without a heading, in columns as wide as their widest value."""
    shown = [tuple(visible(value) for value in values) for values in rows]
    widths = [max(map(len, values)) for values in zip(*shown, strict=True)]
    for values in shown:
        yield Line(_GAP.join(value.ljust(width) for value, width in zip(values, widths, strict=True)).rstrip())
