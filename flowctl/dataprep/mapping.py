"""A mapping set, compiled: paths, expressions and conversions are prepared once and run for each record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from flowctl.dataprep.coercion import converter, to_string
from flowctl.dataprep.evaluate import compile_expression
from flowctl.dataprep.paths import EACH, path_reader, placer, steps
from flowctl.dataprep.problem import ExpressionError, Problem
from flowctl.dataprep.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Mapping as Dictionary

    from flowctl.dataprep.coercion import Converter
    from flowctl.dataprep.paths import Place
    from flowctl.dataprep.types import Program, Record, Value

MOST_FAILED: Final = 20
"""Records on which an expression may use up its budget; after that, it is not evaluated again."""
_BUDGET: Final = "expression-budget"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Where a value comes from and where it goes; `field` is the node of the schema at the destination."""

    kind: Literal["ATTRIBUTE", "EXPRESSION", "STATIC"]
    source: str
    destination: str
    field: Dictionary[str, object]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a record becomes, and the problems by the index of their mapping."""

    data: dict[str, Value]
    problems: dict[int, Problem]


def compile_mappings(
    mappings: Sequence[Mapping], *, nulls: bool = False, runtime: Runtime | None = None
) -> Callable[[Record], Mapped]:
    """Return what maps a record.

    A mapping that fails loses its attribute and no other one; one that often takes too long is given up. The mapping
    of a parent runs before those of its children, so that a child changes the copied parent, whatever their order is.
    `nulls` keeps attributes of null.
    """
    used = runtime or Runtime()
    broken: dict[int, Problem] = {}
    ready: list[tuple[int, Program, Converter, Place]] = []
    for index in _parents_first([mapping.destination for mapping in mappings]):
        mapping = mappings[index]
        try:
            if mapping.problem is not None:
                broken[index] = mapping.problem
                continue
            wildcards = steps(mapping.destination).count(EACH)
            convert = converter(mapping.field, wildcards)
            ready.append((index, _program(mapping, used), convert, placer(mapping.destination)))
        except ExpressionError as error:
            broken[index] = error.problem

    exhausted: Counter[int] = Counter()

    def give_up(index: int) -> None:
        exhausted[index] += 1
        if exhausted[index] == MOST_FAILED:
            place = next(place for place, (each, *_) in enumerate(ready) if each == index)
            ready[place] = (index, _given_up, *ready[place][2:])

    def run(record: Record) -> Mapped:
        data: dict[str, Value] = {}
        problems = dict(broken)
        for index, program, convert, place in ready:
            try:
                value = program(record)
                # The most common value of all is not worth a call.
                if convert is not to_string or type(value) is not str or not value.isascii():
                    value = convert(value)
                if value is not None or nulls:
                    place(data, value)
            except ExpressionError as error:
                problems[index] = error.problem
                if error.problem.code == _BUDGET:
                    give_up(index)
            except (RecursionError, MemoryError):
                problems[index] = Problem(_BUDGET, "The evaluation needs too much memory.")
        return Mapped(data, dict(sorted(problems.items())) if problems else problems)

    return run


def _parents_first(destinations: Sequence[str]) -> list[int]:
    """Return the indexes of destinations in an order in which no parent comes after one of its children."""
    paths = [_steps(destination) for destination in destinations]
    order = list(range(len(paths)))
    earlier: set[tuple[str | int, ...]] = set()
    for path in paths:
        if path in earlier:
            return sorted(order, key=lambda index: len(paths[index]))
        earlier.update(path[:length] for length in range(1, len(path)))
    return order


def _steps(destination: str) -> tuple[str | int, ...]:
    try:
        return steps(destination)
    except ExpressionError:
        return ()


def _given_up(_record: Record) -> Value:
    message = f"The expression used up its budget on {MOST_FAILED} records, and is not evaluated again."
    raise ExpressionError(message, _BUDGET)


def _program(mapping: Mapping, runtime: Runtime) -> Program:
    if mapping.kind == "STATIC":
        return lambda _: mapping.source
    if mapping.kind == "ATTRIBUTE":
        return path_reader(mapping.source)
    return compile_expression(mapping.source, runtime)
