"""Where the files of an import go: below the folders that are read, and never where something exists."""

import os
from pathlib import Path, PurePosixPath
from typing import Final

from flowctl.model.errors import ManifestError
from flowctl.regular_file import read_regular
from flowctl.settings.workspace import Workspace
from flowctl.validation.wording import all_of, codes

_MOST_BYTES: Final = 1_000_000
_SUFFIX: Final = ".yaml"
_PIPELINES: Final = PurePosixPath("pipelines")


class Places:
    """Chooses a file for each document."""

    def __init__(self, workspace: Workspace, out: str | None) -> None:
        """Choose below `out`, if it is given. Raise ManifestError if the manifests of that folder are not read."""
        self._root = workspace.root
        self._read = [PurePosixPath(os.path.normpath(folder).replace(os.sep, "/")) for folder in workspace.manifests]
        self._out = None if out is None else self._inside(out)
        self._chosen: set[str] = set()

    def of(self, folder: str, name: str) -> str:
        """A free file for a document, in the folder of its kind; relative to the workspace, with forward slashes."""
        return self.free(self._folder(folder) / f"{name}{_SUFFIX}")

    def free(self, wanted: PurePosixPath) -> str:
        """This file, or one with a number if there is something of that name."""
        number, file = 1, wanted
        while str(file).lower() in self._chosen or os.path.lexists(self._root / file):
            number += 1
            file = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        self._chosen.add(str(file).lower())
        return str(file)

    def lines_of(self, file: PurePosixPath) -> list[str]:
        """The lines of a file that may be there; none if it cannot be read."""
        try:
            return read_regular(self._root / file, _MOST_BYTES).decode("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []

    def _folder(self, name: str) -> PurePosixPath:
        """The folder of that name; where it is not read, one in that of the pipelines, or in the first that is read."""
        if self._out is not None:
            return self._out / name
        if PurePosixPath(".") in self._read or PurePosixPath(name) in self._read:
            return PurePosixPath(name)
        return (_PIPELINES if _PIPELINES in self._read else self._read[0]) / name

    def _inside(self, out: str) -> PurePosixPath:
        folder = Path(os.path.normpath(Path.cwd() / out))
        root = Path(os.path.normpath(self._root))
        for base in dict.fromkeys((folder, Path(os.path.normpath(root / out)))):
            if base == root or root in base.parents:
                relative = PurePosixPath(base.relative_to(root).as_posix())
                hidden = any(part.startswith(".") for part in relative.parts)
                if not hidden and any(each in (relative, *relative.parents) for each in self._read):
                    return relative
        raise ManifestError.because(
            "import-folder",
            f'flowctl does not read manifests in "{out}"',
            detail=f"It reads {all_of(codes([str(each) for each in self._read]))} in {self._root}.",
            hint="Add the folder to `manifests` in flowctl.yaml, or name another one with `--out`.",
        )
