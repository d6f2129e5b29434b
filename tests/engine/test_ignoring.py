"""Live values at ignored places: what stands, what is left out, and what is not managed right before an update."""

from typing import Any

import pytest

from flowctl.engine.execute.update_check import remaining_changes
from flowctl.engine.plan.ignoring import covers, with_live_values
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.errors import PlatformError
from flowctl.model.resource import RemoteObject

KEYED = {("rows",): "to"}
C, LIVE = {"to": "c"}, {"to": "b[0].c", "from": 9}
ROWS = [{"to": "a", "from": 1}, {"to": "b[0].c", "from": 2}]


@pytest.mark.parametrize(
    ("desired", "observed", "ignored", "stands"),
    [
        ({"a": 1}, {"a": 2}, ["a"], {"a": 2}),
        ({"a": {"b": 1, "c": 1}}, {"a": {"b": 2, "c": 2}}, ["a.b"], {"a": {"b": 2, "c": 1}}),
        ({"a": {"b": 1}}, {"a": {"b": 2, "c": 3}}, ["a"], {"a": {"b": 2, "c": 3}}),
        ({"a": {"b": 1}}, {}, ["a.b"], {"a": {}}),
        ({}, {"a": {"b": 1}}, ["a.b"], {"a": {"b": 1}}),
        ({"a": 1, "ab": 1}, {"a": 2, "ab": 2}, ["a"], {"a": 2, "ab": 1}),
        ({"a": [1]}, {"a": [2, 3]}, ["a"], {"a": [2, 3]}),
        ({"rows": ROWS}, {"rows": [{"to": "a", "from": 9}]}, ["rows[a]"], {"rows": [{"to": "a", "from": 9}, ROWS[1]]}),
        ({"rows": ROWS}, {"rows": [ROWS[0]]}, ["rows[b[0].c]"], {"rows": [ROWS[0]]}),
        ({"rows": ROWS[:1]}, {"rows": ROWS}, ["rows[b[0].c]"], {"rows": ROWS}),
        ({"rows": ROWS}, {"rows": [{"to": "a", "x": 1}]}, ["rows[a].from"], {"rows": [{"to": "a"}, ROWS[1]]}),
        ({"rows": ROWS}, {"rows": []}, ["rows"], {"rows": []}),
        ({"rows": [*ROWS, C]}, {"rows": [ROWS[0], LIVE]}, ["rows[b[0].c].from"], {"rows": [ROWS[0], LIVE, C]}),
    ],
)  # fmt: skip
def test_the_live_value_stands(desired: Any, observed: Any, ignored: list[str], stands: Any) -> None:
    before = repr(desired)
    assert with_live_values(desired, observed, ignored, KEYED) == stands
    assert repr(desired) == before


def test_a_place_is_covered_by_its_path_and_by_one_above() -> None:
    assert covers(["a.b"], ("a", "b"))
    assert covers(["a"], ("a", "b"))
    assert covers(["rows[x]"], ("rows", "[x]", "from"))
    assert not covers(["a.b"], ("a",))
    assert not covers(["a"], ("ab",))
    assert not covers([], ("a",))


def test_somebody_elses_edit_of_an_ignored_place_does_not_stop_an_update() -> None:
    change = Change(
        address=Address("x.target_connection"),
        action=Action.UPDATE,
        reason=Reason.ATTRIBUTES_CHANGED,
        attributes=(AttributeChange(steps=("description",), before="d", after="e"),),
        desired={"name": "a", "description": "e"},
        observed={"name": "a", "description": "d"},
    )
    live = RemoteObject(id="1", etag='"2"', attributes={"name": "b", "description": "d"}, body={})
    kind = KINDS["target_connection"]
    with pytest.raises(PlatformError, match="was changed by"):
        remaining_changes(kind, change, change.desired, live)
    wanted = {"name": "b", "description": "e"}
    (left,) = remaining_changes(kind, change, wanted, live, ["name"])
    assert left.path == "description"
