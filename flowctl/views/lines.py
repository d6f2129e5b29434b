"""Styled lines, and the only way to standard output and standard error: what is printed is made visible here."""

import sys
from collections.abc import Iterable
from typing import TextIO

from flowctl.views.visible import visible


class Line:
    """One line of text with one style (`green`, `yellow`, `red`, `bold`, `dim` or none); its text is always visible.

    What is verbatim stays on one line however narrow a terminal is: a command, a path, a line of a file.
    Not a data class, because those take long to make, and every start of the command line makes this one.
    """

    __slots__ = ("is_verbatim", "style", "text")

    def __init__(self, text: str = "", style: str = "", *, is_verbatim: bool = False) -> None:
        self.text = visible(text)
        self.style = style
        self.is_verbatim = is_verbatim


def write_lines(lines: Iterable[Line], *, color: bool) -> None:
    """Write lines to standard output."""
    _write(lines, sys.stdout, color=color)


def tell_lines(lines: Iterable[Line], *, color: bool = False) -> None:
    """Write lines to standard error."""
    _write(lines, sys.stderr, color=color)


def tell(sentence: str) -> None:
    """Write one sentence to standard error."""
    tell_lines([Line(sentence)])


def ask_line(question: str) -> None:
    """Write a question to standard error; the answer is typed on the same line."""
    sys.stderr.write(f"{visible(question)} ")
    sys.stderr.flush()


def write_text(text: str) -> None:
    """Write a text that a format made visible, or a program text of our own, to standard output as it stands."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _write(lines: Iterable[Line], stream: TextIO, *, color: bool) -> None:
    """Write lines; rich is imported only where colors are wanted."""
    if not color:
        stream.write("".join(f"{line.text}\n" for line in lines))
        stream.flush()
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, soft_wrap=True, highlight=False, force_terminal=True)
    for line in lines:
        console.print(Text(line.text, style=line.style))
