"""Write new files: all of them or none, and never over anything that exists."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from flowctl.durable import remove_leftovers
from flowctl.output_file import write_own

_MODE: Final = 0o644


class Unwritten(Exception):  # noqa: N818 - reads as what happened
    """A file could not be written; those that were written before it are removed again. `why` is a clause."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place
        self.why = why


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
        blamed = Path(error.filename or "")
        place = blamed.relative_to(root).as_posix() if blamed in (root / file).parents else file
        raise Unwritten(place, error.strerror or str(error)) from error


def _folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the new ones."""
    missing = [folder, *folder.parents]
    missing = missing[: next((place for place, each in enumerate(missing) if each.is_dir()), 0)]
    for each in reversed(missing):
        each.mkdir()
    return list(reversed(missing))
