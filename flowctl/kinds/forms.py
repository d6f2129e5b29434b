"""Forms: when two values of an attribute of known type mean the same, though they are written differently.

Each is symmetric, and says yes only for what it understands. What no form covers is compared as it stands.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

from flowctl.model.attribute_path import Path
from flowctl.model.default_names import is_default_name

Form: TypeAlias = Callable[[Any, Any], bool]
Forms: TypeAlias = Mapping[Path, Form]

ANY: Final = "*"
"""The last step of a path, where a form covers every member of an object."""

_INTEGER = re.compile(r"-?\d{1,30}(\.0+)?\Z", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\Z", re.ASCII)


def form_at(forms: Forms, path: Path) -> Form | None:
    """The form of the attribute at a path."""
    return forms.get(path) or (forms.get((*path[:-1], ANY)) if path else None)


def integers(first: Any, second: Any) -> bool:
    """Integers as numbers or text: `24`, `"24"` and `"0024"`."""
    return _equal(_integer(first), _integer(second))


def numbers(first: Any, second: Any) -> bool:
    """Numbers as such or as text: `5`, `"5"` and `"5.0"`."""
    return _equal(_number(first), _number(second))


def booleans(first: Any, second: Any) -> bool:
    """Booleans as such or as text: `true`, `"true"` and Python's `"True"`."""
    return _equal(_boolean(first), _boolean(second))


def moments(first: Any, second: Any) -> bool:
    """Moments in epoch seconds, as numbers or text, or in RFC 3339."""
    return _equal(_moment(first), _moment(second))


def folders(first: Any, second: Any) -> bool:
    """Paths of files and folders: the platform removes a final slash."""
    return _equal(_folder(first), _folder(second))


def words(first: Any, second: Any) -> bool:
    """Words and IDs in upper or lower case."""
    return isinstance(first, str) and isinstance(second, str) and first.lower() == second.lower()


def versions(first: Any, second: Any) -> bool:
    """Versions of specs as text or as the number that it spells: `"1.0"` and `1.0`; two texts must be the same."""
    if isinstance(first, str) == isinstance(second, str):
        return bool(first == second)
    return numbers(first, second)


def media_types(first: Any, second: Any) -> bool:
    """Media types of a schema: `;version=1`, `; version=1` and `;version=1.0`."""
    return _equal(_media_type(first), _media_type(second))


def sets(first: Any, second: Any) -> bool:
    """Lists of text whose order means nothing."""
    return _equal(_sorted(first), _sorted(second))


def names_of(kind: str) -> Form:
    """Names of a part of a pipeline: none is as good as the one that flowctl chooses itself."""

    def names(first: Any, second: Any) -> bool:
        if first and second:
            return bool(first == second)
        return is_default_name(first or second, kind)

    return names


def only_word(word: str) -> Form:
    """Words in upper or lower case, where one alone is possible: none is as good as that one."""

    def only(first: Any, second: Any) -> bool:
        return words(first or word, second or word)

    return only


def _equal(first: Any, second: Any) -> bool:
    return first is not None and first == second


def _integer(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else None
    if isinstance(value, int):
        return value
    return int(value.partition(".")[0]) if isinstance(value, str) and _INTEGER.match(value) else None


def _number(value: Any) -> float | int | None:
    integer = _integer(value)
    if integer is not None or isinstance(value, bool):
        return integer
    if isinstance(value, float):
        return value
    return float(value) if isinstance(value, str) and _DECIMAL.match(value) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def _moment(value: Any) -> float | int | None:
    if isinstance(value, str) and _DATE.match(value):
        try:
            return datetime.fromisoformat(value.upper()).timestamp()
        except ValueError:
            return None
    return _number(value)


def _folder(value: Any) -> str | None:
    return value.rstrip("/") or value[:1] if isinstance(value, str) else None


def _media_type(value: Any) -> str | None:
    return re.sub(r"(version=\d+)\.0\Z", r"\1", value.replace(" ", "").lower()) if isinstance(value, str) else None


def _sorted(value: Any) -> list[str] | None:
    return sorted(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else None
