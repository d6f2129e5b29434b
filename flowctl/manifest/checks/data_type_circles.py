"""Data types that would contain themselves."""

from collections.abc import Iterator, Mapping, Sequence

from flowctl.manifest.declared_fields import referred
from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, code, codes


def types_hold_no_themselves(documents: Sequence[Document]) -> Iterator[Diagnostic]:
    """Each data type that has a field of its own type, at any depth."""
    types = {document.name: document for document in documents if document.kind == "DataType"}
    uses = {name: dict(referred(document)) for name, document in types.items()}
    for name, document in types.items():
        for used, place in uses[name].items():
            chain = _chain(used, name, uses)
            if chain is not None:
                through = f" through {all_of(codes(chain))}" if chain else ""
                yield document.error(
                    "recursive-data-type",
                    f"the data type {code(name)} contains itself{through}",
                    *place,
                    detail="No record can be described by such a type.",
                    hint="Remove the field, or give it another type.",
                )
                break


def _chain(begin: str, end: str, uses: Mapping[str, Mapping[str, object]]) -> list[str] | None:
    """The data types between two, None if the second is not reached."""
    paths: dict[str, list[str]] = {begin: []}
    waiting = [begin]
    for name in waiting:
        if name == end:
            return [each for each in paths[name] if each != end]
        for used in uses.get(name, {}):
            if used not in paths:
                paths[used] = [*paths[name], name]
                waiting.append(used)
    return None
