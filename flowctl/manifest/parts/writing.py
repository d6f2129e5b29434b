"""From an attribute of a live object to the place and the form in which a manifest declares it."""

from collections.abc import Mapping
from typing import Any, Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import Writer, Written
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON
from flowctl.text.positions import APPEND, ValuePath

NO_KEY: Final = "no key of a manifest stands for it"
REFERS: Final = "the manifest names another object there"


def members(base: ValuePath, names: Mapping[str, str], *, below: frozenset[str] = frozenset()) -> Writer:
    """The writer of attributes that are declared below `base`, under the same names or under those in `names`.

    `below` are the attributes that hold an object of the platform's own keys.
    """

    def write(document: Document, path: Path, value: JSON) -> Written | str:
        head, *rest = path
        if head in names and not rest:
            return Written(path=(*base, names[head]), value=value or None)
        if head not in below:
            return NO_KEY
        declared = position_path(document, (*base, head), tuple(rest))
        return declared if isinstance(declared, str) else Written(path=declared, value=value)

    return write


def position_path(document: Document, base: ValuePath, rest: Path) -> ValuePath | str:
    """The path with the position of each item that is told by its name."""
    path = base
    for step in rest:
        if not step.startswith("["):
            path = (*path, step)
            continue
        items = document.at(*path)
        if not isinstance(items, list):
            return NO_KEY
        found = item_position(items, "name", step)
        if found == APPEND and path != (*base, *rest[:-1]):
            return NO_KEY
        path = (*path, found)
    return path


def item_position(items: list[Any], member: str, step: str) -> int:
    """The position of the item that `[key]` names; APPEND if there is none."""
    for position, item in enumerate(items):
        if isinstance(item, Mapping) and str(item.get(member)) == step[1:-1]:
            return position
    return APPEND
