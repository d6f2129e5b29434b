"""Results as JSON documents for scripts; their keys are fixed by the format version."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flowctl.model.result import NoResult, Result, Validation, WrongUsage
from flowctl.views.envelope import diagnostics_document
from flowctl.views.output import Output
from flowctl.views.visible import json_text

if TYPE_CHECKING:
    from flowctl.model.result import Work


def render(result: Result) -> Output:
    """The result as one document, and nothing else on standard output."""
    match result.data:
        case Validation() | NoResult() | WrongUsage():
            return _printed(diagnostics_document(result.diagnostics))
        case data:
            return _of_work(data)


def _of_work(data: "Work") -> Output:
    """What a validation need not import: it is to start fast."""
    from flowctl.model.drift_report import DriftReport
    from flowctl.model.plan import Plan
    from flowctl.model.report import AppliedPlan, HeldLock
    from flowctl.views.listed_json import listed_document
    from flowctl.views.plan_json import apply_document, plan_document

    match data:
        case Plan():
            return _printed(plan_document(data))
        case DriftReport():
            from flowctl.views.drift_json import drift_document

            return _printed(drift_document(data))
        case AppliedPlan():
            return _printed(apply_document(data))
        case HeldLock():
            from flowctl.views.listed import listed_lines

            # It comes before a question: the document is that of the answer.
            return Output(messages=listed_lines(data))
        case _:
            return _printed(listed_document(data))


def _printed(document: Mapping[str, Any]) -> Output:
    return Output(text=json_text(document, indent=2) + "\n")
