"""A checkup as lines and as a JSON document."""

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from flowctl.model.checkup import Checkup, Finding, Health
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line

_STYLES: Final = {Health.OK: "", Health.WARNING: "yellow", Health.FAILED: "red", Health.SKIPPED: "dim"}
_WIDTH: Final = 96


def checkup_lines(data: Checkup) -> Iterator[Line]:
    """One line for each part, with what to do below it, and the sum."""
    yield Line(f"Environment {data.environment}", "bold")
    state = max(len(health) for health in Health)
    part = max(len(finding.part) for finding in data.findings)
    for finding in data.findings:
        head = f"{finding.health:<{state}}  {finding.part:<{part}}  "
        for index, line in enumerate(textwrap.wrap(finding.found, _WIDTH, break_on_hyphens=False) or [""]):
            yield Line(f"{head if not index else ' ' * len(head)}{line}", _STYLES[finding.health])
        if finding.action:
            yield from (Line(f"{' ' * len(head)}{line}") for line in textwrap.wrap(finding.action, _WIDTH))
    warned = sum(finding.health is Health.WARNING for finding in data.findings)
    yield Line(f"{data.failed} failed, {warned} with a warning", "red" if data.failed else "bold")


def checkup_document(data: Checkup) -> dict[str, Any]:
    """The document of `doctor`."""
    return envelope(environment=data.environment, failed=data.failed, findings=list(map(_finding, data.findings)))


def _finding(finding: Finding) -> dict[str, Any]:
    return {"part": finding.part, "health": finding.health, "found": finding.found, "action": finding.action}
