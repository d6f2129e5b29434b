"""Orders and closures over resources that depend on each other."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from flowctl.model.address import Address
from flowctl.model.errors import ManifestError

Key = TypeVar("Key", bound=str)


def in_dependency_order(depends_on: Mapping[Address, Iterable[Address]]) -> list[Address]:
    """Addresses so that each comes right after what it depends on, otherwise in the order given.

    Dependencies that are not keys themselves are left out. Raises ManifestError for a cycle, naming its members.
    """
    order: dict[Address, None] = {}
    for address, needed in depends_on.items():
        if address in order:
            continue
        if all(map(order.__contains__, needed)):  # nearly always: what others need is expanded before them
            order[address] = None
        else:
            _visit(address, depends_on, order, [])
    return list(order)


def _visit(
    address: Address,
    depends_on: Mapping[Address, Iterable[Address]],
    order: dict[Address, None],
    under_way: list[Address],
) -> None:
    """Add what an address depends on, then itself; `under_way` are its users, of which none may come again."""
    if address in under_way:
        members = " -> ".join([*under_way[under_way.index(address) :], address])
        raise ManifestError.because(
            "dependency-cycle",
            f"resources depend on each other in a circle: {members}",
            hint="Remove one of the references.",
        )
    under_way.append(address)
    for dependency in sorted(depends_on[address]):
        if dependency not in order and dependency in depends_on:
            _visit(dependency, depends_on, order, under_way)
    under_way.pop()
    order[address] = None


def closure(start: Iterable[Key], edges: Mapping[Key, Iterable[Key]]) -> frozenset[Key]:
    """`start` and everything that can be reached from it."""
    reached: set[Key] = set()
    waiting = list(start)
    while waiting:
        address = waiting.pop()
        if address not in reached:
            reached.add(address)
            waiting.extend(edges.get(address, ()))
    return frozenset(reached)


def reversed_edges(edges: Mapping[Key, Iterable[Key]]) -> dict[Key, list[Key]]:
    """For each address, what depends on it."""
    reverse: dict[Key, list[Key]] = {address: [] for address in edges}
    for address, dependencies in edges.items():
        for dependency in dependencies:
            reverse.setdefault(dependency, []).append(address)
    return reverse
