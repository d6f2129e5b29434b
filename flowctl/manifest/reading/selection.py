"""Which files the paths of a command name."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from flowctl.model.diagnostic import Diagnostic


def selected(
    root: Path, files: Mapping[str, Path], paths: Sequence[Path]
) -> tuple[frozenset[str] | None, list[Diagnostic]]:
    """The files that the paths name, None for all of them, and what is wrong with the paths."""
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
                    summary=f"{path.as_posix()} holds no manifest of this workspace",
                    detail="It does not exist, or lies outside the folders that `manifests` in flowctl.yaml names.",
                    hint="Name a manifest file or a folder of them.",
                )
            )
    return frozenset(wanted), missing


def _real(path: Path) -> Path | None:
    """Where a path leads to; None for one that no file can have."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return None
