"""Runs flowctl's command line as a process that kills itself at its n-th boundary.

Boundaries are counted at the edges of the process, in httpx and the operating system's calls, never inside flowctl:
before and after each request, around each journal line and inside it, around each step of a compaction.
`CRASH_AT` is n; the name of the boundary where the process dies is written to the file `CRASH_REPORT`.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import httpx

from flowctl.cli.main import run

_WRITE, _PWRITE, _FSYNC, _FDATASYNC = os.write, os.pwrite, os.fsync, os.fdatasync
_REPLACE, _UNLINK, _LINK = os.replace, os.unlink, os.link
_HANDLE = httpx.HTTPTransport.handle_request
_STATE = "flowctl.dev.lock"
_AT = int(os.environ["CRASH_AT"])
_REPORT = os.environ["CRASH_REPORT"]
_counting = threading.Lock()
_reached = 0


def _is_next() -> bool:
    global _reached
    _reached += 1
    return _reached == _AT


def _die(name: str) -> None:
    descriptor = os.open(_REPORT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    _WRITE(descriptor, name.encode())
    os.kill(os.getpid(), signal.SIGKILL)


def boundary(name: str) -> None:
    """Counts one boundary, and dies at the n-th."""
    with _counting:
        if _is_next():
            _die(name)


def _path_of(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


def _handle(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
    what = f"{request.method} {request.url.path.split('/')[-1] or request.url.path}"
    boundary(f"before sending | {what}")
    reply = _HANDLE(self, request)
    boundary(f"after sending | {what}")
    return reply


def _write(descriptor: int, content: bytes) -> int:
    if not _path_of(descriptor).endswith(f"{_STATE}.journal"):
        return _WRITE(descriptor, content)
    boundary("after the reply, before a journal line")
    with _counting:
        if _is_next():
            _WRITE(descriptor, content[: len(content) // 2])
            _die("inside a journal line")
    written = _WRITE(descriptor, content)
    boundary("after a journal line, before its flush")
    return written


def _fdatasync(descriptor: int) -> None:
    _FDATASYNC(descriptor)
    boundary("after a journal line")


def _fsync(descriptor: int) -> None:
    name = "the folder" if Path(_path_of(descriptor)).is_dir() else "the new lockfile"
    boundary(f"compaction | before the flush of {name}")
    _FSYNC(descriptor)
    boundary(f"compaction | after the flush of {name}")


def _replace(source: Any, target: Any, **options: Any) -> None:
    boundary("compaction | before the rename")
    _REPLACE(source, target, **options)
    boundary("compaction | after the rename")


def _link(source: Any, target: Any, **options: Any) -> None:
    boundary("writing files | before a file has its name")
    _LINK(source, target, **options)
    boundary("writing files | after a file has its name")


def _unlink(path: Any, **options: Any) -> None:
    mine = str(path).endswith(f"{_STATE}.journal")
    if mine:
        boundary("compaction | before the removal of the journal")
    _UNLINK(path, **options)
    if mine:
        boundary("compaction | after the removal of the journal")


if __name__ == "__main__":
    httpx.HTTPTransport.handle_request = _handle  # type: ignore[method-assign]
    os.write, os.fdatasync, os.fsync = _write, _fdatasync, _fsync  # type: ignore[assignment]
    os.replace, os.unlink, os.link = _replace, _unlink, _link  # type: ignore[assignment]
    sys.argv[0] = "flowctl"
    run()
