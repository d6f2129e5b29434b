"""A body as JSON, where a hostile one may hold what Python's reader takes, refuses in odd ways, or dies of."""

import json
import math
import re
from typing import Any, NoReturn

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def decoded(content: bytes) -> Any:
    """The value of a body in UTF-8, -16 or -32. Raises ValueError for anything that is not JSON of a sane size.

    NaN, infinities and numbers beyond a float are refused: nothing that is computed or written with them is JSON. Half
    a surrogate pair becomes the replacement character: no file and no terminal can take it.
    """
    try:
        value = json.loads(content, parse_constant=_no_constant, parse_float=_finite)
        if _SURROGATE.search(content):
            text = json.dumps(value, ensure_ascii=False)
            value = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number
