"""Messages name what helps: candidates, the place of a key, the repeat, the number as written; and they are short."""

import json
import os
import pty
import re
import select
import shlex
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import click
import forked
import pytest
from surroundings import ROOT, Platform, Workspace

from flowctl.cli.command_table import flowctl
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.operation import Operation
from flowctl.model.report import StepStatus
from flowctl.model.step import Step, StepEnd
from flowctl.views.by_kind import MOST_LINES
from flowctl.views.progress import progress_view

PIPELINE = "pipelines/shop-customers.yaml"
SCHEMA = "schemas/customer.yaml"
CONNECTION = "connections/shop-database.yaml"
FLOWS = {"method": "POST", "path": "/data/foundation/flowservice/flows"}


def _validated(workspace: Workspace, name: str, old: str, new: str) -> str:
    workspace.edit(name, old, new)
    return workspace.run("validate").out


# Candidates.


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("context/profile-person-detail", "Did you mean `https://ns.adobe.com/xdm/context/profile-person-details`?"),
        ("context/demographic details", "Did you mean `https://ns.adobe.com/xdm/context/profile-person-details`?"),
        ("context/profile-details", "The nearest are `https://ns.adobe.com/xdm/"),
    ],
)
def test_an_unknown_field_group_names_the_nearest(examples: Workspace, written: str, expected: str) -> None:
    examples.edit(SCHEMA, "context/profile-person-details", written)
    assert expected in examples.run("plan").err


def test_an_unknown_field_group_that_is_like_none_names_none(examples: Workspace) -> None:
    """What differs in nearly every letter leads nobody anywhere."""
    examples.edit(SCHEMA, "context/profile-person-details", "context/zzzzzz")
    shown = examples.run("plan").err
    assert "nearest" not in shown
    assert "Did you mean" not in shown
    assert "Correct the `$id`: the Experience Platform UI shows it beside the field group." in shown


def test_an_unknown_class_names_the_nearest(examples: Workspace, platform: Platform) -> None:
    examples.edit(SCHEMA, "xdm/context/profile\n", "xdm/context/profil\n")
    platform.clear_log()
    assert "Did you mean `https://ns.adobe.com/xdm/context/profile`?" in examples.run("plan").err
    lists = [request for request in platform.log() if request["path"].endswith("/classes")]
    assert len(lists) == 2


def test_candidates_that_cannot_be_read_do_not_hide_the_error(examples: Workspace, platform: Platform) -> None:
    examples.edit(SCHEMA, "xdm/context/profile\n", "xdm/context/profil\n")
    for container in ("tenant", "global"):
        path = f"/data/foundation/schemaregistry/{container}/classes"
        platform.fault(match={"method": "GET", "path": path}, nth=1, times=9, effect={"status": 400})
    result = examples.run("plan")
    assert "there is no class" in result.err
    assert "Correct the `$id`" in result.err


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("{title: Shop databas}", 'Did you mean "Shop database"?'),
        ("{title: zzzzz}", 'Known: "'),
        ("{id: 00000000-0000-0000-0000-000000000000}", "(Shop database)"),
        ("{id: Shop database}", 'Write `{title: "Shop database"}`.'),
    ],
)
def test_a_reference_that_finds_nothing_names_candidates(examples: Workspace, reference: str, expected: str) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, "connection: shop-database", f"connection: {reference}\n  connector: postgresql")
    result = examples.run("plan")
    assert "[lookup-not-found]" in result.err
    assert expected in result.err


def test_a_schema_that_is_not_found_names_candidates(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit("datasets/customers.yaml", "schema: customer\n", "schema: {title: Custmer}\n")
    assert 'Did you mean "Customer"?' in examples.run("plan").err


def test_candidates_are_asked_in_one_page(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, "connection: shop-database", "connection: {title: a}\n  connector: postgresql")
    text = (examples.root / PIPELINE).read_text(encoding="utf-8")
    examples.write("pipelines/b.yaml", text.replace("title: a", "title: b").replace("shop-customers", "b"))
    platform.clear_log()
    assert examples.run("plan").err.count("[lookup-not-found]") == 2
    path = "/data/foundation/flowservice/connections"
    assert len([r for r in platform.log() if r["path"] == path and "property" not in str(r["query"])]) == 1


@pytest.mark.parametrize("name", ["connections/shop-database.yaml", "connections/hubspot.yaml"])
def test_a_missing_authentication_lists_those_of_the_connector(examples: Workspace, name: str) -> None:
    text = (examples.root / name).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "specName" in line)
    out = _validated(examples, name, f"{line}\n", "")
    assert "missing required key `auth.specName`" in out
    assert f"Add `specName: {line.partition(': ')[2]}`" in out
    examples.write(name, text[: text.index("auth:")])
    assert f"Add `auth: {{specName: {line.partition(': ')[2]}, params: ...}}`" in examples.run("validate").out


