"""The record is opened in one place: what is wrong with its environment is told by every command in the same way."""

import pytest
from surroundings import Workspace


@pytest.mark.parametrize(
    "command", [("rm", "a.flow"), ("mv", "a.flow", "b.flow"), ("list",)], ids=lambda words: words[0]
)
def test_an_environment_that_is_not_declared_is_told(examples: Workspace, command: tuple[str, ...]) -> None:
    result = examples.run("-e", "nowhere", "state", *command)
    assert result.code == 1
    assert "[unknown-environment]" in result.err
    assert "there is no environment nowhere" in result.err
