"""The page of permissions is made of what commands send, and knows every service that they reach."""

import json
import os
from pathlib import Path

import generate
import pytest
from permissions import ADOBE, PASSED_ON, RECORDING, SAME_AS, is_write, permission_of, recorded_last
from sent_by_commands import Commands
from surroundings import Platform

from flowctl.cli.help import NETWORK


@pytest.fixture
def now(platform: Platform, tmp_path: Path) -> dict[str, list[str]]:
    return Commands(platform, tmp_path).run_all()


def test_the_recording_is_what_commands_send(now: dict[str, list[str]]) -> None:
    if os.environ.get("RENEW_REQUESTS"):
        RECORDING.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
    assert now == recorded_last(), "run: RENEW_REQUESTS=1 python -m pytest -n 0 tests/docs/test_permissions.py"


def test_every_command_with_a_network_is_recorded() -> None:
    with_network = {
        path.removeprefix("flowctl ")
        for path, command in generate.commands()
        if any(parameter.name in NETWORK for parameter in command.params)
    }
    assert with_network == recorded_last().keys() | SAME_AS.keys() | PASSED_ON


def test_every_request_has_a_permission_or_is_known_to_have_none_published() -> None:
    for command, sent in recorded_last().items():
        for line in sent:
            assert permission_of(line) in ADOBE, f"{command}: {line}"


def test_commands_that_are_said_to_read_send_no_write() -> None:
    writers = {command for command, sent in recorded_last().items() if any(map(is_write, sent))}
    assert writers == {"apply", "destroy", "runs start", "runs retry"}
