"""How deep a value from the platform may be nested."""

from typing import Any

_DEEPEST = 100
"""Levels of lists and mappings in an attribute; manifests may have as many."""


def require_shallow(value: Any) -> None:
    """Raises ValueError for a value that whatever walks through it would die of."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            part
            for whole in level
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, dict | list)
        ]
        if not level:
            return
    raise ValueError("it is nested too deep")
