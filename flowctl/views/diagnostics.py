"""Diagnostics as text: `file:line:column: error: summary`, then what was expected and what to do."""

from collections.abc import Iterable, Iterator

from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.views.lines import Line

_STYLES = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def diagnostic_lines(diagnostics: Iterable[Diagnostic]) -> Iterator[Line]:
    """The lines of diagnostics, in the order given."""
    for diagnostic in diagnostics:
        span = diagnostic.span
        place = f"{span.file}:{span.line}:{span.column}: " if span else ""
        head = f"{place}{diagnostic.severity}: {diagnostic.summary} [{diagnostic.code}]"
        yield Line(head, _STYLES[diagnostic.severity])
        for text in (diagnostic.detail, diagnostic.hint):
            if text:
                yield Line(f"    {text}")


def count_line(diagnostics: Iterable[Diagnostic]) -> Line:
    """How many errors and warnings there are."""
    found = list(diagnostics)
    errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in found)
    warnings = len(found) - errors
    return Line(f"{_counted(errors, 'error')}, {_counted(warnings, 'warning')}", "bold")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
