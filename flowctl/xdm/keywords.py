"""The keywords that are kept of a schema's fields, each with what its value must be: files and replies may have any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_list(value: object) -> bool:
    return isinstance(value, list)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_any(_value: object) -> bool:
    return True


KEPT: Final[Mapping[str, Callable[[object], bool]]] = {
    "type": _is_text,
    "format": _is_text,
    "enum": _is_list,
    "const": _is_any,
    "pattern": _is_text,
    "minLength": _is_number,
    "maxLength": _is_number,
    "minimum": _is_number,
    "maximum": _is_number,
    "minItems": _is_number,
    "maxItems": _is_number,
    "required": _is_texts,
}
"""By keyword, whether a value of it can be used."""
_REFERENCES: Final = ("refs", "includes")


def are_usable(facts: Mapping[str, object]) -> bool:
    """Whether each keyword of a field's facts has a value that can be used; null counts as left out."""
    keywords = all(holds(facts[name]) for name, holds in KEPT.items() if facts.get(name) is not None)
    return keywords and all(_is_texts(facts[name]) for name in _REFERENCES if name in facts)
