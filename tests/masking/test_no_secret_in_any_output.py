"""Secrets are sent, and stand in no output and in no file but the workspace's own."""

from typing import Any

import pytest

CANARIES = ("canary-", "Password=canary")
COMMANDS = {
    "plan": ("plan",),
    "plan in json": ("plan", "--format", "json"),
    "plan in markdown": ("plan", "--format", "markdown"),
    "plan in html": ("plan", "--format", "html"),
    "graph": ("graph",),
    "graph in svg": ("graph", "--format", "svg"),
    "graph in mermaid": ("graph", "--format", "mermaid"),
    "plan with every request": ("-vv", "plan"),
    "plan of a destroy": ("plan", "--destroy", "--format", "json"),
    "apply": ("apply", "--auto-approve"),
    "apply in json": ("apply", "--auto-approve", "--format", "json"),
    "show": ("show", "hubspot.connection"),
    "show in json": ("show", "hubspot.connection", "--format", "json"),
    "validate": ("validate", "--format", "json"),
    "destroy": ("destroy", "--auto-approve"),
}


def _leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def _files(workspace: Any) -> str:
    written = [path for path in workspace.root.rglob("*") if path.is_file() and path.name != "flowctl.yaml"]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in written)


def test_the_canaries_are_sent(examples: Any, platform: Any) -> None:
    """Otherwise the tests below would prove nothing."""
    from recorded_requests import recorded

    with recorded() as sent:
        examples.apply()
    assert all(any(canary in request.text for request in sent) for canary in CANARIES)


@pytest.mark.parametrize(
    "arguments", [pytest.param(each, id=name) for name, each in COMMANDS.items() if "show" not in name]
)
def test_no_secret_is_printed_before_anything_is_made(examples: Any, arguments: tuple[str, ...]) -> None:
    result = examples.run(*arguments)
    assert (result.code, _leaks(result.out + result.err)) == (0, [])


@pytest.mark.parametrize("arguments", COMMANDS.values(), ids=COMMANDS)
def test_no_secret_is_printed_when_every_secret_changes(examples: Any, arguments: tuple[str, ...]) -> None:
    examples.begin_applied()
    path = examples.root / "flowctl.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("canary-", "canary-new-"), encoding="utf-8")
    result = examples.run(*arguments)
    assert (result.code, _leaks(result.out + result.err)) == (0, [])


def test_no_secret_is_written_to_any_file(examples: Any) -> None:
    examples.plan("--out", str(examples.root / "saved.plan"))
    examples.apply()
    assert _leaks(_files(examples)) == []


def test_no_secret_is_printed_when_the_platform_refuses_it(examples: Any, platform: Any) -> None:
    path = "/data/foundation/flowservice/connections"
    platform.fault(match={"method": "POST", "path": path}, nth=1, times=5, effect={"status": 400})
    result = examples.run("-vv", "apply", "--auto-approve")
    assert (result.code, _leaks(result.out + result.err + _files(examples))) == (1, [])


def test_no_secret_of_the_environment_is_printed(examples: Any) -> None:
    examples.edit("flowctl.yaml", "    variables:", "    auth: {clientSecret: canary-client}\n    variables:")
    result = examples.run("-vv", "plan")
    assert (result.code, _leaks(result.out + result.err)) == (1, [])


def test_a_secret_that_is_no_longer_declared_leaves_the_platform(examples: Any, platform: Any) -> None:
    examples.begin_applied()
    examples.edit("connections/hubspot.yaml", "    accessToken: ${var:hubspotAccessToken}\n", "")
    examples.apply()
    assert "accessToken" not in platform.one("connections", "HubSpot base connection")["auth"]["params"]


def test_after_a_secret_left_nothing_is_left_to_do(examples: Any) -> None:
    examples.begin_applied()
    examples.edit("connections/hubspot.yaml", "    accessToken: ${var:hubspotAccessToken}\n", "")
    examples.apply()
    assert examples.plan().json["changes"] == []
