"""The functions by name.

A function gets its arguments converted to the types of its signature. Those that need the clock, the record or a
lambda are not here: `flowctl/dataprep/special.py` has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.dataprep.functions import analytics, arrays, conversion, hashes, logic, moments, objects, text, urls

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.dataprep.types import Value

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
