"""Limits of a declared field: whether they apply to its type, and whether a value can meet them."""

from collections.abc import Iterator, Mapping
from typing import Final

from flowctl.manifest.declared_fields import HOLDERS, Declared, type_of
from flowctl.manifest.document import Document
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.patterns import compiles
from flowctl.validation.wording import all_of, code

TYPES: Final = ("string", "integer", "number", "boolean", "date", "date-time", *HOLDERS)
_OF_STRINGS: Final = frozenset({"string"})
_OF_NUMBERS: Final = frozenset({"integer", "number"})
LIMITS: Final = {
    "pattern": _OF_STRINGS,
    "minLength": _OF_STRINGS,
    "maxLength": _OF_STRINGS,
    "enum": _OF_STRINGS,
    "suggested": _OF_STRINGS,
    "format": _OF_STRINGS,
    "minimum": _OF_NUMBERS,
    "maximum": _OF_NUMBERS,
    "minItems": frozenset({"array"}),
    "maxItems": frozenset({"array"}),
}
_PAIRS: Final = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "date": (str,),
    "date-time": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def limits(document: Document, each: Declared) -> Iterator[Diagnostic]:
    """Each limit that does not apply to the type of the field, and each that no value meets."""
    members, stated = each.members, type_of(each.members)
    if "ref" in members or stated not in TYPES:
        return
    for key, types in LIMITS.items():
        if key in members and stated not in types:
            yield misfit(
                document,
                each,
                key,
                f"{code(key)} does not apply to type {stated}",
                f"it is for {all_of(sorted(types))} only",
            )
    for low, high in _PAIRS:
        least, most = members.get(low), members.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield misfit(document, each, low, f"{code(low)} is above {code(high)}", "no value fits")
    pattern = members.get("pattern")
    if isinstance(pattern, str) and not compiles(pattern):
        yield misfit(document, each, "pattern", f"the pattern of {code(each.path)} is not a regular expression", "")
    format_ = members.get("format")
    if format_ in TYPES:
        yield misfit(document, each, "format", f"{code(str(format_))} is a type", f"write `type: {format_}`")
    yield from _default(document, each, stated)


def _default(document: Document, each: Declared, stated: str) -> Iterator[Diagnostic]:
    default, values = each.members.get("default"), each.members.get("enum")
    if default is None:
        return
    wanted = _JSON_TYPES.get(stated)
    is_flag = isinstance(default, bool)
    if wanted is not None and (not isinstance(default, wanted) or (is_flag and stated != "boolean")):
        yield misfit(document, each, "default", f"the default of {code(each.path)} is not of type {stated}", "")
    elif isinstance(values, list | dict) and default not in values:
        yield misfit(document, each, "default", f"the default of {code(each.path)} is not one of its values", "")


def misfit(document: Document, each: Declared, key: str, summary: str, why: str) -> Diagnostic:
    """The problem of a key that does not fit the rest of its field."""
    return document.error(
        "field-limit",
        summary,
        *each.place,
        key,
        detail=f"{why[:1].upper()}{why[1:]}." if why else "",
        hint=f"Correct or remove {code(key)}.",
        at_key=True,
    )
