"""The nodes of an expression. Each has the place of its text: `start`, and `end`, which is exclusive.

They are named tuples, because a run makes tens of thousands of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal


class Literal(NamedTuple):
    """A number, string, boolean or null."""

    start: int
    end: int
    value: str | int | float | Decimal | bool | None


class Field(NamedTuple):
    """A name at the beginning of a path. Inside `${}` an unescaped dot may be part of it or separate a path."""

    start: int
    end: int
    name: str
    wrapped: bool = False


class Member(NamedTuple):
    """`target.name`"""

    start: int
    end: int
    target: Node
    name: str


class Index(NamedTuple):
    """`target[key]`"""

    start: int
    end: int
    target: Node
    key: Node


class Call(NamedTuple):
    """`name(arguments)`; the name begins at `start`."""

    start: int
    end: int
    name: str
    arguments: tuple[Node, ...]


class Method(NamedTuple):
    """`target.name(arguments)`"""

    start: int
    end: int
    target: Node
    name: str
    arguments: tuple[Node, ...]
    name_start: int


class Lambda(NamedTuple):
    """`x -> body` or `(x, y) -> body`"""

    start: int
    end: int
    parameters: tuple[str, ...]
    body: Node


class Unary(NamedTuple):
    """Prefix operators in front of an operand, the outermost first."""

    start: int
    end: int
    operators: tuple[str, ...]
    operand: Node


class Chain(NamedTuple):
    """Operators of one precedence from left to right: `1 + 2 - 3` is a first operand and two steps."""

    start: int
    end: int
    first: Node
    steps: tuple[tuple[str, Node], ...]


class Choice(NamedTuple):
    """`a ? b : c`, `a ?: b`, `a ?? b` and chains of them; a branch is (operator, condition, value)."""

    start: int
    end: int
    branches: tuple[tuple[str, Node, Node | None], ...]
    otherwise: Node


class Array(NamedTuple):
    """`[1, 2]`"""

    start: int
    end: int
    items: tuple[Node, ...]


class Set(NamedTuple):
    """`{1, 2}`"""

    start: int
    end: int
    items: tuple[Node, ...]


class Map(NamedTuple):
    """`{"a": 1}`"""

    start: int
    end: int
    entries: tuple[tuple[Node, Node], ...]


class Template(NamedTuple):
    """A string in back-ticks; its parts are joined."""

    start: int
    end: int
    parts: tuple[str | Node, ...]


Node: TypeAlias = (
    Literal | Field | Member | Index | Call | Method | Lambda | Unary | Chain | Choice | Array | Set | Map | Template
)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node, in the order of the text."""
    match node:
        case Member(target=target):
            yield target
        case Index(target=target, key=key):
            yield from (target, key)
        case Call(arguments=arguments):
            yield from arguments
        case Method(target=target, arguments=arguments):
            yield from (target, *arguments)
        case Lambda(body=body):
            yield body
        case Unary(operand=operand):
            yield operand
        case Chain(first=first, steps=steps):
            yield from (first, *(operand for _, operand in steps))
        case Choice(branches=branches, otherwise=otherwise):
            for _, condition, value in branches:
                yield from (condition,) if value is None else (condition, value)
            yield otherwise
        case Array(items=items) | Set(items=items):
            yield from items
        case Map(entries=entries):
            for entry in entries:
                yield from entry
        case Template(parts=parts):
            yield from (part for part in parts if not isinstance(part, str))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all nodes below it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(list(children(found))))
