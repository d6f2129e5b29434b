"""Types of members of a body, as an API description gives them. Members that no description has pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Shape = Callable[[object], bool]


def is_text(value: object) -> bool:
    """Whether a value is a string."""
    return isinstance(value, str)


def is_integer(value: object) -> bool:
    """Whether a value is an integer of 64 bits."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def is_boolean(value: object) -> bool:
    """Whether a value is true or false."""
    return isinstance(value, bool)


def is_object(value: object) -> bool:
    """Whether a value is an object."""
    return isinstance(value, dict)


def either(*shapes: Shape) -> Shape:
    """Return the shape of values that have one of several."""
    return lambda value: any(shape(value) for shape in shapes)


def or_null(shape: Shape) -> Shape:
    """Return a shape that also accepts null."""
    return lambda value: value is None or shape(value)


def list_of(item: Shape) -> Shape:
    """Return the shape of arrays."""
    return lambda value: isinstance(value, list) and all(map(item, value))


def one_of(*texts: str) -> Shape:
    """Return the shape of strings that are one of several."""
    return lambda value: isinstance(value, str) and value in texts


def members(shapes: Mapping[str, Shape], *required: str) -> Shape:
    """Return the shape of objects whose members have shapes, if they are there."""
    return lambda value: (
        isinstance(value, dict) and all(name in value for name in required) and odd_member(value, shapes) is None
    )


def odd_member(body: Mapping[str, object], shapes: Mapping[str, Shape]) -> str | None:
    """Return the first member that does not have its shape."""
    return next((name for name, shape in shapes.items() if name in body and not shape(body[name])), None)
