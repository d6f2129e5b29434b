"""Faults: one problem of a value's shape, and the words for a rule that it breaks."""

from collections.abc import Sequence
from dataclasses import dataclass

from flowctl.model.json_value import JSON
from flowctl.validation.wording import label, nearest, one_of, repeated, rule_words, type_words, value_words

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One problem. `at_key` says that its place is the key, not the value; `found` is the value to be shown.

    `earlier` is the place of an item that is repeated at `path`.
    """

    code: str
    path: Path
    what: str
    expected: str = ""
    found: str = ""
    shows_value: bool = False
    hint: str = ""
    at_key: bool = False
    earlier: Path | None = None


def broken_rule(path: Path, rule: str, asked: JSON, found: JSON) -> Fault:
    """The fault of a value that breaks a rule about itself: its type, its size, its spelling."""
    place = label(path) or "the document"
    if rule == "type":
        names = [asked] if isinstance(asked, str) else list(asked)
        return Fault(
            code="wrong-type",
            path=path,
            what=f"{place} must be {type_words(names)}",
            expected=type_words(names),
            found=found_words(found),
            shows_value=True,
            hint=_type_hint(names, found),
        )
    if rule in ("enum", "const"):
        known = [asked] if rule == "const" else list(asked)
        near = nearest(found, known) if isinstance(found, str) else None
        return Fault(
            code="invalid-value",
            path=path,
            what=f"{place} must be {one_of(known)}",
            expected=one_of(known),
            found=found_words(found),
            shows_value=True,
            hint=f"Did you mean {near}?" if near else f"Write {one_of(known)}.",
        )
    if rule == "uniqueItems" and (repeat := repeated(found)) is not None:
        first, again = repeat
        return Fault(
            code="invalid-value",
            path=(*path, again),
            what=f"{place}[{again}] repeats {place}[{first}]",
            expected=rule_words(rule, asked) or rule,
            found=found_words(found[again]),
            shows_value=True,
            hint="Remove one of them.",
            earlier=(*path, first),
        )
    expected = _NAME if rule == "pattern" and path[-1:] == ("name",) else rule_words(rule, asked) or rule
    if rule == "minLength" and not found:
        expected = "text that is not empty"
    return Fault(
        code="invalid-value",
        path=path,
        what=f"{place} must be {expected}",
        expected=expected,
        found=f"{len(found)} characters" if rule == "maxLength" else found_words(found),
        shows_value=rule != "maxLength",
    )


_NAME = "small letters, digits and hyphens, beginning with a letter or digit"


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


def found_words(value: JSON) -> str:
    """A found value with its type: `the text "abc"`, `the number 5`, `a list`."""
    if isinstance(value, str):
        return f"the text {value_words(value)}" if value_words(value).startswith('"') else f'the text "{value}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return value_words(value)
