"""Runs flowctl's command line on what Windows leaves of the operating system, as far as Linux can act that out.

Acted out, for what flowctl's own modules import (libraries say themselves that they run on Windows):

- POSIX-only modules cannot be imported; `os`, `signal` and `socket` lack what they lack on Windows and have what they
  have there only (Ctrl-Break is SIGUSR1); `sys.platform` and `os.name` say Windows
- `os.open` without O_BINARY writes CRLF, opens no folder and no file with the name of a device
- no file is renamed, replaced or removed that any process has open
- the locked first byte of a run lock can be read by its holder only
- no signal interrupts a thread that waits
- files and pipes have another encoding than UTF-8 and CRLF, and text is never opened without naming an encoding

Not acted out: path syntax, file names without case, consoles, how Windows' own calls fail, libraries.
"""

import builtins
import fcntl
import os
import signal
import socket
import stat
import sys
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import Any

_MODULES = "fcntl grp posix posixpath pty pwd readline resource spwd syslog termios tty curses crypt nis ossaudiodev"
_OS = """
    fdatasync pread pwrite preadv pwritev readv writev fchmod fchown chown lchown fchdir chroot lockf sync sendfile
    getuid geteuid getgid getegid getgroups getresuid getresgid getpgid getpgrp getsid setsid setuid setgid setpgid
    fork forkpty wait wait3 wait4 waitid killpg nice getpriority setpriority uname sysconf pathconf confstr ctermid
    ttyname openpty statvfs fstatvfs mkfifo mknod mkdev major minor pipe2 set_blocking get_blocking register_at_fork
    posix_fallocate posix_fadvise posix_spawn posix_spawnp memfd_create copy_file_range splice getloadavg eventfd
    pidfd_open getxattr setxattr listxattr removexattr sched_getaffinity sched_setaffinity sched_yield getrandom
    O_NOFOLLOW O_NONBLOCK O_NDELAY O_CLOEXEC O_DIRECTORY O_NOCTTY O_SYNC O_DSYNC O_RSYNC O_ASYNC O_DIRECT O_NOATIME
    O_PATH O_TMPFILE O_LARGEFILE
"""
_SIGNAL = """
    SIGINT SIGTERM SIGABRT SIGFPE SIGILL SIGSEGV SIG_DFL SIG_IGN Signals Handlers signal getsignal raise_signal
    default_int_handler set_wakeup_fd strsignal valid_signals
"""
NO_MODULES = frozenset(_MODULES.split())
_NOT_IN_OS = frozenset(_OS.split())
_IN_SIGNAL = frozenset(_SIGNAL.split())
_NOT_IN_SOCKET = frozenset({"AF_UNIX", "SO_REUSEPORT", "AF_NETLINK", "MSG_DONTWAIT", "MSG_NOSIGNAL", "sethostname"})
BREAK = signal.SIGUSR1
_BINARY = 1 << 30
_OPEN, _WRITE, _READ, _CLOSE = os.open, os.write, os.read, os.close
_text: set[int] = set()
_locked: set[int] = set()


class _Seen:
    """A module as flowctl sees it: without some names, with others, and otherwise the module itself."""

    def __init__(self, module: Any, lacks: Any, **has: Any) -> None:
        self.__dict__.update(_module=module, _lacks=lacks, _has=has)

    def __getattr__(self, name: str) -> Any:
        if name in self._has:
            return self._has[name]
        if self._lacks(name):
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r} on Windows")
        return getattr(self._module, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._module, name, value)


def _open(path: Any, flags: int, mode: int = 0o777) -> int:
    if PureWindowsPath(path).is_reserved():
        raise FileNotFoundError(2, "The system cannot find the file specified", str(path))
    if Path(path).is_dir():
        raise PermissionError(13, "Access is denied", str(path))
    descriptor = _OPEN(path, flags & ~_BINARY, mode)
    if not flags & _BINARY:
        _text.add(descriptor)
    return descriptor


