"""From a tree to closures: compiled once, run for each record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.access import element, field_reader, member, names_of
from flowctl.dataprep.calls import Caller
from flowctl.dataprep.lambdas import Lambdas
from flowctl.dataprep.methods import REGULAR, method_of
from flowctl.dataprep.operations import chain, choice, unary
from flowctl.dataprep.problem import PYTHON_ERRORS, ExpressionError, located
from flowctl.dataprep.signatures import signatures
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
from flowctl.dataprep.types import Value, as_text, bounded, type_name

if TYPE_CHECKING:
    from flowctl.dataprep.runtime import Runtime
    from flowctl.dataprep.types import Program, Record


class Compiler:
    """Compiles the nodes of one expression."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lambdas = Lambdas(runtime)
        self._caller = Caller(runtime, self._lambdas, self.node)
        # Whether the expression has something that can take long: a lambda or a regular expression.
        self.needs_budget = False

    def node(self, node: Node) -> Program:
        """Return the program of a node. Raises `ExpressionError` on a function that cannot be evaluated."""
        match node:
            case Literal(value=value):
                return lambda _: value
            case Field() | Member():
                return self._path(node)
            case Call():
                self.needs_budget |= any(
                    parameter.type in ("lambda", "regex") for parameter in signatures()[node.name].parameters
                )
                return self._caller.call(node)
            case Chain():
                self.needs_budget |= any(operator in ("=~", "!~") for operator, _ in node.steps)
                return chain(node, self.node)
            case Choice():
                return choice(node, self.node)
            case Method():
                return self._method(node)
            case Index():
                return self._index(node)
            case Unary():
                return unary(node, self.node)
            case Array(items=items):
                programs = [self.node(item) for item in items]
                return lambda record: [program(record) for program in programs]
            case Set():
                return self._set(node)
            case Map():
                return self._map(node)
            case Template():
                return self._template(node)
            case Lambda():
                message = "A lambda is the second argument of filterArray or transformArray."
                raise ExpressionError(message, "lambda-misplaced", node.start, node.end)

    def _path(self, node: Field | Member) -> Program:
        names: list[str] = []
        target: Node = node
        while isinstance(target, Member):
            names.insert(0, target.name)
            target = target.target
        if not isinstance(target, Field):
            return self._members(self.node(target), names, node)
        parameter = None if target.wrapped else self._lambdas.reader(target.name)
        if parameter is not None:
            return self._members(parameter, names, node) if names else parameter
        start = names_of(target.name) if target.wrapped else [target.name]
        return (
            self._placed(field_reader([*start, *names]), node) if len(start) + len(names) > 1 else field_reader(start)
        )

    def _placed(self, program: Program, node: Node) -> Program:
        def run(record: Record) -> Value:
            try:
                return program(record)
            except ExpressionError as error:
                raise located(error, node.start, node.end, "The path") from None

        return run

    def _members(self, target: Program, names: list[str], node: Node) -> Program:
        def run(record: Record) -> Value:
            value = target(record)
            for name in names:
                value = member(value, name)
            return value

        return self._placed(run, node)

    def _index(self, node: Index) -> Program:
        # A long path is a loop and not a depth: a[0][1][2].
        keys: list[Program] = []
        target: Node = node
        while isinstance(target, Index):
            keys.insert(0, self.node(target.key))
            target = target.target
        start = self.node(target)

        def run(record: Record) -> Value:
            value = start(record)
            for key in keys:
                value = element(value, key(record))
            return value

        return self._placed(run, node)

    def _method(self, node: Method) -> Program:
        calls: list[tuple[Method, list[Program]]] = []
        target: Node = node
        while isinstance(target, Method):
            self.needs_budget |= target.name in REGULAR
            calls.insert(0, (target, [self.node(argument) for argument in target.arguments]))
            target = target.target
        start = self.node(target)

        def run(record: Record) -> Value:
            value = start(record)
            for call, arguments in calls:
                if value is None:
                    return None
                try:
                    value = method_of(value, call.name)(value, *[argument(record) for argument in arguments])
                except PYTHON_ERRORS as error:
                    raise located(error, call.start, call.end, f"The method {call.name}") from None
            return value

        return run

    def _set(self, node: Set) -> Program:
        items = [self.node(item) for item in node.items]

        def run(record: Record) -> Value:
            found: dict[tuple[str, str], Value] = {}
            for item in items:
                value = item(record)
                found.setdefault((type_name(value), as_text(value)), value)
            return list(found.values())

        return run

    def _map(self, node: Map) -> Program:
        entries = [(self.node(key), self.node(value)) for key, value in node.entries]
        return lambda record: {as_text(key(record)): value(record) for key, value in entries}

    def _template(self, node: Template) -> Program:
        parts: list[str | Program] = [part if isinstance(part, str) else self.node(part) for part in node.parts]

        def run(record: Record) -> Value:
            values = [part if isinstance(part, str) else part(record) for part in parts]
            return bounded("".join(as_text(value) for value in values if value is not None))

        return run
