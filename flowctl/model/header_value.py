"""What can stand in a header of a request."""

from typing import Final

from flowctl.late_pattern import late_pattern

LONGEST: Final = 16_384
"""Characters of a header value; servers accept less, and a token has about 2,000."""
_SENDABLE: Final = late_pattern(r"[!-~](?:[ -~]*[!-~])?")


def is_sendable(value: object) -> bool:
    """Whether a value is text that a header can hold: printable ASCII, no blank at either end, not empty."""
    return isinstance(value, str) and len(value) <= LONGEST and _SENDABLE.fullmatch(value) is not None