def _write(descriptor: int, data: bytes) -> int:
    if descriptor not in _text:
        return _WRITE(descriptor, data)
    _WRITE(descriptor, data.replace(b"\n", b"\r\n"))
    return len(data)


def _read(descriptor: int, count: int) -> bytes:
    regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    if regular and descriptor not in _locked and os.lseek(descriptor, 0, os.SEEK_CUR) == 0:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        except BlockingIOError:
            raise PermissionError(13, "The process cannot access the file: a part of it is locked") from None
    return _READ(descriptor, count)


def _close(descriptor: int) -> None:
    _text.discard(descriptor)
    _locked.discard(descriptor)
    _CLOSE(descriptor)


def _lock_descriptor(descriptor: int, **options: Any) -> bool:
    import filelock

    locked = filelock.lock_descriptor(descriptor, **options)
    if locked:
        _locked.add(descriptor)
    return locked


def _is_open_anywhere(path: Any, dir_fd: int | None) -> bool:
    folder = Path(f"/proc/self/fd/{dir_fd}").readlink() if dir_fd is not None else Path()
    wanted = str((folder / os.fsdecode(path)).absolute())
    for process in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - called very often
        # A process or its file may be gone by now; Path.glob would not bear that.
        with suppress(OSError):
            for name in os.listdir(f"/proc/{process}/fd"):  # noqa: PTH208
                with suppress(OSError):
                    if os.readlink(f"/proc/{process}/fd/{name}") == wanted:  # noqa: PTH115
                        return True
    return False


def _refusing(action: Any, *, also_target: bool) -> Any:
    def refuse_or_act(path: Any, *rest: Any, dir_fd: int | None = None, **options: Any) -> None:
        if any(_is_open_anywhere(name, dir_fd) for name in (path, *(rest if also_target else ()))):
            error = PermissionError(13, "The process cannot access the file because it is being used", str(path))
            error.winerror = 32  # type: ignore[attr-defined,unused-ignore]
            raise error
        if dir_fd is not None:
            options["dir_fd"] = dir_fd
        action(path, *rest, **options)

    return refuse_or_act


def _filelock() -> Any:
    import filelock

    return _Seen(filelock, lambda _name: False, lock_descriptor=_lock_descriptor)


_SEEN = {
    "os": _Seen(
        os,
        _NOT_IN_OS.__contains__,
        name="nt",
        linesep="\r\n",
        O_BINARY=_BINARY,
        open=_open,
        write=_write,
        read=_read,
        close=_close,
    ),
    "sys": _Seen(sys, lambda _name: False, platform="win32"),
    "signal": _Seen(signal, lambda name: name not in _IN_SIGNAL, SIGBREAK=BREAK),
    "socket": _Seen(socket, _NOT_IN_SOCKET.__contains__, SO_EXCLUSIVEADDRUSE=socket.SO_REUSEADDR),
}


def _import(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:  # noqa: A002
    importer = (globals or {}).get("__name__", "").partition(".")[0]
    module = name.partition(".")[0]
    if level == 0 and importer in ("flowctl", "getpass"):
        if module in NO_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r} on Windows", name=name)
        if importer == "flowctl" and module == "filelock":
            return _filelock()
        if importer == "flowctl" and module in _SEEN and "." not in name:
            return _SEEN[module]
    return _REAL_IMPORT(name, globals, locals, fromlist, level)


_REAL_IMPORT = builtins.__import__


def act_out() -> None:
    """From here on, flowctl's modules find themselves on Windows."""
    warnings.filterwarnings("error", category=EncodingWarning, module=r"flowctl\b")
    for name, also_target in (("replace", True), ("rename", True), ("unlink", False), ("remove", False)):
        setattr(os, name, _refusing(getattr(os, name), also_target=also_target))
    builtins.__import__ = _import  # type: ignore[assignment]
    threading.Thread(target=time.sleep, args=(1e6,), daemon=True).start()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, BREAK})
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="cp1252", newline="\r\n")  # type: ignore[union-attr]


if __name__ == "__main__":
    act_out()
    from flowctl.cli.main import run

    sys.argv[0] = "flowctl"
    run()
