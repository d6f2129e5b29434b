"""Operators and choices, compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.operands import same, strict_truth, truth
from flowctl.dataprep.operators import OPERATORS, PREFIXES
from flowctl.dataprep.problem import PYTHON_ERRORS, ExpressionError, located
from flowctl.dataprep.tree import Chain, Choice, Literal, Unary

if TYPE_CHECKING:
    from flowctl.dataprep.lambdas import Compile
    from flowctl.dataprep.types import Program, Record, Value


def chain(node: Chain, compile_: Compile) -> Program:
    """Return the program of operators of one precedence."""
    operators = {operator for operator, _ in node.steps}
    first = compile_(node.first)
    if operators <= {"&&", "||"}:
        return _logic(node, first, compile_)
    if len(node.steps) == 1:
        return _operation(node, first, compile_)
    steps = [(OPERATORS[operator], compile_(operand)) for operator, operand in node.steps]

    def run(record: Record) -> Value:
        try:
            value = first(record)
            for operate, operand in steps:
                value = operate(value, operand(record))
        except PYTHON_ERRORS as error:
            raise located(error, node.start, node.end, "The operation") from None
        return value

    return run


def _operation(node: Chain, first: Program, compile_: Compile) -> Program:
    ((operator, operand),) = node.steps
    if operator in ("==", "!=") and isinstance(operand, Literal):
        return _comparison(first, operand.value, node, equal=operator == "==")
    operate, second = OPERATORS[operator], compile_(operand)

    def run(record: Record) -> Value:
        try:
            return operate(first(record), second(record))
        except PYTHON_ERRORS as error:
            raise located(error, node.start, node.end, "The operation") from None

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
            value = condition(record)
            if value is not None if operator == "??" else truth(value):
                return value if chosen is None else chosen(record)
        return otherwise(record)

    return run


def unary(node: Unary, compile_: Compile) -> Program:
    """Return the program of prefix operators."""
    operand = compile_(node.operand)
    prefixes = [PREFIXES[operator] for operator in reversed(node.operators)]

    def run(record: Record) -> Value:
        value = operand(record)
        try:
            for prefix in prefixes:
                value = prefix(value)
        except PYTHON_ERRORS as error:
            raise located(error, node.start, node.end, "The operation") from None
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
