"""Which command the duplicate guard proposes: by ID, unless the title finds just one object."""

import pytest

from flowctl.engine.plan.twins import Twin
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.resource import RemoteObject, Resource
from flowctl.operations.duplicate_words import duplicate

ADDRESS = Address("people.flow")


def _twin(object_id: str, *differences: str, same_title: bool = True) -> Twin:
    return Twin(
        live=RemoteObject(id=object_id, etag=None, attributes={"name": "People"}, body={}),
        differences=tuple((each,) for each in differences),
        same_title=same_title,
        same_identity=True,
        stops=True,
        serves=True,
    )


@pytest.mark.parametrize(
    ("twins", "command"),
    [
        ([_twin("1")], "flowctl -e dev state repair"),
        ([_twin("1", same_title=False)], "flowctl -e dev state repair people.flow=1"),
        ([_twin("1"), _twin("2")], "flowctl -e dev state repair people.flow=1"),
        ([_twin("1", "name"), _twin("2")], "flowctl -e dev state repair people.flow=2"),
    ],
)
def test_the_command_finds_just_one_object(twins: list[Twin], command: str) -> None:
    told = duplicate("dev", KINDS["flow"], Resource(address=ADDRESS, attributes={}), twins, allowed=False)
    assert f"run `{command}`." in told.hint


def test_of_many_objects_and_places_some_are_named_and_the_others_counted() -> None:
    twins = [_twin(str(number), *"abcdefg") for number in range(7)]
    told = duplicate("dev", KINDS["flow"], Resource(address=ADDRESS, attributes={}), twins, allowed=True)
    assert told.detail.count("It differs from the manifest in a, b, c, d, e and 2 more.") == 5
    assert told.detail.endswith("There are 2 more.")
