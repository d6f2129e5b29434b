"""A rendered result, and the options of rendering that all formats share."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

from flowctl.model.diagnostic import Diagnostic
from flowctl.views.lines import Line, tell_lines, write_lines, write_text

Source: TypeAlias = Callable[[Diagnostic], tuple[str, int] | None]
"""Finds the source line of a diagnostic, and the column in it, from 1."""


def no_source(_diagnostic: Diagnostic) -> None:
    """Find no source line."""


class RenderOptions(NamedTuple):
    """How results are rendered: `whole` also if they are long, `quiet` without a success, a comment in `parts`.

    `folder` is asked for the path of the workspace in its repository, which ends with a slash unless it is empty;
    `masked` is asked for a text without secrets if masking the whole output would come too late; `source` finds the
    source lines of diagnostics for a terminal; `planned` is asked for the environment of which there is no plan.
    `columns` is the width of the terminal on standard output, `message_columns` that on standard error; None if there
    is none.
    """

    whole: bool = False
    quiet: bool = False
    parts: int = 1
    folder: Callable[[], str] = str
    masked: Callable[[str], str] = str
    source: Source = no_source
    planned: Callable[[], str] = str
    columns: int | None = None
    message_columns: int | None = None


class Output(NamedTuple):
    """A result in one format: lines or a whole text for standard output, then messages for standard error."""

    lines: Iterable[Line] = ()
    text: str = ""
    messages: Iterable[Line] = ()


def write(output: Output, *, color: bool, messages_color: bool, only_messages: bool = False) -> None:
    """Print an output, or only its messages."""
    if not only_messages:
        if output.text:
            write_text(output.text)
        else:
            write_lines(output.lines, color=color)
    tell_lines(output.messages, color=messages_color)
