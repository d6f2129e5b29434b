"""What can stand in a header of a request."""

from typing import Final

LONGEST: Final = 16_384
"""Characters of a header value; servers accept less, and a token has about 2,000."""


def is_sendable(value: object) -> bool:
    """Whether a value is text that a header can hold: printable ASCII, no blank at either end, not empty."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        return False
    return value.isascii() and value.isprintable() and value[0] != " " and value[-1] != " "
