"""The guide of the emulator: its curl commands work, and it names every setting and control operation."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from flowctl.emulator.control.operations import OPERATIONS
from flowctl.emulator.settings import CHOICES, Settings

GUIDE = (Path(__file__).parents[2] / "docs" / "guides" / "emulator.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_commands_work(client):
    blocks = re.findall(r"```bash\n(.*?)```", GUIDE, re.DOTALL)
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
        assert f"`{name}`" in GUIDE
    for name, choices in CHOICES.items():
        assert all(f"`{choice}`" in GUIDE for choice in choices), name
    for name in OPERATIONS:
        assert f"/_emulator/{name}`" in GUIDE
