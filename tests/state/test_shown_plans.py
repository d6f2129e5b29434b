"""A saved plan is shown as it was printed, anywhere and in every format; an edited file is told or shown harmlessly."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from surroundings import SCHEMAS, Platform, Result, Workspace, change_everything

from flowctl.cli.main import main
from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Effect, Note, Origin, Reason
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.plan import Drift, DriftedAttribute, Plan
from flowctl.model.resource import Sensitive, Unknown
from flowctl.model.selection import Selection
from flowctl.state.planfile import read_plan_file, write_plan_file
from flowctl.state.planfile_document import SavedPlan
from flowctl.views.plan_json import plan_document
from flowctl.views.plan_markdown import plan_markdown
from flowctl.views.plan_text import plan_lines

FORMATS = ("text", "json", "markdown")


@pytest.fixture
def elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A folder with no workspace in or above it."""
    root = tmp_path / "elsewhere"
    root.mkdir()
    monkeypatch.chdir(root)
    return Workspace(root=root, capsys=capsys)


def _changed(examples: Workspace, platform: Platform) -> None:
    """Something of everything: drift, an object that is gone, and every action."""
    examples.begin_applied()
    examples.edit("flowctl.yaml", "canary-hubspot-secret", "canary-rotated")
    change_everything(examples, platform)


