"""Data types that would contain themselves."""

from collections.abc import Iterator, Sequence

from flowctl.manifest.declared_fields import referred
from flowctl.manifest.document import Document
from flowctl.model.chain import chain
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, code, codes


def types_hold_no_themselves(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each data type that contains a field of its own type, at any depth."""
    types = {document.name: document for document in documents if document.kind == "DataType"}
    uses = {name: dict(referred(document)) for name, document in types.items()}
    for name, document in types.items():
        for used, place in uses[name].items():
            between = chain(used, name, uses)
            if between is not None:
                through = f" through {all_of(codes(between))}" if between else ""
                yield document.error(
                    "recursive-data-type",
                    f"the data type {code(name)} contains itself{through}",
                    *place,
                    detail="No record can be described by such a type.",
                    hint="Remove the field, or give it another type.",
                )
                break
