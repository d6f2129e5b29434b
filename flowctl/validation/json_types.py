"""The types of JSON Schema, each as a test of a value."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from flowctl.model.json_value import JSON

Accepts: TypeAlias = Callable[[Any], bool]


def is_integer(value: JSON) -> bool:
    """A whole number, as JSON Schema has it: 1.0 is one, true is none."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())


TYPES: Final[dict[str, Accepts]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": is_integer,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
