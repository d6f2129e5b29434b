"""From tokens to a tree."""

from __future__ import annotations

import re
from functools import lru_cache

from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.token_cursor import TokenCursor
from flowctl.dataprep.tokens import Token, tokens, unescaped
from flowctl.dataprep.tree import (
    Array,
    Call,
    Chain,
    Choice,
    Field,
    Index,
    Lambda,
    Literal,
    Map,
    Member,
    Method,
    Node,
    Set,
    Template,
    Unary,
)

_BINDING: dict[object, int] = {
    **dict.fromkeys(("||",), 2),
    **dict.fromkeys(("&&",), 3),
    **dict.fromkeys(("|",), 4),
    **dict.fromkeys(("^",), 5),
    **dict.fromkeys(("&",), 6),
    **dict.fromkeys(("==", "!=", ".."), 7),
    **dict.fromkeys(("<", ">", "<=", ">=", "=~", "!~", "=^", "!^", "=$", "!$"), 8),
    **dict.fromkeys(("+", "-"), 9),
    **dict.fromkeys(("*", "/", "%"), 10),
}
_LOWEST = 2
_NOT_CHAINED = frozenset({7, 8})
_PREFIXES = frozenset({"-", "+", "!", "~", "empty", "size"})
_CHOICES = frozenset({"?", "?:", "??"})
_MEMBERS = frozenset({".", "?."})
_POSTFIXES = frozenset({".", "?.", "["})
_INSERT = re.compile(r"[$#]\{([^{}]*)\}")


@lru_cache(maxsize=2048)
def parse(text: str) -> Node:
    """Return the tree of one expression; an empty one is null. Raises `ExpressionError` at a place."""
    try:
        return _Parser(tokens(text), 0).whole()
    except RecursionError:
        raise ExpressionError("The expression is nested too deeply.", "expression-syntax", 0, len(text)) from None


