"""What an expression may give, as far as its text tells: the parts that can be its value, and their types."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.parser import parse
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.signatures import signatures
from flowctl.dataprep.tree import Array, Call, Choice, Literal, Map, Node, Template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal


@lru_cache(maxsize=2048)
def results_of(text: str) -> tuple[tuple[Node, str | None], ...]:
    """Return the parts of an expression that may be its value, with their types; none of one with an error."""
    try:
        return tuple((part, type_of(part)) for part in outcomes(parse(text)))
    except ExpressionError:
        return ()


def outcomes(node: Node) -> Iterator[Node]:
    """Yield each part of an expression that may be its value: the branches of a condition, else the whole."""
    match node:
        case Choice(branches=branches, otherwise=otherwise):
            for _, condition, value in branches:
                yield from outcomes(condition if value is None else value)
            yield from outcomes(otherwise)
        case Call(name="iif", arguments=(_, when, otherwise)):
            yield from outcomes(when)
            yield from outcomes(otherwise)
        case Call(name="decode", arguments=(_, *options)):
            values = options[1::2] if len(options) % 2 == 0 else [*options[1::2], options[-1]]
            for value in values:
                yield from outcomes(value)
        case _:
            yield node


def type_of(node: Node) -> str | None:
    """Return the type of a value in the words of the signatures; None where only a record can tell."""
    match node:
        case Literal(value=value):
            return _literal_type(value)
        case Call(name=name):
            signature = signatures().get(name)
            return None if signature is None or signature.returns == "any" else signature.returns
        case Array():
            return "array"
        case Map():
            return "map"
        case Template():
            return "string"
    return None


def _literal_type(value: str | int | float | Decimal | bool | None) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    return "integer" if isinstance(value, int) else "decimal"
