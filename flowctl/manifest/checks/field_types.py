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
    members, place = each.members, each.place
    for key in members:
        if key not in _KEYS:
            near = nearest(str(key), sorted(_KEYS))
            yield document.error(
                "unknown-key",
                f"unknown key {code(str(key))} of the field {code(each.path)}",
                *place,
                key,
                hint=f"Did you mean {code(near)}?" if near else f"Known: {all_of(codes(sorted(_KEYS)))}.",
                at_key=True,
            )
    if "ref" in members:
        extra = [key for key in ("type", *HOLDERS.values(), *LIMITS) if key in members]
        if extra:
            yield misfit(
                document,
                each,
                extra[0],
                f"{code(extra[0])} does not apply to a field with `ref`",
                "the data type defines it",
            )
        return
    stated = type_of(members)
    if not stated:
        yield document.error(
            "field-type",
            f"the field {code(each.path)} has no type",
            *place,
            detail=f"Types: {all_of(codes(TYPES))}.",
            hint="Add `type: string` or another type, or `ref:` with a data type.",
            at_key=True,
        )
        return
    if stated not in TYPES:
        near = nearest(stated, TYPES)
        yield document.error(
            "field-type",
            f"{code(stated)} is not a type of a field",
            *place,
            "type",
            detail=f"Types: {all_of(codes(TYPES))}.",
            hint=f"Did you mean {code(near)}?" if near else "Write one of these types.",
        )
        return
    for type_, key in HOLDERS.items():
        if stated == type_ and not isinstance(members.get(key), dict):
            yield document.error(
                "field-type",
                f"the field {code(each.path)} of type {type_} has no {code(key)}",
                *place,
                hint=f"Add {code(key)} with what the {type_} contains.",
                at_key=True,
            )
        elif stated != type_ and key in members:
            yield misfit(document, each, key, f"{code(key)} does not apply to type {stated}", f"it is for {type_} only")
