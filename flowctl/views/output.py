"""What a format makes of a result, and how much of it is wanted."""

from collections.abc import Iterable
from dataclasses import dataclass

from flowctl.views.lines import Line, tell_lines, write_lines, write_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a person wants results: all of a long one, only what matters, and in how many parts a comment is made."""

    whole: bool = False
    quiet: bool = False
    parts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A result in one format: lines or a whole text for standard output, and what is told on standard error."""

    lines: Iterable[Line] = ()
    text: str = ""
    told: Iterable[Line] = ()


def write(output: Output, *, colour: bool, told_colour: bool, only_told: bool = False) -> None:
    """Print an output; with `only_told` what is told, and not the result."""
    tell_lines(output.told, colour=told_colour)
    if only_told:
        return
    if output.text:
        write_text(output.text)
    else:
        write_lines(output.lines, colour=colour)
