"""Recorded values beside live ones."""

from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.operations.show import compared


@pytest.mark.parametrize(
    ("recorded", "live", "differing"),
    [
        ({"name": "a"}, {"name": "b"}, ["name"]),
        ({"name": "a", "description": ""}, {"name": "a"}, []),
        ({"name": "a", "description": "d"}, {"name": "a"}, ["description"]),
        ({"name": "a"}, None, []),
        # Of a secret a digest is recorded, and the platform may not say that it has it.
        ({"auth": {"params": {"password": "(sensitive)"}}}, {"auth": {"params": {}}}, []),
        ({"name": "a"}, {"name": "a", "description": "not recorded"}, []),
    ],
)
def test_a_value_differs_if_it_means_something_else_to_the_platform(
    recorded: dict[str, Any], live: dict[str, Any] | None, differing: list[str]
) -> None:
    values = list(compared(KINDS["connection"], recorded, live))
    assert [".".join(value.steps) for value in values if value.differs] == differing
    assert all(value.live == value.recorded for value in values if live is None)
