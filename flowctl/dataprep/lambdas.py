"""Lambdas: functions of an element, whose parameters have a place in the frame of the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.runtime import Runtime
    from flowctl.dataprep.tree import Lambda, Node
    from flowctl.dataprep.types import Program, Record, Value

    Compile = Callable[[Node], Program]


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
            found = body(record)
            if isinstance(found, str | list | Mapping):
                runtime.keep(len(found))
            return found

        return run
