"""The files of an import: a manifest for each draft, an example of an environment, and the Import document."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from flowctl.manifest.collapse.registry import COLLAPSED_KINDS
from flowctl.manifest.collapse.subject import API_VERSION
from flowctl.manifest.documents.import_objects import IMPORT_KIND
from flowctl.model.import_report import WrittenFile
from flowctl.operations.importing.drafts import Drafts
from flowctl.operations.importing.known import Known
from flowctl.operations.importing.matching import Bindings
from flowctl.operations.importing.names import names
from flowctl.operations.importing.places import Places
from flowctl.text.writer import document_text

_FOLDERS: Final = {
    name: re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() + ("es" if name.endswith("s") else "s")
    for name in (IMPORT_KIND, *(kind.name for kind in COLLAPSED_KINDS))
}
_EXAMPLE: Final = "# The secrets of the imported connections. Copy this file to .env, and never commit that one.\n"


def files_of(
    drafts: Drafts, bound: Bindings, known: Known, environment: str, places: Places
) -> list[tuple[WrittenFile, str]]:
    """Every file to write with its text, in the order in which they are written; none if nothing is imported."""
    manifests = [
        (
            WrittenFile(file=places.of(_FOLDERS[draft.kind.name], draft.name), addresses=tuple(draft.addresses)),
            document_text(draft.content),
        )
        for draft in drafts.drafts
    ]
    parts = {**drafts.addresses, **bound.parts}
    objects = {address: parts[address].live.id for address in sorted(parts)}
    if not objects:
        return []
    # The variables come first: an import that is killed in between has told of all of them.
    files = list(_example(drafts.variables, places)) + manifests
    taken = {document.name for document in known.documents if document.kind == IMPORT_KIND}
    name = names([("", environment)], taken, "environment")[""]
    content = {
        "apiVersion": API_VERSION,
        "kind": IMPORT_KIND,
        "metadata": {"name": name},
        "environment": environment,
        "objects": objects,
    }
    files.append((WrittenFile(file=places.of(_FOLDERS[IMPORT_KIND], name)), document_text(content)))
    return files


def _example(variables: Sequence[str], places: Places) -> Iterator[tuple[WrittenFile, str]]:
    """The example of an environment, unless one that is there has all the variables."""
    file = PurePosixPath(".env.example")
    if not {*variables} <= {line.partition("=")[0] for line in places.lines_of(file)}:
        text = _EXAMPLE + "".join(f"{variable}=\n" for variable in variables)
        yield WrittenFile(file=places.free(file)), text
