"""A place among the tokens of an expression, and what is said where another token was expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.tokens import ASSIGNMENTS, Token

if TYPE_CHECKING:
    from collections.abc import Container

DEEPEST = 100


class TokenCursor:
    """Takes tokens from left to right and counts the levels of nesting."""

    def __init__(self, found: list[Token], depth: int) -> None:
        self._tokens = found
        self._index = 0
        self._depth = depth

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    @property
    def _end(self) -> int:
        return self._tokens[self._index - 1].end

    def _unexpected(self) -> ExpressionError:
        token = self._next
        if token.kind == "end":
            return ExpressionError("The expression ends too early.", "expression-syntax", token.start, token.end)
        if token.kind == "operator" and token.value in ASSIGNMENTS:
            return ExpressionError(
                "Assignments and statements are not expressions.", "expression-statement", token.start, token.end
            )
        what = f"string {token.value!r}" if token.kind == "string" else token.value
        return ExpressionError(f"Unexpected {what}", "expression-syntax", token.start, token.end)

    def _deeper(self, levels: int = 1) -> None:
        self._depth += levels
        if self._depth > DEEPEST:
            token = self._next
            raise ExpressionError(
                f"The expression is nested more than {DEEPEST} levels deep.",
                "expression-syntax",
                token.start,
                token.end,
            )

    def _is(self, operator: str) -> bool:
        token = self._tokens[self._index]
        return token.value == operator and token.kind == "operator"

    def _take(self, operator: str) -> bool:
        token = self._tokens[self._index]
        if token.value != operator or token.kind != "operator":
            return False
        self._index += 1
        return True

    def _take_one(self, operators: Container[str]) -> str | None:
        """Take the next token if it is one of some operators, and return which."""
        token = self._tokens[self._index]
        if token.kind != "operator" or token.value not in operators:
            return None
        self._index += 1
        return str(token.value)

    def _need(self, operator: str) -> None:
        if not self._take(operator):
            raise self._unexpected()
