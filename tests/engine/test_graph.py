"""Orders and closures over resources that depend on each other."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowctl.engine.graph import closure, in_dependency_order, reversed_edges
from flowctl.model.address import Address
from flowctl.model.errors import ManifestError

A, B, C, D = (Address(f"{name}.flow") for name in "abcd")


def test_what_is_needed_comes_first() -> None:
    assert in_dependency_order({A: [B], B: [C], C: []}) == [C, B, A]


def test_otherwise_the_order_stays() -> None:
    assert in_dependency_order({C: [], A: [], B: []}) == [C, A, B]


def test_what_is_no_resource_itself_is_left_out() -> None:
    assert in_dependency_order({A: [D]}) == [A]


@pytest.mark.parametrize("edges", [{A: [A]}, {A: [B], B: [A]}, {A: [B], B: [C], C: [A]}])
def test_a_circle_is_refused(edges: dict[Address, list[Address]]) -> None:
    with pytest.raises(ManifestError, match="in a circle"):
        in_dependency_order(edges)


def test_a_circle_is_named_by_its_members() -> None:
    with pytest.raises(ManifestError) as caught:
        in_dependency_order({D: [A], A: [B], B: [A]})
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "dependency-cycle"
    assert {A, B} <= set(diagnostic.summary.replace("->", " ").split())


def test_a_closure_holds_its_start_and_all_that_is_reached() -> None:
    assert closure([A], {A: [B], B: [C], D: [A]}) == {A, B, C}


def test_a_closure_of_a_circle_ends() -> None:
    assert closure([A], {A: [B], B: [A]}) == {A, B}


def test_edges_are_reversed() -> None:
    assert reversed_edges({A: [C], B: [C], C: []}) == {A: [], B: [], C: [A, B]}


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=10, max_size=10))
def test_every_graph_without_circles_is_ordered(picked: list[list[int]]) -> None:
    names = [Address(f"n{number}.flow") for number in range(10)]
    edges = {names[place]: [names[other] for other in others if other < place] for place, others in enumerate(picked)}
    order = in_dependency_order(edges)
    assert sorted(order) == sorted(names)
    assert all(order.index(needed) < order.index(address) for address, needs in edges.items() for needed in needs)