def test_a_missing_key_of_few_values_lists_them(examples: Workspace) -> None:
    assert "Add `frequency`: `once`, `minute`, `hour`, `day` or `week`." in _validated(
        examples, PIPELINE, "  frequency: hour\n", ""
    )


# Places.


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (PIPELINE, "schedule:\n", "connector: postgresql\nschedule:\n", "`source.connector`."),
        (PIPELINE, "schedule:\n", "frequency: day\nschedule:\n", "`schedule.frequency`."),
        (PIPELINE, "schedule:\n", "title: x\nschedule:\n", "`metadata.title`, `source.title` or `dataset.title`."),
        (PIPELINE, "schedule:\n", "labels: {a: b}\nschedule:\n", "`metadata.labels`."),
        (PIPELINE, "schedule:\n", "tableName: x\nschedule:\n", "`source.params.tableName`."),
        (PIPELINE, "  params:\n", "  tableName: x\n  params:\n", "`source.params.tableName`."),
        (PIPELINE, "  params:\n", "  schedule: {}\n  params:\n", "`schedule`."),
        (PIPELINE, "schedule:\n", "destination: x\nschedule:\n", "`mappings[].destination`."),
        (PIPELINE, "schedule:\n", "fieldGroups: []\nschedule:\n", "`fieldGroups` of a Schema document."),
        (PIPELINE, "schedule:\n", "auth: {}\nschedule:\n", "`auth` of a Connection document."),
        (PIPELINE, "schedule:\n", "environments: {}\nschedule:\n", "`environments` in flowctl.yaml."),
        (
            PIPELINE,
            "connection: shop-database",
            "connection: {id: a, description: x}",
            "`source.description`",
        ),
        (SCHEMA, "class:", "name: x\nclass:", "`metadata.name`."),
        (CONNECTION, "  specName:", "  connectionString: x\n  specName:", "`auth.params.connectionString`."),
        ("flowctl.yaml", "environments:\n", "endpoint: http://x\nenvironments:\n", "`environments.NAME.endpoint`."),
    ],
)
def test_a_misplaced_key_is_told_where_it_belongs(
    examples: Workspace, name: str, old: str, new: str, expected: str
) -> None:
    examples.edit(name, old, new)
    result = examples.run("validate")
    told = result.out + result.err
    assert "[unknown-key]" in told
    assert f"Move it to {expected}" in told, told
    assert "Remove it" not in told


def test_a_key_that_is_known_nowhere_is_to_be_removed(examples: Workspace) -> None:
    assert "Remove it." in _validated(examples, PIPELINE, "schedule:\n", "wholly-other: 1\nschedule:\n")


def test_a_mistyped_key_is_still_told_its_spelling(examples: Workspace) -> None:
    assert "Did you mean `frequency`?" in _validated(examples, PIPELINE, "  frequency:", "  freqency:")


# Repeats.


def test_a_repeat_is_named_with_both_lines(examples: Workspace) -> None:
    group = "  - https://ns.adobe.com/xdm/context/profile-person-details\n"
    text = (examples.root / SCHEMA).read_text(encoding="utf-8")
    first = text[: text.index(group)].count("\n") + 1
    out = _validated(
        examples, SCHEMA, group, f"{group}  - https://ns.adobe.com/xdm/context/profile-work-details\n{group}"
    )
    assert f"{SCHEMA}:{first + 2}:5: error: `fieldGroups[2]` repeats `fieldGroups[0]`" in out
    assert f'"https://ns.adobe.com/xdm/context/profile-person-details" at line {first} too' in out


# Numbers.


