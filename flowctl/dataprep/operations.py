"""Operators and choices, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.operands import same, strict_truth, truth
from flowctl.dataprep.operators import OPERATORS, PREFIXES
from flowctl.dataprep.problem import NULL_OPERAND, PYTHON_ERRORS, ExpressionError, located
from flowctl.dataprep.tree import Chain, Choice, Field, Literal, Node, Unary

if TYPE_CHECKING:
    from flowctl.dataprep.lambdas import Compile
    from flowctl.dataprep.types import Program, Record, Value


# Problems that `? :`, `?:` and `??` take for a null: one inside a record, and a member that is not there. A column that
# is missing altogether, or null, stays a problem where an operator needs a value, as in JEXL.
_AS_NULL = frozenset({NULL_OPERAND, "no-such-member"})


def _columns(operands: list[Node], compile_: Compile) -> list[Program]:
    """Return the programs of the operands that are a column or a parameter of a lambda, and not a path."""
    return [compile_(operand) for operand in operands if isinstance(operand, Field)]


def _failed(error: Exception, node: Chain | Unary, columns: list[Program], record: Record) -> ExpressionError:
    found = located(error, node.start, node.end, "The operation")
    if found.problem.code == NULL_OPERAND and any(column(record) is None for column in columns):
        return ExpressionError(found.problem.message, "null-column", found.problem.start, found.problem.end)
    return found


def chain(node: Chain, compile_: Compile) -> Program:
    """Return the program of operators of one precedence."""
    operators = {operator for operator, _ in node.steps}
    first = compile_(node.first)
    if operators <= {"&&", "||"}:
        return _logic(node, first, compile_)
    if len(node.steps) == 1:
        return _operation(node, first, compile_)
    steps = [(OPERATORS[operator], compile_(operand)) for operator, operand in node.steps]
    columns = _columns([node.first, *(operand for _, operand in node.steps)], compile_)

    def run(record: Record) -> Value:
        try:
            value = first(record)
            for operate, operand in steps:
                value = operate(value, operand(record))
        except PYTHON_ERRORS as error:
            raise _failed(error, node, columns, record) from None
        return value

    return run


def _operation(node: Chain, first: Program, compile_: Compile) -> Program:
    ((operator, operand),) = node.steps
    if operator in ("==", "!=") and isinstance(operand, Literal):
        return _comparison(first, operand.value, node, equal=operator == "==")
    operate, second = OPERATORS[operator], compile_(operand)
    columns = _columns([node.first, operand], compile_)

    def run(record: Record) -> Value:
        try:
            return operate(first(record), second(record))
        except PYTHON_ERRORS as error:
            raise _failed(error, node, columns, record) from None

    return run


def _logic(node: Chain, first: Program, compile_: Compile) -> Program:
    decided = node.steps[0][0] == "||"
    programs = [first, *(compile_(operand) for _, operand in node.steps)]

    def run(record: Record) -> Value:
        try:
            for program in programs:
                value = program(record)
                if (value if type(value) is bool else strict_truth(value)) is decided:
                    return decided
        except PYTHON_ERRORS as error:
            raise located(error, node.start, node.end, "The condition") from None
        return not decided

    return run


def choice(node: Choice, compile_: Compile) -> Program:
    """Return the program of `? :`, `?:` and `??`."""
    branches = [
        (operator, compile_(condition), None if value is None else compile_(value))
        for operator, condition, value in node.branches
    ]
    otherwise = compile_(node.otherwise)

    def run(record: Record) -> Value:
        for operator, condition, chosen in branches:
            try:
                value = condition(record)
            except ExpressionError as error:
                if error.problem.code not in _AS_NULL:
                    raise
                value = None
            if value is not None if operator == "??" else truth(value):
                return value if chosen is None else chosen(record)
        return otherwise(record)

    return run


def unary(node: Unary, compile_: Compile) -> Program:
    """Return the program of prefix operators."""
    operand = compile_(node.operand)
    prefixes = [PREFIXES[operator] for operator in reversed(node.operators)]
    columns = _columns([node.operand], compile_)
    forgiving = node.operators[-1] in ("empty", "size")

    def run(record: Record) -> Value:
        try:
            value = operand(record)
        except ExpressionError as error:
            # What has no value is empty, and its size is 0.
            if not forgiving or error.problem.code == "expression-budget":
                raise
            value = None
        try:
            for prefix in prefixes:
                value = prefix(value)
        except PYTHON_ERRORS as error:
            raise _failed(error, node, columns, record) from None
        return value

    return run


def _comparison(first: Program, value: Value, place: Chain, *, equal: bool) -> Program:
    """Return the comparison with a literal, the most common condition of all."""
    if value is None:
        return (lambda record: first(record) is None) if equal else (lambda record: first(record) is not None)

    def run(record: Record) -> Value:
        found = first(record)
        try:
            return (found == value if type(found) is str and type(value) is str else same(found, value)) is equal
        except ExpressionError as error:
            raise located(error, place.start, place.end, "The comparison") from None

    return run
