"""Reading and writing JSON bodies: strict about what JSON is, bounded in depth."""

from __future__ import annotations

import json
import math
from typing import NoReturn

MAX_DEPTH = 100


class JsonTextError(ValueError):
    """The bytes are not a JSON text that the platform accepts; the message says why."""


def parse(data: bytes) -> object:
    """Return the value of a UTF-8 JSON text.

    Raises `JsonTextError` on malformed JSON, NaN and Infinity, lone surrogates, and more than 100 levels.
    """
    try:
        text = data.decode("utf-8")
        value = _DECODER.decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise JsonTextError("The JSON text is nested too deeply.") from None
    except UnicodeError:
        raise JsonTextError("The body is not valid UTF-8.") from None
    except ValueError as error:
        raise JsonTextError(f"The body is not valid JSON: {error}") from None
    if text.count("{") + text.count("[") > MAX_DEPTH:
        _check_depth(value)
    return value


def dump(value: object) -> str:
    """Return `value` as compact JSON text."""
    return _ENCODER.encode(value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is out of range")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _check_depth(value: object) -> None:
    level = [value]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise JsonTextError("The JSON text is nested too deeply.")
        children: list[object] = []
        for item in level:
            if isinstance(item, dict):
                children.extend(item.values())
            elif isinstance(item, list):
                children.extend(item)
        level = [child for child in children if isinstance(child, dict | list)]
