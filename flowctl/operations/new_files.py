"""Write new files: all of them or none, and never over anything that exists."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from flowctl.durable import remove_leftovers
from flowctl.output_file import write_own

_MODE: Final = 0o644


class Unwritten(Exception):  # noqa: N818 - reads as what happened
    """A file could not be written. `why` is a clause, `removed` whether others were written before, and removed."""

    def __init__(self, place: str, why: str, *, removed: bool = False) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place
        self.why = why
        self.removed = removed


def write_all(root: Path, texts: Sequence[tuple[str, str]], *, folders: Sequence[str]) -> None:
    """Write texts to files, in this order, and make those of some folders that do not exist. Raises Unwritten.

    A run that is killed in between leaves the first ones, so what makes the others count comes last.
    """
    written: list[Path] = []
    made: list[Path] = []
    file = ""
    try:
        for file in folders:
            made += _folders(root / file)
        for file, text in texts:
            path = root / file
            made += _folders(path.parent)
            remove_leftovers(path)
            write_own(str(path), text, lambda _bytes: False, _MODE, flushed=file == texts[-1][0])
            written.append(path)
    except OSError as error:
        for path in reversed(written):
            with suppress(OSError):
                path.unlink()
        for folder in reversed(made):
            with suppress(OSError):
                folder.rmdir()
        raise Unwritten(_blamed(error, root, file), error.strerror or str(error), removed=bool(written)) from error


def _blamed(error: OSError, root: Path, file: str) -> str:
    """What is in the way of a file: a folder above it, relative to the root if it is below it, or the file itself."""
    blamed = Path(error.filename or "")
    if error.filename is None or blamed not in (root / file).parents:
        return file
    # What is above the folder to be made is said to be no folder, which one of those above it is not.
    if not blamed.is_relative_to(root) or blamed == root:
        above = (each for each in (blamed, *blamed.parents) if os.path.lexists(each) and not each.is_dir())
        return next(map(str, above), str(blamed))
    return blamed.relative_to(root).as_posix()


def _folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones."""
    missing = [folder, *folder.parents]
    missing = missing[: next((place for place, each in enumerate(missing) if each.is_dir()), 0)]
    for each in reversed(missing):
        each.mkdir()
    return list(reversed(missing))
