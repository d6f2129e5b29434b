"""Files that survive a crash: written beside, flushed, renamed into place."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flowctl.systems import flush_folder, when_unused

_LONGEST_NAME = 100
"""Characters of a file's name in the name of what is written beside it: names have a limit."""


def replace_text(path: Path, text: str, mode: int | None = None) -> None:
    """Replaces a file's text at once: a reader or a crash sees the old text or the new one, never a part.

    Without `mode` the file keeps its permissions, or gets 0644. A link is replaced, not what it leads to.
    Raises OSError where the folder cannot be written or the disk is full; the old file then stays as it was.
    """
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with staged(path, text, mode) as temporary:
        when_unused(lambda: temporary.replace(path))
    flush_folder(path.parent)


@contextmanager
def staged(path: Path, text: str, mode: int, *, flushed: bool = True) -> Iterator[Path]:
    """A finished file beside the place that it is for; removed at the end unless it was moved.

    Unless it is `flushed`, the system may lose it if the machine stops, but never if only this process does.
    Raises OSError where the folder cannot be written or the disk is full.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            if flushed:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(mode)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def remove(path: Path) -> None:
    """Removes a file for good, where there is one."""
    when_unused(lambda: path.unlink(missing_ok=True))
    flush_folder(path.parent)


def remove_leftovers(path: Path, older_than: float = 0.0) -> None:
    """Removes what writers of this file left beside it when they were killed.

    Where other writers may be at work, `older_than` says after how many seconds none of them still is.
    """
    for leftover in path.parent.glob(f"{_prefix(path)}*.new"):
        # One that another process still has open stays for the next time.
        with suppress(OSError):
            if not older_than or time.time() - leftover.stat().st_mtime > older_than:
                leftover.unlink()


def _prefix(path: Path) -> str:
    return f".{path.name[:_LONGEST_NAME]}."
