"""Adobe's own Python client against the emulator, from a virtual environment of its own.

The environment variable FLOWCTL_AEPP_PYTHON names the interpreter of an environment in which `aepp` is installed.
"""

from __future__ import annotations

import json
import os
import subprocess
from itertools import chain
from pathlib import Path

import pytest

from . import client_table

VARIABLE = "FLOWCTL_AEPP_PYTHON"
SESSION = Path(__file__).parent / "clients" / "aepp_session.py"
METHODS = SESSION.with_name("aepp_methods.py")


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


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_every_method_of_the_official_client_does_what_the_page_says(client):
    client.settings(mappingSetDelete="allow", mappingSetPaging="optional", titles="tenant")
    command = [os.environ[VARIABLE], str(METHODS), client.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    states = client_table.states()
    assert set(found["methods"]) == states.keys(), "a method is neither called nor argued"
    expected = {method: state == "works" for method, (state, _) in states.items()}
    called = {method: outcome == "works" for method, outcome in found["outcomes"].items()}
    outcomes = {method: found["outcomes"][method] for method in called if called[method] != expected[method]}
    assert outcomes == {}
    assert {method for method, (state, _) in states.items() if state != "needs"} <= called.keys()


def test_each_method_has_one_state() -> None:
    table = client_table.table()
    every = [*table["works"], *(each for state in ("differs", "needs") for each in chain(*table[state].values()))]
    assert len(every) == len(set(every)) == len(client_table.states())
    assert {each.partition(".")[0] for each in every} == set(client_table.CLASSES)


def test_the_page_of_the_client_is_current() -> None:
    page = (Path(__file__).parents[2] / "docs" / "project" / "emulator-clients.md").read_text(encoding="utf-8")
    assert page == client_table.page(), "run python -m tests.emulator.client_table docs/project/emulator-clients.md"
