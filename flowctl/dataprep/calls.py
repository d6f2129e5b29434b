"""Calls of functions: their arguments converted and null handled, and the functions that are more than a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.arguments import STRINGS, converter
from flowctl.dataprep.functions import FUNCTIONS
from flowctl.dataprep.operands import strict_truth
from flowctl.dataprep.paths import has_path
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.signatures import Parameter, Signature, signatures
from flowctl.dataprep.tree import Call, Field, Lambda, Literal, Node
from flowctl.dataprep.types import MOST_ITEMS, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.runtime import Runtime
    from flowctl.dataprep.types import Program, Record

    Compile = Callable[[Node], Program]

_PYTHON_ERRORS = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


class Lambdas:
    """The parameters of the lambdas around a node, and their places in the frame."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._places: dict[str, int] = {}

    def reader(self, name: str) -> Program | None:
        """Return what reads a parameter, or None where a name is not one."""
        place = self._places.get(name)
        if place is None:
            return None
        frame = self._runtime.frame
        return lambda _: frame[place]

    def function(self, node: Lambda, compile_: Compile) -> Callable[[Value, Record], Value]:
        """Return a lambda as a function of an element and the record."""
        runtime, before = self._runtime, self._places
        frame = runtime.frame
        places = range(len(frame), len(frame) + len(node.parameters))
        frame.extend([None] * len(places))
        self._places = {**before, **dict(zip(node.parameters, places, strict=True))}
        body = compile_(node.body)
        self._places = before
        first = places[0] if places else None

        def run(value: Value, record: Record) -> Value:
            runtime.spend()
            if first is not None:
                frame[first] = value
            return body(record)

        return run


