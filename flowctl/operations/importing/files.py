"""The files of an import: a manifest for each draft, an example of an environment, and the Import document."""

from collections.abc import Sequence
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

_FOLDERS: Final = {name: f"{name.lower()}s" for name in (IMPORT_KIND, *(kind.name for kind in COLLAPSED_KINDS))}
_EXAMPLE: Final = "# The secrets of the imported connections. Copy this file to .env, and never commit that one.\n"


def files_of(
    drafts: Drafts, bound: Bindings, known: Known, environment: str, places: Places
) -> list[tuple[WrittenFile, str]]:
    """Every file to write with its text, in the order in which they are written; none if nothing is imported."""
    files = [
        (
            WrittenFile(file=places.of(_FOLDERS[draft.kind.name], draft.name), addresses=tuple(draft.addresses)),
            document_text(draft.content),
        )
        for draft in drafts.drafts
    ]
    objects = {address: part.live.id for address, part in drafts.addresses.items()}
    objects |= {address: part.live.id for address, part in sorted(bound.parts.items())}
    if not objects:
        return []
    if drafts.variables:
        files.append((WrittenFile(file=places.free(PurePosixPath(".env.example"))), _example(drafts.variables)))
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


def _example(variables: Sequence[str]) -> str:
    return _EXAMPLE + "".join(f"{variable}=\n" for variable in variables)
