"""Whether a live object has the declared members exactly as they are, which spares the comparison by meaning."""

from typing import Any

import pytest

from flowctl.model.containment import holds


@pytest.mark.parametrize(
    ("observed", "members"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 1}}),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}]}),
        ({"a": None}, {"a": None}),
        ({"a": {}}, {"a": {}}),
        ({}, {}),
    ],
)
def test_held(observed: Any, members: Any) -> None:
    assert holds(observed, members)


@pytest.mark.parametrize(
    ("observed", "members"),
    [
        ({}, {"a": None}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 2}}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1}]}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": "1"}, {"a": 1}),
        ({"a": "x"}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": "x"}),
        ({"b": 1}, {"a": {"b": 1}}),
        ([], {}),
    ],
)
def test_not_held(observed: Any, members: Any) -> None:
    assert not holds(observed, members)


def test_a_value_holds_itself_without_a_look_at_its_members() -> None:
    class Never(dict[str, Any]):
        def __eq__(self, _other: object) -> bool:
            raise AssertionError("it is compared")

    value = Never(a=1)
    assert holds(value, value)
