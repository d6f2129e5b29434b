"""Read the other files that a document refers to: only regular files inside the workspace."""

import os
from pathlib import Path, PurePosixPath

from flowctl.manifest.document import NamedFile
from flowctl.regular_file import TooLarge, read_regular
from flowctl.text.source import MOST_BYTES, TextProblem, decode, too_large


def named_file(root: Path, manifest: str, name: str) -> NamedFile:
    """The file that a manifest refers to, relative to the folder of the manifest. Never raises."""
    path = os.path.normpath(PurePosixPath(manifest).parent / name).replace(os.sep, "/")
    if "\\" in name:
        return NamedFile(path=path, text=_outside("has a backslash", "Separate folders with a slash."))
    if not _is_inside(root, root / path):
        return NamedFile(path=path, text=_outside("is outside the workspace", "Put the file into the workspace."))
    try:
        return NamedFile(path=path, text=decode(read_regular(root / path, MOST_BYTES)))
    except TooLarge:
        return NamedFile(path=path, text=too_large())
    except OSError as error:
        return NamedFile(path=path, text=_unreadable(error, path))


def _is_inside(root: Path, path: Path) -> bool:
    try:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
    except ValueError:  # a NUL, or half of a character
        return True  # reading says what is wrong


def _outside(why: str, hint: str) -> TextProblem:
    detail = "Only files inside the workspace are read."
    return TextProblem(code="outside-workspace", summary=why, detail=detail, hint=hint)


def _unreadable(error: OSError, path: str) -> TextProblem:
    return TextProblem(
        code="unreadable-file",
        summary=f"cannot be read: {error.strerror or error}",
        detail=f"The name is relative to the folder of the manifest: it is `{path}` in the workspace.",
        hint="Check that it exists and that you may read it.",
    )
