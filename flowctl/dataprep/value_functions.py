"""Functions of logic, conversion, JSON, identity and dates (Adobe docs: data-prep/functions.md)."""

from __future__ import annotations

import json
import math
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flowctl.dataprep.dates import format_date, parse_date
from flowctl.dataprep.tokens import ExpressionError

if TYPE_CHECKING:
    from collections.abc import Callable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PARTS: dict[str, Callable[[datetime], int]] = {
    "yyyy": lambda moment: moment.year,
    "yy": lambda moment: moment.year,
    "year": lambda moment: moment.year,
    "quarter": lambda moment: (moment.month + 2) // 3,
    "mm": lambda moment: moment.month,
    "m": lambda moment: moment.month,
    "month": lambda moment: moment.month,
    "d": lambda moment: moment.day,
    "dd": lambda moment: moment.day,
    "day": lambda moment: moment.day,
    "hh": lambda moment: moment.hour,
    "hour": lambda moment: moment.hour,
    "mi": lambda moment: moment.minute,
    "minute": lambda moment: moment.minute,
    "ss": lambda moment: moment.second,
    "second": lambda moment: moment.second,
}


def _decode(value: Any, *choices: Any) -> Any:
    for key, result in zip(choices[::2], choices[1::2], strict=False):
        if value == key:
            return result
    return choices[-1] if len(choices) % 2 else None


def _date(text: Any, pattern: str | None = None, default: Any = None) -> Any:
    if text is None or text == "":
        return default
    return text if isinstance(text, datetime) else parse_date(str(text), pattern)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2e14:
        # Counted, because Windows knows no time before 1970 and none after 3000.
        return _EPOCH + timedelta(milliseconds=value)
    return parse_date(str(value), None)


def _date_part(part: str, moment: Any) -> int:
    found = _PARTS.get(part.lower())
    if found is None:
        raise ExpressionError(f"There is no part {part} of a date.")
    return found(_moment(moment))


def _integer(value: Any) -> int:
    return math.trunc(float(value)) if "." in str(value) else int(value)


def _json(value: Any) -> Any:
    return value if isinstance(value, dict) else json.loads(value)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "decode": _decode,
    "min": lambda *values: min(*values) if len(values) > 1 else min(values[0]),
    "max": lambda *values: max(*values) if len(values) > 1 else max(values[0]),
    "nullify": lambda: None,
    "to_bigint": _integer,
    "to_integer": _integer,
    "to_decimal": float,
    "to_float": float,
    "json_to_object": _json,
    "uuid": lambda: str(uuid.uuid4()),
    "guid": lambda: str(uuid.uuid4()),
    "now": lambda: datetime.now(UTC),
    "timestamp": lambda: int(datetime.now(UTC).timestamp() * 1000),
    "date": _date,
    "format": lambda moment, pattern: format_date(_moment(moment), pattern),
    "dformat": lambda moment, pattern: format_date(_moment(moment), pattern),
    "date_part": _date_part,
    "zone_date_to_utc": lambda moment: _moment(moment).astimezone(UTC),
    "zone_date_to_zone": lambda moment, zone: _moment(moment).astimezone(ZoneInfo(zone)),
}
