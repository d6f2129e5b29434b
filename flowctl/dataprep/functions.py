"""The functions by name: those that are evaluated here, and the list of all that exist."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowctl.dataprep import collection_functions, text_functions, value_functions

if TYPE_CHECKING:
    from collections.abc import Callable

_DATA = Path(__file__).parent / "data"

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **text_functions.FUNCTIONS,
    **collection_functions.FUNCTIONS,
    **value_functions.FUNCTIONS,
}
METHODS: dict[str, Callable[..., Any]] = {
    "equals": lambda text, other: text is not None and text == other,
    "equalsIgnoreCase": lambda text, other: text is not None and str(text).lower() == str(other).lower(),
    "get": lambda holder, key: holder.get(key),
}


@cache
def function_catalogue() -> list[dict[str, Any]]:
    """Return what `GET /languages/el/functions` answers (facts: Adobe docs, data-prep/functions.md)."""
    catalogue: list[dict[str, Any]] = json.loads((_DATA / "mapping_functions.json").read_text(encoding="utf-8"))
    return catalogue


@cache
def operator_catalogue() -> list[dict[str, Any]]:
    """Return what `GET /languages/el/operators` answers; the published sample is cut short."""
    catalogue: list[dict[str, Any]] = json.loads((_DATA / "mapping_operators.json").read_text(encoding="utf-8"))
    return catalogue


@cache
def known_names() -> frozenset[str]:
    """Return the names of all functions, those that only the real platform can evaluate included."""
    return frozenset(entry["function"] for entry in function_catalogue()) | FUNCTIONS.keys() | {"iif"}
