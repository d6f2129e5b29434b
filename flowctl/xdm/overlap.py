"""Whether two destinations concern the same value."""


def overlap(left: str, right: str) -> bool:
    """Return whether one of two paths is the other one or lies above it, whatever the indexes are."""
    first, second = _names(left), _names(right)
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter]


def _names(path: str) -> list[str]:
    return [step.partition("[")[0] for step in path.split(".")]
