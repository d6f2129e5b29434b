"""The emulator's guide and reference: their curl commands work, and every setting and control operation is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from flowctl.emulator.control.operations import OPERATIONS
from flowctl.emulator.scenario import load
from flowctl.emulator.settings import CHOICES, Settings

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "guides" / "emulator.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "emulator.md").read_text(encoding="utf-8")
SCENARIO = re.compile(r"```json\n(.*?)```", re.DOTALL)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_commands_work(client):
    blocks = re.findall(r"```bash\n(.*?)```", GUIDE + REFERENCE, re.DOTALL)
    assert len(blocks) == 2
    script = "set -e\n" + "\n".join(blocks).replace("http://127.0.0.1:8080", client.url)
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    statuses = [entry["status"] for entry in client.get("/_emulator/requests").json()["requests"]]
    assert statuses == [200, 200, 200]
    assert '"access_token"' in done.stdout
    assert '"CRMToAEP"' in done.stdout


def test_every_setting_and_operation_is_named():
    for name in Settings().as_dict():
        assert f"`{name}`" in REFERENCE
    for name, choices in CHOICES.items():
        assert all(f"`{choice}`" in REFERENCE for choice in choices), name
    for name in OPERATIONS:
        assert f"/_emulator/{name}`" in REFERENCE


def test_the_scenario_of_the_reference_can_be_loaded(client):
    (scenario,) = SCENARIO.findall(REFERENCE)
    assert set(load(client.url, json.loads(scenario))) == {"schema", "customers"}
