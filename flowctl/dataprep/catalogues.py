"""The catalogues of functions and operators that the platform answers with."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


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
