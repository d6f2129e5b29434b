"""Find the files of a workspace: manifests, and specs of its own. Reads folders, not files.

Hidden files and folders (`.flowctl` is one) are never read. A symbolic link is followed if it stays inside the
workspace; each file is read once.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Set
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from flowctl.model.diagnostic import Diagnostic, SourceSpan

WORKSPACE_FILE = "flowctl.yaml"
ENDINGS = (".yaml", ".yml")
SMALLEST: Final = 100
"""The number of manifest files from which a workspace has a cache; fewer are parsed quickly without one."""


class Folder(Protocol):
    """The part of a workspace that discovery needs."""

    @property
    def root(self) -> Path:
        """The folder of flowctl.yaml."""

    @property
    def manifests(self) -> tuple[str, ...]:
        """The folders below which manifests are read."""

    @property
    def rules(self) -> Mapping[str, str]:
        """The severities of rules that flowctl.yaml sets, by code: error, warning or off."""

    def place(self, folder: str) -> SourceSpan:
        """The place of a folder in flowctl.yaml."""


class _Walk:
    """What was found so far below the folders of a key of flowctl.yaml."""

    def __init__(self, root: Path, key: str = "manifests", endings: tuple[str, ...] = ENDINGS) -> None:
        self.root = root
        self.inside = os.path.realpath(root)
        self.key = key
        self.endings = endings
        self.seen: set[str] = set()
        self.files: dict[str, str] = {}
        self.regular: set[str] = set()
        self.problems: list[Diagnostic] = []


class Discovered(NamedTuple):
    """The paths of the manifest files by relative name, sorted, and the problems of the folders.

    Paths are strings here: of thousands of files, each is used once, to open it.

    `regular` are the names of those that their folders list as regular files, which links and devices are not.
    """

    files: Mapping[str, str]
    problems: tuple[Diagnostic, ...]
    regular: Set[str] = frozenset()


def discover(workspace: Folder) -> Discovered:
    """The manifest files of a workspace."""
    walk = _Walk(workspace.root)
    for entry in workspace.manifests:
        walk.problems.extend(_entry(walk, entry, partial(workspace.place, entry)))
    return Discovered(dict(sorted(walk.files.items())), tuple(walk.problems), walk.regular)


def discover_specs(root: Path, folder: str, place: SourceSpan) -> tuple[Mapping[str, str], tuple[Diagnostic, ...]]:
    """The paths of specs in a folder of the workspace by relative name, sorted, and the problems of the folder."""
    walk = _Walk(root, key="specs", endings=(".json",))
    walk.problems.extend(_entry(walk, folder, lambda: place))
    return dict(sorted(walk.files.items())), tuple(walk.problems)


def _entry(walk: _Walk, entry: str, place: Callable[[], SourceSpan]) -> Iterator[Diagnostic]:
    folder = walk.root / entry
    try:
        real = os.path.realpath(folder)
    except ValueError:  # a NUL, or half of a character
        real = ""
    if "\\" in entry:
        yield _unusable(
            walk.key,
            place(),
            f'the folder "{entry}" in `{walk.key}` has a backslash',
            f"Write `{entry.replace(chr(92), '/')}`: a slash works on every system.",
            detail="A backslash separates folders only on Windows.",
        )
    elif real and not _is_inside(walk, real):
        yield _outside(f'the folder "{entry}" in `{walk.key}` is outside the workspace', place())
    elif not os.path.isdir(real):  # noqa: PTH112 - realpath gave a str
        yield _unusable(
            walk.key,
            place(),
            f'"{entry}" in `{walk.key}` is not a folder',
            f"Create the folder, or remove it from `{walk.key}`.",
        )
    elif any(part.startswith(".") and part not in (".", "..") for part in Path(entry).parts):
        yield _unusable(
            walk.key,
            place(),
            f'the folder "{entry}" in `{walk.key}` is hidden',
            f"Rename the folder, or remove it from `{walk.key}`.",
            detail="flowctl never reads hidden folders.",
        )
    else:
        # Not by recursion: folders may be nested deeper than Python calls.
        waiting = [(folder, real)]
        while waiting:
            waiting.extend(reversed(list(_read_folder(walk, *waiting.pop()))))


def _unusable(key: str, place: SourceSpan, summary: str, hint: str, detail: str = "") -> Diagnostic:
    return Diagnostic(
        code="specs-folder" if key == "specs" else "manifests-folder",
        summary=summary,
        detail=detail,
        hint=hint,
        span=place,
    )


def _read_folder(walk: _Walk, folder: Path, real: str) -> Iterator[tuple[Path, str]]:
    """The folders in a folder. Notes its files."""
    if real in walk.seen:
        return
    walk.seen.add(real)
    above = _shown(walk, folder)
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        walk.problems.append(unreadable(above, error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        shown = as_text(entry.name) if above == "." else f"{above}/{as_text(entry.name)}"
        try:
            is_folder = entry.is_dir()
        except OSError as error:  # a link that leads to itself, or into a folder that may not be entered
            walk.problems.append(unreadable(shown, error))
            continue
        if not is_folder and not entry.name.endswith(walk.endings):
            continue
        below = os.path.realpath(entry.path) if entry.is_symlink() else f"{real.rstrip(os.sep)}{os.sep}{entry.name}"
        if entry.is_symlink() and not _is_inside(walk, below):
            walk.problems.append(_outside(f"{shown} is a link out of the workspace", SourceSpan(file=shown)))
        elif is_folder:
            yield folder / entry.name, below
        elif below not in walk.seen and below != f"{walk.inside.rstrip(os.sep)}{os.sep}{WORKSPACE_FILE}":
            walk.seen.add(below)
            walk.files[shown] = entry.path
            if entry.is_file(follow_symlinks=False):
                walk.regular.add(shown)


def _is_inside(walk: _Walk, real: str) -> bool:
    return real == walk.inside or real.startswith(walk.inside.rstrip(os.sep) + os.sep)


def _shown(walk: _Walk, path: Path) -> str:
    """The relative name with forward slashes."""
    return as_text(Path(os.path.normpath(path)).relative_to(os.path.normpath(walk.root)).as_posix())


def as_text(name: str) -> str:
    """The name as text. Bytes that are not UTF-8 are written as `\\xff`, so that different names stay different."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _outside(summary: str, place: SourceSpan) -> Diagnostic:
    return Diagnostic(
        code="outside-workspace",
        summary=summary,
        detail="flowctl reads only files inside the workspace.",
        hint="Move the files into the workspace.",
        span=place,
    )


def unreadable(shown: str, error: OSError) -> Diagnostic:
    """The diagnostic of a file or folder that cannot be read."""
    return Diagnostic(
        code="unreadable-file",
        summary=f"cannot read {shown}: {reason(error)}",
        hint=_reading_hint(error),
        span=SourceSpan(file=shown),
    )


def reason(error: OSError) -> str:
    """The reason why a file cannot be used, as the system words it, in lowercase."""
    words = str(error.strerror or error)
    return f"{words[:1].lower()}{words[1:]}"


def _reading_hint(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return "Give your user permission to read it: `chmod u+r` for a file, `chmod u+rx` for a folder."
    return "Put a readable file in its place, or remove it."
