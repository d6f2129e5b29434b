"""Calls of functions: arguments converted to the types of their parameters, and null handled in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.arguments import STRINGS, converter
from flowctl.dataprep.functions import FUNCTIONS
from flowctl.dataprep.problem import PYTHON_ERRORS, ExpressionError, located
from flowctl.dataprep.signatures import Parameter, Signature, signatures
from flowctl.dataprep.special import special
from flowctl.dataprep.tree import Call, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.lambdas import Compile, Lambdas
    from flowctl.dataprep.runtime import Runtime
    from flowctl.dataprep.types import Program, Record, Value


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
        found = special(node, self._runtime, self._lambdas, self._compile)
        if found is not None:
            return found
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
            except PYTHON_ERRORS as error:
                raise located(error, node.start, node.end, node.name) from None

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
            except PYTHON_ERRORS as error:
                raise located(error, node.start, node.end, node.name) from None

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
            except PYTHON_ERRORS as error:
                raise located(error, node.start, node.end, node.name) from None

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
            except PYTHON_ERRORS as error:
                raise located(error, node.start, node.end, node.name) from None

        return run
