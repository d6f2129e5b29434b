"""Adobe's own Python client against the emulator, from a virtual environment of its own.

The environment variable FLOWCTL_AEPP_PYTHON names the interpreter of an environment in which `aepp` is installed.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

VARIABLE = "FLOWCTL_AEPP_PYTHON"
SESSION = Path(__file__).parent / "clients" / "aepp_session.py"


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_the_session_of_the_official_client(client):
    # The client deletes mapping sets and lists them without start, which no public description has.
    client.settings(mappingSetDelete="allow", mappingSetPaging="optional")
    command = [os.environ[VARIABLE], str(SESSION), client.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("done\n")
    statuses = {entry["status"] for entry in client.get("/_emulator/requests").json()["requests"]}
    assert statuses <= {200, 201, 204}
