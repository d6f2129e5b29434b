"""The record is opened and locked in one place: every command that writes waits for the lock and tells errors alike."""

import threading

import pytest
from surroundings import Workspace

from flowctl.state.local.store import LocalStore

WRITING = [
    ("apply", "--auto-approve"),
    ("destroy", "--auto-approve"),
    ("state", "rm", "shop-customers.flow", "--auto-approve"),
    ("state", "mv", "shop-customers.flow", "other.flow"),
    ("state", "repair", "--auto-approve"),
]
UNDECLARED = [("rm", "a.flow"), ("mv", "a.flow", "b.flow"), ("list",)]


@pytest.mark.parametrize("command", UNDECLARED, ids=" ".join)
def test_an_environment_that_is_not_declared_is_told(examples: Workspace, command: tuple[str, ...]) -> None:
    result = examples.run("-e", "nowhere", "state", *command)
    assert result.code == 1
    assert "[unknown-environment]" in result.err
    assert 'there is no environment "nowhere"' in result.err


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_whoever_writes_holds_the_lock_and_waits_for_it(examples: Workspace, command: tuple[str, ...]) -> None:
    examples.begin_applied()
    holder = LocalStore(examples.root, "dev").lock("another run")
    holder.__enter__()
    before = examples.lockfile
    refused = examples.run(*command)
    assert refused.code == 1
    assert "[run-locked]" in refused.err
    assert "another run" in refused.err
    assert examples.lockfile == before
    ending = threading.Timer(0.5, lambda: holder.__exit__(None, None, None))
    ending.start()
    waited = examples.run(*command, "--lock-timeout", "60")
    ending.join()
    assert waited.code == 0, waited.err
