"""Tell why a command has no result: on standard error, and as a document where one was asked for."""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches

import click

from flowctl.model.diagnostic import Diagnostic
from flowctl.views.lines import Line, tell_lines, write_document, write_markdown


def tell_failure(diagnostics: Sequence[Diagnostic], form: str) -> None:
    """Tell the diagnostics of a command that failed before it had a result."""
    from flowctl.views.diagnostics import diagnostic_lines

    if form == "json":
        _write_json_errors(diagnostics)
        return
    if form == "markdown":
        from flowctl.views.markdown import lines_markdown

        # A comment that shows the plan shows instead why there is none.
        write_markdown(lines_markdown("flowctl: no result", diagnostic_lines(diagnostics)))
    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ and "--no-color" not in sys.argv
    tell_lines(diagnostic_lines(diagnostics), colour=colour)


def _write_json_errors(diagnostics: Sequence[Diagnostic]) -> None:
    """Print the document of a command that failed before it had a result."""
    from flowctl.views.envelope import diagnostics_document

    write_document(diagnostics_document(diagnostics))


def tell_usage(error: click.ClickException, form: str) -> None:
    """Tell what is wrong with a command line."""
    words = error.format_message()
    if isinstance(error, click.NoSuchOption):
        known = {option.lstrip("-"): option for option in error.possibilities or ()}
        near = get_close_matches(error.option_name.lstrip("-"), known, n=1)
        words = f"no such option {error.option_name}" + (f"; did you mean {known[near[0]]}?" if near else "")
    if form == "json":
        _write_json_errors([Diagnostic(code="usage", summary=words)])
        return
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "flowctl"
    tell_lines([Line(f"error: {words} [usage]"), Line(f"    See {path} --help.")])