class Caller:
    """Compiles calls."""

    def __init__(self, runtime: Runtime, lambdas: Lambdas, compile_: Compile) -> None:
        self._runtime = runtime
        self._lambdas = lambdas
        self._compile = compile_

    def call(self, node: Call) -> Program:
        """Return the program of a call. Raises `ExpressionError` if the function cannot be evaluated."""
        signature = signatures()[node.name]
        if signature.not_evaluated:
            message = f"{node.name} cannot be evaluated offline: {signature.not_evaluated}."
            raise ExpressionError(message, "function-not-evaluated", node.start, node.end)
        special = self._special(node)
        if special is not None:
            return special
        function = FUNCTIONS[node.name]
        if len(node.arguments) == 1 and not signature.parameter(0).nullable:
            return self._of_one(node, function, signature)
        return self._of_many(node, function, signature)

    def _of_one(self, node: Call, function: Callable[..., Value], signature: Signature) -> Program:
        argument = self._compile(node.arguments[0])
        convert = converter(signature.parameter(0))
        takes_string = signature.parameter(0).type in STRINGS

        def run(record: Record) -> Value:
            value = argument(record)
            if value is None:
                return None
            try:
                if convert is None or (takes_string and type(value) is str):
                    return function(value)
                return function(convert(value))
            except _PYTHON_ERRORS as error:
                raise placed(error, node) from None

        return run

    def _of_many(self, node: Call, function: Callable[..., Value], signature: Signature) -> Program:
        parameters = [signature.parameter(index) for index in range(len(node.arguments))]
        programs = [self._compile(argument) for argument in node.arguments]
        if programs and all(
            isinstance(argument, Literal) and argument.value is not None for argument in node.arguments[1:]
        ):
            quick = self._with_constants(node, function, programs[0], parameters)
            if quick is not None:
                return quick
        converters = [converter(parameter) for parameter in parameters]
        if all(convert is None for convert in converters):
            return self._of_any(node, function, programs, nullable=all(found.nullable for found in parameters))
        plan = [
            (program, convert, parameter.nullable, parameter.type in STRINGS)
            for program, convert, parameter in zip(programs, converters, parameters, strict=True)
        ]

        def run(record: Record) -> Value:
            values: list[Value] = []
            missing = False
            try:
                for program, convert, nullable, takes_string in plan:
                    value = program(record)
                    if value is None:
                        missing = missing or not nullable
                        values.append(None)
                    elif convert is None or (takes_string and type(value) is str):
                        values.append(value)
                    else:
                        values.append(convert(value))
                return None if missing else function(*values)
            except _PYTHON_ERRORS as error:
                raise placed(error, node) from None

        return run

    def _with_constants(
        self, node: Call, function: Callable[..., Value], first: Program, parameters: list[Parameter]
    ) -> Program | None:
        """Return the program of a call with literals after the first argument, converted once; None if one fails."""
        convert, nullable = converter(parameters[0]), parameters[0].nullable
        takes_string = parameters[0].type in STRINGS
        constants: list[Value] = []
        for argument, parameter in zip(node.arguments[1:], parameters[1:], strict=True):
            assert isinstance(argument, Literal)
            change = converter(parameter)
            try:
                constants.append(argument.value if change is None else change(argument.value))
            except ExpressionError:
                return None

        def run(record: Record) -> Value:
            value = first(record)
            if value is None and not nullable:
                return None
            try:
                if convert is not None and value is not None and not (takes_string and type(value) is str):
                    value = convert(value)
                return function(value, *constants)
            except _PYTHON_ERRORS as error:
                raise placed(error, node) from None

        return run

    def _of_any(
        self, node: Call, function: Callable[..., Value], programs: list[Program], *, nullable: bool
    ) -> Program:
        def run(record: Record) -> Value:
            values = [program(record) for program in programs]
            if not nullable and None in values:
                return None
            try:
                return function(*values)
            except _PYTHON_ERRORS as error:
                raise placed(error, node) from None

        return run

    def _special(self, node: Call) -> Program | None:
        runtime = self._runtime
        match node.name:
            case "now":
                return lambda _: runtime.now()
            case "timestamp":
                return lambda _: int(runtime.now().timestamp() * 1000)
            case "uuid" | "guid":
                return lambda _: runtime.new_id()
            case "iif":
                return self._iif(node)
            case "filterArray" | "transformArray":
                return self._each(node)
            case "contains_key" | "is_set":
                return self._contains_key(node)
            case "object_to_map" if len(node.arguments) == 2 and isinstance(node.arguments[1], Field):
                return self._keyed_by_attribute(node, node.arguments[1].name)
        return None

    def _iif(self, node: Call) -> Program:
        condition, chosen, otherwise = (self._compile(argument) for argument in node.arguments)

        def run(record: Record) -> Value:
            value = condition(record)
            if value is None:
                message = "The condition of iif is null."
                raise ExpressionError(message, "evaluation-failed", node.start, node.end)
            return chosen(record) if strict_truth(value) else otherwise(record)

        return run

    def _each(self, node: Call) -> Program:
        array, lambda_ = self._compile(node.arguments[0]), node.arguments[1]
        assert isinstance(lambda_, Lambda)
        function = self._lambdas.function(lambda_, self._compile)
        keeps = node.name == "filterArray"

        def run(record: Record) -> Value:
            items = array(record)
            if items is None:
                return None
            if not isinstance(items, list) or len(items) > MOST_ITEMS:
                message = f"{node.name} takes an array of at most {MOST_ITEMS} elements."
                raise ExpressionError(message, "argument-type", node.start, node.end)
            try:
                if keeps:
                    return [item for item in items if strict_truth(function(item, record))]
                return [function(item, record) for item in items]
            except _PYTHON_ERRORS as error:
                raise placed(error, node) from None

        return run

    def _contains_key(self, node: Call) -> Program:
        path = self._compile(node.arguments[0])

        def run(record: Record) -> Value:
            text = path(record)
            if text is None:
                return None
            try:
                return has_path(record, str(text))
            except ExpressionError as error:
                raise placed(error, node) from None

        return run

    def _keyed_by_attribute(self, node: Call, name: str) -> Program:
        """Take a bare name after an array as the name of the attribute, as `object_to_map(addresses, type)` does."""
        first, second = (self._compile(argument) for argument in node.arguments)
        function = FUNCTIONS["object_to_map"]

        def run(record: Record) -> Value:
            value = first(record)
            try:
                return function(value, name if value is None or isinstance(value, list) else second(record))
            except _PYTHON_ERRORS as error:
                raise placed(error, node) from None

        return run


def placed(error: Exception, node: Call) -> ExpressionError:
    """Return the error of a call with its place; what Python says is not told to anyone."""
    if isinstance(error, ExpressionError):
        return error.at(node.start, node.end)
    return ExpressionError(
        f"{node.name} cannot be evaluated for these values.", "evaluation-failed", node.start, node.end
    )
