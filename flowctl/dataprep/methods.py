"""The methods of Java that values have.

Adobe documents `equals`, `equalsIgnoreCase` and `get`. A call reaches the Java object in the platform's engine, so
that the other common methods of strings, lists, maps, numbers and dates work there too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from flowctl.dataprep import patterns
from flowctl.dataprep.functions.text import WHITE_SPACE, find
from flowctl.dataprep.operands import same
from flowctl.dataprep.problem import ExpressionError, nearest_name
from flowctl.dataprep.types import LONGEST_TEXT, Value, as_text, bounded, type_name
from flowctl.dataprep.utf16 import joined, length, sort_key, units

Method = Callable[..., Value]


def equal(left: Value, right: Value) -> bool:
    """Return whether two values are equal as Java objects: a number never equals a text."""
    return type_name(left) == type_name(right) and same(left, right)


def _equal_ignoring_case(text: str, other: Value) -> bool:
    # Character by character, as Java: no folding of one character to two.
    return (
        isinstance(other, str)
        and len(text) == len(other)
        and all(a == b or a.upper() == b.upper() or a.lower() == b.lower() for a, b in zip(text, other, strict=True))
    )


def _substring(text: str, begin: int, end: int | None = None) -> str:
    whole = units(text)
    stop = len(whole) if end is None else end
    if not 0 <= begin <= stop <= len(whole):
        raise ExpressionError(f"The string has no part from {begin} to {stop}.")
    return joined(whole[begin:stop])


def _character(text: str, index: int) -> str:
    return _substring(text, index, index + 1)


def _compared(text: str, other: str) -> int:
    first, second = sort_key(text), sort_key(other)
    for a, b in zip(units(text), units(other), strict=False):
        if a != b:
            return ord(a) - ord(b)
    return (len(first) - len(second)) // 2


def _hash_code(text: str) -> int:
    code = 0
    for unit in units(text):
        code = (31 * code + ord(unit)) & 0xFFFFFFFF
    return code - 2**32 if code >= 2**31 else code


def _repeated(text: str, count: int) -> str:
    if count < 0 or count * len(text) > LONGEST_TEXT:
        raise ExpressionError(f"The string cannot be repeated {count} times.")
    return text * count


def _split(text: str, pattern: str, limit: int = 0) -> list[str]:
    pieces = patterns.split(pattern, text)
    if limit == 0:
        while len(pieces) > 1 and not pieces[-1]:
            pieces.pop()
    return pieces


def _last(text: str, part: str) -> int:
    return units(text).rfind(units(part))


def _listed(items: Sequence[Value], index: int) -> Value:
    if not 0 <= index < len(items):
        raise ExpressionError(f"The array has no element {index}.", "no-such-member")
    return items[index]


def _position(items: Sequence[Value], wanted: Value) -> int:
    return next((index for index, item in enumerate(items) if equal(item, wanted)), -1)


def _cut(value: int | float | Decimal) -> int:
    return int(value)


_STRING: dict[str, Method] = {
    "equalsIgnoreCase": _equal_ignoring_case,
    "length": length,
    "isEmpty": lambda text: not text,
    "isBlank": lambda text: not text.strip(WHITE_SPACE),
    "trim": lambda text: text.strip("".join(map(chr, range(33)))),
    "strip": lambda text: text.strip(WHITE_SPACE),
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "contains": lambda text, part: part in text,
    "startsWith": lambda text, part: text.startswith(part),
    "endsWith": lambda text, part: text.endswith(part),
    "indexOf": lambda text, part, start=0: find(text, part, start),
    "lastIndexOf": _last,
    "substring": _substring,
    "charAt": _character,
    "concat": lambda text, other: bounded(text + other),
    "replace": lambda text, old, new: bounded(text.replace(old, new)) if old else text,
    "replaceAll": lambda text, pattern, new: bounded(patterns.replaced(pattern, text, new)),
    "replaceFirst": lambda text, pattern, new: patterns.replaced(pattern, text, new, once=True),
    "matches": lambda text, pattern: patterns.full_match(pattern, text),
    "split": _split,
    "compareTo": _compared,
    "compareToIgnoreCase": lambda text, other: _compared(text.upper().lower(), other.upper().lower()),
    "repeat": _repeated,
    "hashCode": _hash_code,
}
_ARRAY: dict[str, Method] = {
    "size": len,
    "isEmpty": lambda items: not items,
    "get": _listed,
    "contains": lambda items, wanted: _position(items, wanted) >= 0,
    "indexOf": _position,
}
_OBJECT: dict[str, Method] = {
    "size": len,
    "isEmpty": lambda holder: not holder,
    "get": lambda holder, key: holder.get(key),
    "getOrDefault": lambda holder, key, default: holder.get(key, default),
    "containsKey": lambda holder, key: key in holder,
    "containsValue": lambda holder, wanted: any(equal(item, wanted) for item in holder.values()),
    "keySet": lambda holder: list(holder),
    "values": lambda holder: list(holder.values()),
}
_NUMBER: dict[str, Method] = {
    "intValue": _cut,
    "longValue": _cut,
    "doubleValue": float,
    "floatValue": float,
}
_DATE: dict[str, Method] = {
    "getYear": lambda moment: moment.year,
    "getMonthValue": lambda moment: moment.month,
    "getDayOfMonth": lambda moment: moment.day,
    "getDayOfYear": lambda moment: moment.timetuple().tm_yday,
    "getHour": lambda moment: moment.hour,
    "getMinute": lambda moment: moment.minute,
    "getSecond": lambda moment: moment.second,
    "toEpochSecond": lambda moment: int(moment.timestamp()),
    "isBefore": lambda moment, other: moment < other,
    "isAfter": lambda moment, other: moment > other,
}
_ANY: dict[str, Method] = {"equals": equal, "toString": as_text}
METHODS = frozenset({**_STRING, **_ARRAY, **_OBJECT, **_NUMBER, **_DATE, **_ANY})
# Those that take a regular expression.
REGULAR = frozenset({"matches", "replaceAll", "replaceFirst", "split"})
DOCUMENTED = frozenset({"equals", "equalsIgnoreCase", "get"})


def method_of(value: Value, name: str) -> Method:
    """Return a method of a value. Raises `ExpressionError` if it has none of that name."""
    table: dict[str, Method] = {}
    if isinstance(value, str):
        table = _STRING
    elif isinstance(value, list):
        table = _ARRAY
    elif isinstance(value, Mapping):
        table = _OBJECT
    elif isinstance(value, datetime):
        table = _DATE
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        table = _NUMBER
    found = table.get(name) or _ANY.get(name)
    if found is None:
        raise ExpressionError(
            f"The type {type_name(value)} has no method {name}.",
            "unknown-method",
            nearest=nearest_name(name, table.keys() | _ANY.keys()),
        )
    return found
