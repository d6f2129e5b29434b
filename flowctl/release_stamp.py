"""What a kept verdict depends on besides the data that it is about: the release, and the very code that formed it."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from flowctl import __version__
from flowctl.systems import cache_home

SWITCH: Final = "FLOWCTL_CACHE"
"""The environment variable that turns every cache off with `off`."""
LONGEST_WRITE: Final = 60.0
"""Seconds after which a file of a cache that is being written was left behind."""

Source: TypeAlias = tuple[str, int, int]
"""Name, size and time of a file; another one of any of these makes it another source."""


def caches(environ: Mapping[str, str]) -> Path | None:
    """The folder of flowctl's caches; None where there is no place for it, or by the switch."""
    home = cache_home(environ)
    is_off = environ.get(SWITCH, "").lower() in ("off", "0", "no", "false")
    return None if home is None or is_off else home / "flowctl"


def file_name(*parts: str | os.PathLike[str]) -> str:
    """A name for the file that a cache keeps about something, such as a workspace."""
    return sha256(b"\0".join(os.fsencode(part) for part in parts)).hexdigest()[:32]


_SOURCES = (".py", ".json", ".jsonl", ".txt")
"""The ends of the names of what a release is made of."""


def release_stamp(parts: Iterable[str], folders: Iterable[Path] = ()) -> str:
    """The release and a digest of the sources in these parts of the package, and in these folders."""
    return json.dumps([__version__, sha256(repr(sources(parts, folders)).encode()).hexdigest()])


def sources(parts: Iterable[str], folders: Iterable[Path] = ()) -> list[Source]:
    """The sources in these parts of the package, and in these folders."""
    package = Path(__file__).parent
    paths = [*(package / part for part in parts), *folders]
    return [source for path in paths for source in _sources(os.fspath(path))]


def _sources(path: str) -> Iterator[Source]:
    """Name, size and time of a source, or of each one in a folder and below it."""
    if path.endswith(_SOURCES):
        status = os.stat(path)  # noqa: PTH116 - raises as os.scandir does
        yield os.path.basename(path), status.st_size, status.st_mtime_ns  # noqa: PTH119
        return
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(_SOURCES):
                status = entry.stat()
                yield entry.name, status.st_size, status.st_mtime_ns
            elif not entry.name.startswith(("_", ".")) and entry.is_dir():
                yield from _sources(entry.path)
