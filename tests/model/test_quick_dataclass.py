"""Data classes of which a plan makes one for every object are made without a check for each member."""

from dataclasses import replace

import pytest

from flowctl.model.change import Change
from flowctl.model.quick_dataclass import quick_dataclass
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource


@pytest.mark.parametrize("made", [Change, LockEntry, RemoteObject, Resource])
def test_what_is_made_for_every_object_is_made_as_fast_as_python_can(made: type) -> None:
    assert made.__setattr__ is object.__setattr__
    assert "__dict__" not in dir(made)


def test_equal_members_make_equal_entries_that_have_no_hash() -> None:
    entry = LockEntry(kind="flow", id="1")
    assert replace(entry, etag="2") == LockEntry(kind="flow", id="1", etag="2") != entry
    with pytest.raises(TypeError, match="unhashable"):
        hash(entry)


def test_only_a_class_that_is_frozen_for_the_type_checker_needs_this() -> None:
    with pytest.raises(AssertionError):
        quick_dataclass(frozen=False)
