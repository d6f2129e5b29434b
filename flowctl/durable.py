"""Files that survive a crash: written beside, flushed, renamed into place."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from flowctl.systems import flush_folder, when_unused


def replace_text(path: Path, text: str, mode: int | None = None) -> None:
    """Replaces a file's text at once: a reader or a crash sees the old text or the new one, never a part.

    Without `mode` the file keeps its permissions, or gets 0644.
    Raises OSError where the folder cannot be written or the disk is full; the old file then stays as it was.
    """
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        kept = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(temporary).chmod(kept if mode is None else mode)
        when_unused(lambda: Path(temporary).replace(path))
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
    flush_folder(path.parent)


def remove(path: Path) -> None:
    """Removes a file for good, where there is one."""
    when_unused(lambda: path.unlink(missing_ok=True))
    flush_folder(path.parent)


def remove_leftovers(path: Path, older_than: float = 0.0) -> None:
    """Removes what writers of this file left beside it when they were killed.

    Where other writers may be at work, `older_than` says after how many seconds none of them still is.
    """
    for leftover in path.parent.glob(f".{path.name}.*.new"):
        # One that another process still has open stays for the next time.
        with suppress(OSError):
            if not older_than or time.time() - leftover.stat().st_mtime > older_than:
                leftover.unlink()
