"""The functions that are more than a function of their arguments: they need the clock, the record or a lambda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.functions import FUNCTIONS
from flowctl.dataprep.operands import strict_truth
from flowctl.dataprep.paths import has_path
from flowctl.dataprep.problem import PYTHON_ERRORS, ExpressionError, located
from flowctl.dataprep.tree import Call, Field, Lambda
from flowctl.dataprep.types import MOST_ITEMS, Value

if TYPE_CHECKING:
    from flowctl.dataprep.lambdas import Compile, Lambdas
    from flowctl.dataprep.runtime import Runtime
    from flowctl.dataprep.types import Program, Record


def special(node: Call, runtime: Runtime, lambdas: Lambdas, compile_: Compile) -> Program | None:
    """Return the program of a call that needs more than its arguments, or None for an ordinary function."""
    match node.name:
        case "now":
            return lambda _: runtime.now()
        case "timestamp":
            return lambda _: int(runtime.now().timestamp() * 1000)
        case "uuid" | "guid":
            return lambda _: runtime.new_id()
        case "iif":
            return _iif(node, compile_)
        case "filterArray" | "transformArray":
            return _each(node, compile_, lambdas)
        case "contains_key" | "is_set":
            return _contains_key(node, compile_)
        case "object_to_map" if len(node.arguments) == 2 and isinstance(node.arguments[1], Field):
            return _keyed_by_attribute(node, node.arguments[1].name, compile_)
    return None


def _iif(node: Call, compile_: Compile) -> Program:
    condition, chosen, otherwise = (compile_(argument) for argument in node.arguments)

    def run(record: Record) -> Value:
        value = condition(record)
        if value is None:
            message = "The condition of iif is null."
            raise ExpressionError(message, "evaluation-failed", node.start, node.end)
        return chosen(record) if strict_truth(value) else otherwise(record)

    return run


def _each(node: Call, compile_: Compile, lambdas: Lambdas) -> Program:
    array, lambda_ = compile_(node.arguments[0]), node.arguments[1]
    assert isinstance(lambda_, Lambda)
    function = lambdas.function(lambda_, compile_)
    keeps = node.name == "filterArray"

    def run(record: Record) -> Value:
        items = array(record)
        if items is None:
            return None
        if not isinstance(items, list) or len(items) > MOST_ITEMS:
            message = f"{node.name} accepts an array of at most {MOST_ITEMS} elements."
            raise ExpressionError(message, "argument-type", node.start, node.end)
        try:
            if keeps:
                return [item for item in items if strict_truth(function(item, record))]
            return [function(item, record) for item in items]
        except PYTHON_ERRORS as error:
            raise located(error, node.start, node.end, node.name) from None

    return run


def _contains_key(node: Call, compile_: Compile) -> Program:
    path = compile_(node.arguments[0])

    def run(record: Record) -> Value:
        text = path(record)
        if text is None:
            return None
        try:
            return has_path(record, str(text))
        except ExpressionError as error:
            # Its place is one in the value: the expression has only the call to show.
            raise ExpressionError(error.problem.message, error.problem.code, node.start, node.end) from None

    return run


def _keyed_by_attribute(node: Call, name: str, compile_: Compile) -> Program:
    """Take a bare name after an array as the name of the attribute, as `object_to_map(addresses, type)` does."""
    first, second = (compile_(argument) for argument in node.arguments)
    function = FUNCTIONS["object_to_map"]

    def run(record: Record) -> Value:
        value = first(record)
        try:
            return function(value, name if value is None or isinstance(value, list) else second(record))
        except PYTHON_ERRORS as error:
            raise located(error, node.start, node.end, node.name) from None

    return run
