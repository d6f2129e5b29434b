"""A plan as Markdown that a comment can hold, and as the JSON document that scripts read."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.model.report import ApplyReport, StepResult, StepStatus
from flowctl.model.resource import Sensitive, Unknown
from flowctl.views.envelope import diagnostics_document
from flowctl.views.markdown_block import LIMIT
from flowctl.views.plan_json import apply_document, plan_document
from flowctl.views.plan_markdown import plan_markdown
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


def _large(count: int = 2000) -> Plan:
    return _plan(*(_change(f"pipeline-{number}", _attribute(), _attribute("description")) for number in range(count)))


# Markdown.


def test_a_small_plan_is_whole() -> None:
    assert "cut" not in plan_markdown(_plan(_change("p", _attribute())))


def test_an_empty_plan_says_so() -> None:
    assert "No changes." in plan_markdown(_plan())


@pytest.mark.parametrize("limit", [LIMIT, 20_000, 5_000, 2_000])
def test_a_large_plan_fits_its_limit(limit: int) -> None:
    assert len(plan_markdown(_large(), limit)) <= limit


def test_a_cut_plan_says_so_first_of_all() -> None:
    assert plan_markdown(_large()).startswith("> **This comment is cut")


def test_a_cut_plan_says_how_much_is_shown() -> None:
    text = plan_markdown(_large(), 200_000)
    shown = int(re.search(r"details of (\d+)", text)[1])  # type: ignore[index]
    assert shown == text.count("<details>")


def test_a_cut_plan_still_has_the_sum() -> None:
    assert "2000 to update" in plan_markdown(_large(), 5_000)


def test_a_cut_plan_says_that_its_table_is_cut() -> None:
    """The table of changes itself does not fit: a reader must not take it for the whole."""
    text = plan_markdown(_large(), 20_000)
    rows = text.count("| update |")
    assert rows < 2000
    assert f"{rows} of 2000 changes" in text


def test_a_cut_plan_has_no_half_row() -> None:
    rows = [line for line in plan_markdown(_large(), 5_000).splitlines() if line.startswith("| ~")]
    assert all(row.endswith(" |") for row in rows)


def test_a_plan_with_a_lot_of_drift_fits_its_limit() -> None:
    places = tuple(DriftedAttribute(steps=(f"m{number}",), recorded="a", observed="b" * 200) for number in range(2000))
    drift = (Drift(address=Address("p.flow"), attributes=places),)
    assert len(plan_markdown(_plan(drift=drift))) <= LIMIT


def test_one_huge_attribute_fits_its_limit() -> None:
    text = plan_markdown(_plan(_change("p", _attribute(after="x" * 200_000))))
    assert len(text) <= LIMIT


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_no_value_breaks_its_row(path: str, before: str, after: str) -> None:
    text = plan_markdown(_plan(_change("p", AttributeChange(steps=(path,), before=before, after=after))))
    table = text.partition("| attribute | before | after |\n|---|---|---|\n")[2].partition("\n\n</details>")[0]
    assert len(table.split("\n")) == 1
    assert table.replace("\\|", "").count("|") == 4


@pytest.mark.parametrize("sign", ["|", "`", "<b>", "</details>", "&amp;", "<!--"])
def test_signs_of_markdown_and_html_are_escaped_in_values(sign: str) -> None:
    details = plan_markdown(_plan(_change("p", _attribute(after=f"a{sign}b")))).partition("| attribute")[2]
    assert f"a{sign}b" not in details


@pytest.mark.parametrize("sign", ["|", "`", "<b>", "\n"])
def test_signs_of_markdown_and_html_are_escaped_in_drift(sign: str) -> None:
    place = DriftedAttribute(steps=("tags", f"a{sign}b"), recorded=f"c{sign}d", observed=f"e{sign}f")
    text = plan_markdown(_plan(drift=(Drift(address=Address("p.flow"), attributes=(place,)),)))
    assert [pair for pair in (f"a{sign}b", f"c{sign}d", f"e{sign}f") if pair in text] == []


@pytest.mark.parametrize("sign", ["|", "`", "<b>", "**", "[x](y)", "\n\n# "])
def test_signs_of_markdown_and_html_are_escaped_in_notes_and_diagnostics(sign: str) -> None:
    said = f"a{sign}b"
    plan = _plan(
        _change("p", _attribute(), notes=(said,)),
        diagnostics=(Diagnostic(code="c", summary=said, detail=said, severity=Severity.WARNING),),
    )
    assert said not in plan_markdown(plan)


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
    document = apply_document(FULL, ApplyReport(steps=(step,), seconds=1.0))
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
