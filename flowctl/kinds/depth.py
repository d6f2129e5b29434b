"""How deep a value from the platform may be nested."""

from typing import Any, Final

DEEPEST: Final = 100
"""Levels of lists and mappings in an attribute; manifests may have as many."""
DEEPEST_FIELD: Final = 100
"""Levels of fields below each other in a resource of Schema Registry, no fewer than a manifest may declare."""
_HOLDERS: Final = frozenset({dict, list})


def require_shallow(value: Any, deepest: int = DEEPEST) -> None:
    """Raise ValueError for a value that whatever walks through it would die of."""
    level = [value]
    for _ in range(deepest):
        level = [
            part
            for whole in level
            for part in (whole.values() if type(whole) is dict else whole)
            if type(part) in _HOLDERS
        ]
        if not level:
            return
    raise ValueError("it is nested too deep")
