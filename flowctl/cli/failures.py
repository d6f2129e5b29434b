"""Tell why a command has no result, in the format that was asked for."""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from flowctl.model.diagnostic import Diagnostic
from flowctl.views.formats import Format

if TYPE_CHECKING:
    from flowctl.model.result import Result


def tell_failure(diagnostics: Sequence[Diagnostic], form: Format) -> None:
    """Tell the diagnostics of a command that failed before it had a result."""
    from flowctl.model.result import NoResult, Result, Status

    _tell(Result(command="", status=Status.ERROR, data=NoResult(), diagnostics=tuple(diagnostics)), form)


def tell_usage(error: click.ClickException, form: Format) -> None:
    """Tell what is wrong with a command line."""
    from flowctl.model.result import Result, Status, WrongUsage

    context = getattr(error, "ctx", None)
    data = WrongUsage(command=context.command_path if context else "flowctl")
    wrong = Diagnostic(code="usage", summary=_words(error))
    _tell(Result(command="", status=Status.ERROR, data=data, diagnostics=(wrong,)), form)


def _words(error: click.ClickException) -> str:
    if not isinstance(error, click.NoSuchOption):
        return error.format_message()
    from flowctl.validation.wording import nearest

    known = {option.lstrip("-"): option for option in error.possibilities or ()}
    near = nearest(error.option_name.lstrip("-"), known)
    return f"no such option {error.option_name}" + (f"; did you mean {known[near]}?" if near else "")


def _tell(result: "Result", form: Format) -> None:
    from flowctl.views.output import RenderOptions, write
    from flowctl.views.render import render

    # What the options say of colours may be what is wrong.
    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ and "--no-color" not in sys.argv
    write(render(result, form, RenderOptions()), colour=False, messages_colour=colour)
