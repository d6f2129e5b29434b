"""What a published schema does not accept in a manifest, in words: every problem, each at its path."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.breaches import Branch, Breach, Reader, listed
from flowctl.validation.compile import TYPES
from flowctl.validation.problem import Problem
from flowctl.validation.wording import all_of, found_words, label, nearest, one_of, rule_words, type_words

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_MOST_NAMED = 20
"""Keys that are listed as found."""
_NAME = "small letters, digits and hyphens, beginning with a letter or digit"


def document_problems(schema: JSONObject, value: JSON, errors: Iterable["ValidationError"]) -> Iterator[Problem]:
    """Every problem that the errors of one validation amount to, in their order."""
    for breach in Reader(schema=schema, instance=value, closest=_most_alike).read(errors):
        match breach.how:
            case "missing":
                yield _missing(breach)
            case "alternatives" | "conflicting":
                yield from _missing_one(breach)
            case "unknown":
                yield from _unknown(breach)
            case "count":
                yield from _key_count(breach)
            case "name":
                yield _bad_name(breach)
            case "repeat":
                yield _repeat(breach)
            case _:
                yield _value(breach)


def _missing(breach: Breach) -> Problem:
    name, known, present = breach.names[0], breach.schema.get("properties", {}), list(breach.found)
    typo = nearest(name, [key for key in present if key not in known]) if known else None
    return Problem(
        code="missing-key",
        path=breach.path,
        message=f"{label((*breach.path, name))} is missing",
        expected=f"the key {name}",
        found=all_of(present[:_MOST_NAMED]) if present else "no keys",
        hint=f"Rename {typo} to {name}." if typo else f"Add {name}{_choice(known.get(name))}.",
        at_key=True,
    )


def _choice(member: JSON) -> str:
    """The values to choose from, where a key takes only some."""
    values = member.get("enum") or ([member["const"]] if "const" in member else []) if isinstance(member, dict) else []
    return f": {one_of([str(value) for value in values])}" if values else ""


def _missing_one(breach: Breach) -> Iterator[Problem]:
    found, path, names = breach.found, breach.path, breach.names
    if not isinstance(found, dict):
        return
    present = [name for name in names if name in found]
    where = f"{label(path)} takes" if path else "The document takes"
    exactly = "exactly" if breach.rule == "oneOf" else "at least"
    typo = next((key for name in names if (key := nearest(name, [k for k in found if k not in names]))), None)
    yield Problem(
        code="conflicting-keys" if present else "missing-key",
        path=(*path, present[1]) if present else path,
        message=f"{where} {exactly} one of {one_of(names)}",
        expected=f"{exactly} one of {one_of(names)}",
        found=all_of(present) if present else "neither",
        hint="Keep one of them." if present else f"Rename {typo}." if typo else f"Add {one_of(names)}.",
        at_key=True,
    )


def _unknown(breach: Breach) -> Iterator[Problem]:
    written, known = set(breach.found), breach.known
    absent = [key for key in known if key not in written]
    for name in breach.names:
        near = nearest(name, absent) or nearest(name, known)
        yield Problem(
            code="unknown-key",
            path=(*breach.path, name),
            message=f"{label((*breach.path, name))} is not a known key",
            expected=one_of(known),
            found=name,
            hint=f"Did you mean {near}?" if near else "Remove it.",
            at_key=True,
        )


def _key_count(breach: Breach) -> Iterator[Problem]:
    known, found = breach.known, breach.found
    present = [key for key in found if key in known]
    if len(found) > 1 and len(present) < 2:
        return  # the unknown key is named by its own rule
    if found and not present:
        return
    yield Problem(
        code="conflicting-keys" if found else "missing-key",
        path=breach.path,
        message=f"{label(breach.path)} takes one of {one_of(known)}",
        expected=f"exactly one of {one_of(known)}",
        found=all_of(present[:_MOST_NAMED]) if present else "no keys",
        hint="Keep one of them." if found else f"Add {one_of(known)}.",
        at_key=True,
    )


def _bad_name(breach: Breach) -> Problem:
    return Problem(
        code="invalid-name",
        path=(*breach.path, str(breach.found)),
        message=f'"{breach.found}" is not a valid name',
        expected=f"a name that matches {breach.asked}",
        found=str(breach.found),
        hint="Rename it.",
        at_key=True,
    )


def _repeat(breach: Breach) -> Problem:
    first, again = breach.repeat
    place = label(breach.path) or "the document"
    return Problem(
        code="invalid-value",
        path=(*breach.path, again),
        message=f"{place}[{again}] repeats {place}[{first}]",
        expected=rule_words("uniqueItems", True) or "",
        found=found_words(breach.found[again]),
        shows_value=True,
        hint="Remove one of them.",
        earlier=(*breach.path, first),
    )


def _value(breach: Breach) -> Problem:
    """The problem of a value that breaks a rule about itself: its type, its size, its spelling."""
    rule, found, hint = breach.rule, breach.found, ""
    if rule == "type":
        expected, hint = type_words(breach.asked), _type_hint(listed(breach.asked), found)
    elif rule in ("enum", "const"):
        known = [breach.asked] if rule == "const" else list(breach.asked)
        near = nearest(found, known) if isinstance(found, str) else None
        expected, hint = one_of(known), f"Did you mean {near}?" if near else f"Write {one_of(known)}."
    elif rule == "minLength" and not found:
        expected = "text that is not empty"
    elif rule == "pattern" and breach.path[-1:] == ("name",):
        expected = _NAME
    else:
        expected = rule_words(rule, breach.asked) or rule
    return Problem(
        code="wrong-type" if rule == "type" else "invalid-value",
        path=breach.path,
        message=f"{label(breach.path) or 'the document'} must be {expected}",
        expected=expected,
        found=f"{len(found)} characters" if rule == "maxLength" else found_words(found),
        shows_value=rule != "maxLength",
        hint=hint,
    )


def _type_hint(names: Sequence[str], found: JSON) -> str:
    if "string" in names and isinstance(found, bool | int | float):
        return "Write it in quotes to make it text."
    if isinstance(found, str) and any(name in names for name in ("integer", "number")) and _is_number(found):
        return "Write it without quotes."
    if isinstance(found, str) and "boolean" in names:
        return "Write true or false, without quotes."
    return ""


def _is_number(text: str) -> bool:
    return text.strip().lstrip("+-").replace(".", "", 1).isdecimal()


def _most_alike(branches: dict[int, Branch], error: "ValidationError") -> Branch:
    """The errors of the alternative that has the value's type and is most like it."""
    asked: JSON = error.validator_value
    fitting = [index for index in range(len(asked)) if _fits(asked[index], error.instance)]
    return branches[max(fitting, key=lambda index: _likeness(asked[index], error.instance))]


def _fits(branch: JSON, found: JSON) -> bool:
    return any(TYPES[name](found) for name in listed(branch.get("type") or list(TYPES)))


def _likeness(branch: JSON, found: JSON) -> tuple[int, int, int]:
    """How far a mapping looks like an alternative: by known keys, then by mistyped ones, then by what it misses."""
    if not isinstance(found, dict):
        return (0, 0, 0)
    known = branch.get("properties", {})
    near = sum(nearest(key, known) is not None for key in found)
    return (sum(key in known for key in found), near, len(known))
