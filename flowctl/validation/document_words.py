"""What a published schema does not accept in a manifest, in words: every problem, each at its path."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.breaches import Branch, Breach, Reader, listed
from flowctl.validation.json_types import TYPES
from flowctl.validation.problem import Problem
from flowctl.validation.wording import (
    all_of,
    code,
    codes,
    did_you_mean,
    found_words,
    key,
    literal,
    nearest,
    one_of,
    rule_action,
    rule_words,
    type_words,
    value_words,
)

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "^[a-z0-9][a-z0-9-]*$": (
        "lowercase letters, digits and hyphens, with a letter or digit first",
        "[^a-z0-9]+",
    ),
    "^[A-Za-z0-9][A-Za-z0-9_-]*$": (
        "letters, digits, hyphens and underscores, with a letter or digit first",
        "[^A-Za-z0-9_]+",
    ),
    "^[A-Za-z_][A-Za-z0-9_.-]*$": (
        "letters, digits, underscores, dots and hyphens, with a letter or underscore first",
        "[^A-Za-z0-9_.]+",
    ),
}
"""By the pattern of a name in a published schema: what it may have, and what a hyphen takes the place of."""


def document_problems(schema: JSONObject, value: JSON, errors: Iterable["ValidationError"]) -> Iterator[Problem]:
    """Every problem that the errors of one validation amount to, in their order."""
    for breach in Reader(schema=schema, instance=value, closest=_most_alike).read(errors):
        match breach.how:
            case "missing" if not _is_misspelled(breach):
                yield _missing(breach)
            case "missing":
                pass  # the unknown key has its own problem, which suggests this one
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


def _is_misspelled(breach: Breach) -> bool:
    """Whether an unknown key is reported for which the missing one is suggested."""
    known = breach.schema.get("properties", {})
    absent = sorted(key for key in known if key not in breach.found)
    unknown = [name for name in breach.found if name not in known]
    closed = breach.schema.get("additionalProperties") is False
    return closed and any(nearest(name, absent) == breach.names[0] for name in unknown)


def _missing(breach: Breach) -> Problem:
    name, known, present = breach.names[0], breach.schema.get("properties", {}), list(breach.found)
    typo = nearest(name, [key for key in present if key not in known]) if known else None
    return Problem(
        code="missing-key",
        path=breach.path,
        message=f"missing required key {key(*breach.path, name)}",
        hint=f"Rename {code(typo)} to {code(name)}." if typo else f"Add {code(name)}{_choice(name, known.get(name))}.",
        at_key=True,
    )


def _choice(name: str, member: JSON) -> str:
    """The values to choose from if a key takes only some, else an example of its schema."""
    if not isinstance(member, dict):
        return ""
    values = member.get("enum") or ([member["const"]] if "const" in member else [])
    if values:
        return f": {one_of([literal(value) for value in values])}"
    examples = sorted(member.get("examples") or (), key=lambda value: not isinstance(value, dict))
    return f", for example {code(f'{name}: {_flow_style(examples[0])}')}" if examples else ""


def _flow_style(value: JSON) -> str:
    """A value in one line of YAML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_flow_style(member)}" for name, member in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow_style, value))}]"
    if isinstance(value, str):
        return value if re.fullmatch(r"[\w./@-][\w ./@:-]*", value) and ": " not in value else json.dumps(value)
    return json.dumps(value)


def _missing_one(breach: Breach) -> Iterator[Problem]:
    found, path, names = breach.found, breach.path, breach.names
    if not isinstance(found, dict):
        return
    present = [name for name in names if name in found]
    where = f" in {key(*path)}" if path else ""
    exactly = "exactly" if breach.rule == "oneOf" else "at least"
    others = [name for name in found if name not in names]
    typo = next((near for name in names if (near := nearest(name, others))), None)
    yield Problem(
        code="conflicting-keys" if present else "missing-key",
        path=(*path, present[1]) if present else path,
        message=f"conflicting keys {all_of(codes(present))}{where}"
        if present
        else f"missing required key {one_of(codes(names))}{where}",
        expected=f"{exactly} one of {one_of(codes(names))}" if present else "",
        hint="Keep one of them and remove the others."
        if present
        else f"Rename {code(typo)} to {code(str(nearest(typo, names)))}."
        if typo
        else f"Add {one_of(codes(names))}.",
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
            message=f"unknown key {key(*breach.path, name)}",
            expected="" if near else one_of(codes(known)),
            hint=did_you_mean(near, "Remove it."),
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
        message=f"conflicting keys {all_of(codes(present))} in {key(*breach.path)}"
        if found
        else f"{key(*breach.path)} is empty",
        expected=f"exactly one of {one_of(codes(known))}" if known else "",
        hint=_key_count_hint(breach),
        at_key=True,
    )


