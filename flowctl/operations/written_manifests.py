"""Manifests and other YAML files of a workspace that get a new text: all of them, or none."""

from collections.abc import Mapping
from pathlib import Path

from flowctl.durable import remove_leftovers, replace_texts
from flowctl.model.errors import StateError


def write_manifests(texts: Mapping[Path, str]) -> None:
    """Write all files, or none. Raises StateError."""
    for path in texts:
        remove_leftovers(path)
    try:
        replace_texts(texts)
    except OSError as error:
        name = Path(error.filename or "").name or "a file"
        raise StateError.because(
            "manifest-unwritable",
            f"{name} cannot be written: {error.strerror or error}",
            detail="No file was changed.",
            hint="Correct the permissions or free disk space, and run the command again.",
        ) from error
