"""Find and read the packaged files: the only module that knows the folders `schemas/` and `docs/`."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flowctl.model.errors import FlowctlError
from flowctl.model.json_value import JSON
from flowctl.packaged_folder import packaged_folder

_INTERNAL = frozenset({"connector.schema.json"})
"""Schemas of files that only come with flowctl."""


@cache
def schemas_dir() -> Path:
    """The folder `schemas/`: inside the package in an installed wheel, else at the top of the checkout.

    An editable install does not see the wheel's copy, hence the second place.
    Raises FlowctlError if neither exists.
    """
    return _packaged("schemas", "connectors")


@cache
def docs_dir() -> Path:
    """The folder with the documentation that came with flowctl. Raises FlowctlError if it is missing."""
    return _packaged("docs", "reference")


def _packaged(name: str, part: str) -> Path:
    """The folder of this name that has this part."""
    folder = packaged_folder(name, part)
    if folder is None:
        package = Path(__file__).resolve().parents[1]
        raise FlowctlError.because(
            "installation-incomplete", f"the {name} of flowctl are missing in {package}", hint="Install flowctl again."
        )
    return folder


@cache
def file_stems(folder: str) -> tuple[str, ...]:
    """The names, without `.json`, of the files in a folder of `schemas/`, in order. Nothing is parsed."""
    return tuple(sorted(path.stem for path in (schemas_dir() / folder).glob("*.json")))


def read_json(folder: str, stem: str) -> JSON | None:
    """The document `schemas/FOLDER/STEM.json`, or None if the folder has no such file."""
    if stem not in file_stems(folder):
        return None
    return json.loads((schemas_dir() / folder / f"{stem}.json").read_text(encoding="utf-8"))


def schema_files() -> Iterator[Path]:
    """The schema of each kind of file that people and scripts see; they refer to each other by name."""
    yield from (path for path in sorted(schemas_dir().glob("*.schema.json")) if path.name not in _INTERNAL)
