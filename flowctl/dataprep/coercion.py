"""Conversion of a value to the type of the field that it goes to (Adobe docs: data-prep/data-handling.md)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from flowctl.dataprep.dates import parse_date
from flowctl.dataprep.numbers import read_double, read_integer
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import Value, as_text, iso, plain, type_name

if TYPE_CHECKING:
    # A node of a resolved schema: type, format, properties, items, additionalProperties.
    Field = Mapping[str, object]
    Converter = Callable[[Value], Value]

_TRUE = frozenset({"y", "yes", "Y", "YES", "on", "ON", "true", "TRUE"})
_FALSE = frozenset({"n", "N", "no", "NO", "off", "OFF", "false", "FALSE"})


def converter(field: Field, wildcards: int = 0) -> Converter:
    """Return what converts values for a field; each wildcard of the destination is a level of array around them.

    The converter raises `ExpressionError` on a value that the field cannot hold. It never returns a part of its value.
    """
    type_ = field.get("type")
    inner = _typed(field, type_) if isinstance(type_, str) else plain
    for _ in range(wildcards):
        inner = _each(inner)
    return inner


def _typed(field: Field, type_: str) -> Converter:
    if type_ == "array":
        items = field.get("items")
        return _array(converter(items) if isinstance(items, Mapping) else plain)
    if type_ == "object":
        return _object(field)
    if type_ == "string" and field.get("format") in ("date", "date-time"):
        return _date(with_time=field.get("format") == "date-time")
    return _SCALARS.get(type_, plain)


def _each(inner: Converter) -> Converter:
    return lambda value: [inner(item) for item in value] if isinstance(value, list) else inner(value)


def _array(inner: Converter) -> Converter:
    def convert(value: Value) -> Value:
        if value is None:
            return None
        return [inner(item) for item in (value if isinstance(value, list) else [value])]

    return convert


def _object(field: Field) -> Converter:
    """An object is copied field by field: those of the same name, and all of a map or of an object without fields."""
    properties, others = field.get("properties"), field.get("additionalProperties")
    fields = (
        {str(name): converter(child) for name, child in properties.items() if isinstance(child, Mapping)}
        if isinstance(properties, Mapping)
        else {}
    )
    other = converter(others) if isinstance(others, Mapping) else plain

    def convert(value: Value) -> Value:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise _unfit(value, "object")
        if not fields:
            return {name: other(child) for name, child in value.items()}
        return {name: fields[name](child) for name, child in value.items() if name in fields}

    return convert


def to_string(value: Value) -> Value:
    """Return a value as a string field holds it. Raises `ExpressionError` on an array or object."""
    if type(value) is str and value.isascii():
        return value
    if value is None:
        return None
    if isinstance(value, list | Mapping):
        raise _unfit(value, "string")
    return plain(as_text(value))


def _boolean(value: Value) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value in _TRUE | _FALSE:
        return value in _TRUE
    raise _unfit(value, "boolean")


def _integer(value: Value) -> Value:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    found: int | None = None
    if isinstance(value, str):
        found = read_integer(value)
    elif isinstance(value, float | Decimal) and math.isfinite(value) and value == int(value):
        found = int(value)
    if found is None:
        raise _unfit(value, "integer")
    return found


def _number(value: Value) -> Value:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)):
        return value
    found = float(value) if isinstance(value, Decimal) else read_double(value) if isinstance(value, str) else None
    if found is None or not math.isfinite(found):
        raise _unfit(value, "number")
    return found


def _date(*, with_time: bool) -> Converter:
    def convert(value: Value) -> Value:
        if value is None:
            return None
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, str):
            moment = parse_date(value)
        else:
            raise _unfit(value, "date")
        return iso(moment) if with_time else moment.date().isoformat()

    return convert


def _unfit(value: Value, wanted: str) -> ExpressionError:
    shown = f'"{value[:60]}"' if isinstance(value, str) else f"A value of the type {type_name(value)}"
    return ExpressionError(f"{shown} does not fit a field of the type {wanted}.", "field-type")


_SCALARS: dict[str, Converter] = {"string": to_string, "boolean": _boolean, "integer": _integer, "number": _number}
