"""What an expression reads of a record, and the functions that it calls, as far as its text tells."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.parser import parse
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.tree import Call, Chain, Field, Lambda, Member, Node, children, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_BY_ATTRIBUTE = "object_to_map"
"""A function whose second argument may be the name of an attribute of items, written like a column."""


@lru_cache(maxsize=2048)
def columns_of(text: str) -> tuple[Field, ...]:
    """Return the names at the beginnings of paths into the record, in the order of the text.

    Parameters of lambdas and attributes of items are not among them. An expression with an error reads nothing.
    """
    try:
        return tuple(_columns(parse(text), frozenset()))
    except (ExpressionError, RecursionError):
        return ()


@lru_cache(maxsize=2048)
def calls_of(text: str) -> tuple[Call, ...]:
    """Return the calls of functions, in the order of the text. An expression with an error calls none."""
    try:
        return tuple(node for node in walk(parse(text)) if isinstance(node, Call))
    except ExpressionError:
        return ()


@lru_cache(maxsize=2048)
def subtractions_of(text: str) -> tuple[tuple[int, int], ...]:
    """Return the places of all that looks like a name with hyphens: `a-b`, which subtracts."""
    try:
        chains = [node for node in walk(parse(text)) if isinstance(node, Chain)]
    except ExpressionError:
        return ()
    return tuple(place for chain in chains for place in _hyphened(chain))


def _columns(node: Node, shadowed: frozenset[str]) -> Iterator[Field]:
    if isinstance(node, Field):
        if node.wrapped or node.name not in shadowed:
            yield node
        return
    if isinstance(node, Lambda):
        shadowed |= frozenset(node.parameters)
    below = children(node)
    if isinstance(node, Call) and node.name == _BY_ATTRIBUTE and len(node.arguments) == 2:
        below = iter(node.arguments[:1])
    for child in below:
        yield from _columns(child, shadowed)


def _hyphened(chain: Chain) -> Iterator[tuple[int, int]]:
    """The longest runs first: `a-b-c` may be one name, or one of two."""
    operands = [chain.first, *(operand for _, operand in chain.steps)]
    signs = [operator for operator, _ in chain.steps]
    for length in range(len(operands), 1, -1):
        for begin in range(len(operands) - length + 1):
            run = operands[begin : begin + length]
            if set(signs[begin : begin + length - 1]) == {"-"} and isinstance(run[0], Field | Member):
                yield run[0].start, run[-1].end
