"""`flowctl drift`: what someone else changed, mapping by mapping, by whom and with which client; never a write."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from other_people import MAPPING_SETS, SOMEONE, UI, Someone
from surroundings import FLOWS, Platform, Workspace

AUDIT = "/data/foundation/audit/events"


@pytest.fixture
def applied(examples: Workspace, platform: Platform) -> Workspace:
    examples.apply()
    platform.clear_log()
    return examples


@pytest.fixture
def someone(platform: Platform) -> Someone:
    return Someone(platform)


def found(workspace: Workspace, *arguments: str, code: int = 3) -> dict[str, Any]:
    """The drifted objects by address."""
    result = workspace.run("drift", "--format", "json", *arguments)
    assert result.code == code, result.out + result.err
    return {each["address"]: each for each in result.json["drift"]}


def values(drifted: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {each["path"]: (each["recorded"], each["observed"]) for each in drifted["attributes"]}


def test_without_drift_the_exit_code_is_0(applied: Workspace, platform: Platform) -> None:
    result = applied.run("drift")
    assert result.code == 0
    assert "No drift: all 31 objects are as the last apply left them." in result.out
    assert platform.writes() == []
    assert found(applied, code=0) == {}


def test_before_the_first_apply_there_is_nothing_to_compare(examples: Workspace) -> None:
    result = examples.run("drift")
    assert (result.code, "the lockfile of environment dev has no entries" in result.out) == (0, True)


def test_an_edit_is_told_with_who_when_and_the_client(applied: Workspace, platform: Platform, someone: Someone) -> None:
    live = someone.patch("flows", "Partner files", scheduleParams__frequency="week", description="other")
    platform.clear_log()
    (drifted,) = found(applied).values()
    assert values(drifted) == {
        "scheduleParams.frequency": ("day", "week"),
        "description": ("Customers that partners deliver as files", "other"),
    }
    assert (drifted["address"], drifted["kind"], drifted["id"]) == ("partner-files.flow", "flow", live["id"])
    assert (drifted["missing"], drifted["hidden"]) == (False, False)
    assert (drifted["changedBy"], drifted["changedWith"]) == (SOMEONE, UI)
    age = datetime.now(UTC) - datetime.fromisoformat(drifted["changedAt"])
    assert timedelta(seconds=-2) < age < timedelta(minutes=5)
    assert drifted["file"] == "pipelines/partner-files.yaml"
    assert platform.writes() == []


def test_text_is_by_document_and_names_the_user_interface(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    someone.patch("connections", "HubSpot base connection", name="Renamed")
    lines = applied.run("drift").out.splitlines()
    assert lines[2] == "hubspot"
    assert lines[3].startswith(f"  hubspot.connection (connections/hubspot.yaml:2) changed by {SOMEONE} on 20")
    assert lines[3].endswith("in the Experience Platform UI (exc_app)")
    assert lines[4] == '      name: "HubSpot base connection" -> "Renamed"'
    assert lines[6] == "partner-files"
    assert "Drift: 2 objects of 2 documents (2 attributes)." in lines
    assert "To write the live values into the manifests, run `flowctl -e dev drift --accept`." in lines


@pytest.mark.parametrize("new_set", [False, True], ids=["a new version", "a new set"])
def test_mappings_that_a_flow_uses_now_are_compared_one_by_one(
    applied: Workspace, platform: Platform, someone: Someone, new_set: bool
) -> None:
    rows = someone.rows("Shop customers")
    changed = [
        {**rows[0], "source": "customer_number"},
        {"sourceType": "STATIC", "source": "web", "destination": "person.name.lastName"},
        rows[2],
    ]
    someone.edit_mappings("Shop customers", changed, new_set=new_set)
    platform.clear_log()
    drifted = found(applied)
    assert set(drifted) == {"shop-customers.mapping_set", "shop-customers.flow"}
    mappings = values(drifted["shop-customers.mapping_set"])
    assert mappings == {
        "mappings[_id].source": ("id", "customer_number"),
        "mappings[person.name.firstName]": (
            {"destination": "person.name.firstName", "source": "first_name"},
            None,
        ),
        "mappings[person.name.lastName]": (None, {"destination": "person.name.lastName", "value": "web"}),
    }
    assert drifted["shop-customers.mapping_set"]["changedBy"] == SOMEONE
    line = drifted["shop-customers.mapping_set"]["line"]
    text = (applied.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8").splitlines()
    assert "destination: _id" in text[line - 1]
    assert "transformations[Mapping].params.mapping" in next(iter(values(drifted["shop-customers.flow"])))
    assert platform.writes() == []


def test_a_version_that_no_flow_uses_is_not_drift(applied: Workspace, platform: Platform, someone: Someone) -> None:
    params = platform.one("flows", "Shop customers")["transformations"][1]["params"]
    path = f"{MAPPING_SETS}/{params['mappingId']}"
    schema = platform.request("GET", path).json()["xdmSchema"]
    someone.request("PUT", path, json={"xdmSchema": schema, "mappings": someone.rows("Shop customers")[:1]})
    assert platform.request("GET", path).json()["version"] == 1
    assert found(applied, code=0) == {}


def test_a_deleted_object_is_told_with_who_deleted_it(applied: Workspace, someone: Someone) -> None:
    someone.delete_flow("Partner files")
    (drifted,) = found(applied).values()
    assert (drifted["missing"], drifted["hidden"], drifted["attributes"]) == (True, False, [])
    assert (drifted["changedBy"], drifted["changedWith"]) == (SOMEONE, None)
    assert f"partner-files.flow (pipelines/partner-files.yaml:3) deleted by {SOMEONE} on 20" in applied.run("drift").out


def test_a_hidden_object_is_told_apart_from_a_deleted_one(
    applied: Workspace, platform: Platform, someone: Someone
) -> None:
    live = platform.one("flows", "Partner files")
    label = [{"op": "add", "path": "/labels", "value": ["core/C12"]}]
    someone.request("PATCH", f"{FLOWS}/{live['id']}", headers={"If-Match": live["etag"]}, json=label)
    platform.http.post("/_emulator/settings", json={"accessLabels": "enforced"}).raise_for_status()
    (drifted,) = found(applied).values()
    assert (drifted["address"], drifted["missing"], drifted["hidden"]) == ("partner-files.flow", False, True)
    assert "hidden by access labels: audit events do not tell of its deletion" in applied.run("drift").out


def test_events_that_may_not_be_read_are_a_note(applied: Workspace, platform: Platform, someone: Someone) -> None:
    someone.delete_flow("Partner files")
    someone.patch("connections", "HubSpot base connection", name="Renamed")
    platform.fault(match={"method": "GET", "path": AUDIT}, times=2, effect={"status": 403})
    result = applied.run("drift", "--format", "json")
    assert result.code == 3
    (note,) = result.json["notes"]
    assert "these credentials may not read audit events" in note
    drifted = {each["address"]: each for each in result.json["drift"]}
    assert (drifted["partner-files.flow"]["missing"], drifted["partner-files.flow"]["changedBy"]) == (True, None)
    assert (drifted["hubspot.connection"]["changedBy"], drifted["hubspot.connection"]["changedWith"]) == (SOMEONE, UI)
    text = applied.run("drift").out
    assert "partner-files.flow (pipelines/partner-files.yaml:3) not found (deleted, or hidden by access labels)" in text


def test_without_drift_nobody_asks_for_events(applied: Workspace, platform: Platform) -> None:
    assert applied.run("drift").code == 0
    assert [each for each in platform.log() if each["path"] == AUDIT] == []


def test_a_target_narrows_to_a_document_and_what_it_needs(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    someone.patch("connections", "HubSpot base connection", name="Renamed")
    assert set(found(applied, "--target", "partner-files")) == {"partner-files.flow"}
    assert set(found(applied, "--target", "hubspot-contacts.flow")) == {"hubspot.connection"}
    assert found(applied, "--target", "shopify", code=0) == {}
    wrong = applied.run("drift", "--target", "partner-file")
    assert wrong.code == 1
    assert "Did you mean `partner-files`?" in wrong.err


def test_what_a_selection_chooses_is_accepted_alone(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    someone.patch("connections", "HubSpot base connection", name="Renamed")
    assert set(found(applied, "--select", "label:team=partners")) == {"partner-files.flow"}
    assert applied.run("drift", "--accept", "--select", "partner-files").code == 0
    assert set(found(applied)) == {"hubspot.connection"}


def test_a_mapping_that_is_ignored_is_no_drift_of_its_flow_either(applied: Workspace, someone: Someone) -> None:
    path = applied.root / "pipelines/shop-customers.yaml"
    ignored = "lifecycle: {ignoreChanges: [flow.scheduleParams.frequency, 'mapping_set.mappings[_id]']}\n"
    path.write_text(path.read_text(encoding="utf-8") + ignored, encoding="utf-8")
    someone.patch("flows", "Shop customers", scheduleParams__frequency="day")
    rows = someone.rows("Shop customers")
    someone.edit_mappings("Shop customers", [{**rows[0], "source": "number"}, *rows[1:]])
    assert found(applied, code=0) == {}
    someone.patch("flows", "Shop customers", description="other")
    assert [set(values(each)) for each in found(applied).values()] == [{"description"}]


def test_an_object_without_a_manifest_is_compared_too(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    (applied.root / "pipelines/partner-files.yaml").unlink()
    (drifted,) = found(applied).values()
    assert (drifted["file"], drifted["line"]) == (None, None)


def test_wrong_manifests_do_not_stop_the_comparison(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    applied.edit("pipelines/shop-customers.yaml", "kind: Pipeline", "kind: Pipelin")
    result = applied.run("drift", "--format", "json")
    assert result.code == 3
    (note,) = result.json["notes"]
    assert note.startswith("The manifests have errors")
    assert [each["file"] for each in result.json["drift"]] == [None]


def test_a_disabled_flow_is_a_warning_beside_the_drift(applied: Workspace, platform: Platform) -> None:
    live = platform.one("flows", "Partner files")
    platform.request("POST", f"{FLOWS}/{live['id']}/action?op=disable").raise_for_status()
    result = applied.run("drift", "--format", "json")
    assert result.code == 0
    (warning,) = result.json["diagnostics"]
    assert (warning["code"], warning["severity"]) == ("live-state", "warning")
    assert "the flow is disabled" in applied.run("drift").err


def test_markdown_has_a_table_for_each_document(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    text = applied.run("drift", "--format", "markdown").out
    assert text.startswith("### flowctl drift: dev (sandbox dev)\n\n**Drift: 1 object of 1 document (1 attribute).**\n")
    assert "#### `partner-files`" in text
    row = '| <code>flow.scheduleParams.frequency</code> | <code>"day"</code> | <code>"week"</code> |'
    assert row in text


def test_findings_stand_at_the_place_that_describes_the_value(applied: Workspace, someone: Someone) -> None:
    someone.patch("flows", "Partner files", scheduleParams__frequency="week")
    result = applied.run("drift", "--format", "github")
    assert result.code == 3
    first = result.out.splitlines()[0]
    assert first.startswith("::warning file=pipelines/partner-files.yaml,line=23,col=14,title=Drift::")
    assert '"week"' not in first
    sarif = applied.run("drift", "--format", "sarif").json["runs"][0]["results"]
    assert [each["ruleId"] for each in sarif] == ["drift"]
    (issue,) = applied.run("drift", "--format", "gitlab").json
    assert issue["location"] == {"path": "pipelines/partner-files.yaml", "lines": {"begin": 23}}


def test_a_secret_is_not_drift_and_is_not_shown(applied: Workspace, someone: Someone) -> None:
    someone.patch("connections", "HubSpot base connection", name="Renamed", auth__params__clientSecret="new-canary")
    result = applied.run("drift", "--format", "json")
    assert [set(values(each)) for each in result.json["drift"]] == [{"name"}]
    assert "canary" not in result.out + result.err
