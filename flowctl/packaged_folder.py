"""Folders that came with flowctl: inside the package in an installed wheel, else at the top of the checkout."""

from pathlib import Path


def packaged_folder(name: str, part: str) -> Path | None:
    """The folder of this name that has this part, or None. An editable install does not see the wheel's copy."""
    package = Path(__file__).resolve().parent
    return next((each for each in (package / name, package.parent / name) if (each / part).is_dir()), None)
