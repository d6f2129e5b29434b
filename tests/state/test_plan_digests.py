"""The digest of a change: the same for the same change, another for any other."""

from dataclasses import replace
from typing import Any

import pytest

from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.resource import Sensitive
from flowctl.state.plan_digest import change_digest

ATTRIBUTE = AttributeChange(steps=("a",), before={"x": 1, "y": 2}, after={"x": 1})
CHANGE = Change(
    address=Address("p.flow"),
    action=Action.UPDATE,
    reason=Reason.ATTRIBUTES_CHANGED,
    attributes=(ATTRIBUTE,),
    remote_id="id",
    desired={"a": {"x": 1}, "b": Sensitive("one")},
)


def test_the_order_of_members_does_not_count() -> None:
    other = replace(ATTRIBUTE, before={"y": 2, "x": 1})
    same = replace(CHANGE, attributes=(other,), desired={"b": Sensitive("one"), "a": {"x": 1}})
    assert change_digest(same) == change_digest(CHANGE)


def test_the_value_of_a_secret_does_not_count() -> None:
    assert change_digest(replace(CHANGE, desired={**CHANGE.desired, "b": Sensitive("two")})) == change_digest(CHANGE)


@pytest.mark.parametrize(
    "members",
    [
        {"address": Address("q.flow")},
        {"action": Action.REPLACE},
        {"remote_id": "other"},
        {"attributes": ()},
        {"attributes": (replace(ATTRIBUTE, steps=("b",)),)},
        {"attributes": (replace(ATTRIBUTE, before=None),)},
        {"attributes": (replace(ATTRIBUTE, after=None),)},
        {"attributes": (replace(ATTRIBUTE, sensitive=True),)},
        {"desired": {}},
    ],
    ids=str,
)
def test_everything_else_counts(members: dict[str, Any]) -> None:
    assert change_digest(replace(CHANGE, **members)) != change_digest(CHANGE)
