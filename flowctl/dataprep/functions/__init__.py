"""The functions by name, and the catalogues of functions and operators that the platform answers with.

A function gets its arguments converted to the types of its signature. Those that need the clock, the record or a
lambda are not here: `special.py` has them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowctl.dataprep.functions import analytics, arrays, conversion, hashes, logic, moments, objects, text, urls

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.types import Value

_DATA = Path(__file__).parent.parent / "data"

FUNCTIONS: dict[str, Callable[..., Value]] = {
    **text.FUNCTIONS,
    **hashes.FUNCTIONS,
    **urls.FUNCTIONS,
    **moments.FUNCTIONS,
    **objects.FUNCTIONS,
    **arrays.FUNCTIONS,
    **logic.FUNCTIONS,
    **conversion.FUNCTIONS,
    **analytics.FUNCTIONS,
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
