"""A plan without changes is kept, and comes again without a comparison only if nothing that it depended on moved."""

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from surroundings import FLOWS, Platform, Workspace

from flowctl.state import known_lockfile
from flowctl.state.quiet_plan import SMALLEST

DATASETS = "/data/foundation/catalog/dataSets"


@pytest.fixture
def quiet(examples: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The applied examples, of which a plan found nothing to do."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    examples.apply()
    assert examples.run("plan").code == 0
    return examples


def kept(quiet: Workspace) -> Path:
    """The file of the kept plan."""
    (file,) = (quiet.root.parent / "cache" / "flowctl" / "plans").iterdir()
    return file


def compares(quiet: Workspace, *arguments: str) -> bool:
    """Whether the next plan is made anew: then it says something, or is kept anew."""
    marked = kept(quiet).stat().st_mtime_ns - 10**12
    os.utime(kept(quiet), ns=(marked, marked))
    result = quiet.run("plan", "--detailed-exitcode", *arguments)
    assert result.code in (0, 1, 2)
    return result.code != 0 or result.err != "" or kept(quiet).stat().st_mtime_ns != marked


def tamper(quiet: Workspace, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the text behind the first line."""
    head, _, body = kept(quiet).read_text().partition("\n")
    document = json.loads(body)
    change(document)
    kept(quiet).write_text(f"{head}\n{json.dumps(document, separators=(',', ':'))}")


@pytest.mark.parametrize("form", ["text", "json", "markdown", "github"])
def test_the_same_is_said_and_asked_if_nothing_moved(
    quiet: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def planned() -> tuple[int, str, str, list[tuple[str, str, int | None]]]:
        platform.clear_log()
        result = quiet.run("plan", "-v", "--format", form)  # a retry would be logged, with its reason
        return result.code, result.out, result.err, platform.asked()

    again = planned()
    monkeypatch.setenv("FLOWCTL_CACHE", "off")
    assert planned() == again
    monkeypatch.delenv("FLOWCTL_CACHE")
    assert not compares(quiet)


def test_what_is_kept_holds_no_value_and_is_only_for_the_user(quiet: Workspace) -> None:
    text = kept(quiet).read_text()
    assert stat.S_IMODE(kept(quiet).stat().st_mode) == 0o600
    for value in ("customers", "HubSpot", "Partner files", "canary", "LOCAL@AdobeOrg"):
        assert value not in text


def _edit_a_title(quiet: Workspace, _platform: Platform) -> None:
    quiet.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")


def _add_a_comment(quiet: Workspace, _platform: Platform) -> None:
    quiet.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.customers # all")


def _edit_the_lockfile(quiet: Workspace, _platform: Platform) -> None:
    quiet.edit("flowctl.dev.lock", '"serial": 1', '"serial": 2')


def _change_a_flow(_quiet: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "Partner files")
    patch = [{"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}]
    headers = {"If-Match": flow["etag"]}
    platform.request("PATCH", f"{FLOWS}/{flow['id']}", headers=headers, json=patch).raise_for_status()


def _disable_a_flow(_quiet: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "Partner files")
    platform.request("POST", f"{FLOWS}/{flow['id']}/action?op=disable").raise_for_status()


def _delete_a_flow(_quiet: Workspace, platform: Platform) -> None:
    platform.request("DELETE", f"{FLOWS}/{platform.one('flows', 'Partner files')['id']}").raise_for_status()


def _rename_a_dataset(_quiet: Workspace, platform: Platform) -> None:
    found = platform.request("GET", DATASETS).raise_for_status().json()
    platform.request("PATCH", f"{DATASETS}/{next(iter(found))}", json={"name": "Other"}).raise_for_status()


def _rename_a_dataset_and_back(quiet: Workspace, platform: Platform) -> None:
    """An object as it was is as it was, whatever else the platform counts."""
    found = platform.request("GET", DATASETS).raise_for_status().json()
    one = next(iter(found))
    _rename_a_dataset(quiet, platform)
    platform.request("PATCH", f"{DATASETS}/{one}", json={"name": found[one]["name"]}).raise_for_status()


@pytest.mark.parametrize(
    "move",
    [
        _edit_a_title,
        _add_a_comment,
        _edit_the_lockfile,
        _change_a_flow,
        _disable_a_flow,
        _delete_a_flow,
        _rename_a_dataset,
    ],
)
def test_what_moved_is_compared(quiet: Workspace, platform: Platform, move: Callable[..., None]) -> None:
    move(quiet, platform)
    assert compares(quiet)


def test_a_journal_is_recovered_first(quiet: Workspace) -> None:
    quiet.write("flowctl.dev.lock.journal", "")
    before = kept(quiet).read_text()
    assert quiet.run("plan").code == 0
    assert quiet.lockfile["serial"] == 2
    assert kept(quiet).read_text() == before, "it says nothing about the lockfile that was written meanwhile"
    assert compares(quiet)


def test_a_dataset_that_is_as_it_was_has_not_moved(quiet: Workspace, platform: Platform) -> None:
    _rename_a_dataset_and_back(quiet, platform)
    assert not compares(quiet)


def test_a_run_moves_nothing(quiet: Workspace, platform: Platform) -> None:
    """Else the plan of a workspace whose dataflows run every hour would be made in full each time."""
    flow = platform.one("flows", "Partner files")
    platform.http.post("/_emulator/runs", json={"flowId": flow["id"]}).raise_for_status()
    assert platform.one("flows", "Partner files")["etag"] != flow["etag"]
    assert not compares(quiet)


def test_a_moved_object_is_told_and_nothing_is_asked_twice(
    quiet: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change_a_flow(quiet, platform)
    platform.clear_log()
    told = quiet.run("plan")
    asked = platform.asked()
    monkeypatch.setenv("FLOWCTL_CACHE", "off")
    platform.clear_log()
    assert (quiet.run("plan").out, told.code) == (told.out, 0)
    assert platform.asked() == asked
    assert "schedule.frequency" in told.out


def test_another_answer_to_a_check_is_read(quiet: Workspace) -> None:
    def other(document: dict[str, Any]) -> None:
        document["answers"][0][-1] = "0" * 64

    assert not compares(quiet)
    tamper(quiet, other)
    assert compares(quiet), "who changes the file changes its digest"


@pytest.mark.parametrize(
    "arguments",
    [("--target", "shop-customers"), ("--out", "saved.json"), ("--destroy",)],
    ids=["targets", "a plan to save", "a plan to destroy"],
)
def test_other_plans_are_made_in_full(quiet: Workspace, arguments: tuple[str, ...]) -> None:
    before = kept(quiet).read_text()
    command = [str(quiet.root / part) if part.endswith(".json") else part for part in arguments]
    result = quiet.run("plan", *command)
    assert result.code == 0, result.err
    assert kept(quiet).read_text() == before, "nothing is kept of them either"
    if "--out" in arguments:
        saved = json.loads((quiet.root / "saved.json").read_text())
        assert len(saved["plan"]["kept"] if "plan" in saved else saved["kept"]) >= SMALLEST


def test_a_secret_that_comes_from_a_variable_of_flowctl_is_seen(quiet: Workspace) -> None:
    """The digest of the manifests leaves secrets out, wherever their values come from."""
    changed = quiet.run("plan", "--detailed-exitcode", "--var", "restPassword=another")
    assert changed.code == 2
    assert "support-desk.connection" in changed.out
    quiet.edit("flowctl.yaml", "canary-rest", "canary-another")
    assert quiet.run("plan", "--detailed-exitcode").code == 2


def test_a_secret_or_a_setting_of_the_environment_that_changed_is_seen(
    quiet: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet.edit("flowctl.yaml", "canary-hubspot-token", "${env:HUBSPOT_TOKEN}")
    monkeypatch.setenv("HUBSPOT_TOKEN", "one")
    quiet.apply()
    quiet.run("plan")
    assert not compares(quiet)
    assert "one" not in kept(quiet).read_text().split("\n", 1)[0]
    monkeypatch.setenv("HUBSPOT_TOKEN", "two")
    assert compares(quiet)


@pytest.mark.parametrize("switch", ["off", "0"])
def test_nothing_is_kept_by_the_switch(
    examples: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, switch: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("FLOWCTL_CACHE", switch)
    examples.apply()
    assert examples.run("plan").code == 0
    assert not (tmp_path / "cache").exists()


def test_a_plan_with_changes_or_warnings_is_not_kept(quiet: Workspace, platform: Platform) -> None:
    before = kept(quiet).read_text()
    _disable_a_flow(quiet, platform)
    result = quiet.run("plan")
    assert "warning" in result.err
    _change_a_flow(quiet, platform)
    quiet.run("plan")
    assert kept(quiet).read_text() == before


def test_a_plan_that_tells_of_drift_is_not_kept(quiet: Workspace, platform: Platform) -> None:
    before = kept(quiet).read_text()
    _change_a_flow(quiet, platform)
    text = (quiet.root / "pipelines/partner-files.yaml").read_text()
    (quiet.root / "pipelines/partner-files.yaml").write_text(text.replace("frequency: day", "frequency: week"))
    result = quiet.run("plan")
    assert "No changes" in result.out
    assert "schedule.frequency" in result.out
    assert kept(quiet).read_text() == before


def test_another_endpoint_or_release_is_another_plan(quiet: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not compares(quiet)
    quiet.edit("flowctl.yaml", "http://127.0.0.1:", "http://localhost:")
    assert compares(quiet)
    assert not compares(quiet)
    monkeypatch.setattr("flowctl.release_stamp.__version__", "9.9")
    assert compares(quiet)


@pytest.mark.parametrize("damage", ["", "{", "null\nnull", '{"key": "zz"}\n{}', '{"key": 1}\n{}'])
def test_a_damaged_file_is_none(quiet: Workspace, damage: str) -> None:
    kept(quiet).write_text(damage)
    assert compares(quiet)
    assert not compares(quiet)


def test_what_is_kept_comes_again_without_decoding_the_lockfile(
    quiet: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decoding would be most of the time and of the memory of a large plan; a small lockfile is decoded at once."""
    monkeypatch.setattr(known_lockfile, "SMALLEST", 0)
    assert quiet.run("plan").code == 0
    called: set[str] = set()
    before = sys.getprofile()
    sys.setprofile(lambda frame, event, _argument: called.add(frame.f_code.co_name) if event == "call" else None)
    try:
        assert quiet.run("plan").code == 0
    finally:
        sys.setprofile(before)
    assert "quiet_plan" in called
    assert not called & {"from_bytes", "from_known_bytes", "known_entry"}


def test_a_plan_looks_for_no_place_and_tries_no_lock_that_it_does_not_need(
    quiet: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place in flowctl.yaml needs the YAML library, and a lock needs that of locks: both take long to import."""

    def unneeded(*_: object) -> None:
        raise AssertionError("nothing needs it")

    monkeypatch.setattr("flowctl.settings.workspace.Workspace.max_delete_place", unneeded)
    monkeypatch.setattr("flowctl.state.local.run_lock.lock_owner", unneeded)
    assert next(quiet.root.glob(".flowctl/*.runlock")).stat().st_size == 0
    assert quiet.run("plan").code == 0
