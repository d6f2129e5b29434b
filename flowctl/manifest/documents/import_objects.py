"""Import documents: live objects of one environment, and the addresses of the resources that describe them."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code, quoted

IMPORT_KIND: Final = "Import"


def named_twice(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each ID that two addresses have in one environment, and each address that has two IDs there."""
    ids: dict[tuple[str, str, str], tuple[Document, str]] = {}
    addresses: dict[tuple[str, str], tuple[Document, str]] = {}
    for document in documents:
        environment, objects = document.at("environment"), document.at("objects")
        if document.kind != IMPORT_KIND or not isinstance(environment, str) or not isinstance(objects, dict):
            continue
        for address, object_id in objects.items():
            if not isinstance(object_id, str):
                continue
            kind = str(address).partition("[")[0].rpartition(".")[2]
            first, its_address = ids.setdefault((environment, kind, object_id), (document, address))
            if its_address != address:
                yield document.error(
                    "import-twice",
                    f"{object_id} has two addresses",
                    "objects",
                    address,
                    detail=f"The other one is {code(its_address)} in {first.place('objects', its_address)}.",
                    hint="Remove one of the two lines.",
                )
                continue
            first, its_id = addresses.setdefault((environment, address), (document, object_id))
            if its_id != object_id:
                yield document.error(
                    "import-twice",
                    f"{code(address)} has two IDs in environment {quoted(environment)}",
                    "objects",
                    address,
                    detail=f"The other one is {its_id} in {first.place('objects', address)}.",
                    hint="Remove one of the two lines.",
                )


IMPORT: Final = DocumentKind(name=IMPORT_KIND, joint_checks=(named_twice,))
