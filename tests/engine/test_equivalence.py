"""When two values mean the same to the platform, and when they do not."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowctl.engine.plan.equivalence import equivalent

SAME = [
    (15, "15"),
    (0, "0"),
    (-3, "-3"),
    (True, "true"),
    (False, "false"),
    (1.0, 1),
    (1.0, "1"),
    (1.5, "1.5"),
    (None, ""),
    (None, []),
    (None, {}),
    ("", []),
    ({}, []),
    ({"a": None}, {}),
    ({"a": {"b": None}}, None),
    ({"a": 1, "b": ""}, {"a": "1"}),
    ([{"a": 1}], [{"a": "1", "b": None}]),
    (9007199254740993, "9007199254740993"),
]
DIFFERENT = [
    (15, "15 "),
    (0, None),
    (False, None),
    ("0", ""),
    (True, 1),
    (False, 0),
    ("true", 1),
    ("True", True),
    ("a", "A"),
    ([1, 2], [2, 1]),
    ([1], [1, None]),
    ([None], []),
    ("1", "1.0"),
    ({"a": 1}, {"a": 1, "b": 0}),
    (9007199254740993, 9007199254740992),
    ({"a": True}, {"a": 1}),
    ([True], [1]),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equivalent_values(one: Any, other: Any) -> None:
    assert (equivalent(one, other), equivalent(other, one)) == (True, True)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_values(one: Any, other: Any) -> None:
    assert (equivalent(one, other), equivalent(other, one)) == (False, False)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(_JSON)
def test_every_value_is_equivalent_to_itself(value: Any) -> None:
    assert equivalent(value, value)


@settings(deadline=None)
@given(_JSON, _JSON)
def test_equivalence_has_no_direction(one: Any, other: Any) -> None:
    assert equivalent(one, other) == equivalent(other, one)
