"""What is wrong with an expression: a stable code, a sentence, the place and, where known, the nearest name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Problem(NamedTuple):
    """One problem. `start` and `end` count characters of the expression; `end` is exclusive."""

    code: str
    message: str
    start: int | None = None
    end: int | None = None
    nearest: str | None = None

    def __str__(self) -> str:
        """Return the message with the place, counted from 1, and the nearest name."""
        nearest = f" Did you mean {self.nearest}?" if self.nearest else ""
        if self.start is None:
            return f"{self.message}{nearest}"
        stop = "." if self.message.endswith(".") else ""
        return f"{self.message.removesuffix(stop)} (at character {self.start + 1}){stop}{nearest}"


class ExpressionError(ValueError):
    """A text is not an expression, or an expression has no value for a record."""

    def __init__(
        self,
        message: str,
        code: str = "evaluation-failed",
        start: int | None = None,
        end: int | None = None,
        nearest: str | None = None,
    ) -> None:
        self.problem = Problem(code, message, start, end, nearest)
        super().__init__(str(self.problem))

    def at(self, start: int, end: int) -> ExpressionError:
        """Return this error with a place, unless it has one."""
        found = self.problem
        if found.start is not None:
            return self
        return ExpressionError(found.message, found.code, start, end, found.nearest)


# A null where an operator needs a value.
NULL_OPERAND = "null-operand"
# What a function raises on values that it cannot take. What Python says about them is not told to anyone.
PYTHON_ERRORS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


def located(error: Exception, start: int, end: int, what: str) -> ExpressionError:
    """Return an error with the place of a part of an expression, unless it has the place of an inner part."""
    if isinstance(error, ExpressionError):
        return error.at(start, end)
    return ExpressionError(f"{what} cannot be evaluated for these values.", "evaluation-failed", start, end)


def nearest_name(name: str, names: Iterable[str]) -> str | None:
    """Return the name that a misspelled one most likely stands for."""
    from difflib import get_close_matches  # most names are right

    folded = {known.lower(): known for known in names}
    found = get_close_matches(name.lower(), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def utf16_offset(text: str, position: int) -> int:
    """Return a position as editors and Java count it: in UTF-16 code units."""
    return position + sum(character > "\uffff" for character in text[:position])
