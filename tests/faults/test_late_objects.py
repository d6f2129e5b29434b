"""New objects that Schema Registry does not show yet: a write that refers to one is sent again when it is visible."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from fault_proxy import NONE, Asked, Effect, answered, proxied
from late_workspace import DATA_TYPE, DATASET, REGISTRY, field_group, late_workspace, lead_to, schema, set_delays
from surroundings import Platform, Workspace

from flowctl.engine.recover.backoff import Backoff

_NAMESPACES = "/data/core/idnamespace/identities"
_APPLY = ("apply", "--auto-approve", "--allow-irreversible")
_GROUP = field_group("loyalty")
_PARTS = DATA_TYPE + _GROUP + "  loyalty.spent: {ref: amount}\n"
_SCHEMA = schema("loyalty")
_IDENTITY = """\
identities:
  - {path: "_${tenant}.loyalty.id", namespace: Email, primary: true}
"""
_PROFILE = f"{_IDENTITY}profile: true\n{DATASET}profile: true\n"


@pytest.fixture
def workspace(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    return late_workspace(tmp_path, capsys, platform, _PARTS + _SCHEMA)


def late(platform: Platform, milliseconds: int) -> None:
    set_delays(platform, visibilityDelay=milliseconds)


def posts(platform: Platform, collection: str) -> list[int]:
    """The statuses of the creations in a collection."""
    path = f"{REGISTRY}/{collection}"
    return [each["status"] for each in platform.log() if each["method"] == "POST" and each["path"] == path]


def reads(platform: Platform, collection: str) -> int:
    prefix = f"{REGISTRY}/{collection}/"
    return sum(each["method"] == "GET" and each["path"].startswith(prefix) for each in platform.log())


def refusal(detail: str, status: int = 400) -> dict[str, Any]:
    body = {"type": f"http://ns.adobe.com/aep/errors/XDM-0000-{status}", "title": "Refused", "detail": detail}
    return {"status": status, "body": body}


def refusals_that_name_the_data_type(workspace: Workspace, platform: Platform, times: int) -> tuple[int, int]:
    """Refuse the field group so often; return the exit code, and how often it was sent."""
    asked: list[str] = []

    def script(request: Asked) -> Effect:
        if request.method != "POST" or request.collection != "fieldgroups":
            return NONE
        (data_type,) = re.findall(r"https://ns\.adobe\.com/\w+/datatypes/\w+", request.body.decode())
        asked.append(data_type)
        return answered(400, json.dumps({"detail": f"Not {data_type}."})) if len(asked) <= times else NONE

    with proxied(platform.url) as proxy:
        proxy.script = script
        lead_to(workspace, proxy.url)
        applied = workspace.run(*_APPLY)
    assert "created in this run" not in applied.out + applied.err
    return applied.code, len(asked)


def test_a_whole_model_is_made_although_each_object_is_visible_late(workspace: Workspace, platform: Platform) -> None:
    workspace.write("all.yaml", _PARTS + _SCHEMA + _PROFILE)
    late(platform, 1000)
    applied = workspace.run(*_APPLY)
    assert applied.code == 0, applied.out + applied.err
    tried = [posts(platform, each) for each in ("datatypes", "fieldgroups", "schemas", "descriptors")]
    assert [each[-1] for each in tried] == [201, 201, 201, 201]
    assert [400, 201] in tried, "a slow machine may reach a step late enough for it to need no wait"
    late(platform, 0)
    assert workspace.plan().code == 0
    assert workspace.plan().json["summary"].get("create", 0) == 0


def test_an_update_waits_for_a_new_object_too(workspace: Workspace, platform: Platform) -> None:
    workspace.write("all.yaml", _PARTS + _SCHEMA)
    workspace.run(*_APPLY)
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    workspace.edit("all.yaml", "fieldGroups: [loyalty]", "fieldGroups: [loyalty, extra]")
    workspace.write("more.yaml", field_group("extra"))
    late(platform, 3000)
    assert workspace.run(*_APPLY).code == 0
    updates = [each["status"] for each in platform.log() if each["method"] in ("PUT", "PATCH")]
    assert updates == [400, 200]


def test_the_end_of_the_wait_says_what_is_not_visible(workspace: Workspace, platform: Platform) -> None:
    late(platform, 600_000)
    applied = workspace.run(*_APPLY, "--retry-budget", "1")
    assert applied.code == 1
    shown = " ".join((applied.out + applied.err).split())
    assert "names no resource" in shown
    assert "`amount.data_type` was created in this run" in shown
    assert "does not show it after" in shown
    assert "Run `flowctl plan` until it no longer creates it, then `flowctl apply`." in shown
    assert posts(platform, "datatypes") == [201]
    assert posts(platform, "fieldgroups") == [400]
    assert posts(platform, "schemas") == []
    assert not list(workspace.root.glob("*.journal"))
    late(platform, 0)
    assert workspace.run(*_APPLY).code == 0
    assert posts(platform, "datatypes") == [201]


def test_a_refusal_of_another_reason_is_not_repeated(workspace: Workspace, platform: Platform) -> None:
    platform.fault(match={"method": "POST", "path": f"{REGISTRY}/fieldgroups"}, times=9, effect=refusal("No."))
    applied = workspace.run(*_APPLY)
    assert applied.code == 1
    assert "created in this run" not in applied.out + applied.err
    assert posts(platform, "fieldgroups") == [400]


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_refusal_of_another_status_is_not_repeated(workspace: Workspace, platform: Platform, status: int) -> None:
    late(platform, 600_000)
    effect = refusal("No.", status)
    platform.fault(match={"method": "POST", "path": f"{REGISTRY}/fieldgroups"}, times=9, effect=effect)
    assert workspace.run(*_APPLY, "--retry-budget", "1").code == 1
    assert posts(platform, "fieldgroups") == [status]
    assert reads(platform, "datatypes") == 0


def test_a_missing_object_may_be_told_as_404(workspace: Workspace, platform: Platform) -> None:
    late(platform, 3000)
    effect = refusal("Not found.", 404)
    platform.fault(match={"method": "POST", "path": f"{REGISTRY}/fieldgroups"}, effect=effect)
    assert workspace.run(*_APPLY).code == 0
    assert posts(platform, "fieldgroups") == [404, 201]


def test_an_object_that_became_visible_after_the_refusal_is_no_reason_to_fail(
    workspace: Workspace, platform: Platform
) -> None:
    """The refusal names the object, which can be read by then."""
    assert refusals_that_name_the_data_type(workspace, platform, 1) == (0, 2)


def test_a_refusal_that_names_a_visible_object_is_repeated_three_times(
    workspace: Workspace, platform: Platform
) -> None:
    started = time.monotonic()
    assert refusals_that_name_the_data_type(workspace, platform, 99) == (1, 4)
    assert time.monotonic() - started >= 3.5, "each time after a longer pause"


def test_what_a_new_object_refers_to_is_waited_for_too(workspace: Workspace, platform: Platform) -> None:
    platform.fault(match={"method": "POST", "path": f"{REGISTRY}/schemas"}, effect=refusal("Unknown."))
    gone = refusal("Not found.", 404)
    platform.fault(match={"method": "GET", "path": f"{REGISTRY}/datatypes/*"}, effect=gone)
    assert workspace.run(*_APPLY).code == 0
    assert posts(platform, "schemas") == [400, 201]


def test_only_objects_of_this_run_are_waited_for(workspace: Workspace, platform: Platform) -> None:
    workspace.write("all.yaml", _PARTS)
    assert workspace.run(*_APPLY).code == 0
    workspace.write("all.yaml", _PARTS + _SCHEMA)
    platform.fault(match={"method": "POST", "path": f"{REGISTRY}/schemas"}, effect=refusal("Unknown."))
    assert workspace.run(*_APPLY).code == 1
    assert platform.log()[-1]["method"] == "POST"


def test_a_new_namespace_is_waited_for(workspace: Workspace, platform: Platform) -> None:
    namespace = (
        "---\napiVersion: flowctl/v1\nkind: Namespace\nmetadata: {name: club}\ntitle: Club ID\ncode: Club\n"
        "idType: Cross_device\n"
    )
    identities = _IDENTITY.replace("Email", "Club")
    workspace.write("all.yaml", _PARTS + _SCHEMA + identities + namespace)
    effect = refusal("There is no identity namespace Club.")
    platform.fault(match={"method": "POST", "path": f"{REGISTRY}/descriptors"}, effect=effect)
    platform.fault(match={"method": "GET", "path": f"{_NAMESPACES}/*"}, effect={"status": 404, "body": {"detail": "-"}})
    applied = workspace.run(*_APPLY)
    assert applied.code == 0, applied.out + applied.err
    assert posts(platform, "descriptors") == [400, 201]


def test_a_read_that_fails_leaves_the_refusal_as_it_is(workspace: Workspace, platform: Platform) -> None:
    late(platform, 600_000)
    platform.fault(
        match={"method": "GET", "path": f"{REGISTRY}/datatypes/*"}, times=99, effect={"status": 403, "body": {}}
    )
    applied = workspace.run(*_APPLY, "--retry-budget", "1")
    shown = " ".join((applied.out + applied.err).split())
    assert "names no resource" in shown
    assert "created in this run" not in shown
    assert posts(platform, "fieldgroups") == [400]


def test_a_step_waits_a_minute_unless_told_otherwise() -> None:
    assert Backoff(pause=lambda _seconds: True).visible == 60


def test_a_wait_of_several_steps_is_told_once(workspace: Workspace, platform: Platform) -> None:
    """Two schemas wait for one field group."""
    workspace.write("all.yaml", _GROUP + _SCHEMA + schema("loyalty", name="guest"))
    late(platform, 3000)
    applied = workspace.run(*_APPLY)
    assert applied.code == 0, applied.out + applied.err
    assert posts(platform, "schemas")[:2] == [400, 400]
    assert [line for line in applied.err.splitlines() if line.startswith("Waiting")] == [
        "Waiting up to 120 s until Experience Platform shows `loyalty.field_group`."
    ]
