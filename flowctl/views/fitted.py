"""Lines that fit a terminal: what is longer is wrapped between words. Pipes and files get each line whole."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from flowctl.views.lines import Line

_HANG: Final = 2
"""What the further lines of a wrapped line are indented by."""


def fitted(lines: Iterable[Line], columns: int | None, masked: Callable[[str], str]) -> Iterable[Line]:
    """The lines for a terminal with so many columns; the same lines if there is none.

    What a person copies is not wrapped. `masked` removes secrets: of one that is wrapped nothing could find the parts.
    """
    return lines if columns is None else _fitted(lines, columns, masked)


def _fitted(lines: Iterable[Line], columns: int, masked: Callable[[str], str]) -> Iterator[Line]:
    for line in lines:
        # A character takes at most two columns: most lines need no exact count.
        if line.is_verbatim or 2 * len(line.text) <= columns:
            yield line
            continue
        from flowctl.views.width import Width  # a short result needs none of it

        words = line.text.lstrip(" ")
        indent = len(line.text) - len(words)
        width = Width(columns=columns, wraps=True, masked=masked)
        yield from (Line(text, line.style) for text in width.sentence(words, indent, _HANG))
