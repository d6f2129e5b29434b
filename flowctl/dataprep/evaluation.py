"""The value of an expression for one source record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flowctl.dataprep.functions import FUNCTIONS, METHODS, known_names
from flowctl.dataprep.operators import OPERATORS, number, truth
from flowctl.dataprep.parser import Node, parse
from flowctl.dataprep.tokens import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Scope:
    """What names mean: the record, and the parameters of lambdas around."""

    record: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """Return a field or parameter; a missing one is null."""
        return self.parameters[name] if name in self.parameters else self.record.get(name)


@lru_cache(maxsize=1024)
def checked(text: str) -> Node:
    """Return the tree of an expression whose functions all exist. Raises `ExpressionError`."""
    tree = parse(text)
    for name in _called(tree):
        if name not in known_names():
            raise ExpressionError(f"There is no function {name}.")
    return tree


def evaluate(text: str, record: Mapping[str, Any]) -> Any:
    """Return the value of an expression. Raises `ExpressionError` where it has none."""
    try:
        return _value(checked(text), Scope(record))
    except ExpressionError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, ArithmeticError, AttributeError, re.error) as error:
        raise ExpressionError(f"The evaluation failed: {error}") from None


def _called(tree: Any) -> list[str]:
    if isinstance(tree, tuple | list):
        names = [str(tree[1])] if isinstance(tree, tuple) and tree and tree[0] == "call" else []
        return names + [name for part in tree for name in _called(part)]
    return []


def _value(tree: Node, scope: Scope) -> Any:
    return _NODES[tree[0]](tree, scope)


def _call(tree: Node, scope: Scope) -> Any:
    name, arguments = tree[1], tree[2]
    if name == "iif":
        if len(arguments) != 3:
            raise ExpressionError("iif takes three arguments.")
        return _value(arguments[1 if truth(_value(arguments[0], scope)) else 2], scope)
    if name == "object_to_map" and len(arguments) == 2 and arguments[1][0] == "name":
        # The second argument is the name of the attribute that holds the key, and not a field of the record.
        arguments = [arguments[0], ("value", arguments[1][1])]
    function = FUNCTIONS.get(name)
    if function is None:
        raise ExpressionError(f"The function {name} cannot be evaluated here.")
    return function(*(_value(argument, scope) for argument in arguments))


def _method(tree: Node, scope: Scope) -> Any:
    method = METHODS.get(tree[2])
    if method is None:
        raise ExpressionError(f"There is no method {tree[2]}.")
    return method(_value(tree[1], scope), *(_value(argument, scope) for argument in tree[3]))


def _member(tree: Node, scope: Scope) -> Any:
    holder = _value(tree[1], scope)
    return holder.get(tree[2]) if isinstance(holder, dict) else None


def _index(tree: Node, scope: Scope) -> Any:
    holder, key = _value(tree[1], scope), _value(tree[2], scope)
    if isinstance(holder, list) and isinstance(key, int):
        return holder[key] if -len(holder) <= key < len(holder) else None
    return holder.get(key) if isinstance(holder, dict) else None


def _lambda(tree: Node, scope: Scope) -> Callable[[Any], Any]:
    return lambda argument: _value(tree[2], Scope(scope.record, {**scope.parameters, tree[1]: argument}))


def _unary(tree: Node, scope: Scope) -> Any:
    value = _value(tree[2], scope)
    if tree[1] == "!":
        return not truth(value)
    if tree[1] == "~":
        return ~int(number(value))
    return -number(value) if tree[1] == "-" else number(value)


def _binary(tree: Node, scope: Scope) -> Any:
    operator, left = tree[1], _value(tree[2], scope)
    if operator in ("&&", "||"):
        decided = truth(left) == (operator == "||")
        return truth(left) if decided else truth(_value(tree[3], scope))
    right = _value(tree[3], scope)
    return OPERATORS[operator](left, right)


_NODES: dict[str, Callable[[Node, Scope], Any]] = {
    "value": lambda tree, _: tree[1],
    "name": lambda tree, scope: scope.value(tree[1]),
    "call": _call,
    "method": _method,
    "member": _member,
    "index": _index,
    "lambda": _lambda,
    "unary": _unary,
    "binary": _binary,
    "choice": lambda tree, scope: _value(tree[2] if truth(_value(tree[1], scope)) else tree[3], scope),
    "default": lambda tree, scope: (
        left if (left := _value(tree[2], scope)) not in (None, "") else _value(tree[3], scope)
    ),
    "array": lambda tree, scope: [_value(item, scope) for item in tree[1]],
    "map": lambda tree, scope: {str(_value(key, scope)): _value(item, scope) for key, item in tree[1]},
}