@pytest.mark.parametrize("number", ["811110.00", "1.5e3", "0x1F", "0o17", "1E3", "+7", "7."])
def test_a_number_is_shown_as_it_is_written(examples: Workspace, number: str) -> None:
    out = _validated(examples, PIPELINE, "frequency: hour", f"frequency: {number}")
    assert f"invalid value {number} for" in out
    examples.edit(PIPELINE, f"frequency: {number}", "frequency: hour")
    out = _validated(examples, PIPELINE, "connection: shop-database", f"connection: {number}")
    assert f"Found the number {number}." in out


@pytest.mark.parametrize("number", ["9e20", "-1.0", "1796083200000.0", "-0x1"])
def test_a_start_time_is_shown_as_it_is_written(examples: Workspace, number: str) -> None:
    text = (examples.root / PIPELINE).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "startTime" in line)
    out = _validated(examples, PIPELINE, line, f"  startTime: {number}")
    assert re.search(rf"Found (the number |\")?{re.escape(number)}", out), out


def test_a_number_that_a_spec_refuses_is_shown_as_it_is_written(examples: Workspace) -> None:
    out = _validated(examples, PIPELINE, "tableName: public.customers", "tableName: 8.50")
    assert "Found 8.50" in out
    assert "8.5)" not in out
    assert "8.5." not in out


def test_a_number_of_a_variable_is_shown_as_it_comes_out(examples: Workspace) -> None:
    examples.edit(PIPELINE, "frequency: hour", "frequency: ${var:often}")
    out = examples.run("validate", "--var", "often=never").out
    assert 'invalid value "never"' in out
    examples.edit("flowctl.yaml", "    variables:\n", "    variables:\n      often: 1.50\n")
    out = examples.run("validate").out
    assert "invalid value 1.5 for" in out
    assert "the number ${" not in out


# Times.


def test_a_start_time_is_one_readable_form_everywhere(examples: Workspace) -> None:
    seconds = "1893456000"
    text = (examples.root / PIPELINE).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "startTime" in line)
    examples.edit(PIPELINE, line, f"  startTime: {seconds}")
    assert "scheduleParams.startTime: 1893456000 (2030-01-01 00:00:00 UTC)\n" in examples.run("plan", "-v").out
    examples.apply()
    assert (
        "scheduleParams.startTime: 1893456000 (2030-01-01 00:00:00 UTC)\n"
        in examples.run("show", "shop-customers.flow").out
    )
    examples.edit(PIPELINE, seconds, "1893542400")
    assert (
        "startTime: 1893456000 (2030-01-01 00:00:00 UTC) -> 1893542400 (2030-01-02 00:00:00 UTC)"
        in examples.run("plan", "-v").out
    )
    assert 'schedule.startTime: "2030-01-01T00:00:00Z" -> "2030-01-02T00:00:00Z"\n' in examples.run("plan").out
    assert "2030-01-02 00&#58;00" not in (markdown := examples.run("plan", "--format", "markdown").out)
    assert "1893456000 (2030-01-01 00:00:00 UTC)</code> | <code>1893542400 (2030-01-02 00:00:00 UTC)</code>" in markdown
    assert '"after": 1893542400' in examples.run("plan", "--format", "json").out


# Commands.


@pytest.mark.parametrize("name", ["my plan.json", "it's.json", "$(x).json", "plan.json"])
def test_a_suggested_command_can_be_pasted(examples: Workspace, name: str) -> None:
    path = examples.root / name
    err = examples.run("plan", "--out", str(path)).err
    command = err.partition("run flowctl")[2].rstrip()
    assert shlex.split(command) == ["-C", str(examples.root), "-e", "dev", "apply", str(path)]


def test_the_folders_without_manifests_are_named(examples: Workspace) -> None:
    examples.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [none]\n")
    (examples.root / "none").mkdir()
    assert f"No `.yaml` or `.yml` file in {examples.root / 'none'} has a document." in examples.run("validate").out
    examples.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\n")
    for path in examples.root.rglob("*.yaml"):
        if path != examples.root / "flowctl.yaml":
            path.unlink()
    out = examples.run("validate").out
    assert f"No `.yaml` or `.yml` file in {examples.root} has a document." in out
    assert ".." not in out