def _key_count_hint(breach: Breach) -> str:
    if breach.found:
        return "Keep one of them and remove the others."
    return "Add one of these keys." if breach.known else "Add a key, or remove it."


def _bad_name(breach: Breach) -> Problem:
    return Problem(
        code="invalid-name",
        path=(*breach.path, str(breach.found)),
        message=f"invalid name {value_words(breach.found)}",
        expected=_name_words(breach.asked),
        hint=_other_name(breach),
        at_key=True,
    )


def _name_words(pattern: JSON) -> str:
    """What a name may have."""
    return _NAMES[pattern][0] if pattern in _NAMES else f"a name that matches {code(pattern)}"


def _other_name(breach: Breach) -> str:
    """A name near the one that is written; the words for what it may have if there is none."""
    _, other = _NAMES.get(breach.asked, ("", "[^a-z0-9]+"))
    near = re.sub(other, "-", breach.found.lower() if "A-Z" not in other else breach.found).strip("-._")
    near = near if re.fullmatch(breach.asked, near) else ""
    return f"Rename it, for example to {code(near)}." if near else "Write another name."


def _repeat(breach: Breach) -> Problem:
    first, again = breach.repeat
    return Problem(
        code="invalid-value",
        path=(*breach.path, again),
        message=f"{key(*breach.path, again)} repeats {key(*breach.path, first)}",
        found=found_words(breach.found[again]),
        shows_value=True,
        hint="Remove one of them.",
        earlier=(*breach.path, first),
    )


def _value(breach: Breach) -> Problem:
    """The problem of a value that breaks a rule about itself: its type, its size, its spelling."""
    rule, asked, found = breach.rule, breach.asked, breach.found
    if rule == "type":
        return Problem(
            code="wrong-type",
            path=breach.path,
            message=f"{key(*breach.path)} must be {type_words(asked)}",
            found=found_words(found),
            shows_value=True,
            hint=_type_hint(listed(asked), found),
        )
    if rule == "pattern" and asked in _NAMES:
        return Problem(
            code="invalid-name",
            path=breach.path,
            message=f"invalid name for {key(*breach.path)}",
            expected=_name_words(asked),
            found=value_words(found),
            shows_value=True,
            hint=_other_name(breach),
        )
    return Problem(
        code="invalid-value",
        path=breach.path,
        message=f"invalid value for {key(*breach.path)}",
        expected=_expected(rule, asked, found),
        found=f"{len(found)} characters" if rule == "maxLength" else value_words(found),
        shows_value=rule != "maxLength",
        hint=_value_hint(rule, asked, found),
    )


def _expected(rule: str, asked: JSON, found: JSON) -> str:
    if rule == "minLength" and not found:
        return "a string that is not empty"
    return rule_words(rule, asked) or rule


def _value_hint(rule: str, asked: JSON, found: JSON) -> str:
    """What to do about a value of the right type."""
    if rule in ("enum", "const"):
        known = [asked] if rule == "const" else list(asked)
        near = nearest(found, known) if isinstance(found, str) else None
        return did_you_mean(near, f"Write {literal(known[0])}." if len(known) == 1 else "Write one of these values.")
    return rule_action(rule, asked)


def _type_hint(names: Sequence[str], found: JSON) -> str:
    """What to write in place of a value of the wrong type."""
    is_text = isinstance(found, str)
    if "string" in names:
        return "Write it in quotes." if isinstance(found, bool | int | float) else "Write one string."
    if "integer" in names or "number" in names:
        return "Write the number without quotes." if is_text and _is_number(found) else "Write a number."
    if "boolean" in names:
        return "Write `true` or `false`, without quotes."
    if "array" in names:
        return "Write a list: `- ITEM` in a line of its own for each item."
    return "Write a mapping: `KEY: VALUE` in a line of its own for each key."


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
