"""`flowctl drift --accept`: live values go into manifests and lockfile; the next plan is empty and nothing is sent."""

import os
from pathlib import Path
from typing import Any

import pytest
from other_people import Someone
from surroundings import FLOWS, Platform, Result, Workspace

from flowctl.state.local.store import LocalStore

FILES = "pipelines/partner-files.yaml"
SHOP = "pipelines/shop-customers.yaml"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.apply()
    return examples


@pytest.fixture
def someone(platform: Platform) -> Someone:
    return Someone(platform)


def text(workspace: Workspace, name: str) -> str:
    return (workspace.root / name).read_bytes().decode("utf-8")


def accepted(workspace: Workspace, platform: Platform, *arguments: str) -> Result:
    """Accept everything; nothing is sent, and nothing is left to do or to find."""
    platform.clear_log()
    result = workspace.run("drift", "--accept", "--format", "json", *arguments)
    assert result.code == 0, result.out + result.err
    assert platform.writes() == []
    after = workspace.plan()
    assert (after.actions(), after.json["drift"]) == ({}, [])
    assert workspace.run("drift").code == 0
    assert platform.writes() == []
    return result


def left(workspace: Workspace, platform: Platform) -> dict[str, str]:
    """Accept what can be; the places that are left, with the sentence about each."""
    platform.clear_log()
    result = workspace.run("drift", "--accept", "--format", "json")
    assert result.code == 3, result.out + result.err
    assert platform.writes() == []
    found = {each["code"] for each in result.json["diagnostics"]}
    assert found == {"not-accepted"}
    return {each["summary"].split(" is not accepted")[0]: each["summary"] for each in result.json["diagnostics"]}


