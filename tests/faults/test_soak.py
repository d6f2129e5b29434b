"""A small soak; the full one is a command, `python -m tests.faults.soak`."""

import json
from collections.abc import Callable

from soak import soak


def test_a_small_soak_leaves_nothing_twice(record_property: Callable[[str, object], None]) -> None:
    result = soak(20, 0.05, seed=7)
    assert sum(result.faults.values()) > 0
    assert (result.missing, result.twice, result.orphans, result.left_after_destroy) == (0, 0, 0, 0)
    assert result.plan_is_empty
    record_property("small soak", json.dumps({"pipelines": [result.pipelines, result.pipelines]}))
