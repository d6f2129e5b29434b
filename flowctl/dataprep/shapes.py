"""The shape of an expression: its text with one name for each column, so that alike expressions are checked once.

Pipelines of a workspace hold the same few expressions over columns of different names. What is wrong with an expression
does not depend on these names, except on words of the language and names of functions, which a shape keeps.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flowctl.dataprep.signatures import signatures
from flowctl.dataprep.tokens import LONGEST, RESERVED
from flowctl.dataprep.utf16 import length

if TYPE_CHECKING:
    from collections.abc import Container

_PART = re.compile(
    r"""
    "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'
  | \$\{[^{}.\\"']+\}
  | (?<![\w$\\])(?P<name>[^\W\d]\w*)(?![\w$\\]|\s*\()
    """,
    re.VERBOSE | re.DOTALL,
)
_ODD = re.compile(r"`|//|\#\#|/\*")
"""What may hold names that are none: templates and comments."""
_UNUSUAL = re.compile(rf"{_ODD.pattern}|\\|\$(?!\{{)|\$\{{[^{{}}]*[.\"']")
"""What also may be a part of a name."""


@lru_cache(maxsize=2048)
def shape(text: str) -> str:
    """Return the shape of an expression, which is the text itself if it may hold more than plain names.

    An expression whose shape has no problem has none. If the shape has one, the text must be looked at itself.
    """
    return text if length(text) > LONGEST or _ODD.search(text) else _PART.sub(_common, text)


def may_read_more(text: str, columns: Container[str]) -> bool:
    """Return whether an expression may read another column than these: its text holds another name."""
    names = _names(text)
    return names is None or not all([name in columns for name in names])  # noqa: C419 - a generator takes longer


@lru_cache(maxsize=2048)
def _names(text: str) -> frozenset[str] | None:
    """Return the names of columns that an expression may read; None if it may hold others that are not seen."""
    if _UNUSUAL.search(text):
        return None
    parts = _PART.finditer(text)
    return frozenset(part["name"] or part[0][2:-1] for part in parts if part["name"] or part[0][0] == "$") - _kept()


def _common(part: re.Match[str]) -> str:
    name = part["name"]
    if name is not None:
        return name if name in _kept() else "x"
    return "${x}" if part[0].startswith("$") else part[0]


@cache
def _kept() -> frozenset[str]:
    return RESERVED | signatures().keys()
