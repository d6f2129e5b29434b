"""The form of values that may be personal data: letters as `a`, digits as `9`."""

from collections.abc import Mapping
from typing import Any


def masked_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row or record with the form of each value; its names stay."""
    return {name: value_form(value) for name, value in row.items()}


def value_form(value: Any) -> Any:
    """A value with its letters as `a` and `A` and its digits as `9`; null, true and false stay."""
    if isinstance(value, Mapping):
        return masked_row(value)
    if isinstance(value, list):
        return [value_form(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    return "".join(map(_masked_sign, str(value)))


def _masked_sign(sign: str) -> str:
    if sign.isnumeric():
        return "9"
    if sign.isupper():
        return "A"
    # Outside of ASCII, marks and symbols reveal as much as letters do.
    return sign if sign.isascii() and not sign.isalpha() else "a"
