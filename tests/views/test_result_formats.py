"""Formats: each renders every result, an unknown one fails, and a command says which ones it has."""

import json
from dataclasses import replace
from typing import cast

import pytest
from surroundings import Workspace

from flowctl.cli.exit_codes import ExitCode
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.formatting_report import FormattedFiles
from flowctl.model.plan import Plan
from flowctl.model.record import LockEntry
from flowctl.model.record_report import (
    Finding,
    ForgottenObjects,
    MovedObjects,
    Orphan,
    Orphans,
    RecordedObject,
    RecordedObjects,
    RecordedValue,
    Repair,
    SettledCreation,
)
from flowctl.model.report import (
    AppliedPlan,
    ApplyReport,
    HeldLock,
    LockRemoval,
    StepResult,
    StepStatus,
    Version,
    WrittenSchemas,
)
from flowctl.model.resource import Lifecycle, OnDelete
from flowctl.model.result import Data, NoResult, Result, Status, Validation, WrongUsage
from flowctl.views import formats
from flowctl.views.formats import Format
from flowctl.views.lines import Line
from flowctl.views.markdown_block import LIMIT
from flowctl.views.output import Output, RenderOptions, write
from flowctl.views.render import render

FLOW = Address("p.flow")
PROBLEM = Diagnostic(code="some-code", summary="it is wrong", hint="Correct it.")
PLAN = Plan(
    environment="dev",
    organization="ORG@AdobeOrg",
    sandbox="sand",
    lineage="l",
    serial=1,
    manifest_digest="d",
    changes=(),
    diagnostics=(PROBLEM,),
)
ENTRY = RecordedObject(
    address=FLOW,
    id="id-1",
    etag='"e"',
    recorded={"name": "a", "state": "x"},
    live={"name": "b"},
    state="enabled",
    lifecycle=Lifecycle(on_delete=OnDelete.RETAIN, prevent_destroy=True),
    values=(
        RecordedValue(steps=("name",), recorded="a", live="b", differs=True),
        RecordedValue(steps=("state",), recorded="x", live=None, differs=False),
    ),
)
RECORDED = RecordedObjects(
    environment="dev", organization="ORG@AdobeOrg", sandbox="sand", entries={FLOW: LockEntry(kind="flow", id="id-1")}
)
FINDINGS = Repair(
    findings=(
        Finding(address=FLOW, entry=LockEntry(kind="flow", id="id-1")),
        Finding(address=Address("q.flow"), why_not="it is not there"),
    )
)
ORPHANS = Orphans(
    orphans=(
        Orphan(kind="source_connection", id="i", name="n", created_at=1_700_000_000_000, created_client="somebody"),
    )
)
DATA: list[tuple[str, Data, list[str], dict[str, object]]] = [
    (
        "show",
        RECORDED,
        ["p.flow  id-1"],
        {
            "environment": "dev",
            "organization": "ORG@AdobeOrg",
            "sandbox": "sand",
            "entries": {"p.flow": {"kind": "flow", "id": "id-1"}},
        },
    ),
    (
        "show",
        ENTRY,
        [
            "p.flow  id-1",
            "  state: enabled",
            '  lifecycle.onDelete: "retain"',
            "  lifecycle.preventDestroy: true",
            '  name: recorded "a", live "b"',
            '  state: "x"',
        ],
        {
            "address": "p.flow",
            "kind": "flow",
            "id": "id-1",
            "etag": '"e"',
            "recorded": {"name": "a", "state": "x"},
            "live": {"name": "b"},
            "state": "enabled",
            "lifecycle": {"onDelete": "retain", "preventDestroy": True},
        },
    ),
    ("state rm", ForgottenObjects(addresses=("p.flow",)), ["p.flow is no longer managed."], {"forgotten": ["p.flow"]}),
    (
        "state mv",
        MovedObjects(moved={FLOW: Address("q.flow")}),
        ["Moved p.flow to q.flow."],
        {"moved": [{"from": "p.flow", "to": "q.flow"}]},
    ),
    (
        "state settle",
        SettledCreation(sentence="p.flow: recorded"),
        ["p.flow: recorded."],
        {"settled": "p.flow: recorded"},
    ),
    (
        "state repair",
        FINDINGS,
        [
            "  < p.flow  id-1",
            "  ? q.flow: it is not there",
            "1 entry to add to the lockfile (<), 1 not found or not unique (?).",
        ],
        {
            "findings": [
                {"address": "p.flow", "kind": "flow", "id": "id-1", "whyNot": None},
                {"address": "q.flow", "kind": "flow", "id": None, "whyNot": "it is not there"},
            ]
        },
    ),
    (
        "state orphans",
        ORPHANS,
        [
            "source_connection  i  n  created 2023-11-14 22:13 UTC by somebody",
            "1 orphan. flowctl does not delete them: check each one before you delete it yourself.",
        ],
        {
            "orphans": [
                {
                    "kind": "source_connection",
                    "id": "i",
                    "name": "n",
                    "createdAt": 1_700_000_000_000,
                    "createdClient": "somebody",
                }
            ]
        },
    ),
    (
        "unlock",
        LockRemoval(environment="dev", owner="somebody"),
        ["The lock is released."],
        {"environment": "dev", "heldBy": "somebody", "removed": True},
    ),
    (
        "unlock",
        LockRemoval(environment="dev", owner=None),
        ["Environment dev is not locked."],
        {"environment": "dev", "heldBy": None, "removed": False},
    ),
    (
        "fmt",
        FormattedFiles(files=("a.yaml", "b.yaml"), checked=3, written=True),
        ["a.yaml", "b.yaml", "Formatted 2 of 3 files."],
        {"files": ["a.yaml", "b.yaml"], "checked": 3, "written": True, "diagnostics": []},
    ),
    (
        "fmt",
        FormattedFiles(files=("a.yaml",), checked=1, written=False),
        ["a.yaml", "`flowctl fmt` would change 1 of 1 file."],
        {"files": ["a.yaml"], "checked": 1, "written": False, "diagnostics": []},
    ),
    (
        "fmt",
        FormattedFiles(files=(), checked=2, written=True),
        ["No change in 2 files."],
        {"files": [], "checked": 2, "written": True, "diagnostics": []},
    ),
    ("schemas", WrittenSchemas(files=("a.json", "b.json")), ["a.json", "b.json"], {"written": ["a.json", "b.json"]}),
    (
        "version",
        Version(version="1.2.3", specs_date="2026-11-26"),
        ["flowctl 1.2.3 (specs of 2026-11-26)"],
        {"version": "1.2.3", "specsDate": "2026-11-26"},
    ),
]
IDS = [f"{command} {type(data).__name__}" for command, data, _, _ in DATA]


