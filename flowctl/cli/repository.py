"""Where a workspace is in its Git repository: code hosts know files by that path."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flowctl.manifest.reading.discover import WORKSPACE_FILE

_REPOSITORY: Final = ".git"
"""A folder, or in a worktree and a submodule a file."""


def folder_in_repository(directory: Path) -> str:
    """The path of the workspace that a folder is in, from the root of its repository, with a slash at its end.

    Empty if the workspace is that root, or if there is no workspace or no repository.
    """
    try:
        workspace = next(_upwards(directory.absolute(), WORKSPACE_FILE), None)
    except OSError:  # the current folder was removed
        return ""
    if workspace is None:
        return ""
    folder = Path(os.path.realpath(workspace))
    root = next(_upwards(folder, _REPOSITORY), folder)
    return "".join(f"{part}/" for part in folder.relative_to(root).parts)


def _upwards(folder: Path, name: str) -> Iterator[Path]:
    """The folders from this one upwards that hold something of this name."""
    return (one for one in (folder, *folder.parents) if os.path.lexists(one / name))
