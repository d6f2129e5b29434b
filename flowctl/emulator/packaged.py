"""The folder of flow specs and connection specs that the emulator serves unless it is given another."""

from __future__ import annotations

from pathlib import Path

_PARTS = ("flow_specs", "connectors")


def specs_folder(given: Path | None) -> Path:
    """Return the given folder, or the one that comes with flowctl. Raises `ValueError` if it has no specs.

    An editable install has the folder beside the package instead of inside it.
    """
    package = Path(__file__).resolve().parents[1]
    choices = [package / "schemas", package.parent / "schemas"] if given is None else [given]
    for folder in choices:
        if all(any((folder / part).glob("*.json")) for part in _PARTS):
            return folder
    raise ValueError(f"{choices[-1]} has no {' and no '.join(f'{part}/*.json' for part in _PARTS)}")
