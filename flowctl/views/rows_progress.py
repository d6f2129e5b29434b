"""Progress over the rows of a long file, on standard error."""

import time
from collections.abc import Callable
from typing import Final

from flowctl.views.lines import tell

_SILENCE: Final = 5.0
"""Seconds between two lines."""


def rows_progress(*, quiet: bool) -> Callable[[int], None]:
    """What to tell the number of rows that are done; it prints some of them."""
    last = time.monotonic()

    def told(rows: int) -> None:
        nonlocal last
        now = time.monotonic()
        if not quiet and now - last >= _SILENCE:
            last = now
            tell(f"{rows:,} rows")

    return told
