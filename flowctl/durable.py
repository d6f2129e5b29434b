"""Files that survive a crash: written to a temporary file, flushed, and renamed into place."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeAlias

from flowctl.systems import flush_folder, when_unused

Content: TypeAlias = str | bytes | tuple[bytes, ...] | Iterator[bytes]
"""A text, the same in UTF-8, or its parts in UTF-8 in order."""
_LONGEST_NAME = 100
"""Characters of a file's name in the name of what is written beside it: names have a limit."""


def replace_text(path: Path, text: Content, mode: int | None = None) -> None:
    """Replace the text of a file in one step: a reader, also after a crash, sees the old text or the new one.

    Without `mode` the file keeps its permissions, or gets 0644. A link is replaced, not its target.
    Raises OSError if the folder cannot be written or the disk is full. The old file is then unchanged.
    """
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with staged(path, text, mode) as temporary:
        when_unused(lambda: temporary.replace(path))
    flush_folder(path.parent)


def replace_texts(texts: Mapping[Path, str]) -> None:
    """Replaces the texts of several files, all of them or none; they keep their permissions.

    Nothing is replaced before every new text is on disk. If one cannot be put in place, those before it get their old
    text back, and OSError is raised. A crash in between leaves each file with its old text or the new one.
    """
    with ExitStack() as stack:
        ready = {
            path: stack.enter_context(staged(path, text, path.stat().st_mode & 0o777)) for path, text in texts.items()
        }
        before = {path: path.read_bytes() for path in texts}
        done: list[Path] = []
        try:
            for path, temporary in ready.items():
                when_unused(partial(temporary.replace, path))
                done.append(path)
        except OSError:
            for path in done:
                replace_text(path, before[path].decode("utf-8"))
            raise
    for folder in {path.parent for path in texts}:
        flush_folder(folder)


@contextmanager
def staged(path: Path, text: Content, mode: int, *, flushed: bool = True) -> Iterator[Path]:
    """A finished temporary file beside its destination. It is removed at the end unless it was moved.

    Unless it is `flushed`, the file may be lost if the machine stops, but not if only this process does.
    Raises OSError if the folder cannot be written or the disk is full.
    """
    import tempfile  # only where something is written: it is slow to import

    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_prefix(path), suffix=".new")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines((_encoded(text),) if isinstance(text, str | bytes) else text)
            if flushed:
                file.flush()
                os.fsync(file.fileno())
        temporary.chmod(mode)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()


def remove(path: Path) -> None:
    """Remove a file durably, if it exists."""
    when_unused(lambda: path.unlink(missing_ok=True))
    flush_folder(path.parent)


def remove_leftovers(path: Path, older_than: float = 0.0) -> None:
    """Remove the temporary files that killed writers of this file left behind.

    If other writers may be active, only files older than `older_than` seconds are removed.
    """
    for leftover in path.parent.glob(f"{_prefix(path)}*.new"):
        # One that another process still has open stays for the next time.
        with suppress(OSError):
            if not older_than or time.time() - leftover.stat().st_mtime > older_than:
                leftover.unlink()


def remove_second_names(folder: Path) -> None:
    """Remove what writers that were killed left beside finished files: second names of the very same files."""
    for leftover in folder.glob(".*.new"):
        named = folder / leftover.name[1:].rsplit(".", 2)[0]
        with suppress(OSError):
            if os.path.samestat(leftover.lstat(), named.lstat()):
                leftover.unlink()


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8")


def _prefix(path: Path) -> str:
    return f".{path.name[:_LONGEST_NAME]}."
