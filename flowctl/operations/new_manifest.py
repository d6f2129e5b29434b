"""What every new manifest needs: a name that is free, its folder, and a file that is not there yet."""

import os
import re
from pathlib import Path

from flowctl.kinds.registry import PIPELINE
from flowctl.manifest.document import Manifests
from flowctl.model.address import LONGEST_NAME, WITHOUT_KEY
from flowctl.model.errors import FlowctlError
from flowctl.operations.new_files import Unwritten, write_all
from flowctl.operations.starting.first_files import SCHEMAS
from flowctl.validation.wording import quoted


def plain_name(words: str) -> str:
    """What is left of words in a name; it may be empty."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:LONGEST_NAME].strip("-")


def require_name(name: str, what: str) -> None:
    """Raise FlowctlError unless a document may have this name."""
    if WITHOUT_KEY.match(f"{name}.{PIPELINE.name}") and len(name) <= LONGEST_NAME:
        return
    near = plain_name(name)
    raise FlowctlError.because(
        "invalid-name",
        f"invalid name {quoted(name)} for the {what}",
        detail=f"A name has at most {LONGEST_NAME} lowercase letters, digits and hyphens, first a letter or digit.",
        hint=f"Use another name, for example `--name {near}`." if near else "Use another name.",
    )


def require_free(manifests: Manifests, kind: str, name: str) -> None:
    """Raise FlowctlError if a document of the kind has the name."""
    for each in manifests.documents:
        if (each.kind, each.name) == (kind, name):
            raise FlowctlError.because(
                "duplicate-name",
                f"there is a {kind} named {quoted(name)} already",
                detail=f"It is in {each.place('metadata', 'name')}.",
                hint="Use another name: `--name NAME`.",
            )


def folder_for(wanted: str, folders: tuple[str, ...]) -> str:
    """The folder of the manifests where a document belongs."""
    return wanted if wanted in folders or "." in folders else folders[0]


def editor_line(root: Path, folder: str) -> tuple[str, ...]:
    """The comment by which an editor finds the schema, if `init` or `schemas` left it in the workspace."""
    schema = root / SCHEMAS / "manifest.schema.json"
    if not schema.is_file():
        return ()
    return (f"yaml-language-server: $schema={Path(os.path.relpath(schema, root / folder)).as_posix()}",)


def write_manifest(root: Path, folder: str, name: str, text: str) -> str:
    """Write a new file and return its name. Raises FlowctlError if anything is in the way."""
    file = f"{folder}/{name}.yaml"
    try:
        if os.path.lexists(root / file):
            raise Unwritten(file, "it exists already")
        write_all(root, [(file, text)], folders=[])
    except Unwritten as error:
        raise FlowctlError.because(
            "manifest-unwritable",
            f"{error.place} cannot be written: {error.why}",
            hint="Use another name: `--name NAME`. Or move what is in the way, or correct the permissions.",
        ) from error
    return file
