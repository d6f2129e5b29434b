"""The fields of field groups, data types and classes: names, types and limits as Schema Registry takes them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.late_pattern import late_pattern
from flowctl.manifest.declared_fields import ITEM, Declared, declared_fields, referred
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON
from flowctl.validation.compile import compiles
from flowctl.validation.wording import all_of, code, codes, nearest

_NAME: Final = late_pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
RESERVED: Final = frozenset({"items", "properties"})
_TYPES: Final = ("string", "integer", "number", "boolean", "date", "date-time", "object", "array", "map")
_HOLDS: Final = {"object": "fields", "array": "items", "map": "values"}
_OF_STRINGS: Final = frozenset({"string"})
_OF_NUMBERS: Final = frozenset({"integer", "number"})
_LIMITS: Final = {
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
_KEYS: Final = frozenset(
    {"type", "ref", "title", "description", "default", "required", "deprecated", *_LIMITS, *_HOLDS.values()}
)
_PAIRS: Final = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))
_MOST: Final = 5000
_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "date": (str,),
    "date-time": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
}


def fields_are_sound(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each field whose name, type or limits Schema Registry does not take, and each that is declared twice."""
    first: dict[str, Declared] = {}
    for each in declared_fields(document):
        yield from _name(document, each)
        yield from _type(document, each)
        yield from _limits(document, each)
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
        holder = fields.get(above)
        if holder is not None and not above.endswith(ITEM) and _stated(holder.members) not in ("object", ""):
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


def _stated(members: Mapping[str, JSON]) -> str:
    """The type that a field has or that follows from what it holds; empty for a data type and where none does."""
    if "ref" in members:
        return ""
    if isinstance(members.get("type"), str):
        return str(members["type"])
    return next((type_ for type_, key in _HOLDS.items() if key in members), "")


def _type(document: Document, each: Declared) -> Iterator[Diagnostic]:
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
        extra = [key for key in ("type", *_HOLDS.values(), *_LIMITS) if key in members]
        if extra:
            yield _wrong(document, each, extra[0], f"{code(extra[0])} does not go with `ref`", "the data type says it")
        return
    stated = _stated(members)
    if not stated:
        yield document.error(
            "field-type",
            f"the field {code(each.path)} has no type",
            *place,
            detail=f"Types: {all_of(codes(_TYPES))}.",
            hint="Add `type: string` or another type, or `ref:` with a data type.",
            at_key=True,
        )
        return
    if stated not in _TYPES:
        near = nearest(stated, _TYPES)
        yield document.error(
            "field-type",
            f"{code(stated)} is not a type of a field",
            *place,
            "type",
            detail=f"Types: {all_of(codes(_TYPES))}.",
            hint=f"Did you mean {code(near)}?" if near else "Write one of these types.",
        )
        return
    for type_, key in _HOLDS.items():
        if stated == type_ and not isinstance(members.get(key), dict):
            yield document.error(
                "field-type",
                f"the field {code(each.path)} of type {type_} has no {code(key)}",
                *place,
                hint=f"Add {code(key)}, which says what it holds.",
                at_key=True,
            )
        elif stated != type_ and key in members:
            yield _wrong(document, each, key, f"{code(key)} does not go with type {stated}", f"only {type_} has it")


def _limits(document: Document, each: Declared) -> Iterator[Diagnostic]:
    members, stated = each.members, _stated(each.members)
    if "ref" in members or stated not in _TYPES:
        return
    for key, types in _LIMITS.items():
        if key in members and stated not in types:
            yield _wrong(
                document,
                each,
                key,
                f"{code(key)} does not go with type {stated}",
                f"only {all_of(sorted(types))} has it",
            )
    for low, high in _PAIRS:
        least, most = members.get(low), members.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield _wrong(document, each, low, f"{code(low)} is above {code(high)}", "no value fits")
    pattern = members.get("pattern")
    if isinstance(pattern, str) and not compiles(pattern):
        yield _wrong(document, each, "pattern", f"the pattern of {code(each.path)} is not a regular expression", "")
    format_ = members.get("format")
    if format_ in _TYPES:
        yield _wrong(document, each, "format", f"{code(str(format_))} is a type", f"write `type: {format_}`")
    yield from _default(document, each, stated)


def _default(document: Document, each: Declared, stated: str) -> Iterator[Diagnostic]:
    default, values = each.members.get("default"), each.members.get("enum")
    if default is None:
        return
    wanted = _JSON_TYPES.get(stated)
    is_flag = isinstance(default, bool)
    if wanted is not None and (not isinstance(default, wanted) or (is_flag and stated != "boolean")):
        yield _wrong(document, each, "default", f"the default of {code(each.path)} is not of type {stated}", "")
    elif isinstance(values, list | dict) and default not in values:
        yield _wrong(document, each, "default", f"the default of {code(each.path)} is none of its values", "")


def _wrong(document: Document, each: Declared, key: str, summary: str, why: str) -> Diagnostic:
    return document.error(
        "field-limit",
        summary,
        *each.place,
        key,
        detail=f"{why[:1].upper()}{why[1:]}." if why else "",
        hint=f"Correct or remove {code(key)}.",
        at_key=True,
    )


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
