"""Flows of every connector, in the forms that other clients send, are imported exactly or skipped with a reason."""

import os
from pathlib import Path

import pytest
from connector_sandboxes import make
from surroundings import Platform, Workspace

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
SEEDS = [(1, "mask"), (2, "echo"), (3, "drop"), *([(4, "hash"), (5, "echo"), (6, "mask")] if FULL else [])]
FLOWS = 75 if FULL else 30
"""How many dataflows each sandbox has: 75 have one of each pair of a connector and a flow spec."""


def _texts(root: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(root.rglob("*")) if path.is_file())


@pytest.mark.parametrize(("seed", "secrets"), SEEDS)
def test_flows_of_connector_sandboxes_are_imported(
    empty: Workspace, platform: Platform, seed: int, secrets: str
) -> None:
    platform.http.post("/_emulator/settings", json={"secrets": secrets}).raise_for_status()
    made = make(platform, seed, FLOWS)
    assert made.refused == []
    platform.clear_log()
    found = empty.run("import", "--format", "json")
    reasons = {each["id"]: each["reason"] for each in found.json["skipped"]}
    assert {flow: why for flow, why in reasons.items() if made.reasons.get(flow, "?") not in why} == {}
    assert reasons.keys() == made.reasons.keys()
    written = [address for file in found.json["written"] for address in file["addresses"]]
    flows = [address for address in written if address.endswith(".flow")]
    assert (len(written), len(flows)) == (len(set(written)), len(made.flows) - len(reasons))
    planned = empty.run("plan", "--format", "json").json
    assert {change["action"] for change in planned["changes"]} == {"import"}
    assert [change for change in planned["changes"] if change["attributes"]] == []
    assert len(planned["changes"]) == len(written)
    applied = empty.apply()
    drift = empty.run("drift")
    assert (empty.run("plan", "--detailed-exitcode").code, drift.code) == (0, 0)
    again = empty.run("import", "--allow-skipped", "--format", "json")
    assert (again.code, again.json["written"], again.json["bound"]) == (0, [], [])
    assert platform.writes() == []
    everything = _texts(empty.root) + found.out + found.err + applied.out + applied.err + drift.out
    assert [secret for secret in made.secrets if secret in everything] == []
