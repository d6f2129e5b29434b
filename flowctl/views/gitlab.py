"""Results as a Code Quality report for the merge requests of GitLab."""

from typing import Final

from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSONValue
from flowctl.model.result import Result
from flowctl.views.diagnostics import diagnostic_lines
from flowctl.views.findings import findings, place
from flowctl.views.fingerprints import fingerprints
from flowctl.views.output import Output, RenderOptions
from flowctl.views.visible import json_text, visible

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(result: Result, options: RenderOptions) -> Output:
    """The findings as a list of issues; they are messages, too, because the list goes into a file."""
    found = findings(result)
    folder = options.folder()
    marks = fingerprints(found, folder, options.masked)
    issues = [_issue(finding, folder, mark) for finding, mark in zip(found, marks, strict=True)]
    return Output(text=json_text(issues, indent=2) + "\n", messages=diagnostic_lines(found))


def _issue(finding: Diagnostic, folder: str, fingerprint: str) -> JSONValue:
    where = place(finding, folder)
    words = (f"{finding.summary}.", finding.detail, finding.hint)
    return {
        "description": visible(" ".join(filter(None, words))),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": where.file, "lines": {"begin": where.line}},
    }
