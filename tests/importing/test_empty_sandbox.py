"""Manifests of a sandbox that other clients made create equal objects in an empty sandbox of another tenant."""

import pytest
from foreign_sandbox import play
from surroundings import Platform, Workspace
from two_sandboxes import WORKSPACE, Objects, differences, second_tenant

LOST = {
    # Left out by flowctl because the flow spec has them as defaults, or because a one-time dataflow does not use them.
    "flow": {
        *("scheduleParams.backfill", "scheduleParams.interval", "options.errorDiagnosticsEnabled"),
        "transformations.Mapping.mappingVersion",
    },
    # Each connection that data is sent to has an address of its own.
    "connection": {"auth.params.inletUrl", "auth.params.inletId"},
    # The state is that of a draft's connections: only the copy of its dataflow is a draft.
    "source_connection": {"data.format", "state"},
    "target_connection": {"data.format", "baseConnectionId", "state"},
    "dataset": {"enableErrorDiagnostics", "schemaRef.contentType"},
    "mapping_set": {
        *("name", "inputSchema.id", "inputSchema.sampleId", "inputSchema.schemaRef.id"),
        "inputSchema.schemaRef.contentType",
    },
}
"""The members that the copy of an object lacks or has otherwise; no object of Schema Registry differs."""


def test_equal_objects(empty: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    play(platform)
    empty.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
    assert empty.run("import", "--all").code == 1
    assert [path.name for path in empty.root.rglob("*.yaml") if "inletUrl" in path.read_text(encoding="utf-8")] == []
    for line in (empty.root / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.endswith("="):
            monkeypatch.setenv(line.removesuffix("="), "canary")
    empty.apply()
    headers = second_tenant(platform, monkeypatch)
    # Schema Registry takes an identity of a namespace that is not there, and flowctl refuses to create one.
    namespace = {"name": "Club", "code": "HalvorsenClub", "idType": "Cross_device", "description": ""}
    platform.request("POST", "/data/core/idnamespace/identities", json=namespace, headers=headers).raise_for_status()
    empty.apply("-e", "other", "--allow-irreversible")
    assert empty.run("-e", "other", "plan", "--detailed-exitcode").code == 0
    here = Objects(platform, empty.root / "flowctl.dev.lock", {})
    there = Objects(platform, empty.root / "flowctl.other.lock", headers)
    assert len(here.entries) == len(there.entries)
    assert differences(here, there) == LOST
