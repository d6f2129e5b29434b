"""IDs and names that are asked for at once, in groups that an address has room for."""

import pytest

from flowctl.kinds.flow_search import groups_that_fit

ROOM = 4000
"""Characters for the values of one request, with three for what is between two of them."""


@pytest.mark.parametrize(("longer", "sizes"), [(0, [2]), (1, [1, 1])])
def test_values_are_asked_for_at_once_as_long_as_they_fit(longer: int, sizes: list[int]) -> None:
    values = ["a" * (ROOM // 2 - 3), "b" * (ROOM // 2 - 3 + longer)]
    groups = list(groups_that_fit(values))
    assert [len(group) for group in groups] == sizes
    assert [value for group in groups for value in group] == values


def test_a_value_counts_as_it_is_sent() -> None:
    assert len(list(groups_that_fit(["ä" * 400, "ö" * 400]))) == 2


def test_what_is_too_long_alone_is_asked_for_alone() -> None:
    assert [len(group) for group in groups_that_fit(["a", "b" * ROOM, "c"])] == [1, 1, 1]
