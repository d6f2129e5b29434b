"""Styled lines: what the text views make, and how they reach a terminal or a file."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text with one style (`green`, `yellow`, `red`, `bold`, `dim` or none)."""

    text: str = ""
    style: str = ""


def write_lines(lines: Iterable[Line], *, colour: bool, stream: TextIO | None = None) -> None:
    """Writes lines; rich is imported only where colours are wanted."""
    target = stream or sys.stdout
    if not colour:
        target.write("".join(f"{line.text}\n" for line in lines))
        target.flush()
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=target, soft_wrap=True, highlight=False, force_terminal=True)
    for line in lines:
        console.print(Text(line.text, style=line.style))
