"""Findings: what a result says about files, as the formats of code hosts show it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan, in_file_order
from flowctl.model.result import NoResult, Result, Validation, WrongUsage

if TYPE_CHECKING:
    from flowctl.model.drift_report import DriftedObject
    from flowctl.model.mapping_report import CaseEnd
    from flowctl.model.plan import Drift
    from flowctl.model.result import Work

_WORST_FIRST: Final = (Severity.ERROR, Severity.WARNING)
_MOST_DIFFERENCES: Final = 5
_WORKSPACE: Final = SourceSpan(file="flowctl.yaml")


def findings(result: Result) -> tuple[Diagnostic, ...]:
    """The diagnostics of a result, and its drift as diagnostics: errors first, each severity in the order of files."""
    found = in_file_order(_found(result))
    return tuple(sorted(found, key=lambda finding: _WORST_FIRST.index(finding.severity)))


def place(finding: Diagnostic, folder: str) -> SourceSpan:
    """Where a finding is, as a path in the repository; what has no place in a file is at `flowctl.yaml`.

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
            return tuple(
                replace(wrong, hint=f"Run `{command} --help` to see what it accepts.") for wrong in result.diagnostics
            )
        case data:
            return _of_work(data, result.command)


def _of_work(data: "Work", command: str) -> tuple[Diagnostic, ...]:
    """What a validation need not import: it is to start fast."""
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.mapping_report import MappingTests
    from flowctl.model.plan import Plan

    match data:
        case DriftReport():
            return (*data.problems, *map(_found_drift, data.objects))
        case Plan():
            return (*data.diagnostics, *map(_drifted, data.drift))
        case MappingTests():
            return tuple(_failed(case) for case in data.cases if not case.has_passed)
        case _:
            raise AssertionError(f"a result of {command} has no findings")


def _failed(case: "CaseEnd") -> Diagnostic:
    """A failed case with its first differences."""
    from flowctl.views.mapping_text import difference_words

    shown = " ".join(map(difference_words, case.differences[:_MOST_DIFFERENCES]))
    more = len(case.differences) - _MOST_DIFFERENCES
    return Diagnostic(
        code="mapping-test-failed",
        summary=f'the case "{case.case}" of MappingTest {case.test} fails',
        detail=f"{shown} There are {more} more differences." if more > 0 else shown,
        hint=f"Correct the mappings of {case.pipeline}, or the test.",
        span=SourceSpan(file=case.file, line=case.line),
    )


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
