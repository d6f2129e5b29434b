"""Parts of the page: text that is safe in HTML, and tables."""

from __future__ import annotations

import unicodedata
from html import escape as escaped
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that act or that nobody sees."""


def escape(text: str) -> str:
    """Return the text for HTML; a character that acts or cannot be seen is shown by its number."""
    parts = (f"\\u{ord(sign):04x}" if unicodedata.category(sign) in _UNSEEN else sign for sign in text)
    return escaped("".join(parts))


def table(titles: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; titles and cells are HTML."""
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
