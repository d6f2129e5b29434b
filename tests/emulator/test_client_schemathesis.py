"""Requests that schemathesis makes up from the official files: whatever is sent, no answer is a 5xx.

FLOWCTL_SCHEMATHESIS names the `schemathesis` command of an environment of its own, FLOWCTL_OPENAPI_DIR the
folder of the files. Shapes of answers are checked by test_official_contract.py.
"""

from __future__ import annotations

import os
import subprocess

import pytest

from . import official
from .conftest import HEADERS

VARIABLE = "FLOWCTL_SCHEMATHESIS"
EXAMPLES = os.environ.get("FLOWCTL_SCHEMATHESIS_EXAMPLES", "10")


@pytest.mark.contract
@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
@pytest.mark.parametrize("service", sorted(official.FILES))
def test_no_made_up_request_breaks_it(client, service, descriptions_folder):
    only = ["--include-path-regex", f"^{official.ONLY[service]}"] if service in official.ONLY else []
    headers = [part for name, value in HEADERS.items() for part in ("-H", f"{name}: {value}")]
    command = [
        os.environ[VARIABLE],
        "run",
        f"{descriptions_folder}/{service}.yaml",
        "--url",
        client.url + official.FILES[service],
        *headers,
        *only,
        "--checks",
        "not_a_server_error",
        "--max-examples",
        EXAMPLES,
        "--seed",
        "1",
        "--no-color",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    statuses = {entry["status"] for entry in client.get("/_emulator/requests").json()["requests"]}
    assert not [status for status in statuses if status >= 500]
