"""Lines of a formatted text, with comments that stay aligned."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Line:
    """A line: its text without the comment at its end, and that comment with the blanks and the column it had.

    `goes_on` is a comment with a line of its own, in the column of the comment at the end of the line above. `fixed` is
    a line of a block scalar, which is content.
    """

    text: str = ""
    comment: str = ""
    gap: int = 0
    column: int = -1
    goes_on: bool = False
    fixed: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether the line is empty, and not content."""
        return not self.text and not self.comment and not self.fixed

    @property
    def width(self) -> int:
        """The column from which a comment may stand."""
        return 0 if self.goes_on else len(self.text) + self.gap


def joined(lines: Iterable[Line]) -> str:
    """The text of these lines, with at most one empty line in a row, and none at the beginning and the end."""
    kept: list[Line] = []
    for line in lines:
        if not line.is_blank or (kept and not kept[-1].is_blank):
            kept.append(line)
    while kept and kept[-1].is_blank:
        kept.pop()
    return "".join(f"{text}\n" for text in _texts(kept))


def _texts(lines: list[Line]) -> Iterator[str]:
    """The lines with their comments; comments below each other in one column stay below each other."""
    first = 0
    while first < len(lines):
        after = first + 1
        while lines[first].comment and after < len(lines) and lines[after].column == lines[first].column:
            after += 1
        column = max(line.width for line in lines[first:after])
        for line in lines[first:after]:
            yield f"{line.text:<{column}}{line.comment}" if line.comment else line.text
        first = after
