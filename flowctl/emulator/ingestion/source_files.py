"""Which files of a connection folder a source reads: its path, patterns with `*`, folders, tables.

Nothing outside of the folder is read: no path with `..`, and no link that leads out.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.ingestion.source_error import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TABLE_ENDINGS: Final = (".csv", ".ndjson", ".parquet", ".jsonl", ".json")
_TABLE_PARAMS: Final = ("tableName", "path", "resourcePath", "listId", "campaignId")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was when it was found. `name` is its path below the folder, with slashes."""

    path: Path
    name: str
    size: int
    changed_ns: int

    @property
    def stamp(self) -> list[int]:
        """What tells this state of the file from another one."""
        return [self.changed_ns, self.size]

    def has_changed(self) -> bool:
        """Whether the file is no longer as it was found."""
        try:
            now = self.path.stat()
        except OSError:
            return True
        return [now.st_mtime_ns, now.st_size] != self.stamp


def files_at(folder: Path, params: Mapping[str, Any]) -> list[SourceFile]:
    """Return the files that a path stands for, in the order of their names. Raises SourceError."""
    root = _root(folder)
    path = str(params.get("path") or "")
    kind = str(params.get("type") or "").lower()
    recursive = str(params.get("recursive", False)).lower() == "true"
    found: dict[str, SourceFile] = {}
    for place in _places(root, path):
        if not place.is_dir():
            if kind == "folder" and "*" not in path:
                raise SourceError(f"The path {path} is a file, and not a folder.")
            _add(found, root, place)
        elif kind == "file" and "*" not in path:
            raise SourceError(f"The path {path} is a folder, and not a file.")
        elif kind != "file" and (recursive or kind == "folder" or "*" not in path):
            for file in _files_in(root, place, recursive=recursive):
                _add(found, root, file)
    return [found[name] for name in sorted(found)]


def table_file(folder: Path, params: Mapping[str, Any]) -> SourceFile:
    """Return the file of a table: `TABLE.csv`, `TABLE.ndjson` or `TABLE.parquet`. Raises SourceError.

    A table that is named with its database schema, such as `public.orders`, may be the file of its own name alone.
    """
    root = _root(folder)
    table = next((str(params[name]).strip("/") for name in _TABLE_PARAMS if params.get(name)), "")
    if not table:
        raise SourceError("The source connection names no table.")
    for name in dict.fromkeys([table, table.rpartition(".")[2]]):
        paths = [root.joinpath(*_steps(name + ending)) for ending in _TABLE_ENDINGS]
        there = [path for path in paths if path.is_file()]
        if len(there) > 1:
            files = " and ".join(path.name for path in there)
            raise SourceError(f"The table {table} has more than one file in {folder}: {files}.")
        if there:
            found: dict[str, SourceFile] = {}
            _add(found, root, there[0])
            return found.popitem()[1]
    raise SourceError(f"There is no file for the table {table} in {folder}: {table}.csv, .ndjson or .parquet.")


def file_at(folder: Path, path: str) -> SourceFile:
    """Return the one file of a path. Raises SourceError."""
    found = files_at(folder, {"path": path, "type": "file"})
    if len(found) != 1:
        raise SourceError(f"The path {path} stands for {len(found)} files, and not for one.")
    return found[0]


def entries_at(folder: Path, path: str) -> list[tuple[str, bool]]:
    """Return the files and folders in a folder by their paths below the root, and whether each is a folder.

    Raises SourceError.
    """
    root = _root(folder)
    (place,) = _places(root, path.replace("*", "")) or [root]
    if not place.is_dir():
        raise SourceError(f"The path {path} is a file, and not a folder.")
    return [(_name(root, entry), entry.is_dir()) for entry in _children(place)]


def _root(folder: Path) -> Path:
    try:
        root = folder.resolve(strict=True)
    except (OSError, RuntimeError):
        raise SourceError(f"The source folder {folder} is missing.") from None
    if not root.is_dir():
        raise SourceError(f"The source folder {folder} is not a folder.")
    return root


def _steps(path: str) -> list[str]:
    steps = [step for step in path.split("/") if step not in ("", ".")]
    if ".." in steps or any("\0" in step or "\\" in step for step in steps):
        raise SourceError(f"The path {path} leads out of the source folder.")
    return steps


def _glob(step: str) -> re.Pattern[str]:
    """Return the pattern of a name with `*`. Each part matches where it first can, so that no name takes long."""
    first, *middle, last = map(re.escape, step.split("*"))
    return re.compile(first + "".join(f"(?>.*?{part})" for part in middle) + ".*" + last, re.DOTALL)


def _places(root: Path, path: str) -> list[Path]:
    """Return the files and folders that a path stands for. A path without `*` has to be there."""
    places = [root]
    for step in _steps(path):
        if step == "**":
            places = [place for start in places for place in _folders(start)]
        elif "*" in step:
            matches = _glob(step).fullmatch
            places = [place for start in places for place in _children(start) if matches(place.name)]
        else:
            places = [place / step for place in places if (place / step).exists()]
    if not places and "*" not in path:
        raise SourceError(f"The source folder has no {path}.")
    for place in places:
        _check_inside(root, place)
    return places


def _children(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _folders(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        for name, folders, _ in os.walk(folder):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            yield Path(name)


def _files_in(root: Path, folder: Path, *, recursive: bool) -> Iterator[Path]:
    """Yield the files of a folder, and of the folders below it; names that begin with a dot are left out."""
    for entry in _children(folder):
        _check_inside(root, entry)
        if not entry.is_dir():
            yield entry
        elif recursive and not entry.is_symlink():
            yield from _files_in(root, entry, recursive=True)


def _check_inside(root: Path, place: Path) -> None:
    try:
        inside = place.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        inside = False
    if not inside:
        raise SourceError(f"{_name(root, place)} is a link that leads out of the source folder, or to nothing.")


def _add(found: dict[str, SourceFile], root: Path, place: Path) -> None:
    _check_inside(root, place)
    try:
        status = place.stat()
    except OSError as error:
        raise SourceError(f"The file {_name(root, place)} cannot be read: {error.strerror}.") from error
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{_name(root, place)} is not a regular file.")
    name = _name(root, place)
    found[name] = SourceFile(place, name, status.st_size, status.st_mtime_ns)


def _name(root: Path, place: Path) -> str:
    return place.relative_to(root).as_posix()
