"""The files that the paths of a command select."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import did_you_mean, nearest


def selected(
    root: Path, files: Mapping[str, str], paths: Sequence[Path]
) -> tuple[frozenset[str] | None, list[Diagnostic]]:
    """The files that the paths select, None for all of them, and the problems of the paths."""
    if not paths:
        return None, []
    real = {file: Path(os.path.realpath(path)) for file, path in files.items()}
    wanted: set[str] = set()
    missing: list[Diagnostic] = []
    for path in paths:
        chosen = _real(path if path.is_absolute() or os.path.exists(path) else root / path)  # noqa: PTH110 - never raises
        named = {file for file, place in real.items() if chosen is not None and place.is_relative_to(chosen)}
        wanted |= named
        if not named:
            missing.append(
                Diagnostic(
                    code="path-not-found",
                    summary=f'"{path.as_posix()}" has no manifests of this workspace',
                    detail="It does not exist, or it is outside the folders in `manifests` of flowctl.yaml.",
                    hint=did_you_mean(
                        _nearest(path, root, files), "Use the path of a manifest, or of a folder with manifests."
                    ),
                )
            )
    return frozenset(wanted), missing


def _nearest(path: Path, root: Path, files: Mapping[str, str]) -> str | None:
    """The file or folder with manifests whose path from the workspace's folder is nearest."""
    folders = {parent.as_posix() for file in files for parent in PurePosixPath(file).parents} - {"."}
    named = path.relative_to(root) if path.is_relative_to(root) else path
    return nearest(named.as_posix(), [*files, *folders])


def _real(path: Path) -> Path | None:
    """The real path; None if no file can have this path."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return None
