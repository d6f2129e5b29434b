"""Import documents: live objects of one environment, and the addresses of the resources that describe them."""

from collections.abc import Iterator, Sequence
from typing import Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import DocumentKind
from flowctl.manifest.index import Index
from flowctl.model.address import Address, is_address
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, code, codes, nearest, quoted

IMPORT_KIND: Final = "Import"
RESOURCE_KINDS: Final = (
    *("connection", "schema", "dataset", "namespace", "data_type", "class", "field_group", "descriptor", "profile"),
    *("source_connection", "target_connection", "mapping_set", "flow"),
)
"""The kinds of objects that an address may name."""


def addresses(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each key that is not the address of a resource."""
    objects = document.at("objects")
    for address in objects if isinstance(objects, dict) else ():
        kind = Address(address).kind if is_address(address) else ""
        if kind in RESOURCE_KINDS:
            continue
        near = nearest(str(address).rpartition(".")[2], RESOURCE_KINDS)
        yield document.error(
            "import-address",
            f"{quoted(str(address))} is not the address of a resource",
            "objects",
            address,
            detail="An address is the name of a document, a dot and a kind, such as `hubspot.connection`. "
            f"Kinds: {all_of(codes(RESOURCE_KINDS))}.",
            hint=f"Write `{near}` after the dot." if near and near != kind else "Correct the address.",
            at_key=True,
        )


def named_twice(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each ID that two addresses have in one environment, and each address that has two IDs there."""
    ids: dict[tuple[str, str, str], tuple[Document, str]] = {}
    addresses: dict[tuple[str, str], tuple[Document, str]] = {}
    for document in documents:
        if document.kind != IMPORT_KIND:
            continue
        environment, objects = document.at("environment"), document.at("objects")
        if not isinstance(environment, str) or not isinstance(objects, dict):
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


IMPORT: Final = DocumentKind(name=IMPORT_KIND, checks=(addresses,), joint_checks=(named_twice,))
