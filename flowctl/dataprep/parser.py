"""From tokens to a tree of nested tuples: `("call", name, args)`, `("binary", operator, left, right)` and so on."""

from __future__ import annotations

from typing import Any

from flowctl.dataprep.tokens import ExpressionError, Token, tokens

Node = tuple[Any, ...]
DEEPEST = 60
_BINDING = {
    "||": 2,
    "&&": 3,
    "|": 4,
    "^": 5,
    "&": 6,
    "==": 7,
    "!=": 7,
    "<": 8,
    ">": 8,
    "<=": 8,
    ">=": 8,
    "=~": 8,
    "!~": 8,
    "=^": 8,
    "=$": 8,
    "+": 9,
    "-": 9,
    "*": 10,
    "/": 10,
    "%": 10,
}
_NOT_CHAINED = frozenset({7, 8})
_UNARY = 11


def parse(text: str) -> Node:
    """Return the tree of one expression. Raises `ExpressionError`."""
    parser = _Parser(tokens(text))
    tree = parser.expression()
    parser.expect_end()
    return tree


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._index = 0
        self._depth = 0

    def expect_end(self) -> None:
        if self._next.kind != "end":
            raise self._unexpected()

    def expression(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("The expression is nested too deeply.")
        tree = self._ternary()
        self._depth -= 1
        return tree

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _unexpected(self) -> ExpressionError:
        token = self._next
        what = "the end" if token.kind == "end" else repr(token.value)
        return ExpressionError(f"Unexpected {what} at position {token.position}.")

    def _take(self, *operators: str) -> str | None:
        token = self._next
        if token.kind == "operator" and token.value in operators:
            self._index += 1
            return str(token.value)
        return None

    def _need(self, operator: str) -> None:
        if self._take(operator) is None:
            raise self._unexpected()

    def _ternary(self) -> Node:
        condition = self._binary(2)
        operator = self._take("?", "?:", "??")
        if operator is None:
            return condition
        if operator != "?":
            return ("default", operator, condition, self.expression())
        chosen = self.expression()
        self._need(":")
        return ("choice", condition, chosen, self.expression())

    def _binary(self, least: int) -> Node:
        left = self._prefix()
        while self._next.kind == "operator" and (power := _BINDING.get(str(self._next.value), 0)) >= least:
            operator = str(self._next.value)
            self._index += 1
            right = self._binary(power + 1)
            left = ("binary", operator, left, right)
            if power in _NOT_CHAINED and _BINDING.get(str(self._next.value), 0) == power:
                raise self._unexpected()
        return left

    def _prefix(self) -> Node:
        operator = self._take("-", "+", "!", "~")
        if operator is None:
            return self._postfix(self._primary())
        self._depth += 1
        if self._depth > DEEPEST:
            raise ExpressionError("The expression is nested too deeply.")
        tree = ("unary", operator, self._prefix())
        self._depth -= 1
        return tree

    def _primary(self) -> Node:
        token = self._next
        self._index += 1
        if token.kind in ("number", "string", "literal"):
            return ("value", token.value)
        if token.kind == "name":
            if self._take("->"):
                return ("lambda", token.value, self.expression())
            if self._take("("):
                return ("call", token.value, self._list(")"))
            return ("name", token.value)
        self._index -= 1
        if self._take("("):
            tree = self.expression()
            self._need(")")
            return tree
        if self._take("["):
            return ("array", self._list("]"))
        if self._take("{"):
            return ("map", self._entries())
        raise self._unexpected()

    def _postfix(self, tree: Node) -> Node:
        while True:
            if self._take(".", "?."):
                token = self._next
                if token.kind not in ("name", "string"):
                    raise self._unexpected()
                self._index += 1
                if self._take("("):
                    tree = ("method", tree, token.value, self._list(")"))
                else:
                    tree = ("member", tree, token.value)
            elif self._take("["):
                tree = ("index", tree, self.expression())
                self._need("]")
            else:
                return tree

    def _list(self, closing: str) -> list[Node]:
        items: list[Node] = []
        if self._take(closing):
            return items
        while True:
            items.append(self.expression())
            if self._take(closing):
                return items
            self._need(",")

    def _entries(self) -> list[tuple[Node, Node]]:
        entries: list[tuple[Node, Node]] = []
        if self._take("}"):
            return entries
        if self._take(":"):
            self._need("}")
            return entries
        while True:
            key = self._binary(2)
            self._need(":")
            entries.append((key, self.expression()))
            if self._take("}"):
                return entries
            self._need(",")
