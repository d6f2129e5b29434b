"""Orders and closures over resources that depend on each other."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from flowctl.model.address import Address
from flowctl.model.errors import ManifestError


def in_dependency_order(depends_on: Mapping[Address, Iterable[Address]]) -> list[Address]:
    """Addresses so that each comes right after what it depends on, otherwise in the order given.

    Dependencies that are not keys themselves are left out. Raises ManifestError for a cycle, naming its members.
    """
    edges = {
        address: sorted(dependency for dependency in dependencies if dependency in depends_on)
        for address, dependencies in depends_on.items()
    }
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        members = " -> ".join(str(member) for member in error.args[1])
        raise ManifestError.because(
            "dependency-cycle", f"resources depend on each other in a circle: {members}"
        ) from error
    order: dict[Address, None] = {}
    for address in edges:
        _visit(address, edges, order)
    return list(order)


def _visit(address: Address, edges: Mapping[Address, Iterable[Address]], order: dict[Address, None]) -> None:
    if address not in order:
        for dependency in edges[address]:
            _visit(dependency, edges, order)
        order[address] = None


def closure(start: Iterable[Address], edges: Mapping[Address, Iterable[Address]]) -> frozenset[Address]:
    """`start` and everything that can be reached from it."""
    reached: set[Address] = set()
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        if address not in reached:
            reached.add(address)
            waiting.extend(edges.get(address, ()))
    return frozenset(reached)


def reversed_edges(edges: Mapping[Address, Iterable[Address]]) -> dict[Address, list[Address]]:
    """For each address, what depends on it."""
    reverse: dict[Address, list[Address]] = {address: [] for address in edges}
    for address, dependencies in edges.items():
        for dependency in dependencies:
            reverse.setdefault(dependency, []).append(address)
    return reverse
