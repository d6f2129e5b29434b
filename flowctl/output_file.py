"""Files that a person names for output: written only where nothing stands, or what flowctl wrote there before."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

from flowctl.durable import staged
from flowctl.regular_file import LARGEST_RECORD, TooLarge, kind_of, read_regular
from flowctl.systems import flush_folder, when_unused

IsOwn = Callable[[bytes], bool]
"""Whether the bytes of a file are what flowctl itself would write there."""
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)


class Taken(OSError):  # noqa: N818 - reads as what happened
    """Something stands at the path that is not replaced; `strerror` says what."""


def check_free(path: str, is_own: IsOwn) -> bool:
    """Whether something of flowctl's own stands at the path, and False where nothing does.

    Raises Taken where anything else does, and OSError where no file can be made.
    """
    if not path or path.endswith(("/", os.sep)):
        raise OSError(errno.EINVAL, "it does not name a file")
    if path == "-":
        raise OSError(errno.EINVAL, "it is not the name of a file here; write ./- if it is meant to be one")
    try:
        mode = os.lstat(path).st_mode
    except FileNotFoundError:
        folder = os.path.dirname(path) or "."  # noqa: PTH120 - as above
        if not os.path.isdir(folder):  # noqa: PTH112 - as above
            raise FileNotFoundError(errno.ENOENT, f"there is no folder {folder}") from None
        return False
    except ValueError as error:
        raise OSError(errno.EINVAL, "it holds a character that no file name can hold") from error
    kind = kind_of(mode)
    if kind is not None:
        raise Taken(errno.EEXIST, f"it is {kind}")
    try:
        is_ours = is_own(read_regular(Path(path), LARGEST_RECORD))
    except TooLarge:
        is_ours = False
    except OSError as error:
        raise Taken(errno.EEXIST, f"what it holds cannot be read ({error.strerror or error})") from error
    if not is_ours:
        raise Taken(errno.EEXIST, "it holds something else")
    return True


def write_own(path: str, text: str, is_own: IsOwn, mode: int, *, flushed: bool = True) -> None:
    """Write a file at once, where `check_free` allows it at that very moment. Raises as `check_free` does.

    One of very many files need not be `flushed`: waiting for the disk takes longer than everything else.
    """
    with staged(Path(path), text, mode, flushed=flushed) as temporary:
        if check_free(path, is_own):
            when_unused(lambda: temporary.replace(path))
        else:
            _place(temporary, path, text, mode)
    if flushed:
        flush_folder(Path(path).parent)


def _place(temporary: Path, path: str, text: str, mode: int) -> None:
    """Give the finished file its name, unless something took the name meanwhile: a link never replaces anything."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise Taken(errno.EEXIST, "another program has just made it") from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