def _texts(lines: object) -> list[str]:
    return [line.text for line in cast("list[Line]", lines)]


def _rendered(command: str, data: Data, form: Format, *diagnostics: Diagnostic, **options: bool | int) -> Output:
    return render(Result(command=command, data=data, diagnostics=diagnostics), form, RenderOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(("command", "data", "lines", "members"), DATA, ids=IDS)
def test_a_result_has_these_lines_this_document_and_a_heading(
    command: str, data: Data, lines: list[str], members: dict[str, object]
) -> None:
    assert _texts(_rendered(command, data, Format.TEXT).lines) == lines
    document = json.loads(_rendered(command, data, Format.JSON).text)
    assert document == {"formatVersion": "1", "diagnostics": [], **members}
    assert next(iter(document)) == "formatVersion"
    heading, _, fence, *block, end = _rendered(command, data, Format.MARKDOWN).text.splitlines()
    about = ": dev" if data is RECORDED else " p.flow" if data is ENTRY else ""
    assert (heading, fence, block, end) == (f"### flowctl {command}{about}", "```text", lines, "```")


def test_a_format_that_nothing_renders_fails() -> None:
    unknown = cast("Format", "smoke-signs")
    with pytest.raises(AssertionError, match="smoke-signs"):
        _rendered("validate", Validation(), unknown)


def test_a_result_that_a_format_does_not_know_fails() -> None:
    for form in Format:
        with pytest.raises(AssertionError):
            [*_rendered("new", cast("Data", object()), form).lines]


@pytest.mark.parametrize("form", [form for form in Format if form.is_of("unlock")])
def test_a_lock_that_is_held_is_told_before_the_question(form: Format) -> None:
    output = _rendered("unlock", HeldLock(environment="dev", owner="somebody"), form)
    words = ["Environment dev is locked by somebody."]
    shown, told = _texts(output.lines), _texts(output.messages)
    assert (shown, told, output.text) == ((words, [], "") if form is Format.TEXT else ([], words, ""))


def test_a_validation_says_what_it_found_and_how_much() -> None:
    warning = Diagnostic(code="w", summary="hm", severity=Severity.WARNING)
    found = _texts(_rendered("validate", Validation(), Format.TEXT, PROBLEM, warning, quiet=True).lines)
    assert found == ["error: it is wrong [some-code]", "    Correct it.", "warning: hm [w]", "1 error, 1 warning"]
    assert _texts(_rendered("validate", Validation(), Format.TEXT).lines) == ["Valid."]
    assert _texts(_rendered("validate", Validation(), Format.TEXT, quiet=True).lines) == []
    assert "Valid." in _rendered("validate", Validation(), Format.MARKDOWN, quiet=True).text


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN])
def test_why_there_is_no_result_is_told_on_standard_error(form: Format) -> None:
    output = _rendered("plan", NoResult(), form, PROBLEM)
    assert _texts(output.messages) == ["error: it is wrong [some-code]", "    Correct it."]
    assert (_texts(output.lines), "### flowctl failed" in output.text) == ([], form is Format.MARKDOWN)


