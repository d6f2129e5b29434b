"""Names of documents, made of titles: the same in every run, and a number only where two titles make one name."""

import re
import unicodedata
from collections.abc import Container, Hashable, Sequence
from typing import Final, TypeVar

K = TypeVar("K", bound=Hashable)
_LONGEST: Final = 60
_DEVICES: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10)))
)
"""Names that Windows keeps for itself, whatever ending a file has."""


def slug(title: str, otherwise: str) -> str:
    """A title as a name: lowercase letters, digits and hyphens; `otherwise` if none of its characters can stay."""
    letters = unicodedata.normalize("NFKD", title.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(each for each in letters if not unicodedata.combining(each)))
    name = ""
    for word in words:
        longer = f"{name}-{word}" if name else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        name = longer
    return f"{name}-{otherwise}" if name in _DEVICES else name or otherwise


def names(titles: Sequence[tuple[K, str]], taken: Container[str], otherwise: str) -> dict[K, str]:
    """A name for each of some objects, given from old to new.

    The oldest of those with one name has it bare, and a name that is already `taken` is never given again.
    """
    given: dict[K, str] = {}
    used: set[str] = set()
    wanted = [(key, slug(title, otherwise)) for key, title in titles]
    for key, name in wanted:
        if name not in taken and name not in used:
            used.add(name)
            given[key] = name
    for key, name in wanted:
        if key not in given:
            number = 2
            while (numbered := f"{name}-{number}") in taken or numbered in used:
                number += 1
            used.add(numbered)
            given[key] = numbered
    return given
