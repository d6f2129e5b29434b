"""Names of columns, made fit to be names of fields."""

import re
import unicodedata
from typing import Final

from flowctl.manifest.checks.fields import RESERVED

_UNFIT: Final = re.compile(r"[^A-Za-z0-9_-]+")


def fit_name(name: str) -> str:
    """The name of a field for a column: its letters without accents, other characters as underscores.

    A name begins with a letter or a digit, and is not one that Schema Registry reserves.
    """
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    fit = _UNFIT.sub("_", plain).lstrip("_-").rstrip("_") if _UNFIT.search(plain) else plain.lstrip("_-")
    if not fit:
        return "field"
    return f"{fit}_" if fit in RESERVED else fit


def distinct(name: str, taken: set[str]) -> str:
    """The name, with a number if it is taken; it is taken afterwards. Names that differ in case only are alike."""
    found, number = name, 1
    while found.lower() in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found.lower())
    return found
