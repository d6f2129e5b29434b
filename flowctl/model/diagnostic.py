"""Diagnostics: problems and remarks as data, with a stable code and a place in a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from flowctl.model.address import Address
from flowctl.model.json_value import JSONValue


class Severity(StrEnum):
    """How much a diagnostic weighs: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class SourceSpan(NamedTuple):
    """A place in a file: path relative to the workspace, line and column counted from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem: what is wrong (summary), what was expected and found (detail), what to do (hint)."""

    code: str
    summary: str
    severity: Severity = Severity.ERROR
    detail: str = ""
    hint: str = ""
    address: Address | None = None
    span: SourceSpan | None = None

    def to_json(self) -> dict[str, JSONValue]:
        """The object of the contract's `diagnostics` list; `detail` carries the hint as its last sentence."""
        return {
            "severity": str(self.severity),
            "code": self.code,
            "summary": self.summary,
            "detail": " ".join(part for part in (self.detail, self.hint) if part),
            "file": self.span.file if self.span else None,
            "line": self.span.line if self.span else None,
            "column": self.span.column if self.span else None,
            "address": self.address,
        }


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of the diagnostics is an error."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def in_file_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics by file, line and column; those without a place come last; no duplicates."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=_place))


def _place(diagnostic: Diagnostic) -> tuple[bool, str, int, int, str]:
    span = diagnostic.span
    if span is None:
        return (True, "", 0, 0, diagnostic.summary)
    return (False, span.file, span.line, span.column, diagnostic.summary)