EDITS: dict[str, Callable[[Workspace, Platform], object]] = {
    "a first plan": lambda _examples, _platform: None,
    "everything": _changed,
    "nothing to do": lambda examples, _platform: examples.apply(),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("options", [(), ("--destroy",)], ids=["plan", "destroy"])
def test_a_saved_plan_is_shown_as_it_was_printed(
    examples: Workspace,
    platform: Platform,
    elsewhere: Workspace,
    edit: Callable[[Workspace, Platform], object],
    options: tuple[str, ...],
) -> None:
    edit(examples, platform)
    file = str(examples.root / "saved.plan")
    assert examples.run("plan", "--out", file, *options).code == 0
    platform.clear_log()
    for how in [("--format", form) for form in FORMATS] + [("-v",)]:
        printed = examples.run("plan", *options, *how)
        platform.clear_log()
        shown = elsewhere.run("show", file, *how)
        assert (shown.code, shown.out) == (0, printed.out)
        assert shown.out
        assert "canary" not in shown.out + shown.err
        assert platform.log() == []
    warnings = [line for line in examples.run("plan", *options).err.splitlines() if "warning" in line]
    shown = elsewhere.run("show", file)
    assert [line for line in shown.err.splitlines() if "warning" in line] == warnings


def test_the_file_holds_no_secret_and_is_as_its_schema_says(examples: Workspace, platform: Platform) -> None:
    _changed(examples, platform)
    # A value that is not a secret holds one: every output hides it, and so does the file.
    examples.edit("pipelines/partner-files.yaml", "title: Partner files", "title: Partner files canary-rotated now")
    path = examples.root / "saved.plan"
    result = examples.run("plan", "--out", str(path))
    assert result.code == 0, result.err
    assert "canary" not in path.read_text()
    assert "Partner files (sensitive) now" in path.read_text()
    assert "Partner files (sensitive) now" in examples.run("show", str(path)).out
    document = json.loads(path.read_text())
    schema = json.loads((SCHEMAS / "planfile.schema.json").read_text())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["plan"]["drift"]
    assert document["plan"]["kept"]
    platform.clear_log()
    assert examples.run("apply", str(path)).code == 0


def test_warnings_are_in_it(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    examples.edit("flowctl.yaml", "canary-hubspot-secret", "'${env:NOT_SET_HERE}'")
    monkeypatch.delenv("NOT_SET_HERE", raising=False)
    path = examples.root / "saved.plan"
    printed = examples.run("plan", "--format", "json", "--out", str(path))
    assert printed.code == 0
    assert printed.json["diagnostics"]
    shown = examples.run("show", "--format", "json", str(path))
    assert shown.out == printed.out
    assert "unset" in examples.run("show", str(path)).err


# What may be edited


@pytest.fixture
def saved(examples: Workspace) -> Path:
    path = examples.root / "saved.plan"
    assert examples.run("plan", "--out", str(path)).code == 0
    return path


def _edited(path: Path, edit: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text())
    edit(document["plan"])
    path.write_text(json.dumps(document))


def _first(plan: Any) -> Any:
    return plan["changes"][0]


def _drifted(plan: Any, **members: Any) -> None:
    plan["drift"] = [{"address": "a.flow", "attributes": [], **members}]


def _told(plan: Any, **members: Any) -> None:
    plan["diagnostics"] = [{"severity": "warning", "code": "x", "summary": "x", **members}]


DAMAGE: dict[str, Callable[[Any], object]] = {
    "no changes": lambda plan: plan.pop("changes"),
    "no kept": lambda plan: plan.pop("kept"),
    "something else": lambda plan: plan.update(more=1),
    "changes in an object": lambda plan: plan.update(changes={}),
    "a change that is a text": lambda plan: plan["changes"].append("x"),
    "an unknown member": lambda plan: _first(plan).update(desired={}),
    "no address": lambda plan: _first(plan).pop("address"),
    "an address that is none": lambda plan: _first(plan).update(address="../x"),
    "an unknown action": lambda plan: _first(plan).update(action="explode"),
    "a no-op": lambda plan: _first(plan).update(action="noop"),
    "an action that is a list": lambda plan: _first(plan).update(action=["create"]),
    "an unknown reason": lambda plan: _first(plan).update(reason="because"),
    "an ID that is a number": lambda plan: _first(plan).update(id=5),
    "notes in a text": lambda plan: _first(plan).update(notes="ab"),
    "a note that is a number": lambda plan: _first(plan).update(notes=[5]),
    "attributes in a text": lambda plan: _first(plan).update(attributes="ab"),
    "no path": lambda plan: _first(plan).update(attributes=[{"after": 1}]),
    "an empty path": lambda plan: _first(plan).update(attributes=[{"path": [], "after": 1}]),
    "a path of numbers": lambda plan: _first(plan).update(attributes=[{"path": [1], "after": 1}]),
    "a secret in clear": lambda plan: _first(plan).update(
        attributes=[{"path": ["a"], "after": "hunter2-canary", "sensitive": True}]
    ),
    "an old secret in clear": lambda plan: _first(plan).update(
        attributes=[{"path": ["a"], "before": {"b": "hunter2-canary"}, "sensitive": True}]
    ),
    "a flag that is a text": lambda plan: _first(plan).update(attributes=[{"path": ["a"], "sensitive": "false"}]),
    "force that is a number": lambda plan: _first(plan).update(attributes=[{"path": ["a"], "forcesReplacement": 1}]),
    "kept that is no address": lambda plan: plan.update(kept=["x"]),
    "kept that is a number": lambda plan: plan.update(kept=10**9),
    "drift of nothing": lambda plan: _drifted(plan, address="nothing"),
    "drift with a text": lambda plan: _drifted(plan, missing="yes"),
    "drift without a path": lambda plan: _drifted(plan, attributes=[{"recorded": 1}]),
    "an unknown severity": lambda plan: _told(plan, severity="fatal"),
    "a code that is a number": lambda plan: _told(plan, code=5),
    "no summary": lambda plan: _told(plan, summary=None),
    "a detail in a list": lambda plan: _told(plan, detail=[]),
    "a hint in a list": lambda plan: _told(plan, hint=[]),
    "a place with no file": lambda plan: _told(plan, span={"line": 1, "column": 1}),
    "a place at line 0": lambda plan: _told(plan, span={"file": "a", "line": 0, "column": 1}),
    "a place at line true": lambda plan: _told(plan, span={"file": "a", "line": True, "column": 1}),
    "a diagnostic of nothing": lambda plan: _told(plan, address="nothing"),
}


def _refused(result: Result, *words: str) -> None:
    assert result.code == 1, result.out + result.err
    assert "[not-a-plan-file]" in result.err
    assert "flowctl plan --out" in result.err
    assert "canary" not in result.out + result.err
    for word in words:
        assert word in result.err


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_plan_is_told_and_neither_shown_nor_applied(
    examples: Workspace, platform: Platform, saved: Path, damage: Callable[[Any], object]
) -> None:
    _edited(saved, damage)
    for form in FORMATS:
        result = examples.run("show", str(saved), "--format", form)
        assert result.code == 1
        assert "not-a-plan-file" in result.out + result.err
    _refused(examples.run("show", str(saved)), "plan is missing or damaged")
    platform.clear_log()
    _refused(examples.run("apply", str(saved)), "plan is missing or damaged")
    assert platform.log() == []


def test_a_plan_that_is_missing_is_told(examples: Workspace, saved: Path) -> None:
    document = json.loads(saved.read_text())
    del document["plan"]
    saved.write_text(json.dumps(document))
    _refused(examples.run("show", str(saved)), "plan is missing or damaged")


EVIL = "\x1b[2J\u202e::error::x##[error]y\nz"


def test_what_acts_in_a_terminal_is_shown_harmlessly(examples: Workspace, saved: Path) -> None:
    def edit(plan: Any) -> None:
        _first(plan).update(
            id=EVIL, notes=[EVIL], attributes=[{"path": [EVIL, "a"], "before": EVIL, "after": {EVIL: [EVIL]}}]
        )
        _drifted(plan, attributes=[{"path": [EVIL], "recorded": EVIL, "observed": [EVIL]}])
        _told(plan, code=EVIL, summary=EVIL, detail=EVIL, hint=EVIL, span={"file": EVIL, "line": 1, "column": 1})

    _edited(saved, edit)
    for how in [("--format", form) for form in FORMATS] + [("-v",)]:
        result = examples.run("show", str(saved), *how)
        assert result.code == 0, result.err
        for stream in (result.out, result.err):
            assert not {"\x1b", "\u202e"} & set(stream)
            assert not any(line.lstrip().startswith("::") for line in stream.splitlines())
            assert "##[" not in stream
            assert "\nz" not in stream


def test_a_value_that_is_odd_is_shown(examples: Workspace, saved: Path) -> None:
    values = [10**400, 1e300, True, {}, [], "", "(sensitive)", {"a": [{"b": None}]}, "x" * 100_000]
    attributes = [{"path": ["startTime"], "before": value, "after": value} for value in values]
    _edited(saved, lambda plan: _first(plan).update(attributes=attributes))
    for form in FORMATS:
        assert examples.run("show", str(saved), "--format", form).code == 0


BYTES: dict[str, bytes] = {
    "nothing": b"",
    "brackets": b"[" * 100_000,
    "bytes": b"\xff\xfe\x00",
    "a number": b"5",
    "the plan that is printed": b'{"formatVersion": "1", "environment": "dev", "changes": []}',
    "a key twice": b'{"formatVersion": "2", "formatVersion": "2"}',
}


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_what_is_not_a_plan_file_is_told(elsewhere: Workspace, content: bytes) -> None:
    path = elsewhere.root / "saved.plan"
    path.write_bytes(content)
    _refused(elsewhere.run("show", str(path)), "saved.plan is not a saved plan")


def test_a_file_that_is_far_too_large_is_told(elsewhere: Workspace) -> None:
    path = elsewhere.root / "saved.plan"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)
    _refused(elsewhere.run("show", str(path)), "cannot be read")


@pytest.mark.parametrize("version", ["1", "3"])
def test_a_plan_of_another_release_says_what_to_do(elsewhere: Workspace, version: str) -> None:
    """Version 0.1.0 wrote version 1, with digests only: there is nothing that could be shown."""
    members = {"environment": "dev", "lineage": "x", "manifestDigest": "x", "serial": 0, "changes": {}}
    (elsewhere.root / "old.plan").write_text(json.dumps({"formatVersion": version, **members}))
    result = elsewhere.run("show", "old.plan")
    assert result.code == 1
    assert "another release" in result.err
    assert "flowctl plan --out FILE" in result.err


# What is shown is what is applied


LIES: dict[str, Callable[[Any], object]] = {
    "another value": lambda plan: _first(plan)["attributes"][0].update(after="harmless"),
    "an attribute less": lambda plan: _first(plan)["attributes"].pop(),
    "another action": lambda plan: _first(plan).update(action="forget"),
    "another object": lambda plan: _first(plan).update(id="another"),
    "a change less": lambda plan: plan["changes"].pop(),
    "a change more": lambda plan: plan["changes"].append({**_first(plan), "address": "more.flow"}),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_plan_that_shows_something_else_than_it_does_is_refused(
    examples: Workspace, platform: Platform, saved: Path, lie: Callable[[Any], object]
) -> None:
    _edited(saved, lie)
    assert examples.run("show", str(saved)).code == 0
    platform.clear_log()
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert "[plan-stale]" in result.err
    assert platform.writes() == []


def test_a_secret_that_only_the_planning_job_knew_makes_no_plan_stale(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file hides because of a secret of that job, the applying job would show."""
    examples.edit("flowctl.yaml", "canary-hubspot-secret", "'${env:ROTATED}'")
    examples.edit("pipelines/partner-files.yaml", "title: Partner files", "title: Partner files shopping-list")
    path = str(examples.root / "saved.plan")
    monkeypatch.delenv("ROTATED", raising=False)
    assert examples.run("plan", "--out", path).code == 0
    monkeypatch.setenv("ROTATED", "shopping-list")
    result = examples.run("apply", path)
    assert result.code == 0, result.err


# An address or a file


def test_what_ends_with_a_kind_is_an_address(examples: Workspace, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(examples.root)
    for name in ("plan.json", "shop-customers.plan", "plan", "shop.customers", "shop-customers.flow"):
        (examples.root / name).write_bytes(saved.read_bytes())
    for name in ("plan.json", "shop-customers.plan", "plan", "shop.customers", "./shop-customers.flow"):
        assert "to create" in examples.run("show", name).out, name
    assert "to create" in examples.run("show", str(examples.root / "shop-customers.flow")).out
    result = examples.run("show", "shop-customers.flow")
    assert "[not-recorded]" in result.err
    assert "`Shop.flow` is not in the lockfile" in examples.run("show", "Shop.flow").err


def test_neither_an_address_nor_a_file_is_told_without_a_workspace(elsewhere: Workspace) -> None:
    for word in ("plan.json", "shop-customers"):
        result = elsewhere.run("show", word)
        assert result.code == 1
        assert "is neither an address nor a file" in result.err
        assert "NAME.KIND" in result.err
    _refused(elsewhere.run("show", "./plan.json"), "there is no file plan.json")
    _refused(elsewhere.run("show", "./shop-customers.flow"), "there is no file shop-customers.flow")


def test_a_plan_is_shown_where_no_secret_and_no_variable_is_set(
    examples: Workspace, saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    examples.edit("flowctl.yaml", "canary-hubspot-secret", "'${env:NOT_SET_HERE}'")
    examples.write("pipelines/broken.yaml", "{")
    assert main(["-C", str(examples.root), "-e", "dev", "show", str(saved)]) == 0
    assert "to create" in capsys.readouterr().out


# Values in, values out


def test_every_member_of_a_plan_comes_back(tmp_path: Path) -> None:
    address = Address("a.flow")
    secret = AttributeChange(steps=("auth", "params", "password"), sensitive=True, after=Sensitive("canary-1"))
    plan = Plan(
        environment="dev",
        organization="O",
        sandbox="s",
        lineage="l",
        serial=3,
        manifest_digest="d",
        changes=(
            Change(
                address=address,
                action=Action.REPLACE,
                reason=Reason.FORCES_REPLACEMENT,
                attributes=(
                    AttributeChange(steps=("b", "[0]", "a"), before=1, after=None, forces_replacement=True),
                    AttributeChange(steps=("a",), after=[Unknown(address), {"z": Sensitive("canary-2"), "a": 1.0}]),
                    secret,
                    AttributeChange(steps=("old",), sensitive=True, before="canary-3"),
                ),
                remote_id="id-1",
                notes=("one", Note("two", Effect.INGESTS_HISTORY)),
                origin=Origin(
                    pipeline="a", labels={"team": "x"}, span=SourceSpan(file="pipelines/a.yaml", line=4, column=5)
                ),
                schedule={"frequency": "day", "interval": 2, "startTime": Unknown(address)},
                depends_on=frozenset({Address("b.flow"), Address("c.dataset")}),
            ),
            Change(address=address, action=Action.DELETE, reason=Reason.NOT_IN_MANIFEST, remote_id="id-0"),
        ),
        kept=(
            Change(
                address=Address("b.flow"),
                action=Action.NO_OP,
                reason=Reason.UP_TO_DATE,
                depends_on=frozenset({Address("c.dataset")}),
            ),
        ),
        drift=(
            Drift(address=address, missing=True),
            Drift(
                address=address,
                attributes=(DriftedAttribute(steps=("x", "y"), recorded={"b": 1, "a": 2}, observed="é😀"),),
            ),
        ),
        diagnostics=(
            Diagnostic(code="c", summary="s", severity=Severity.WARNING),
            Diagnostic(
                code="c",
                summary="s",
                severity=Severity.WARNING,
                detail="d",
                hint="h",
                address=address,
                span=SourceSpan(file="f", line=2, column=3),
            ),
        ),
        destroys=True,
        allowed_duplicates=frozenset({"x", "y"}),
        selection=Selection(select=("a*",), exclude=("ab",)),
        targets=("t",),
        made_at=1_795_716_000,
    )  # fmt: skip
    saved = SavedPlan(
        environment="dev", endpoint=None, token_url=None, organization="O", sandbox="s", lineage="l", serial=3,
        manifest_digest="d", targets=("t",), select=("a*",), exclude=("ab",), chosen=("Pipeline a", "a.flow"),
        destroy=True, changes={"k": "v"}, etags={"k": None}, allowed_duplicates=("x", "y"), salt="ab", secrets={},
        files={"f": "d"}, sends={"k": "d"}, made_at=1_795_716_000, plan=plan,
    )  # fmt: skip
    path = tmp_path / "saved.plan"
    write_plan_file(str(path), saved, SecretValues())
    assert "canary" not in path.read_text()
    again = read_plan_file(path)
    shown = again.plan
    assert again == SavedPlan(
        **{name: getattr(saved, name) for name in SavedPlan.__slots__ if name != "plan"}, plan=shown
    )
    assert plan_document(shown) == plan_document(plan)
    assert json.dumps(plan_document(shown)) == json.dumps(plan_document(plan))
    for whole in (True, False):
        lines = plan_lines(plan, whole=whole)
        assert [line.text for line in plan_lines(shown, whole=whole)] == [line.text for line in lines]
    assert plan_markdown(shown) == plan_markdown(plan)
    assert (shown.drift, shown.diagnostics) == (plan.drift, plan.diagnostics)
    assert replace(shown, changes=(), kept=()) == replace(plan, changes=(), kept=())
    first = shown.changes[0]
    assert first.effects == {Effect.INGESTS_HISTORY}
    assert (first.origin, first.depends_on) == (plan.changes[0].origin, plan.changes[0].depends_on)
    assert first.schedule == {"frequency": "day", "interval": 2, "startTime": "(known after apply)"}
    assert shown.kept == plan.kept
    assert [change.steps for change in shown.changes[0].attributes] == [
        change.steps for change in plan.changes[0].attributes
    ]


def test_a_plan_that_could_not_be_read_again_is_not_saved(tmp_path: Path) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    drift = Drift(address=Address("a.flow"), attributes=(DriftedAttribute(steps=("x",), recorded=1, observed=deep),))
    plan = Plan(
        environment="dev", organization="O", sandbox="s", lineage="l", serial=0, manifest_digest="d", changes=(),
        drift=(drift,),
    )  # fmt: skip
    saved = SavedPlan(
        environment="dev", endpoint=None, token_url=None, organization="O", sandbox="s", lineage="l", serial=0,
        manifest_digest="d", targets=(), select=(), exclude=(), chosen=(), destroy=False, changes={}, etags={},
        allowed_duplicates=(), salt="ab", secrets={}, files={}, plan=plan,
    )  # fmt: skip
    with pytest.raises(Exception, match="nested too deep"):
        write_plan_file(str(tmp_path / "saved.plan"), saved, SecretValues())
    assert list(tmp_path.iterdir()) == []
