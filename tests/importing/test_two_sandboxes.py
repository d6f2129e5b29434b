"""The story of a takeover: dev is imported, applied to an empty prod, edited in both UIs, accepted in one, undone in
the other."""

from pathlib import Path
from typing import Any

import pytest
from other_people import UI, Someone
from surroundings import Platform, Workspace

TWO = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
  prod:
    endpoint: {url}
    sandbox: prod
"""
FLOW_SERVICE = "/data/foundation/flowservice"


def flow(platform: Platform, sandbox: str) -> dict[str, Any]:
    headers = {"x-sandbox-name": sandbox}
    items = platform.request("GET", f"{FLOW_SERVICE}/flows", headers=headers).raise_for_status().json()["items"]
    (found,) = [item for item in items if item["name"] == "Partner files"]
    return dict(found)


def edited(platform: Platform, sandbox: str, path: str, value: object) -> None:
    """An edit in the user interface of a sandbox."""
    live = flow(platform, sandbox)
    headers = {"x-sandbox-name": sandbox, "x-api-key": UI, "If-Match": live["etag"]}
    operations = [{"op": "replace", "path": path, "value": value}]
    platform.request("PATCH", f"{FLOW_SERVICE}/flows/{live['id']}", headers=headers, json=operations).raise_for_status()


def paths(result: Any) -> dict[str, list[str]]:
    return {each["address"]: [place["path"] for place in each["attributes"]] for each in result.json["drift"]}


def test_dev_is_imported_promoted_edited_accepted_and_prod_is_put_right(
    examples: Workspace, tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples.apply()  # what people made of dev, without flowctl
    team = Workspace(root=tmp_path / "team", capsys=examples.capsys)
    team.write("flowctl.yaml", TWO.format(url=platform.url))
    platform.clear_log()
    assert team.run("import", "--all").code == 0
    assert platform.writes() == []
    for line in (team.root / ".env.example").read_text(encoding="utf-8").splitlines():
        name = line.lstrip("# ").partition("=")[0]
        if name.isidentifier():
            monkeypatch.setenv(name, f"canary-{name.lower()}")
    team.apply()
    assert platform.writes() == []
    team.apply("-e", "prod")
    assert team.plan("-e", "prod").actions() == {}
    assert team.run("drift").code == team.run("-e", "prod", "drift").code == 0

    Someone(platform)
    edited(platform, "dev", "/scheduleParams/frequency", "week")
    edited(platform, "prod", "/scheduleParams/frequency", "hour")
    edited(platform, "prod", "/description", "do not touch")
    assert paths(team.run("drift", "--format", "json")) == {"partner-files.flow": ["scheduleParams.frequency"]}
    in_prod = team.run("-e", "prod", "drift", "--format", "json")
    assert {path for found in paths(in_prod).values() for path in found} == {"scheduleParams.frequency", "description"}
    assert [each["changedWith"] for each in in_prod.json["drift"]] == [UI]

    platform.clear_log()
    assert team.run("drift", "--accept").code == 0
    assert platform.writes() == []
    assert team.plan().actions() == {}
    promoted = team.plan("-e", "prod")
    assert promoted.actions() == {"partner-files.flow": "update"}
    team.apply("-e", "prod")
    assert (flow(platform, "prod")["scheduleParams"]["frequency"], flow(platform, "prod")["description"]) == (
        "week",
        "Customers that partners deliver as files",
    )
    for environment in ("dev", "prod"):
        assert team.plan("-e", environment).actions() == {}
        assert team.run("-e", environment, "drift").code == 0
