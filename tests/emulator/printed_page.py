"""A generated page, written to the file that is named, or printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_page(page: str, arguments: Sequence[str]) -> int:
    """Write the page to the first argument, or print it. Return the exit code."""
    if arguments:
        Path(arguments[0]).write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)
    return 0
