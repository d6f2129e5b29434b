"""The keys of a declared field, its type, and what it holds."""

from collections.abc import Iterator
from typing import Final

from flowctl.manifest.checks.field_limits import LIMITS, TYPES, misfit
from flowctl.manifest.declared_fields import HOLDERS, Declared, type_of
from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import all_of, code, codes, nearest

_KEYS: Final = frozenset(
    {"type", "ref", "title", "description", "default", "required", "deprecated", *LIMITS, *HOLDERS.values()}
)


def keys_and_type(document: Document, each: Declared) -> Iterator[Diagnostic]:
    """Each key that no field has, a type that is missing or unknown, and what does not apply to the type."""
    yield from _unknown_keys(document, each)
    stated = type_of(each.members)
    if "ref" in each.members:
        yield from _beside_a_reference(document, each)
    elif stated not in TYPES:
        yield _no_such_type(document, each, stated) if stated else _no_type(document, each)
    else:
        yield from _contents(document, each, stated)


def _unknown_keys(document: Document, each: Declared) -> Iterator[Diagnostic]:
    for key in each.members:
        if key not in _KEYS:
            near = nearest(str(key), sorted(_KEYS))
            yield document.error(
                "unknown-key",
                f"unknown key {code(str(key))} of the field {code(each.path)}",
                *each.place,
                key,
                hint=f"Did you mean {code(near)}?" if near else f"Known: {all_of(codes(sorted(_KEYS)))}.",
                at_key=True,
            )


def _beside_a_reference(document: Document, each: Declared) -> Iterator[Diagnostic]:
    """The first key that a field has beside `ref`, and that its data type defines."""
    extra = [key for key in ("type", *HOLDERS.values(), *LIMITS) if key in each.members]
    if extra:
        summary = f"{code(extra[0])} does not apply to a field with `ref`"
        yield misfit(document, each, extra[0], summary, "the data type defines it")


def _no_type(document: Document, each: Declared) -> Diagnostic:
    return document.error(
        "field-type",
        f"the field {code(each.path)} has no type",
        *each.place,
        detail=f"Types: {all_of(codes(TYPES))}.",
        hint="Add `type: string` or another type, or `ref:` with a data type.",
        at_key=True,
    )


def _no_such_type(document: Document, each: Declared, stated: str) -> Diagnostic:
    near = nearest(stated, TYPES)
    return document.error(
        "field-type",
        f"{code(stated)} is not a type of a field",
        *each.place,
        "type",
        detail=f"Types: {all_of(codes(TYPES))}.",
        hint=f"Did you mean {code(near)}?" if near else "Write one of these types.",
    )


def _contents(document: Document, each: Declared, stated: str) -> Iterator[Diagnostic]:
    """What a field of this type contains, if that is missing, and what only a field of another type contains."""
    for type_, key in HOLDERS.items():
        if stated == type_ and not isinstance(each.members.get(key), dict):
            yield document.error(
                "field-type",
                f"the field {code(each.path)} of type {type_} has no {code(key)}",
                *each.place,
                hint=f"Add {code(key)} with what the {type_} contains.",
                at_key=True,
            )
        elif stated != type_ and key in each.members:
            yield misfit(document, each, key, f"{code(key)} does not apply to type {stated}", f"it is for {type_} only")
