"""Arguments of functions, converted to the types of their parameters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from flowctl.dataprep.dates import from_milliseconds, parse_date
from flowctl.dataprep.numbers import read_double
from flowctl.dataprep.operands import truth
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import Value, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.signatures import Parameter

    Converter = Callable[[Value], Value]

# The types of parameters that take strings and nothing else.
STRINGS = frozenset({"string", "regex", "date-pattern", "date-part"})
_LARGEST_COUNT = 2**31 - 1


def _wrong(value: Value, wanted: str) -> ExpressionError:
    return ExpressionError(f"{wanted} is expected, and not the type {type_name(value)}.", "argument-type")


def _string(value: Value) -> Value:
    if isinstance(value, str):
        return value
    raise _wrong(value, "A string")


def _integer(value: Value) -> Value:
    found: float | Decimal | None = None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        found = value
    elif isinstance(value, str):
        found = read_double(value)
    if found is None or not math.isfinite(found):
        raise _wrong(value, "An integer")
    return int(max(-_LARGEST_COUNT, min(_LARGEST_COUNT, found)))


def _number(value: Value) -> Value:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value):
        return value
    found = read_double(value) if isinstance(value, str) else None
    if found is None or not math.isfinite(found):
        raise _wrong(value, "A number")
    return found


def _date(value: Value) -> Value:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return from_milliseconds(value)
    raise _wrong(value, "A date")


def _array(value: Value) -> Value:
    if isinstance(value, list):
        return value
    raise _wrong(value, "An array")


def _object(value: Value) -> Value:
    if isinstance(value, Mapping):
        return value
    raise _wrong(value, "An object")


_CONVERTERS: dict[str, Converter] = {
    "string": _string,
    "regex": _string,
    "date-pattern": _string,
    "date-part": _string,
    "integer": _integer,
    "number": _number,
    "boolean": truth,
    "date": _date,
    "array": _array,
    "object": _object,
}


def converter(parameter: Parameter) -> Converter | None:
    """Return what converts an argument for a parameter, or None where every value fits.

    The converter raises `ExpressionError` on a value that does not fit.
    """
    return _CONVERTERS.get(parameter.type)
