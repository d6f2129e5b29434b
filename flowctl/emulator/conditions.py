"""SQL conditions on members of stored JSON documents, built from paths with `[]` steps over arrays.

Values are always bound as parameters; path keys are restricted to a safe alphabet before they become SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LONGEST_KEY = 200
"""Characters of a member's name in a filter or order."""
_KEY = re.compile(rf"[A-Za-z0-9_$@:./ -]{{1,{LONGEST_KEY}}}\Z")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?\Z")
VERSION_PARTS = 3
_WEIGHTS = (10**10, 10**5, 1)
RELATIONS = {">": ">", ">=": ">=", "<": "<", "<=": "<="}


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL that is true or false for a row, with its parameters in textual order.

    `by_id` says that it names IDs, so that rows are better found by the index on IDs than in the order of the list.
    """

    sql: str
    parameters: tuple[object, ...] = ()
    by_id: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path: a key, and whether it goes on into the elements of the array found there."""

    key: str
    each: bool = False


ALWAYS = Condition("1")


def all_of(conditions: Sequence[Condition]) -> Condition:
    """Return the conjunction."""
    if not conditions:
        return ALWAYS
    return Condition(
        " AND ".join(f"({item.sql})" for item in conditions),
        tuple(value for item in conditions for value in item.parameters),
        any(item.by_id for item in conditions),
    )


def json_path(keys: Sequence[str]) -> str:
    """Return an SQL literal with the SQLite path of `keys`. Raises `ValueError` on a key outside the alphabet."""
    for key in keys:
        if not _KEY.match(key):
            raise ValueError(key)
    return "'$" + "".join(f'."{key}"' for key in keys) + "'"


def on_path(document: str, steps: Sequence[Step], test: Callable[[str], Condition], depth: int = 0) -> Condition:
    """Apply `test` to what `steps` reach in the JSON column or expression `document`."""
    keys: list[str] = []
    for index, step in enumerate(steps):
        keys.append(step.key)
        if step.each:
            element = f"each{depth}"
            rest = steps[index + 1 :]
            inner = on_path(f"{element}.value", rest, test, depth + 1) if rest else test(f"{element}.value")
            # json_extract raises on an element that is no JSON document, so look at its type first.
            guarded = f"CASE WHEN {element}.type = 'object' THEN {inner.sql} ELSE 0 END" if rest else inner.sql
            sql = f"EXISTS (SELECT 1 FROM json_each({document}, {json_path(keys)}) AS {element} WHERE {guarded})"
            return Condition(sql, inner.parameters)
    return test(f"json_extract({document}, {json_path(keys)})")


def equals_any(expression: str, texts: Sequence[str], *, ignore_case: bool = False) -> Condition:
    """Test for one of `texts`, each read as text and, where it looks like one, as a number or a boolean."""
    candidates = [candidate for text in texts for candidate in _readings(text)]
    left = f"{expression} COLLATE NOCASE" if ignore_case else expression
    return Condition(f"{left} IN ({','.join('?' * len(candidates))})", tuple(candidates))


def differs_from_all(expression: str, texts: Sequence[str]) -> Condition:
    """Test that the member is missing or none of `texts`."""
    same = equals_any(expression, texts)
    return Condition(f"({expression} IS NULL OR NOT ({same.sql}))", same.parameters)


def relation(expression: str, operator: str, text: str) -> Condition:
    """Test an order relation: between numbers where `text` is one, else between texts."""
    if _NUMBER.match(text):
        kinds, value = "('integer','real')", _number(text)
    else:
        kinds, value = "('text')", text
    return Condition(f"(typeof({expression}) IN {kinds} AND {expression} {RELATIONS[operator]} ?)", (value,))


def version_relation(expression: str, operator: str, text: str) -> Condition:
    """Test an order relation between version numbers such as `1.0.3`, part by part; a shorter one has zeros behind."""
    parts = text.split(".")
    if len(parts) > VERSION_PARTS or not all(part.isascii() and part.isdigit() and len(part) < 6 for part in parts):
        return relation(expression, operator, text)
    value = sum(int(part) * weight for part, weight in zip(parts, _WEIGHTS, strict=False))
    numbers = f"('[' || replace({expression}, '.', ',') || ']')"
    key = " + ".join(
        f"IFNULL(json_extract({numbers}, '$[{position}]'), 0) * {weight}" for position, weight in enumerate(_WEIGHTS)
    )
    return Condition(f"(json_valid({numbers}) AND {key} {RELATIONS[operator]} ?)", (value,))


def _number(text: str) -> object:
    return float(text) if "." in text else int(text)


def _readings(text: str) -> list[object]:
    readings: list[object] = [text]
    if _NUMBER.match(text):
        readings.append(_number(text))
    if text.lower() in {"true", "false"}:
        # json_extract gives 1 and 0 for JSON booleans.
        readings.append(int(text.lower() == "true"))
    return readings
