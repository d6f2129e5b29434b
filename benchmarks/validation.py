"""Validation of many manifests, beside check-jsonschema on the same files and the same schema."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.process import FLOWCTL, interleaved
from benchmarks.workspace import generate

_LIMIT = 0.5
_SCHEMA = Path(__file__).parent.parent / "schemas" / "manifest.schema.json"
_FILES_PER_PIPELINE = 1.25
"""A generated workspace holds one more file for four pipelines: connections, schemas, shared datasets."""


def validation(folder: Path, manifests: int, repeat: int, check_jsonschema: str | None) -> Iterator[Figure]:
    """`flowctl validate` of this many manifests; check-jsonschema is optional and only measured where it is found."""
    workspace = generate(folder / "validate", int(manifests / _FILES_PER_PIPELINE))
    files = [str(path) for path in workspace.manifests]
    flowctl = (*FLOWCTL, "-C", str(workspace.root), "validate")
    name = f"validate {len(files)} manifests"
    other = check_jsonschema or _installed()
    if other is None:
        (cost,) = interleaved([flowctl], repeat)
        yield Figure(
            name=name,
            measured=seconds(cost.seconds),
            against="check-jsonschema: not installed",
            ratio=None,
            limit=_LIMIT,
            note="Not compared. Install it anywhere (pipx install check-jsonschema) and name it with "
            "--check-jsonschema, or have it on the PATH.",
        )
        return
    cost, theirs = interleaved([flowctl, (other, "--schemafile", str(_SCHEMA), *files)], repeat)
    yield Figure(
        name=name,
        measured=seconds(cost.seconds),
        against=f"check-jsonschema: {seconds(theirs.seconds)}",
        ratio=cost.seconds / theirs.seconds,
        limit=_LIMIT,
    )


def _installed() -> str | None:
    return shutil.which("check-jsonschema", path=str(Path(sys.executable).parent)) or shutil.which("check-jsonschema")