@pytest.mark.parametrize(
    "data", [Validation(), NoResult(), WrongUsage(command="flowctl plan")], ids=lambda data: type(data).__name__
)
def test_what_only_has_diagnostics_is_one_document_with_them(data: Data) -> None:
    output = _rendered("plan", data, Format.JSON, PROBLEM)
    assert _texts(output.messages) == []
    assert json.loads(output.text) == {"formatVersion": "1", "diagnostics": [PROBLEM.to_json()]}


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN])
def test_wrong_usage_names_the_help(form: Format) -> None:
    output = _rendered("", WrongUsage(command="flowctl plan"), form, Diagnostic(code="usage", summary="it is wrong"))
    assert _texts(output.messages) == [
        "error: it is wrong [usage]",
        "    Run `flowctl plan --help` to see what it accepts.",
    ]
    assert (_texts(output.lines), output.text) == ([], "")


@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN])
def test_a_plan_that_is_refused_has_no_report(form: Format) -> None:
    output = _rendered("apply", AppliedPlan(plan=PLAN, report=None), form)
    assert (_texts(output.lines), output.text, _texts(output.messages)) == ([], "", [])


def test_a_plan_that_is_refused_is_a_document_with_no_steps() -> None:
    document = json.loads(_rendered("apply", AppliedPlan(plan=PLAN, report=None), Format.JSON).text)
    assert (document["steps"], [found["code"] for found in document["diagnostics"]]) == ([], ["some-code"])


def test_a_report_that_cannot_be_recorded_is_in_the_document() -> None:
    report = ApplyReport(steps=(), seconds=0.0, problem=PROBLEM)
    document = json.loads(_rendered("apply", AppliedPlan(plan=PLAN, report=report), Format.JSON).text)
    assert [found["code"] for found in document["diagnostics"]] == ["some-code", "some-code"]


@pytest.mark.parametrize("parts", [1, 2])
def test_the_parts_of_a_comment_share_what_it_may_hold(parts: int) -> None:
    failed = [
        StepResult(address=Address(f"pipeline-{number}.flow"), action=Action.CREATE, status=StepStatus.FAILED)
        for number in range(3000)
    ]
    change = Change(address=FLOW, action=Action.CREATE, reason=Reason.NOT_RECORDED)
    done = AppliedPlan(plan=replace(PLAN, changes=(change,)), report=ApplyReport(steps=tuple(failed), seconds=0.0))
    text = _rendered("apply", done, Format.MARKDOWN, whole=True, parts=parts).text
    assert text.startswith("\n> **This comment is cut")
    assert LIMIT // parts - 200 < len(text) <= LIMIT // parts + 1


def test_standard_output_gets_nothing_where_only_what_is_told_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output(lines=[Line("a result")], messages=[Line("a warning")])
    write(output, color=False, messages_color=False, only_messages=True)
    assert capsys.readouterr() == ("", "a warning\n")
    write(output, color=False, messages_color=False)
    assert capsys.readouterr() == ("a result\n", "a warning\n")


def test_each_status_has_its_exit_code() -> None:
    assert {status: int(ExitCode.of(status)) for status in Status} == {
        Status.OK: 0,
        Status.ERROR: 1,
        Status.CHANGES: 2,
        Status.DRIFT: 3,
        Status.UNHEALTHY: 3,
        Status.INTERRUPTED: 130,
    }


def test_a_format_of_some_commands_is_refused_by_the_others(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = {**formats._OF_SOME, Format.MARKDOWN: frozenset({"plan", "state list"})}
    monkeypatch.setattr(formats, "_OF_SOME", some)
    result = examples.run("unlock", "--format", "markdown")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("error: `unlock` has no format `markdown`; expected `text` or `json` [usage]")
    assert examples.run("state", "list", "--format", "markdown").code == 0
    assert examples.run("--format", "markdown", "state", "show", "p.flow").code == 1
