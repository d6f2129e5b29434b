"""A locked file where the file system has no locks: a file beside it stands for the lock, and nobody waits."""

import errno
import os
from pathlib import Path

import filelock
import pytest

from flowctl.state.local.locked_file import LockedFile, lock_file

FLAGS = os.O_RDWR | os.O_CREAT


@pytest.fixture(params=[None, errno.ENOSYS, errno.ENOTSUP])
def _locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param is not None:

        def without(*_arguments: object, **_options: object) -> bool:
            raise OSError(request.param, "no locks")

        monkeypatch.setattr(filelock, "lock_descriptor", without)


@pytest.mark.usefixtures("_locks")
def test_whoever_has_the_lock_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = lock_file(path, FLAGS)
    assert isinstance(first, LockedFile)
    first.write(b'{"by": "who"}')
    assert lock_file(path, FLAGS) == b'{"by": "who"}'
    first.clear()
    assert lock_file(path, FLAGS) == b""
    first.release()
    again = lock_file(path, FLAGS)
    assert isinstance(again, LockedFile)
    again.release()


def test_any_other_error_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> bool:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(filelock, "lock_descriptor", broken)
    with pytest.raises(OSError, match="broken"):
        lock_file(tmp_path / "lock", FLAGS)
