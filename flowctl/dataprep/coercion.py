"""Conversion of a value to the type of the field that it goes to (Adobe docs: data-prep/data-handling.md)."""

from __future__ import annotations

from typing import Any

from flowctl.dataprep.dates import iso, parse_date
from flowctl.dataprep.text_functions import as_text
from flowctl.dataprep.tokens import ExpressionError

_TRUE = frozenset({"y", "yes", "Y", "YES", "on", "ON", "true", "TRUE"})
_FALSE = frozenset({"n", "N", "no", "NO", "off", "OFF", "false", "FALSE"})


def coerced(value: Any, field: dict[str, Any]) -> Any:
    """Return a value as its field wants it. Raises `ExpressionError` where it cannot be converted."""
    type_ = field.get("type")
    if value is None or not field:
        return value
    if type_ == "array" or isinstance(value, list):
        items = value if isinstance(value, list) else [value]
        inner = field.get("items", {}) if type_ == "array" else field
        return [coerced(item, inner) for item in items]
    if type_ == "object" or isinstance(value, dict):
        if type_ == "object" and isinstance(value, dict):
            return value
        raise ExpressionError(f"A value of the type {type(value).__name__} does not fit a field of the type {type_}.")
    return _scalar(value, str(type_), str(field.get("format", "")))


def _scalar(value: Any, type_: str, format_: str) -> Any:
    text = as_text(value)
    if type_ == "boolean":
        if isinstance(value, bool) or text in _TRUE | _FALSE:
            return value if isinstance(value, bool) else text in _TRUE
        raise ExpressionError(f"{text!r} is not a boolean.")
    if type_ in ("integer", "number"):
        try:
            return int(text) if type_ == "integer" else float(text)
        except ValueError:
            raise ExpressionError(f"{text!r} is not of the type {type_}.") from None
    if format_ in ("date", "date-time"):
        moment = parse_date(text, None)
        return iso(moment) if format_ == "date-time" else moment.date().isoformat()
    return text
