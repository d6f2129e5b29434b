"""The schemas for editors and scripts, as they are written into a folder: those of manifests know the catalogue."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flowctl.output_file import Taken, check_free, write_own
from flowctl.specs.editor_schemas import connection_for_editors, pipeline_for_editors
from flowctl.specs.files import schema_files
from flowctl.strict_json import NotJson, parse, text_of

_KNOWING = {"connection.schema.json": connection_for_editors, "pipeline.schema.json": pipeline_for_editors}
"""The schemas to which the catalogue is added. `validate` reads them without it, and the catalogue itself."""


def published() -> Iterator[tuple[str, str]]:
    """The name and the text of each schema; they refer to each other by name."""
    for path in schema_files():
        text = path.read_text(encoding="utf-8")
        adds = _KNOWING.get(path.name)
        yield (
            path.name,
            text if adds is None else f"{json.dumps(adds(json.loads(text)), indent=2, ensure_ascii=False)}\n",
        )


def publish(folder: Path) -> list[str]:
    """Write these schemas into a folder, which is made if it does not exist; return the files' names.

    Raises OSError if the folder cannot be written, or if another file is in the place of a schema; then nothing is
    written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found = list(published())
    for name, _ in found:
        with _naming(name):
            check_free(str(folder / name), _is_own_schema)
    for name, text in found:
        with _naming(name):
            write_own(str(folder / name), text, _is_own_schema, 0o644)
    return [name for name, _ in found]


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Add the name of the file in the way to the error."""
    try:
        yield
    except Taken as error:
        raise OSError(error.errno, f"{name} is in the way: {error.strerror}") from error


def _is_own_schema(data: bytes) -> bool:
    """Whether a file holds a JSON Schema that some release of flowctl has written."""
    try:
        document = parse(text_of(data))
    except NotJson:
        return False
    return isinstance(document, dict) and "$schema" in document and "flowctl" in str(document.get("title"))
