"""Doctor: each part that a run needs is looked at by itself, and each that fails says what to do."""

import json
from typing import Any

import pytest
from surroundings import Workspace

READS = {
    "read base connections": "/data/foundation/flowservice/connections",
    "read schemas": "/data/foundation/schemaregistry/tenant/schemas",
    "read datasets": "/data/foundation/catalog/dataSets",
    "read source connections": "/data/foundation/flowservice/sourceConnections",
    "read target connections": "/data/foundation/flowservice/targetConnections",
    "read mapping sets": "/data/foundation/conversion/mappingSets",
    "read flows": "/data/foundation/flowservice/flows",
    "read runs": "/data/foundation/flowservice/runs",
}


def found(workspace: Workspace, *options: str) -> dict[str, dict[str, Any]]:
    """The findings by part."""
    result = workspace.run("doctor", "--format", "json", *options)
    findings = {each["part"]: each for each in result.json["findings"]}
    failed = sum(each["health"] == "failed" for each in findings.values())
    assert (result.code, result.json["failed"]) == (1 if failed else 0, failed)
    assert all(each["action"] for each in findings.values() if each["health"] != "ok")
    return findings


def unwell(findings: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {part: each["health"] for part, each in findings.items() if each["health"] != "ok"}


def test_where_nothing_is_wrong_everything_is_ok_and_nothing_is_written(examples: Workspace) -> None:
    examples.begin_applied()
    assert examples.platform is not None
    before = sorted(path.name for path in examples.root.iterdir())
    examples.platform.clear_log()
    findings = found(examples)
    assert unwell(findings) == {}
    assert set(READS) | {"manifests", "settings", "lockfile", "run lock", "sign-in", "clock"} <= set(findings)
    assert findings["flow specs"]["found"].endswith("as in the copies that validate uses")
    assert examples.platform.writes() == []
    assert sorted(path.name for path in examples.root.iterdir()) == before
    assert "0 failed, 0 with a warning" in examples.run("doctor").out


@pytest.mark.parametrize(("part", "path"), READS.items())
def test_a_read_that_is_not_allowed_is_named_and_the_others_go_on(examples: Workspace, part: str, path: str) -> None:
    assert examples.platform is not None
    body = {"title": "No permission", "detail": "The role lacks it"}
    fault = {"match": {"method": "GET", "path": path}, "times": 99, "effect": {"status": 403, "body": body}}
    examples.platform.fault(**fault)
    findings = found(examples)
    assert unwell(findings) == {each: "failed" for each, read in READS.items() if read == path}
    assert ("status and runs need it" in findings[part]["found"]) == (part == "read runs")
    assert findings[part]["found"].count("need it") == 1


@pytest.mark.parametrize(("seconds", "words"), [(3600, "behind"), (-7200, "ahead of"), (30, "")])
def test_a_clock_that_differs_is_told_from_a_minute_on(examples: Workspace, seconds: int, words: str) -> None:
    assert examples.platform is not None
    examples.platform.http.post("/_emulator/clock", json={"advanceSeconds": seconds}).raise_for_status()
    finding = found(examples)["clock"]
    assert finding["health"] == ("warning" if words else "ok")
    assert words in finding["found"]


def test_a_token_that_is_refused_ends_it_there(examples: Workspace) -> None:
    assert examples.platform is not None
    examples.platform.fault(match={"path": "/ims/token/v3"}, times=99, effect={"status": 401})
    findings = found(examples)
    assert unwell(findings) == {"sign-in": "failed"}
    assert not set(READS) & set(findings)


def test_wrong_manifests_do_not_keep_it_from_the_rest(examples: Workspace) -> None:
    examples.write("pipelines/broken.yaml", "apiVersion: flowctl/v1\nkind: Pipelin\nmetadata: {name: x}\n")
    findings = found(examples)
    assert unwell(findings) == {"manifests": "failed"}
    assert findings["manifests"]["action"] == "Run `flowctl validate`."
    assert "read flows" in findings
    assert "flow specs" not in findings


def test_settings_that_lack_something_are_told_and_nothing_is_sent(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert examples.platform is not None
    monkeypatch.delenv("DOCTORS_SANDBOX", raising=False)
    text = (examples.root / "flowctl.yaml").read_text(encoding="utf-8")
    examples.write(
        "flowctl.yaml", text.replace("    endpoint:", "    sandbox: ${env:DOCTORS_SANDBOX}\n    endpoint:", 1)
    )
    examples.platform.clear_log()
    findings = found(examples)
    assert unwell(findings) == {"settings": "failed", "sign-in": "skipped"}
    assert "DOCTORS_SANDBOX" in findings["settings"]["found"]
    assert examples.platform.log() == []


def test_a_lockfile_that_cannot_be_read_is_told_once(examples: Workspace) -> None:
    examples.write("flowctl.dev.lock", '{"formatVersion": ')
    findings = found(examples)
    assert unwell(findings) == {"lockfile": "failed", "sign-in": "skipped"}
    assert "lockfile" in findings["sign-in"]["found"]


def test_a_journal_of_an_interrupted_run_is_told_and_stays(examples: Workspace) -> None:
    examples.begin_applied()
    journal = examples.root / "flowctl.dev.lock.journal"
    journal.write_text("", encoding="utf-8")
    findings = found(examples)
    assert unwell(findings) == {"lockfile": "warning"}
    assert journal.exists()


def test_a_proxy_that_cannot_be_used_is_named_and_its_password_is_not_shown(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "nonsense:hush-hush@:x")
    for name in ("AEP_ORG_ID", "AEP_CLIENT_ID", "AEP_CLIENT_SECRET"):
        monkeypatch.setenv(name, "x")
    examples.write(
        "flowctl.yaml",
        "apiVersion: flowctl/v1\nkind: Workspace\nenvironments:\n  dev:\n    endpoint: https://platform.adobe.io\n"
        "    organization: x@AdobeOrg\n    sandbox: dev\n"
        "    auth: {clientId: a, clientSecret: '${env:AEP_CLIENT_SECRET}'}\ndefaultEnvironment: dev\n",
    )
    result = examples.run("doctor")
    assert result.code == 1
    assert "https_proxy" in result.out
    assert "hush-hush" not in result.out + result.err


def test_a_flow_spec_that_moved_is_a_warning(examples: Workspace) -> None:
    assert examples.platform is not None
    path = "/data/foundation/flowservice/flowSpecs"
    specs = examples.platform.request("GET", path, params={"property": 'name=="CRMToAEP"'}).json()
    assert "minute" in json.dumps(specs)
    moved = json.loads(json.dumps(specs).replace('"minute"', '"fortnight"'))
    examples.platform.fault(match={"path": path}, nth=1, times=1, effect={"status": 200, "body": moved})
    findings = found(examples)
    assert findings["flow specs"]["health"] == "warning"
    assert "Upgrade flowctl" in findings["flow specs"]["action"]


def test_a_flow_spec_that_is_gone_fails(examples: Workspace) -> None:
    assert examples.platform is not None
    examples.platform.fault(
        match={"path": "/data/foundation/flowservice/flowSpecs"}, times=9, effect={"status": 200, "body": {"items": []}}
    )
    assert found(examples)["flow specs"]["health"] == "failed"


def test_a_cache_folder_that_cannot_be_looked_at_is_judged(
    examples: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(examples.root / ("a" * 300)))
    assert found(examples)["cache"]["health"] in ("ok", "warning")
