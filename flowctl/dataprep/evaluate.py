"""The value of an expression for one source record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.checks import checked
from flowctl.dataprep.compiler import Compiler
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.runtime import Runtime

if TYPE_CHECKING:
    from flowctl.dataprep.types import Program, Record, Value


def compile_expression(text: str, runtime: Runtime | None = None) -> Program:
    """Return what evaluates an expression for a record. Raises `ExpressionError`, now and when it runs.

    Programs of one runtime run one after another, and not at the same time.
    """
    used = runtime or Runtime()
    try:
        program = Compiler(used).node(checked(text))
    except RecursionError:
        raise ExpressionError("The expression is nested too deeply.", "expression-syntax", 0, len(text)) from None

    def run(record: Record) -> Value:
        used.begin()
        try:
            return program(record)
        except RecursionError:
            raise ExpressionError("The evaluation is nested too deeply.", "expression-budget") from None
        except MemoryError:
            raise ExpressionError("The evaluation needs too much memory.", "expression-budget") from None

    return run


def evaluate(text: str, record: Record, runtime: Runtime | None = None) -> Value:
    """Return the value of an expression; a date is a `datetime`. Raises `ExpressionError` where it has none."""
    return compile_expression(text, runtime)(record)