def test_a_value_changes_where_it_stands_and_nothing_else_does(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    before = text(applied, FILES)
    someone.patch("flows", "Partner files", scheduleParams__frequency="week", scheduleParams__interval="2")
    result = accepted(applied, platform)
    assert text(applied, FILES) == before.replace("frequency: day", "frequency: week").replace(
        "interval: 1", "interval: 2"
    )
    assert result.json["accepted"] == {"files": [FILES], "entries": ["partner-files.flow"]}
    assert [each["address"] for each in result.json["drift"]] == ["partner-files.flow"]


def test_everything_that_a_person_edits_in_the_ui_can_be_accepted(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    rows = someone.rows("Shop customers")
    new = [
        {"sourceType": "EXPRESSION", "source": "upper(id)", "destination": "_id"},
        rows[2],
        {"sourceType": "STATIC", "source": "web: shop", "destination": "person.name.lastName"},
    ]
    someone.edit_mappings("Shop customers", new)
    someone.patch("flows", "Shop customers", name="Customers: all of them", description="")
    someone.patch("flows", "Partner files", options__errorDiagnosticsEnabled=False, options__partialIngestionPercent=7)
    someone.patch("connections", "HubSpot base connection", name="HubSpot #2")
    someone.patch("sourceConnections", "HubSpot source connection", name="Other", description="'quoted'")
    someone.patch("targetConnections", "HubSpot target connection", name="Another")
    datasets = platform.request("GET", "/data/foundation/catalog/dataSets").json()
    by_name = {body["name"]: key for key, body in datasets.items()}
    for old, name in {"Customers": "All customers", "HubSpot contacts": "Contacts of HubSpot"}.items():
        someone.request("PATCH", f"/data/foundation/catalog/dataSets/{by_name[old]}", json={"name": name})
    accepted(applied, platform)
    shop = text(applied, SHOP)
    assert "  - {expression: upper(id), destination: _id}\n" in shop
    assert "first_name, destination" not in shop
    assert '  - {value: "web: shop", destination: person.name.lastName}\n' in shop
    assert '  title: "Customers: all of them"\n' in shop
    assert "description" not in shop
    assert "options: {errorDiagnosticsEnabled: false, partialIngestionPercent: 7}" in text(applied, FILES)
    assert 'title: "HubSpot #2"\n' in text(applied, "connections/hubspot.yaml")
    hubspot = text(applied, "pipelines/hubspot-contacts.yaml")
    for line in (
        "  title: Other\n",
        "description: \"'quoted'\"\n",
        "  title: Another\n",
        "  title: Contacts of HubSpot\n",
    ):
        assert line in hubspot
    assert "All customers" in text(applied, "datasets/customers.yaml")


@pytest.mark.parametrize("new_set", [False, True], ids=["a new version", "a new set"])
def test_the_lockfile_follows_the_mapping_set_that_the_flow_uses(
    applied: Workspace, platform: Platform, someone: Someone, new_set: bool
) -> None:
    someone.edit_mappings("Shop customers", someone.rows("Shop customers"), new_set=new_set)
    before = text(applied, SHOP)
    result = accepted(applied, platform)
    assert text(applied, SHOP) == before
    assert result.json["accepted"]["entries"] == ["shop-customers.flow", "shop-customers.mapping_set"]
    transformations = platform.one("flows", "Shop customers")["transformations"]
    (params,) = [each["params"] for each in transformations if each["name"] == "Mapping"]
    entry = applied.lockfile["entries"]["shop-customers.mapping_set"]
    assert (entry["id"], entry["outputs"]["version"]) == (params["mappingId"], str(params["mappingVersion"]))
    applied.edit(SHOP, "{source: first_name, destination", "{source: given_name, destination")
    applied.apply()
    assert applied.plan().actions() == {}


def test_comments_order_quotes_line_ends_and_the_byte_order_mark_stay(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    path = applied.root / FILES
    old = path.read_text(encoding="utf-8").replace("frequency: day", 'frequency: "day" # every day')
    path.write_bytes(b"\xef\xbb\xbf" + old.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    accepted(applied, platform)
    assert path.read_bytes() == b"\xef\xbb\xbf" + old.replace('"day"', '"week"').replace("\n", "\r\n").encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_linked_manifest_stays_a_link(applied: Workspace, platform: Platform, someone: Someone) -> None:
    path = applied.root / FILES
    real = applied.root / "elsewhere.yml.txt"
    path.rename(real)
    path.symlink_to(real)
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    accepted(applied, platform)
    assert path.is_symlink()
    assert "frequency: week" in real.read_text(encoding="utf-8")


def test_a_key_that_is_not_declared_is_added_and_one_that_is_gone_is_removed(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    someone.patch("flows", "Support tickets", scheduleParams__backfill="true")
    live = platform.one("flows", "Partner files")
    gone = [{"op": "remove", "path": "/options/partialIngestionPercent"}, {"op": "remove", "path": "/description"}]
    someone.request("PATCH", f"{FLOWS}/{live['id']}", headers={"If-Match": live["etag"]}, json=gone)
    accepted(applied, platform)
    assert "options: {errorDiagnosticsEnabled: true}" in text(applied, FILES)
    assert "  description:" not in text(applied, FILES)
    assert "backfill: true" in text(applied, "pipelines/support-tickets.yaml")


def test_a_new_start_keeps_its_form(applied: Workspace, platform: Platform, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__startTime="1796180400")
    accepted(applied, platform)
    assert "startTime: 2026-12-02T03:00:00Z\n" in text(applied, FILES)


def test_a_value_of_a_substitution_is_left_and_the_rest_is_accepted(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    applied.edit("flowctl.yaml", "variables:\n", "variables:\n      often: day\n")
    applied.edit(FILES, "frequency: day", "frequency: ${var:often}")
    before = text(applied, FILES)
    someone.patch("flows", "Partner files", scheduleParams__frequency="week", scheduleParams__interval=3)
    assert left(applied, platform) == {
        "`scheduleParams.frequency` of `partner-files.flow`": "`scheduleParams.frequency` of `partner-files.flow` "
        "is not accepted: its value comes from `${var:often}`"
    }
    assert text(applied, FILES) == before.replace("interval: 1", "interval: 3")
    (drifted,) = applied.run("drift", "--format", "json").json["drift"]
    assert [each["path"] for each in drifted["attributes"]] == ["scheduleParams.frequency"]
    (change,) = applied.plan().json["changes"]
    assert [each["path"] for each in change["attributes"]] == ["scheduleParams.frequency"]


def test_an_alias_is_left(applied: Workspace, platform: Platform, someone: Someone) -> None:
    applied.edit(FILES, "frequency: day", "frequency: &often day")
    applied.edit(FILES, "labels: {team: partners}", "labels: {team: partners}\n  # below")
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    (words,) = left(applied, platform).values()
    assert words.endswith("it has an anchor or a tag")


def test_mappings_of_a_file_are_left_as_a_whole(applied: Workspace, platform: Platform, someone: Someone) -> None:
    old = text(applied, SHOP)
    start, end = old.index("mappings:"), old.index("incremental:")
    applied.write(SHOP, f"{old[:start]}mappings: {{file: shop.csv}}\n{old[end:]}")
    rows = ("source,expression,destination", "id,,_id", "first_name,,person.name.firstName")
    applied.write("pipelines/shop.csv", "\n".join((*rows, ",lower(email),personalEmail.address\n")))
    assert applied.plan().actions() == {}
    someone.edit_mappings("Shop customers", someone.rows("Shop customers")[:2])
    before = applied.lockfile
    found = left(applied, platform)
    assert any(words.endswith("the mappings are in the file `shop.csv`") for words in found.values())
    assert any(words.endswith(": `shop-customers.mapping_set` is not accepted") for words in found.values())
    assert applied.lockfile["entries"] == before["entries"]


def test_a_mapping_that_cannot_be_written_leaves_its_whole_set(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    applied.edit("flowctl.yaml", "variables:\n", "variables:\n      who: id\n")
    applied.edit(SHOP, "{source: id, destination: _id}", '{source: "${var:who}", destination: _id}')
    before = text(applied, SHOP), applied.lockfile["entries"]
    rows = someone.rows("Shop customers")
    someone.edit_mappings("Shop customers", [{**rows[0], "source": "x"}, {**rows[1], "source": "y"}, rows[2]])
    found = left(applied, platform)
    assert len(found) == 3
    assert (text(applied, SHOP), applied.lockfile["entries"]) == before


def test_objects_that_are_not_found_and_those_without_a_manifest_are_left(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    someone.delete_flow("Support tickets")
    (applied.root / FILES).unlink()
    found = left(applied, platform)
    assert set(found) == {"`support-tickets.flow`", "`scheduleParams.frequency` of `partner-files.flow`"}
    assert found["`support-tickets.flow`"].endswith("it is not found")
    assert "no manifest declares the object" in found["`scheduleParams.frequency` of `partner-files.flow`"]


def test_a_value_that_manifests_do_not_allow_is_left(applied: Workspace, platform: Platform, someone: Someone) -> None:
    platform.http.post("/_emulator/settings", json={"mappingChecks": "documented"}).raise_for_status()
    rows = someone.rows("Shop customers")
    someone.edit_mappings("Shop customers", [{**rows[0], "sourceType": "EXPRESSION", "source": "nofun("}, *rows[1:]])
    before = text(applied, SHOP)
    found = left(applied, platform)
    assert any("the manifest would be wrong" in words for words in found.values())
    assert text(applied, SHOP) == before


def test_a_target_accepts_only_that(applied: Workspace, platform: Platform, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    someone.patch("connections", "HubSpot base connection", name="Renamed")
    assert applied.run("drift", "--accept", "--target", "partner-files").code == 0
    assert "frequency: week" in text(applied, FILES)
    assert "Renamed" not in text(applied, "connections/hubspot.yaml")
    assert applied.run("drift").code == 3


def test_without_drift_nothing_is_written(applied: Workspace, platform: Platform) -> None:
    before = {path: path.stat().st_mtime_ns for path in applied.root.rglob("*.yaml")}
    accepted(applied, platform)
    assert {path: path.stat().st_mtime_ns for path in applied.root.rglob("*.yaml")} == before


def test_wrong_manifests_are_an_error(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    applied.edit(SHOP, "kind: Pipeline", "kind: Pipelin")
    result = applied.run("drift", "--accept")
    assert (result.code, "frequency: day" in text(applied, FILES)) == (1, True)


def test_accepting_holds_the_run_lock(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    with LocalStore(applied.root, "dev").lock("another run"):
        refused = applied.run("drift", "--accept")
    assert (refused.code, "[run-locked]" in refused.err) == (1, True)


def test_a_file_that_cannot_be_replaced_leaves_all_as_they_are(
    applied: Workspace, someone: Someone, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone.patch("connections", "HubSpot base connection", name="Renamed")
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    before = {path: path.read_bytes() for path in applied.root.rglob("*.yaml")}
    replace = os.replace
    calls: list[Any] = []

    def fail_at_the_second(source: Any, target: Any, **options: Any) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        replace(source, target, **options)

    monkeypatch.setattr(os, "replace", fail_at_the_second)
    result = applied.run("drift", "--accept")
    monkeypatch.undo()
    assert result.code == 1
    assert "[manifest-unwritable]" in result.err
    assert {path: path.read_bytes() for path in applied.root.rglob("*.yaml")} == before
    assert list(Path(applied.root).rglob("*.new")) == []
    assert applied.run("drift").code == 3


def test_text_names_the_files_and_counts_the_entries(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    lines = applied.run("drift", "--accept").out.splitlines()
    assert lines[-2:] == [f"Edited {FILES}.", "Updated 1 lockfile entry."]
    someone.patch("flows", "Partner files", scheduleParams__frequency="day")
    assert f"- Edited `{FILES}`." in applied.run("drift", "--accept", "--format", "markdown").out
