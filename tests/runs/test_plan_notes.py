"""Plans tell of runs, in every format with notes: one is in progress, the last one failed, a replacement has a gap."""

import pytest
from run_bodies import RUNS, advance, ran, settings
from surroundings import Platform, Workspace

PIPELINE = "pipelines/shop-customers.yaml"
CUSTOMERS = "shop-customers"
FLOW = f"{CUSTOMERS}.flow"
MAPPING = "{source: first_name, destination: person.name.firstName}"


@pytest.fixture
def applied(examples: Workspace, platform: Platform) -> Workspace:
    examples.begin_applied()
    advance(platform, days=30)
    return examples


def update(workspace: Workspace) -> None:
    workspace.edit(PIPELINE, MAPPING, "{expression: trim(first_name), destination: person.name.firstName}")


def replacement(workspace: Workspace) -> None:
    workspace.edit(PIPELINE, "tableName: public.customers", "tableName: public.clients")


def deletion(workspace: Workspace) -> None:
    (workspace.root / PIPELINE).unlink()


def running(platform: Platform, workspace: Workspace) -> str:
    """A run that has started and does not end."""
    settings(platform, transitions="seconds", transitionCount=60)
    run_id = ran(platform, workspace, CUSTOMERS)
    advance(platform, minutes=2)
    platform.request("GET", f"{RUNS}/{run_id}").raise_for_status()
    settings(platform, transitionCount=10_000_000)
    return run_id


def notes(workspace: Workspace, *arguments: str) -> list[str]:
    """The notes of the dataflow."""
    (change,) = [change for change in workspace.plan(*arguments).json["changes"] if change["address"] == FLOW]
    found: list[str] = change["notes"]
    return found


def test_a_run_in_progress_is_told(applied: Workspace, platform: Platform) -> None:
    run_id = running(platform, applied)
    update(applied)
    (note,) = notes(applied)
    assert note.startswith(f"The run {run_id} has been in progress since 20")
    deletion(applied)
    note = notes(applied)[-1]
    assert note.endswith(f"Wait for it with `flowctl runs watch {CUSTOMERS}` before the flow is deleted.")


@pytest.mark.parametrize(("change", "number"), [(update, 1), (replacement, 1), (deletion, 0)])
def test_a_failure_of_the_last_run_is_told(applied: Workspace, platform: Platform, change: object, number: int) -> None:
    run_id = ran(platform, applied, CUSTOMERS, "failed")
    assert callable(change)
    change(applied)
    found = [note for note in notes(applied) if note.startswith("The last run failed at 20")]
    assert len(found) == number
    assert all(f"`flowctl runs errors {run_id}`" in note for note in found)


def test_a_gap_between_runs_is_told_with_its_times(applied: Workspace, platform: Platform) -> None:
    applied.edit(PIPELINE, "  backfill: true", "  backfill: false")
    applied.apply()
    ran(platform, applied, CUSTOMERS)
    replacement(applied)
    applied.edit(
        PIPELINE, "kind: Pipeline", "kind: Pipeline\nlifecycle: {onReplace: {startTime: '2099-01-01T00:00:00Z'}}"
    )
    (note,) = [note for note in notes(applied) if "last ran at" in note]
    assert note.startswith("The previous flow last ran at 20")
    assert note.endswith("and the start of the new flow at 2099-01-01T00:00:00Z are not ingested.")


def test_with_backfill_there_is_no_gap(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, CUSTOMERS)
    replacement(applied)
    assert not [note for note in notes(applied) if "last ran at" in note]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html"])
def test_every_format_with_notes_has_them(applied: Workspace, platform: Platform, form: str) -> None:
    run_id = ran(platform, applied, CUSTOMERS, "failed")
    update(applied)
    plan = applied.root / "plan.json"
    assert run_id in applied.run("plan", "--format", form, "--out", str(plan)).out
    assert run_id in applied.run("show", str(plan), "--format", form).out


def test_the_digest_of_a_plan_does_not_change_with_runs(applied: Workspace, platform: Platform) -> None:
    update(applied)
    before = applied.plan().json["digest"]
    ran(platform, applied, CUSTOMERS, "failed")
    assert notes(applied)
    assert applied.plan().json["digest"] == before
    ran(platform, applied, CUSTOMERS)
    assert applied.run("apply", "--auto-approve", "--expect-digest", before).code == 0


def test_one_request_for_all_and_none_without_a_change(applied: Workspace, platform: Platform) -> None:
    def asked() -> int:
        return [request["path"] for request in platform.log()].count(RUNS)

    platform.clear_log()
    applied.plan()
    assert asked() == 0
    update(applied)
    applied.edit("pipelines/partner-files.yaml", "title: Partner files", "title: Files of partners")
    assert len(applied.plan().json["changes"]) > 2
    assert asked() == 1
    saved = str(applied.root / "plan.json")
    applied.run("plan", "--out", saved)
    platform.clear_log()
    assert applied.run("apply", saved).code == 0
    assert asked() == 0


@pytest.mark.parametrize("status", [403, 400])
def test_runs_that_cannot_be_read_are_a_warning(applied: Workspace, platform: Platform, status: int) -> None:
    ran(platform, applied, CUSTOMERS, "failed")
    update(applied)
    digest = applied.plan().json["digest"]
    platform.fault(match={"method": "GET", "path": RUNS}, times=1, effect={"status": status})
    found = applied.plan().json
    assert [each["code"] for each in found["diagnostics"]] == ["runs-unread"]
    assert [each["severity"] for each in found["diagnostics"]] == ["warning"]
    assert found["digest"] == digest
    assert "The last run failed" in str(found["changes"])
