"""The widths of the terminals that results and messages are written to."""

import os
import sys
from contextlib import suppress
from typing import Final

_USUAL: Final = 80


def output_columns() -> int | None:
    """The width of the terminal on standard output; None if it is not a terminal."""
    return _columns(1) if sys.stdout.isatty() else None


def message_columns() -> int | None:
    """The width of the terminal on standard error; None if it is not a terminal."""
    return _columns(2) if sys.stderr.isatty() else None


def _columns(descriptor: int) -> int:
    """The width of a terminal, which the variable COLUMNS may set."""
    with suppress(ValueError):
        if (chosen := int(os.environ.get("COLUMNS", ""))) > 0:
            return chosen
    # A terminal may have no size: an emulated one, or one whose window is gone.
    with suppress(OSError):
        return os.get_terminal_size(descriptor).columns or _USUAL
    return _USUAL
