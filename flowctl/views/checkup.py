"""A checkup as lines and as a JSON document."""

from collections.abc import Iterator
from typing import Any, Final

from flowctl.model.checkup import Checkup, Finding, Health
from flowctl.views.envelope import envelope
from flowctl.views.lines import Line
from flowctl.views.width import Width

_STYLES: Final = {Health.OK: "", Health.WARNING: "yellow", Health.FAILED: "red", Health.SKIPPED: "dim"}
_BELOW: Final = 4
"""The indent of what is found where a narrow terminal has too little room beside the part."""


def checkup_lines(data: Checkup, width: Width) -> Iterator[Line]:
    """One line for each part, what to do below those for which it is the same, and the sum."""
    yield Line(f"Environment {data.environment}", "bold")
    state = max(len(health) for health in Health)
    part = max(len(finding.part) for finding in data.findings)
    following = [*(finding.action for finding in data.findings[1:]), ""]
    for finding, next_action in zip(data.findings, following, strict=True):
        head = f"{finding.health:<{state}}  {finding.part:<{part}}  "
        indent = len(head)
        beside = width.prose(finding.found, indent)
        if len(beside) > 1 and width.is_narrow(indent):
            yield Line(head.rstrip(), _STYLES[finding.health])
            head, indent = "", _BELOW
            beside = width.prose(finding.found, indent)
        for index, line in enumerate(beside or [""]):
            begin = head if head and not index else " " * indent
            yield Line(f"{begin}{line}", _STYLES[finding.health])
        if finding.action and finding.action != next_action:
            yield from (Line(f"{' ' * indent}{line}") for line in width.prose(finding.action, indent))
    warned = sum(finding.health is Health.WARNING for finding in data.findings)
    yield Line(f"{data.failed} failed, {warned} with a warning", "red" if data.failed else "bold")


def checkup_document(data: Checkup) -> dict[str, Any]:
    """The document of `doctor`."""
    return envelope(environment=data.environment, failed=data.failed, findings=list(map(_finding, data.findings)))


def _finding(finding: Finding) -> dict[str, Any]:
    return {"part": finding.part, "health": finding.health, "found": finding.found, "action": finding.action}
