"""The fields of field groups, data types and classes: names, types and limits as Schema Registry takes them."""

from collections.abc import Iterator, Mapping
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.checks.field_limits import limits
from flowctl.manifest.checks.field_types import keys_and_type
from flowctl.manifest.declared_fields import Declared, declared_fields, type_of
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.field_path import ITEM
from flowctl.validation.wording import code

_NAME: Final = late_pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
RESERVED: Final = frozenset({"items", "properties"})


def fields_are_sound(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each field whose name, type or limits Schema Registry does not take, and each that is declared twice."""
    first: dict[str, Declared] = {}
    for each in declared_fields(document):
        yield from _name(document, each)
        yield from keys_and_type(document, each)
        yield from limits(document, each)
        if each.path in first:
            other = document.place(*first[each.path].place)
            yield document.error(
                "duplicate-field",
                f"the field {code(each.path)} is declared twice",
                *each.place,
                detail=f"The other declaration is in {other}.",
                hint="Keep one of them.",
                at_key=True,
            )
        first.setdefault(each.path, each)
    yield from _crossed(document, first)


def _crossed(document: Document, fields: Mapping[str, Declared]) -> Iterator[Diagnostic]:
    """Each field below one that holds no fields."""
    for path, each in fields.items():
        above = path.rpartition(".")[0]
        holder = fields.get(above) if above else None
        if holder is not None and not above.endswith(ITEM) and type_of(holder.members) not in ("object", ""):
            yield document.error(
                "field-type",
                f"{code(path)} lies below {code(above)}, which is not an object",
                *each.place,
                hint=f"Rename one of the fields, or declare {code(above)} as an object.",
                at_key=True,
            )


def _name(document: Document, each: Declared) -> Iterator[Diagnostic]:
    key = str(each.place[-1])
    if each.path.endswith(ITEM):
        return
    for name in key.split("."):
        if name in RESERVED:
            detail = "Schema Registry reserves the names `items` and `properties`."
        elif not _NAME.match(name):
            detail = "A name has letters, digits, hyphens and underscores, and begins with a letter or a digit."
        else:
            continue
        yield document.error(
            "field-name",
            f"{code(name)} cannot be the name of a field" if name else f"the path {code(key)} has an empty name",
            *each.place,
            detail=detail,
            hint="Rename the field.",
            at_key=True,
        )
        return
