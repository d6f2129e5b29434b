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
    compiler = Compiler(used)
    try:
        program = compiler.node(checked(text))
    except RecursionError:
        raise ExpressionError("The expression is nested too deeply.", "expression-syntax", 0, len(text)) from None

    if not compiler.needs_budget:
        return program

    def run(record: Record) -> Value:
        used.begin()
        return program(record)

    return run


def evaluate(text: str, record: Record, runtime: Runtime | None = None) -> Value:
    """Return the value of an expression; a date is a `datetime`. Raises `ExpressionError` where it has none."""
    program = compile_expression(text, runtime)
    try:
        return program(record)
    except (RecursionError, MemoryError):
        raise ExpressionError("The evaluation needs too much memory.", "expression-budget") from None
