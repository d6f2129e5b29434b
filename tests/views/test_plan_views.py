"""A plan as Markdown that a comment can hold, and as the JSON document that scripts read."""

import json
from dataclasses import replace
from typing import Any

import pytest

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.model.report import AppliedPlan, ApplyReport, StepResult, StepStatus
from flowctl.model.resource import Sensitive, Unknown
from flowctl.views.by_kind import MOST_LINES
from flowctl.views.envelope import diagnostics_document
from flowctl.views.plan_json import apply_document, plan_document
from flowctl.views.plan_text import plan_lines


def _attribute(path: str = "name", before: Any = "old", after: Any = "new", **members: Any) -> AttributeChange:
    return AttributeChange(steps=tuple(path.split(".")), before=before, after=after, **members)


def _change(name: str = "p", *attributes: AttributeChange, notes: tuple[str, ...] = ()) -> Change:
    return Change(
        address=Address.of(name, "flow"),
        action=Action.UPDATE,
        reason=Reason.ATTRIBUTES_CHANGED,
        attributes=attributes,
        remote_id="id",
        notes=notes,
    )


def _plan(*changes: Change, **members: Any) -> Plan:
    defaults = {
        "environment": "dev",
        "organization": "ORG@AdobeOrg",
        "sandbox": "dev",
        "lineage": "l",
        "serial": 1,
        "manifest_digest": "d",
    }
    return Plan(**{**defaults, "changes": changes, **members})


# JSON.

ENVELOPE = {"formatVersion", "environment", "organization", "sandbox", "summary", "changes", "drift", "diagnostics"}
FULL = _plan(
    _change("p", _attribute("scheduleParams.interval", 1, 2), notes=("a note",)),
    drift=(
        Drift(
            address=Address("p.flow"), attributes=(DriftedAttribute(steps=("name",), recorded="old", observed="new"),)
        ),
        Drift(address=Address("q.flow"), missing=True),
    ),
    diagnostics=(
        Diagnostic(
            code="c",
            summary="s",
            detail="d",
            hint="h",
            address=Address("p.flow"),
            span=SourceSpan(file="a.yaml", line=1, column=2),
        ),
    ),
)


def test_the_envelope_has_exactly_the_keys_of_the_contract() -> None:
    assert plan_document(FULL).keys() == ENVELOPE


def test_the_summary_has_exactly_the_keys_of_the_contract() -> None:
    assert plan_document(FULL)["summary"].keys() == {"create", "update", "replace", "delete", "import", "noop"}


def test_a_change_has_exactly_the_keys_of_the_contract() -> None:
    (change,) = plan_document(FULL)["changes"]
    assert change.keys() == {"address", "kind", "action", "reason", "id", "attributes", "notes"} | {
        *("pipeline", "labels", "file", "line")
    }


def test_an_attribute_has_exactly_the_keys_of_the_contract() -> None:
    (attribute,) = plan_document(FULL)["changes"][0]["attributes"]
    assert attribute == {"path": "scheduleParams.interval", "before": 1, "after": 2, "forcesReplacement": False}


def test_drift_has_exactly_the_keys_of_the_contract() -> None:
    assert plan_document(FULL)["drift"] == [
        {"address": "p.flow", "attributes": [{"path": "name", "recorded": "old", "observed": "new"}]},
        {"address": "q.flow", "attributes": []},
    ]


def test_a_diagnostic_has_exactly_the_keys_of_the_contract() -> None:
    assert plan_document(FULL)["diagnostics"] == [
        {
            "severity": "error",
            "code": "c",
            "summary": "s",
            "detail": "d h",
            "file": "a.yaml",
            "line": 1,
            "column": 2,
            "address": "p.flow",
        }
    ]


def test_the_envelope_of_an_apply_has_the_steps_besides() -> None:
    step = StepResult(address=Address("p.flow"), action=Action.UPDATE, status=StepStatus.DONE, id="id")
    document = apply_document(AppliedPlan(plan=FULL, report=ApplyReport(steps=(step,), seconds=1.0)))
    assert document.keys() == ENVELOPE | {"steps"}
    assert document["steps"] == [{"address": "p.flow", "action": "update", "status": "done", "id": "id", "error": None}]


def test_diagnostics_alone_have_a_format_version_too() -> None:
    assert diagnostics_document(FULL.diagnostics).keys() == {"formatVersion", "diagnostics"}


def test_the_format_version_is_text() -> None:
    assert plan_document(FULL)["formatVersion"] == "1"


def test_secrets_and_unknown_values_are_words_in_json() -> None:
    secret = _attribute("auth.params.password", None, Sensitive("canary"), sensitive=True)
    unknown = _attribute("sourceConnectionIds", None, [Unknown(Address("p.source_connection"))])
    text = json.dumps(plan_document(_plan(_change("p", secret, unknown))))
    assert ("canary" in text, "(sensitive)" in text, "(known after apply)" in text) == (False, True, True)


def test_a_removed_secret_is_shown_as_removed() -> None:
    removed = _attribute("auth.params.password", None, None, sensitive=True)
    lines = [line.text for line in plan_lines(_plan(_change("p", removed)))]
    assert "      auth.params.password: (sensitive) -> (removed)" in lines


@pytest.mark.parametrize(("more", "is_long"), [(0, False), (1, True)])
def test_a_plan_is_long_by_its_changes_their_values_and_notes_and_the_drift(more: int, is_long: bool) -> None:
    """A sum, a change of 1 + 2 + 3 lines, drift of 1 + 3 lines, and changes of one line each."""
    change = _change("p", _attribute("a"), _attribute("b"), notes=("one", "two", "three"))
    drifted = tuple(DriftedAttribute(steps=(name,), recorded="old", observed="new") for name in "ab")
    drift = (Drift(address=Address("p.flow"), attributes=drifted), Drift(address=Address("q.flow"), missing=True))
    others = [_change(f"p{number}") for number in range(MOST_LINES - 11 + more)]
    lines = [line.text for line in plan_lines(_plan(change, *others, drift=drift), whole=False)]
    assert ("By kind:" in lines) is is_long
    assert "By kind:" not in [line.text for line in plan_lines(_plan(change, *others, drift=drift))]


def test_a_plan_with_errors_says_that_it_cannot_be_applied() -> None:
    words = "This plan cannot be applied until its errors are fixed."
    warned = replace(FULL, diagnostics=(replace(FULL.diagnostics[0], severity=Severity.WARNING),))
    assert [line.text for line in plan_lines(FULL)][-1] == words
    assert words not in [line.text for line in plan_lines(warned)]
