"""Paths of fields in a record, such as `_acme.orders[*].sku`."""

from collections.abc import Iterator
from typing import Final

ITEM: Final = "[*]"
"""The step to what an array or a map holds."""


def steps_of(path: str) -> tuple[str, ...]:
    """The names of a path; `[*]` is a step of its own."""
    return tuple(path.replace(ITEM, f".{ITEM}").split("."))


def joined(path: str, step: str) -> str:
    """The path of what lies in a field."""
    return f"{path}{step}" if step == ITEM or not path else f"{path}.{step}"


def lies_in(path: str, other: str) -> bool:
    """Whether a field lies in another one."""
    return path.startswith((f"{other}.", f"{other}{ITEM}"))


def holders_of(path: str) -> Iterator[str]:
    """The paths of what a field lies in, from the inside out."""
    while path := path.removesuffix(ITEM) if path.endswith(ITEM) else path.rpartition(".")[0]:
        yield path


def without_namespace(path: str) -> str:
    """The path below the namespace of a tenant; what lies in none stays whole."""
    first, _, rest = path.partition(".")
    return rest if first.startswith("_") and rest else path