class _Parser(TokenCursor):
    def whole(self) -> Node:
        if self._next.kind == "end":
            return Literal(0, 0, None)
        tree = self._expression()
        if self._next.kind != "end":
            raise self._unexpected()
        return tree

    def _expression(self) -> Node:
        self._deeper()
        tree = self._choice()
        self._depth -= 1
        return tree

    def _choice(self) -> Node:
        start = self._next.start
        branches: list[tuple[str, Node, Node | None]] = []
        while True:
            condition = self._binary(_LOWEST)
            operator = self._take_one(_CHOICES)
            if operator is None:
                return Choice(start, self._end, tuple(branches), condition) if branches else condition
            value = None
            if operator == "?":
                value = self._expression()
                self._need(":")
            branches.append((operator, condition, value))

    def _binary(self, least: int) -> Node:
        start = self._next.start
        left = self._prefix()
        while (power := self._power()) >= least:
            steps: list[tuple[str, Node]] = []
            while self._power() == power:
                if steps and power in _NOT_CHAINED:
                    raise self._unexpected()
                operator = str(self._next.value)
                self._index += 1
                steps.append((operator, self._binary(power + 1)))
            left = Chain(start, self._end, left, tuple(steps))
        return left

    def _power(self) -> int:
        token = self._tokens[self._index]
        return _BINDING.get(token.value, 0) if token.kind == "operator" else 0

    def _prefix(self) -> Node:
        token = self._tokens[self._index]
        if token.kind != "operator" or token.value not in _PREFIXES:
            return self._postfix(self._primary())
        start = token.start
        operators: list[str] = []
        while (operator := self._take_one(_PREFIXES)) is not None:
            operators.append(operator)
        self._deeper(len(operators))
        operand = self._postfix(self._primary())
        self._depth -= len(operators)
        return Unary(start, self._end, tuple(operators), operand)

    def _primary(self) -> Node:
        token = self._next
        start = token.start
        self._index += 1
        if token.kind in ("number", "string", "literal"):
            return Literal(start, token.end, token.value)
        if token.kind == "template":
            return self._template(token)
        if token.kind == "wrapped":
            return Field(start, token.end, str(token.value), wrapped=True)
        if token.kind == "name":
            return self._name(token)
        self._index -= 1
        if self._is_parameters():
            return self._lambda(start, self._parameters())
        if self._take("("):
            tree = self._expression()
            self._need(")")
            return tree
        if self._take("["):
            return Array(start, self._end, self._list("]"))
        if self._take("{"):
            return self._braces(start)
        raise self._unexpected()

    def _name(self, token: Token) -> Node:
        name = str(token.value)
        if self._take("->"):
            self._index -= 1
            return self._lambda(token.start, (name,))
        if self._take("("):
            arguments = self._list(")")
            return Call(token.start, self._end, name, arguments)
        return Field(token.start, token.end, name.replace("\\.", "."))

    def _is_parameters(self) -> bool:
        """Return whether `(x, y) ->` comes next."""
        index = self._index
        if not self._is("("):
            return False
        while self._tokens[index].kind != "end" and self._tokens[index].value != ")":
            index += 1
            if self._tokens[index].kind not in ("name", "operator", "end"):
                return False
        after = self._tokens[min(index + 1, len(self._tokens) - 1)]
        return after.kind == "operator" and after.value == "->"

    def _parameters(self) -> tuple[str, ...]:
        self._need("(")
        names: list[str] = []
        while not self._take(")"):
            if names:
                self._need(",")
            if self._next.kind != "name":
                raise self._unexpected()
            names.append(str(self._next.value))
            self._index += 1
        return tuple(names)

    def _lambda(self, start: int, parameters: tuple[str, ...]) -> Node:
        self._need("->")
        braces = self._take("{")
        body = self._expression()
        if braces:
            self._need("}")
        return Lambda(start, self._end, parameters, body)

    def _postfix(self, tree: Node) -> Node:
        while True:
            token = self._tokens[self._index]
            if token.kind != "operator" or token.value not in _POSTFIXES:
                return tree
            start = tree.start
            self._index += 1
            if token.value in _MEMBERS:
                token = self._next
                if token.kind not in ("name", "string", "wrapped") and not isinstance(token.value, int):
                    raise self._unexpected()
                self._index += 1
                name = str(token.value)
                if self._take("("):
                    arguments = self._list(")")
                    tree = Method(start, self._end, tree, name, arguments, token.start)
                else:
                    tree = Member(start, self._end, tree, name.replace("\\.", "."))
            else:
                if self._is("*"):
                    token = self._next
                    raise ExpressionError(
                        "`[*]` belongs in the paths of a mapping, not in an expression.",
                        "wildcard-in-expression",
                        token.start - 1,
                        token.end + 1,
                    )
                key = self._expression()
                self._need("]")
                tree = Index(start, self._end, tree, key)

    def _list(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if self._take(closing):
            return ()
        while True:
            items.append(self._expression())
            if self._take(closing):
                return tuple(items)
            self._need(",")

    def _braces(self, start: int) -> Node:
        if self._take("}"):
            return Set(start, self._end, ())
        if self._take(":"):
            self._need("}")
            return Map(start, self._end, ())
        first = self._entry_part()
        if not self._is(":"):
            items = [first]
            while not self._take("}"):
                self._need(",")
                items.append(self._entry_part())
            return Set(start, self._end, tuple(items))
        entries: list[tuple[Node, Node]] = []
        while True:
            self._need(":")
            entries.append((first, self._expression()))
            if self._take("}"):
                return Map(start, self._end, tuple(entries))
            self._need(",")
            first = self._entry_part()

    def _entry_part(self) -> Node:
        self._deeper()
        tree = self._choice()
        self._depth -= 1
        return tree

    def _template(self, token: Token) -> Node:
        text = str(token.value)
        parts: list[str | Node] = []
        position = 0
        for match in _INSERT.finditer(text):
            parts.append(_plain(text[position : match.start()]))
            parts.append(self._inserted(match, token.start + 1))
            position = match.end()
        parts.append(_plain(text[position:]))
        return Template(token.start, token.end, tuple(part for part in parts if part != ""))

    def _inserted(self, match: re.Match[str], offset: int) -> Node:
        # The inner text is padded to its own place, so that its nodes and problems have the right one.
        inner = " " * (offset + match.start(1)) + match[1]
        return _Parser(tokens(inner), self._depth + 1).whole()


def _plain(text: str) -> str:
    return unescaped(f"`{text}`")
