"""The old and the new value of one attribute: beside each other, or below each other in a narrow terminal."""

from collections.abc import Iterator
from typing import Final

from flowctl.views.width import Width, cells

_ARROW: Final = "-> "
_DEEPER: Final = 2


def both_values(path: str, sides: tuple[str, str], width: Width, indent: int, mark: str = "") -> Iterator[str]:
    """The lines of an attribute. `mark` is what else is said of the change, behind it or behind the path."""
    before, after = sides
    beside = f"{path}: {before} {_ARROW}{after}" + (f"   {mark}" if mark else "")
    if not width.wraps or cells(beside) <= width.room(indent):
        yield f"{' ' * indent}{beside}"
        return
    yield from width.sentence(f"{path} ({mark}):" if mark else f"{path}:", indent, _DEEPER)
    yield from width.sentence(before, indent + _DEEPER + len(_ARROW), 0)
    yield from width.sentence(f"{_ARROW}{after}", indent + _DEEPER, len(_ARROW))
