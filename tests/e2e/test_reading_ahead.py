"""Reading many things at once: a wrong request sends nothing more, and what is known is not held up."""

from typing import Any

import pytest
from surroundings import Platform, Workspace

TOKEN = "/ims/token/v3"


def _asked_for_tokens(platform: Platform) -> int:
    requests: list[dict[str, Any]] = platform.http.get("/_emulator/requests").raise_for_status().json()["requests"]
    return sum(request["path"] == TOKEN for request in requests)


def test_a_wrong_target_sends_nothing_at_all(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    platform.clear_log()
    assert examples.run("plan", "--target", "nope").code == 1
    assert platform.log() == []
    assert _asked_for_tokens(platform) == 0


@pytest.mark.parametrize("command", [("plan",), ("plan", "--destroy"), ("destroy", "--auto-approve")], ids=" ".join)
def test_refused_credentials_are_tried_once(examples: Workspace, platform: Platform, command: tuple[str, ...]) -> None:
    examples.begin_applied()
    platform.clear_log()
    platform.fault(match={"method": "POST", "path": TOKEN}, times=99, effect={"status": 401})
    result = examples.run(*command)
    assert (result.code, "credentials-refused" in result.err) == (1, True)
    assert _asked_for_tokens(platform) == 1
    assert platform.log() == []


def test_credentials_that_are_taken_away_meanwhile_are_tried_once_more(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    platform.clear_log()
    platform.fault(match={"method": "POST", "path": TOKEN}, nth=2, times=99, effect={"status": 401})
    platform.fault(match={"method": "GET", "path": "/data/foundation/*"}, times=99, effect={"status": 401})
    result = examples.run("plan")
    assert (result.code, "credentials-refused" in result.err) == (1, True)
    assert _asked_for_tokens(platform) == 2
