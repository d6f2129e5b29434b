"""Whether a live object has the declared members exactly as they are, which spares the comparison by meaning."""

from typing import Any

import pytest

from flowctl.model.containment import held, holds


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
    assert held(observed, members) == observed


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
    assert held(observed, members) is None


def test_a_value_holds_itself_without_a_look_at_its_members() -> None:
    class Never(dict[str, Any]):
        def __eq__(self, _other: object) -> bool:
            raise AssertionError("it is compared")

    value = Never(a=1)
    assert holds(value, value)


def test_of_members_that_are_equal_only_one_copy_is_kept() -> None:
    recorded: dict[str, Any] = {"params": {"columns": ["a"]}, "data": {"format": "tabular"}, "name": "p"}
    same, more, deeper = (
        held(observed, recorded)
        for observed in (
            {"name": "p", "params": {"columns": ["a"]}, "data": {"format": "tabular"}},
            {"name": "p", "params": {"columns": ["a"]}, "data": {"format": "tabular"}, "state": "enabled"},
            {"name": "p", "params": {"columns": ["a"]}, "data": {"format": "tabular", "properties": None}},
        )
    )
    assert same is recorded
    assert more is not None
    assert more == {**recorded, "state": "enabled"}
    assert (more["params"] is recorded["params"], more["data"] is recorded["data"]) == (True, True)
    assert deeper is not None
    assert deeper["params"] is recorded["params"]
    assert deeper["data"] == {"format": "tabular", "properties": None}
    assert recorded["data"] == {"format": "tabular"}


def test_the_members_keep_the_order_of_what_is_observed_and_true_equals_one() -> None:
    merged = held({"c": 3, "b": True, "a": "x"}, {"a": "x", "b": 1})
    assert merged is not None
    assert list(merged.items()) == [("c", 3), ("b", 1), ("a", "x")]
