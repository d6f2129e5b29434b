"""A small soak; the full one is a command, `python -m tests.faults.soak`."""

import json
import os
from collections.abc import Callable

import pytest
from fault_workspace import CHOSEN_CLOCKS
from soak import soak

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"


@pytest.mark.parametrize("clock", CHOSEN_CLOCKS if FULL else (0, -86_400))
def test_a_small_soak_leaves_nothing_twice(clock: int, record_property: Callable[[str, object], None]) -> None:
    result = soak(20, 0.05, seed=7, clock=clock)
    assert sum(result.faults.values()) > 0
    assert (result.missing, result.twice, result.orphans, result.left_after_destroy) == (0, 0, 0, 0)
    assert result.plan_is_empty
    record_property("small soak", json.dumps({"pipelines": [result.pipelines, result.pipelines]}))
