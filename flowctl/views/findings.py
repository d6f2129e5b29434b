"""Findings: what a result says about files, as the formats of code hosts show it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan, in_file_order
from flowctl.model.result import NoResult, Result, Validation, WrongUsage

if TYPE_CHECKING:
    from flowctl.model.drift_report import DriftedObject
    from flowctl.model.plan import Drift

_WORST_FIRST: Final = (Severity.ERROR, Severity.WARNING)
_WORKSPACE: Final = SourceSpan(file="flowctl.yaml")


def findings(result: Result) -> tuple[Diagnostic, ...]:
    """The diagnostics of a result, and its drift as diagnostics: errors first, each severity in the order of files."""
    found = in_file_order(_found(result))
    return tuple(sorted(found, key=lambda finding: _WORST_FIRST.index(finding.severity)))


def place(finding: Diagnostic, folder: str) -> SourceSpan:
    """Where a finding is, as a path in the repository; `flowctl.yaml` stands for all that has no place in a file.

    `folder` is the workspace's own path in the repository, with a slash at its end, or empty.
    """
    span = finding.span or _WORKSPACE
    # A file name that is not UTF-8 has no form that a code host would know again.
    file = f"{folder}{span.file}".encode("utf-8", "replace").decode("utf-8")
    return SourceSpan(file=file, line=span.line, column=span.column)


def _found(result: Result) -> tuple[Diagnostic, ...]:
    match result.data:
        case Validation() | NoResult():
            return result.diagnostics
        case WrongUsage(command=command):
            return tuple(replace(wrong, hint=f"See {command} --help.") for wrong in result.diagnostics)
        case data:
            from flowctl.model.drift_report import DriftReport
            from flowctl.model.plan import Plan

            if isinstance(data, DriftReport):
                return (*data.problems, *map(_found_drift, data.objects))
            if not isinstance(data, Plan):
                raise AssertionError(f"a result of {result.command} has no findings")
            return (*data.diagnostics, *map(_drifted, data.drift))


def _found_drift(drifted: "DriftedObject") -> Diagnostic:
    """Drift without its values, at the place in the manifest that describes it."""
    from flowctl.views.drift_words import state

    paths = ", ".join(attribute.path for attribute in drifted.attributes)
    return Diagnostic(
        code="drift",
        severity=Severity.WARNING,
        summary=f"{drifted.address} {state(drifted)}{': ' if paths else ''}{paths}",
        hint="Run `flowctl drift --accept` to write the live values into the manifests, or apply to restore them.",
        address=drifted.address,
        span=drifted.span,
    )


def _drifted(drift: "Drift") -> Diagnostic:
    """Drift without its values: a reader of the code host may see less than a reader of the sandbox."""
    paths = ", ".join(attribute.path for attribute in drift.attributes)
    return Diagnostic(
        code="drift",
        severity=Severity.WARNING,
        summary=(
            f"{drift.address} is not found (deleted, or hidden by access labels)"
            if drift.missing
            else f"{drift.address} was changed outside flowctl: {paths}"
        ),
        hint="Read the plan: it shows what apply does about it.",
        address=drift.address,
    )
