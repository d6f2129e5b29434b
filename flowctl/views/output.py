"""A rendered result, and the options of rendering that all formats share."""

from collections.abc import Iterable
from dataclasses import dataclass

from flowctl.views.lines import Line, tell_lines, write_lines, write_text


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How results are rendered: `whole` also if they are long, `quiet` without a success, a comment in `parts`."""

    whole: bool = False
    quiet: bool = False
    parts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A result in one format: lines or a whole text for standard output, and messages for standard error."""

    lines: Iterable[Line] = ()
    text: str = ""
    messages: Iterable[Line] = ()


def write(output: Output, *, colour: bool, messages_colour: bool, only_messages: bool = False) -> None:
    """Print an output, or only its messages."""
    tell_lines(output.messages, colour=messages_colour)
    if only_messages:
        return
    if output.text:
        write_text(output.text)
    else:
        write_lines(output.lines, colour=colour)
