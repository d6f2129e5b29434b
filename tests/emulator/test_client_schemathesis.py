"""Requests that schemathesis makes up from each official file: no 5xx, and no accepted write that the file rules out.

FLOWCTL_SCHEMATHESIS names the `schemathesis` command of an environment of its own, FLOWCTL_OPENAPI_DIR the
folder of the files. Shapes of answers are checked by test_official_contract.py. With more examples:
`python -m emulator.generated`, see docs/project/emulator-generated.md.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .generated import PAGE, SERVICES, generated

VARIABLE = "FLOWCTL_SCHEMATHESIS"
EXAMPLES = os.environ.get("FLOWCTL_SCHEMATHESIS_EXAMPLES", "10")

pytestmark = pytest.mark.contract


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
@pytest.mark.parametrize("service", sorted(SERVICES))
def test_made_up_requests_neither_break_it_nor_write_what_the_file_rules_out(client, service, descriptions_folder):
    outcome = generated(os.environ[VARIABLE], descriptions_folder, service, client.url, EXAMPLES)
    assert outcome.server_errors == []
    assert sorted(outcome.ruled_out) == []
    assert outcome.requests > 50
    statuses = {entry["status"] for entry in client.get("/_emulator/requests").json()["requests"]}
    assert not [status for status in statuses if status >= 500]


def test_every_description_has_a_service(descriptions_folder: Path):
    assert {file.stem for file in descriptions_folder.glob("*.yaml")} == SERVICES.keys()


def test_the_page_has_every_description_without_a_failure():
    rows = [line.split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.endswith("| 0 | 0 |")]
    assert {row[0].removeprefix("| ") for row in rows} == {*SERVICES, "All"}
