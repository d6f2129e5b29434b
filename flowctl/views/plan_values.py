"""Changed values as lines: the old and the new one beside each other, or below each other if they are long."""

from collections.abc import Iterator, Sequence

from flowctl.views.lines import Line
from flowctl.views.review.worded import ChangedValue
from flowctl.views.width import Width, cells, padded


def value_lines(values: Sequence[ChangedValue], width: Width, indent: int, style: str = "") -> Iterator[Line]:
    """The lines of some values, aligned; what does not fit is cut in the middle."""
    room, begin = width.room(indent), " " * indent
    keys = [f"{width.fit(value.key, room - 1)}:" for value in values]
    column = max(map(cells, keys), default=0) + 1
    for value, key in zip(values, keys, strict=True):
        sides = _sides(value)
        line = padded(key, column) + " -> ".join(sides)
        if cells(line) <= room:
            yield Line(begin + line, style)
            continue
        yield Line(begin + key, style)
        fitting = width.fit_both(sides[0], sides[-1], room - 5)[: len(sides)]
        for arrow, side in zip(("   ", "-> "), fitting, strict=False):
            yield Line(f"{begin}  {arrow}{side}", style)


def _sides(value: ChangedValue) -> Sequence[str]:
    if value.is_secret and value.after is not None:
        return [f"{value.after} changed"]
    old = "(none)" if value.before is None else value.before
    return [old, "(removed)" if value.after is None else value.after]
