"""A saved plan outlives the runs of its dataflows, but no edit by anyone else: hourly dataflows can be reviewed too."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from surroundings import FLOWS, Platform, Workspace

NAME, TITLE = "shop-customers", "Shop customers"
PIPELINE = f"pipelines/{NAME}.yaml"


@pytest.fixture
def saved(examples: Workspace) -> Path:
    """The plan of a change of an applied pipeline that runs every hour."""
    examples.begin_applied()
    examples.edit(PIPELINE, "description: Customers of the web shop", "description: Customers")
    return save(examples)


def save(examples: Workspace) -> Path:
    path = examples.root / "plan.json"
    assert examples.run("plan", "--out", str(path)).code == 0
    return path


def run_ends(platform: Platform) -> None:
    """Let the dataflow run as its schedule does; its etag is another one then, as on Experience Platform."""
    before = platform.one("flows", TITLE)
    platform.http.post("/_emulator/runs", json={"flowId": before["id"]}).raise_for_status()
    after = platform.one("flows", TITLE)
    assert after["lastRunDetails"]["state"] == "success"
    assert after["etag"] != before["etag"]
    assert after["updatedAt"] >= before["updatedAt"]


def edit(platform: Platform, path: str, value: Any) -> None:
    """An edit by another client."""
    flow = platform.one("flows", TITLE)
    operation = {"op": "add", "path": path, "value": value}
    headers = {"If-Match": flow["etag"]}
    platform.request("PATCH", f"{FLOWS}/{flow['id']}", headers=headers, json=[operation]).raise_for_status()


def without_compared(path: Path) -> None:
    """Make the file one of a release that kept no digests of live attributes."""
    document = json.loads(path.read_text())
    del document["compared"]
    path.write_text(json.dumps(document))


def test_a_run_makes_no_plan_stale(examples: Workspace, platform: Platform, saved: Path) -> None:
    run_ends(platform)
    newest = platform.one("flows", TITLE)["etag"]
    platform.clear_log()
    result = examples.run("apply", str(saved))
    assert result.code == 0, result.err
    assert [(request["method"], request["status"]) for request in platform.writes()] == [("PATCH", 200)]
    assert platform.one("flows", TITLE)["description"] == "Customers"
    assert examples.lockfile["entries"][f"{NAME}.flow"]["etag"] not in (newest, None)
    assert examples.plan("--detailed-exitcode").code == 0


def test_a_run_makes_no_plan_of_a_replacement_stale(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, "tableName: public.customers", "tableName: public.clients")
    path = save(examples)
    run_ends(platform)
    result = examples.run("apply", str(path))
    assert result.code == 0, result.err


@pytest.mark.parametrize(
    ("path", "value"),
    [("/description", "Edited"), ("/name", TITLE.upper()), ("/scheduleParams/interval", 6),
     ("/options", {"partialIngestionPercent": 50})],
)  # fmt: skip
@pytest.mark.parametrize("ran", [False, True])
def test_an_edit_makes_it_stale(
    examples: Workspace, platform: Platform, saved: Path, path: str, value: object, ran: bool
) -> None:
    """Whether a manifest declares the attribute or not: the plan was made from it."""
    if ran:
        run_ends(platform)
    edit(platform, path, value)
    platform.clear_log()
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert f"the live object `{NAME}.flow` changed after the plan was saved [plan-stale]" in result.err
    assert "A run alone does not make a plan stale." in result.err
    assert platform.writes() == []


def version_path(flow: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The place of the version of the mapping set in a flow, and what is beside it."""
    (place,) = [index for index, each in enumerate(flow["transformations"]) if each["name"] == "Mapping"]
    return f"/transformations/{place}/params/mappingVersion", flow["transformations"][place]["params"]


def test_another_version_of_the_mappings_makes_it_stale(examples: Workspace, platform: Platform, saved: Path) -> None:
    path, params = version_path(platform.one("flows", TITLE))
    mapping_set = f"/data/foundation/conversion/mappingSets/{params['mappingId']}"
    body = platform.request("GET", mapping_set).raise_for_status().json()
    newer = platform.request("PUT", mapping_set, json=body).raise_for_status().json()["version"]
    assert newer != params["mappingVersion"]
    edit(platform, path, newer)
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert f"the live object `{NAME}.flow` changed after the plan was saved [plan-stale]" in result.err


def test_the_same_version_in_another_form_does_not(examples: Workspace, platform: Platform, saved: Path) -> None:
    path, params = version_path(platform.one("flows", TITLE))
    edit(platform, path, str(params["mappingVersion"]))
    assert examples.run("apply", str(saved)).code == 0


def test_a_disabled_dataflow_makes_it_stale(examples: Workspace, platform: Platform, saved: Path) -> None:
    flow = platform.one("flows", TITLE)
    platform.request("POST", f"{FLOWS}/{flow['id']}/action", params={"op": "disable"}).raise_for_status()
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert "[plan-stale]" in result.err


@pytest.mark.parametrize("happens", [run_ends, lambda platform: edit(platform, "/description", "Edited")])
def test_a_plan_of_an_earlier_release_is_bound_to_the_etag(
    examples: Workspace, platform: Platform, saved: Path, happens: Callable[[Platform], None]
) -> None:
    without_compared(saved)
    happens(platform)
    result = examples.run("apply", str(saved))
    assert result.code == 1
    assert f"the live object `{NAME}.flow` changed after the plan was saved [plan-stale]" in result.err


def test_equal_attributes_have_other_digests_in_another_plan(examples: Workspace, saved: Path) -> None:
    """Whoever has two plan files cannot tell from the digests whether a live value is the same."""
    first = json.loads(saved.read_text())["compared"]
    again = json.loads(save(examples).read_text())["compared"]
    assert first.keys() == again.keys() == json.loads(saved.read_text())["changes"].keys()
    assert not {*first.values()} & {*again.values()}


def test_a_run_changes_no_digest_of_a_plan(examples: Workspace, platform: Platform, saved: Path) -> None:
    """A plan is approved by its digest, whatever ran in between."""
    digest = examples.plan().json["digest"]
    run_ends(platform)
    assert examples.plan().json["digest"] == digest
    assert examples.run("apply", "--auto-approve", "--expect-digest", digest).code == 0


def test_a_run_is_no_drift(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    run_ends(platform)
    result = examples.run("drift", "--format", "json")
    assert (result.code, result.json["drift"]) == (0, [])
