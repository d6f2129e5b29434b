"""Dataflows that Adobe's own Python client made are imported in pages, and the plan after it is empty."""

import os
import subprocess
from pathlib import Path

import pytest
from surroundings import Platform, Workspace

VARIABLE = "FLOWCTL_AEPP_PYTHON"
FLOWS = int(os.environ.get("FLOWCTL_AEPP_FLOWS", "25"))
"""How many; 1,000 for the figures of docs/project/performance.md."""


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
@pytest.mark.timeout(1800)
def test_flows_of_adobes_client_are_imported(empty: Workspace, platform: Platform) -> None:
    script = Path(__file__).with_name("aepp_flows.py")
    command = [os.environ[VARIABLE], str(script), platform.url, str(FLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1500, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, [f"done {FLOWS}"]), done.stdout + done.stderr
    platform.clear_log()
    found = empty.run("import", "--format", "json")
    assert (found.code, found.json["skipped"]) == (0, []), found.err
    assert len([file for file in found.json["written"] if file["file"].startswith("pipelines/")]) == FLOWS
    assert len(platform.log()) <= max(10, 60 * FLOWS // 1000)
    assert set(empty.plan().actions().values()) == {"import"}
    empty.apply()
    assert empty.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []
    assert "hush" not in "".join(file.read_text(encoding="utf-8") for file in empty.root.rglob("*") if file.is_file())
