"""One set of manifests for two sandboxes: what one has makes equal objects in the other, and is bound there."""

import shutil
from typing import Any

import pytest
from fault_proxy import NONE, Effect, proxied
from surroundings import Platform, Workspace

FOLDERS = ("connections", "schemas", "datasets", "pipelines")
PROD = """\
  prod:
    endpoint: {url}
    sandbox: prod
"""
_OWN = {"id", "etag", "version", "createdAt", "updatedAt", "lastOperation", "runs", "sandboxId", "sandboxName"}
_OWN |= {"inheritedAttributes", "sourceConnectionIds", "targetConnectionIds", "baseConnectionId", "params"}


@pytest.fixture
def imported(examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """Manifests that were imported from sandbox dev, with the secrets of both sandboxes set."""
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    for folder in FOLDERS:
        shutil.rmtree(examples.root / folder)
        (examples.root / folder).mkdir()
    assert examples.run("import").code == 0
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write("flowctl.yaml", text + PROD.format(url=platform.url))
    for line in (examples.root / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.endswith("="):
            monkeypatch.setenv(line[:-1], f"canary-{line[:-1].lower()}")
    return examples


def flows(platform: Platform, sandbox: str) -> dict[str, dict[str, Any]]:
    """The flows of a sandbox by name, without what is different in every sandbox."""
    reply = platform.request(
        "GET", "/data/foundation/flowservice/flows", headers={"x-sandbox-name": sandbox}, params={"limit": 100}
    )
    found = {}
    for flow in reply.raise_for_status().json()["items"]:
        for transformation in flow.get("transformations") or ():
            transformation["params"].pop("mappingId", None)
        found[flow["name"]] = {name: value for name, value in flow.items() if name not in _OWN}
    return found


def test_imported_manifests_make_equal_flows_in_an_empty_sandbox(imported: Workspace, platform: Platform) -> None:
    imported.apply()
    platform.clear_log()
    applied = imported.run("-e", "prod", "apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert imported.run("-e", "prod", "plan", "--detailed-exitcode").code == 0
    assert imported.run("plan", "--detailed-exitcode").code == 0
    assert flows(platform, "prod") == flows(platform, "dev")


def test_the_second_sandbox_is_bound_to_the_same_manifests(imported: Workspace, platform: Platform) -> None:
    imported.run("-e", "prod", "apply", "--auto-approve")
    known = imported.root / "flowctl.prod.lock"
    known.unlink()
    platform.clear_log()
    found = imported.run("-e", "prod", "import", "--format", "json")
    assert found.code == 0, found.err
    assert [file["file"].rpartition("/")[2] for file in found.json["written"]] == ["prod.yaml"]
    assert len(found.json["bound"]) == 31
    assert set(imported.plan("-e", "prod").actions().values()) == {"import"}
    assert imported.run("-e", "prod", "apply", "--auto-approve").code == 0
    assert imported.run("-e", "prod", "plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def edit(platform: Platform, sandbox: str, path: str, value: object) -> None:
    """Change the flow of the shop's customers in a sandbox, as somebody does in the user interface."""
    headers, flows_path = {"x-sandbox-name": sandbox}, "/data/foundation/flowservice/flows"
    items = platform.request("GET", flows_path, headers=headers, params={"limit": 100}).json()["items"]
    (flow,) = [each for each in items if each["name"] == "Shop customers"]
    change = [{"op": "replace", "path": path, "value": value}]
    headers["If-Match"] = flow["etag"]
    platform.request("PATCH", f"{flows_path}/{flow['id']}", headers=headers, json=change).raise_for_status()


def test_edits_in_two_sandboxes_are_accepted_in_one_and_put_back_in_the_other(
    imported: Workspace, platform: Platform
) -> None:
    imported.apply()
    assert imported.run("-e", "prod", "apply", "--auto-approve").code == 0
    edit(platform, "dev", "/scheduleParams/frequency", "week")
    edit(platform, "prod", "/description", "edited by hand")
    for environment in ("dev", "prod"):
        found = imported.run("-e", environment, "drift", "--format", "json")
        assert found.code == 3
        assert [each["address"] for each in found.json["drift"]] == ["shop-customers.flow"]
    assert imported.run("drift", "--accept").code == 0
    assert "frequency: week" in (imported.root / "pipelines/shop-customers.yaml").read_text(encoding="utf-8")
    assert imported.run("plan", "--detailed-exitcode").code == 0
    planned = imported.plan("-e", "prod").json["changes"]
    assert [(each["address"], each["action"]) for each in planned] == [("shop-customers.flow", "update")]
    assert sorted(each["path"] for each in planned[0]["attributes"]) == ["description", "scheduleParams.frequency"]
    assert imported.run("-e", "prod", "apply", "--auto-approve").code == 0
    assert imported.run("-e", "prod", "drift").code == 0
    assert flows(platform, "prod") == flows(platform, "dev")


def test_of_two_imports_into_one_folder_the_second_describes_nothing_twice(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each environment has its own run lock: what the first writes while the second reads is noticed."""
    examples.begin_applied()
    (examples.root / "flowctl.dev.lock").unlink()
    for folder in FOLDERS:
        shutil.rmtree(examples.root / folder)
        (examples.root / folder).mkdir()
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    text += f"  again:\n    endpoint: {platform.url}\n"
    examples.write("flowctl.yaml", text)
    assert examples.run("-e", "again", "import").code == 0
    others = {
        path: path.read_text(encoding="utf-8")
        for folder in FOLDERS
        for path in (examples.root / folder).rglob("*.yaml")
    }
    for path in others:
        path.unlink()

    def other_writes(_asked: object) -> None:
        for path, content in others.items():
            path.write_text(content, encoding="utf-8")

    with proxied(platform.url) as proxy:
        examples.write("flowctl.yaml", text.replace(platform.url, proxy.url, 1))
        proxy.script = lambda asked: Effect(before=other_writes) if "mappingSets" in asked.path else NONE
        second = examples.run("import")
    assert (second.code, "[manifest-changed]" in second.err) == (1, True), second.err
    assert {path for folder in FOLDERS for path in (examples.root / folder).rglob("*.yaml")} == others.keys()
    examples.write("flowctl.yaml", text)
    found = examples.run("import", "--format", "json")
    assert (found.code, len(found.json["bound"]), len(found.json["written"])) == (0, 31, 1)
