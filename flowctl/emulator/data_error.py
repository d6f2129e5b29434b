"""The errors of a data folder that cannot be used. Nothing heavy is imported, so that naming them costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class DataError(RuntimeError):
    """The emulator's data is damaged, of another program, or of a newer release; the message names the file."""


class DataInUse(DataError):  # noqa: N818 - reads as what happened
    """The emulator's data is not damaged, but another program has locked it."""


class NewerData(DataError):  # noqa: N818 - reads as what happened
    """The emulator's data is sound, and was written by a newer release."""


class DamagedLock(DataError):  # noqa: N818 - reads as what happened
    """What has the name of a lock file cannot be locked; it holds no data, so that deleting it is the cure."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not a lock file of the emulator")
        self.path = path


class FolderInUse(DataInUse):
    """Emulators use the data folder; `urls` are those of servers, and empty for one that a command runs for itself."""

    def __init__(self, message: str, urls: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.urls = urls
