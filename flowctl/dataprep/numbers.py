"""Numbers as Java reads and writes them."""

from __future__ import annotations

import math
import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

MOST_DIGITS = 4000
_REAL = re.compile(
    r"[\x00-\x20]*([+-]?(?:NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?))[dDfF]?[\x00-\x20]*"
)
_WHOLE = re.compile(r"[+-]?[0-9]+")


def read_double(text: str) -> float | None:
    """Return what `Double.valueOf` reads, or None where it fails."""
    match = _REAL.fullmatch(text)
    return float(match[1]) if match else None


def read_integer(text: str) -> int | None:
    """Return what `new BigInteger` reads, or None where it fails."""
    return int(text) if len(text) <= MOST_DIGITS and _WHOLE.fullmatch(text) else None


def shortest_float(value: float) -> float:
    """Return a number rounded to 32 bits, as the shortest decimal that stands for it: 0.1, not 0.10000000149."""
    if not math.isfinite(value):
        return value
    try:
        narrow: float = struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)
    for digits in range(1, 9):
        candidate = float(f"{narrow:.{digits}g}")
        if struct.pack("<f", candidate) == struct.pack("<f", narrow):
            return candidate
    return float(f"{narrow:.9g}")


def number_text(value: float | Decimal) -> str:
    """Return the text of a number: `1.0E7` where Python writes `10000000.0`."""
    if not isinstance(value, float):
        return str(value)
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value) if "e" not in repr(value) else f"{value:f}"
    from decimal import Decimal  # few numbers are so large or so small

    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    assert isinstance(exponent, int)
    written = "".join(map(str, digits)).rstrip("0")
    power = exponent + len(digits) - 1
    return f"{'-' if sign else ''}{written[0]}.{written[1:] or '0'}E{power}"
