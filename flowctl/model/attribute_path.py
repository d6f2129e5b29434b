"""Paths into comparable attributes: tuples of member names, with `[key]` steps inside keyed lists."""

from collections.abc import Mapping
from typing import Any

Path = tuple[str, ...]


def dotted(path: Path) -> str:
    """`("transformations", "[Mapping]", "params")` as `transformations[Mapping].params`."""
    text = ""
    for step in path:
        text += step if step.startswith("[") or not text else f".{step}"
    return text


def begins_with(path: Path, prefix: Path) -> bool:
    """Whether `path` is `prefix` or lies below it."""
    return path[: len(prefix)] == prefix


def value_at(attributes: Any, path: Path, keyed_lists: Mapping[Path, str]) -> Any:
    """The value at a path, or None where any step is missing."""
    value = attributes
    for place, step in enumerate(path):
        if type(value) is dict:  # known at once, and most are
            value = value.get(step)
        elif step.startswith("[") and isinstance(value, list):
            value = _item(value, keyed_lists.get(path[:place]), step[1:-1])
        elif isinstance(value, Mapping):
            value = value.get(step)
        else:
            return None
    return value


def _item(items: list[Any], key: str | None, wanted: str) -> Any:
    for position, item in enumerate(items):
        if key is None:
            if str(position) == wanted:
                return item
        elif isinstance(item, Mapping) and str(item.get(key)) == wanted:
            return item
    return None