# Questions.


@pytest.mark.parametrize("arguments", [(), ("--url", "http://127.0.0.1:9")])
def test_nobody_is_asked_about_an_emulator_that_is_not_there(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = _at_a_terminal(tmp_path, "emulator", "reset", *arguments)
    assert "yes" not in said
    assert "[workspace-not-found]" in said or "[unreachable]" in said


def _at_a_terminal(folder: Path, *arguments: str) -> str:
    """What a command prints where a person could answer, until it ends or asks."""
    own, terminal = pty.openpty()
    ready = select.poll()
    ready.register(own, select.POLLIN)
    command = [sys.executable, "-m", "flowctl", *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, cwd=folder, env=env) as running:
        os.close(terminal)
        said = ""
        ends = time.monotonic() + 60
        with suppress(OSError):
            while "approve:" not in said and time.monotonic() < ends:
                if ready.poll(200):
                    said += os.read(own, 65536).decode("utf-8", "replace")
        running.kill()
    os.close(own)
    return said


# Help.


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(command, click.Group):
        return [path]
    context = click.Context(command)
    below = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
    return [path, *(found for name, one in below if one for found in _commands(one, (*path, name)))]


@pytest.mark.parametrize("path", _commands(flowctl), ids=" ".join)
def test_no_help_is_cut_at_80_columns(path: tuple[str, ...]) -> None:
    code, out, _ = forked.ended([*path, "--help"], {**os.environ, "COLUMNS": "80"})
    assert code == 0
    for line in out.splitlines():
        assert len(line) <= 80
        assert "..." not in re.sub(r"(\[[A-Z=]+\]|[A-Z]{3,})\.\.\.", "", line), line
    assert "\nExamples:\n  " in out
    if path:
        assert ("--log-format (flowctl -h)\n" in out) == ("\nCommands:\n" not in out)
        assert len(out.splitlines()) <= 23  # on a screen of 24, with the prompt below it


# History (6.4).


def test_a_failed_first_apply_is_not_said_to_have_run(examples: Workspace, platform: Platform) -> None:
    platform.fault(match=FLOWS, nth=1, times=50, effect={"status": 400})
    assert examples.run("apply", "--auto-approve").code == 1
    plan = examples.plan().json
    assert {change["action"] for change in plan["changes"]} == {"create"}
    assert [change["notes"] for change in plan["changes"] if change["notes"]] == []


def test_a_first_flow_into_data_of_others_has_the_note(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    platform.http.post("/_emulator/runs", json={"flowId": flow["id"]}).raise_for_status()
    platform.request("DELETE", f"/data/foundation/flowservice/flows/{flow['id']}").raise_for_status()
    assert examples.run("state", "rm", "--auto-approve", "shop-customers.flow").code == 0
    (change,) = [change for change in examples.plan().json["changes"] if change["address"] == "shop-customers.flow"]
    assert any("reads everything in the source again" in note for note in change["notes"])


def test_a_replacement_whose_old_connections_stay_has_the_note(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, "tableName: public.customers", "tableName: public.clients")
    platform.fault(match=FLOWS, nth=1, times=50, effect={"status": 400})
    path = "/data/foundation/flowservice/sourceConnections/*"
    platform.fault(match={"method": "DELETE", "path": path}, nth=1, times=50, effect={"status": 400})
    assert examples.run("apply", "--auto-approve").code == 1
    (change,) = [change for change in examples.plan().json["changes"] if change["address"] == "shop-customers.flow"]
    assert any("reads everything in the source again" in note for note in change["notes"])


def test_a_flow_that_was_deleted_elsewhere_has_the_note(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    flow = platform.one("flows", "Shop customers")
    platform.request("DELETE", f"/data/foundation/flowservice/flows/{flow['id']}").raise_for_status()
    (change,) = [change for change in examples.plan().json["changes"] if change["address"] == "shop-customers.flow"]
    assert any("reads everything in the source again" in note for note in change["notes"])


# Long outputs (6.5).


@pytest.fixture
def many(examples: Workspace) -> Workspace:
    text = (examples.root / PIPELINE).read_text(encoding="utf-8")
    for number in range(60):
        one = re.sub(r"(?m)^  name: .*$", f"  name: p{number}", text, count=1)
        one = re.sub(r"(?m)^  title: .*$", f"  title: P {number}", one, count=1)
        examples.write(f"pipelines/p{number}.yaml", one)
    return examples


def test_a_long_plan_is_summarized(many: Workspace) -> None:
    short = many.run("plan").out.splitlines()
    pipelines = [line for line in short if line.startswith("  + ") and line.endswith(": 4 to create")]
    shared = [line for line in short if line.endswith("will be created")]
    assert len(pipelines) + len(shared) == 62 + 8
    assert not [line for line in short if line.startswith("      ")]
    assert "By kind:" in short
    assert "  flow: 65 to create" in short
    assert len(short) < len(pipelines) + 30
    whole = many.run("plan", "-v").out.splitlines()
    assert len(whole) > 4 * len(short)
    assert "By kind:" not in whole


def test_a_long_apply_is_thinned(many: Workspace) -> None:
    result = many.apply()
    steps = [line for line in result.err.splitlines() if line.startswith("[")]
    assert 50 <= len(steps) <= 130
    total = int(steps[-1].partition("/")[2].partition("]")[0])
    assert steps[-1].startswith(f"[{total}/{total}]")
    assert "  flow: 65 done" in result.out
    many.edit("pipelines/p7.yaml", "frequency: hour", "frequency: day")
    updated = many.run("plan").out
    assert 'schedule.frequency: "hour" -> "day"' in updated


def test_a_slow_apply_gives_signs_of_life(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    change = Change(address=Address("a.flow"), action=Action.CREATE, reason=Reason.NOT_RECORDED)
    step = Step(key="a", operation=Operation.CREATE, change=change, remote_id=None, depends_on=frozenset())
    with progress_view([step] * 5000, {}, live=False, quiet=False, whole=False) as progress:
        for _ in range(30):
            now[0] += 4.0
            progress.ended(step, StepEnd(status=StepStatus.DONE, id="i", seconds=4.0))
    assert len(capsys.readouterr().err.splitlines()) == 10


def test_v_shows_each_step_of_a_long_apply(many: Workspace) -> None:
    steps = [line for line in many.apply("-v").err.splitlines() if line.startswith("[")]
    assert len(steps) == int(steps[0].partition("/")[2].partition("]")[0])


def test_failures_are_told_in_a_long_apply(many: Workspace, platform: Platform) -> None:
    platform.fault(match=FLOWS, nth=20, times=3, effect={"status": 400})
    result = many.run("apply", "--auto-approve")
    assert result.code == 1
    assert len([line for line in result.err.splitlines() if ".flow: failed" in line]) == 3
    assert result.out.count(".flow: Experience Platform rejected the request to create a flow") == 3
    assert "  flow: 62 done, 3 failed" in result.out


def test_what_was_not_tried_is_counted(many: Workspace, platform: Platform) -> None:
    path = "/data/foundation/flowservice/connections"
    platform.fault(match={"method": "POST", "path": path}, nth=1, times=50, effect={"status": 400})
    result = many.run("apply", "--auto-approve")
    assert result.code == 1
    assert "skipped, because" not in result.out
    assert "  flow: 65 skipped" in result.out


def test_changes_of_a_long_plan_keep_their_detail(many: Workspace) -> None:
    many.apply()
    for number in range(60):
        many.edit(f"pipelines/p{number}.yaml", "frequency: hour", "frequency: day")
        many.edit(f"pipelines/p{number}.yaml", "tableName: public.customers", "tableName: public.clients")
    out = many.run("plan").out
    assert out.count("schedule.frequency") >= 60
    assert "By kind:" in out


def test_json_is_always_complete(many: Workspace) -> None:
    changes = many.plan().json["changes"]
    assert all(change["attributes"] for change in changes if change["action"] == "create")
    steps = json.loads(many.apply("--format", "json").out)["steps"]
    assert len(steps) == len(changes)


def test_a_short_plan_is_whole(examples: Workspace) -> None:
    out = examples.run("plan", "--target", "shop-customers").out
    assert len(out.splitlines()) < MOST_LINES
    assert "schedule     every hour from 2026-12-01 00:00 UTC, with backfill" in out
    assert "By kind:" not in out
