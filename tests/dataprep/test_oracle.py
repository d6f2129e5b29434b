"""The judged cases: what JEXL and Java make of expressions, and what Adobe's pages say."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flowctl.dataprep.evaluate import evaluate
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import plain

_TEXT = Path(__file__).with_name("oracle").joinpath("sample.jsonl").read_text(encoding="utf-8")
# Not splitlines: a case has a line separator of Unicode in it.
CASES = [json.loads(line) for line in _TEXT.split("\n") if line]


def equal(left: Any, right: Any) -> bool:
    """Numbers by value, but never a boolean for a number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def fits(case: dict[str, Any], value: Any) -> bool:
    if value is None and case.get("acceptNull"):
        return True
    if any(equal(value, other) for other in case.get("acceptAlso", ())):
        return True
    if case.get("expectError"):
        return False
    if case.get("compare") == "instant":
        return datetime.fromisoformat(value) == datetime.fromisoformat(case["expect"])
    if case.get("compare") == "set":
        return sorted(value) == sorted(case["expect"])
    return equal(value, case["expect"])


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_judged_cases(case):
    try:
        value = plain(evaluate(case["expression"], case["record"]))
    except ExpressionError:
        if not case.get("expectError") and not case.get("acceptError"):
            raise
    else:
        assert fits(case, value), (case["why"], value)
