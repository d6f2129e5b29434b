"""Diagnostics as text: `file:line:column: error: summary`, the source line, then what was expected and what to do."""

from collections.abc import Iterable, Iterator, Sequence

from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.result import WrongUsage
from flowctl.views.excerpt import excerpt
from flowctl.views.lines import Line
from flowctl.views.output import Source, no_source

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def diagnostic_lines(
    diagnostics: Iterable[Diagnostic], source: Source = no_source, columns: int | None = None
) -> Iterator[Line]:
    """The lines of diagnostics, in the order given, with the source line of each that has one.

    A source line fits the columns of the terminal, if there is one.
    """
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = f"{span.file}:{span.line}:{span.column}: " if span else ""
        head = f"{place}{diagnostic.severity}: {diagnostic.summary} [{diagnostic.code}]"
        yield Line(head, _STYLES[diagnostic.severity])
        found = source(diagnostic)
        if found is not None and span is not None:
            line, mark = excerpt(*found, span.line, columns)
            yield Line(line, is_verbatim=True)
            yield Line(mark, _STYLES[diagnostic.severity], is_verbatim=True)
        for text in (diagnostic.detail, diagnostic.hint):
            if text:
                yield Line(f"    {text}")


def validation_lines(
    diagnostics: Sequence[Diagnostic], source: Source = no_source, columns: int | None = None
) -> Iterator[Line]:
    """What a validation found, and how much of it."""
    if diagnostics:
        yield from diagnostic_lines(diagnostics, source, columns)
        yield _count_line(diagnostics)
    else:
        yield Line("Valid.", "green")


def usage_lines(diagnostics: Iterable[Diagnostic], usage: WrongUsage) -> Iterator[Line]:
    """What is wrong with a command line, and the command whose help explains it."""
    for diagnostic in diagnostics:
        yield Line(f"{diagnostic.severity}: {diagnostic.summary} [{diagnostic.code}]")
        if diagnostic.detail:
            yield Line(f"    {diagnostic.detail}")
    yield Line(f"    Run `{usage.command} --help` to see what it accepts.")


def _count_line(diagnostics: Sequence[Diagnostic]) -> Line:
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    return Line(f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}", "bold")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
