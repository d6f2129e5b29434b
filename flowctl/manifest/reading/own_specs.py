"""Read the specs of a workspace's own: connection specs and flow specs beside those that come with flowctl."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from flowctl.manifest.reading.discover import discover_specs, unreadable
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.errors import FlowctlError
from flowctl.regular_file import TooLarge, read_regular
from flowctl.specs.active import OwnSpecs
from flowctl.specs.own_connectors import beside_the_catalogue
from flowctl.specs.own_spec_files import specs_of

MOST_BYTES: Final = 20_000_000
"""Bytes of a file: Experience Platform's list of all its specs has fewer."""


def own_specs_in(root: Path, folder: str, place: SourceSpan) -> tuple[OwnSpecs, Sequence[Diagnostic]]:
    """The specs in a folder of the workspace, and every problem of its files; what has none is used.

    `place` is where the folder is named.
    """
    files, problems = discover_specs(root, folder, place)
    found = list(problems)
    if not files and not problems:
        found.append(_empty(place))
    contents: dict[str, bytes] = {}
    for file, path in files.items():
        try:
            contents[file] = read_regular(path, MOST_BYTES)
        except TooLarge:
            found.append(_too_large(file))
        except OSError as error:
            found.append(unreadable(file, error))
    specs, wrong = specs_of(contents)
    own, warnings = beside_the_catalogue(specs)
    return own, (*found, *wrong, *warnings)


def own_specs_of(folder: Path) -> tuple[OwnSpecs, Sequence[Diagnostic]]:
    """The specs in a folder that belongs to no workspace. Raises FlowctlError if it is none."""
    if not os.path.isdir(folder):  # noqa: PTH112 - Path.is_dir raises for some names
        raise FlowctlError.because(
            "specs-folder", f"{folder} is not a folder", hint="Correct the path, or create the folder."
        )
    own, problems = own_specs_in(folder, ".", SourceSpan(file=folder.as_posix()))
    return own, [replace(each, span=_below(folder, each.span)) for each in problems]


def _below(folder: Path, span: SourceSpan | None) -> SourceSpan | None:
    if span is None or span.file == folder.as_posix():
        return span
    return span._replace(file=f"{folder.as_posix().rstrip('/')}/{span.file}")


def _empty(place: SourceSpan) -> Diagnostic:
    return Diagnostic(
        code="specs-folder",
        severity=Severity.WARNING,
        summary="the folder of specs has no file that ends in .json",
        hint="Save the reply of `GET /connectionSpecs/ID` in a file there.",
        span=place,
    )


def _too_large(file: str) -> Diagnostic:
    return Diagnostic(
        code="file-too-large",
        summary="the file is too large for specs",
        detail=f"The limit is {MOST_BYTES // 1_000_000} MB.",
        hint="Split it into several files.",
        span=SourceSpan(file=file),
    )
