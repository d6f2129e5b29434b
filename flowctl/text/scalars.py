"""Convert plain YAML scalars to values by the rules of YAML 1.2 (core schema).

Unlike YAML 1.1: `no`, `on`, `yes`, dates, `1_000` and `12:30` are strings, and octal is `0o17`.
"""

from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.model.json_value import JSON

FIRST: Final = frozenset("+-.0123456789~nNtTfF")
"""The first characters of plain scalars that are not strings."""
_FIRST_OF_NUMBERS: Final = frozenset("+-.0123456789")

WORDS: Final = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER: Final = late_pattern(r"[-+]?[0-9]+\Z")
_BASED: Final = late_pattern(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = late_pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL: Final = late_pattern(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_LEADING_ZERO: Final = late_pattern(r"[-+]?0[0-9]+\Z")
_LARGEST: Final = 2**63 - 1


def resolve(text: str) -> JSON:
    """The value of a plain scalar. Raises ValueError, with a summary, for a number that JSON does not have."""
    if text in WORDS:
        return WORDS[text]
    if text[0] not in _FIRST_OF_NUMBERS:
        return text
    if _INTEGER.match(text):
        return _in_range(int(text), text) if len(text) < 25 else _in_range(_LARGEST + 1, text)
    if _BASED.match(text):
        return _in_range(int(text, 0), text) if len(text) < 70 else _in_range(_LARGEST + 1, text)
    if _FLOAT.match(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            raise ValueError(f"the number {_cut(text)} is too large")
        return number
    if _SPECIAL.match(text):
        raise ValueError(f"{text} is not a number that JSON has")
    return text


def loses_zeros(text: str) -> bool:
    """Whether a plain integer begins with zeros, which its value loses."""
    return _LEADING_ZERO.match(text) is not None


def _in_range(number: int, text: str) -> int:
    if abs(number) > _LARGEST:
        raise ValueError(f"the integer {_cut(text)} does not fit into 64 bits")
    return number


def _cut(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:24]}..."
