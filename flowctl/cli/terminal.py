"""The width of the terminal that a stream is written to."""

import os
from contextlib import suppress
from typing import TextIO

_USUAL = 80


def terminal_columns(stream: TextIO) -> int | None:
    """The width of the terminal of a stream, which the variable COLUMNS may set; None if it is not a terminal."""
    if not stream.isatty():
        return None
    with suppress(ValueError):
        if (chosen := int(os.environ.get("COLUMNS", ""))) > 0:
            return chosen
    # A terminal may have no size: an emulated one, or one whose window is gone.
    with suppress(OSError, ValueError):
        return os.get_terminal_size(stream.fileno()).columns or _USUAL
    return _USUAL
