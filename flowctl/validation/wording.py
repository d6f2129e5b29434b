"""Words for values, types and rules of JSON Schema."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from flowctl.model.json_value import JSON

LONGEST = 60

_TYPES: Mapping[str, str] = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "an integer",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}

_PATTERNS: Mapping[str, str] = {
    r"\S": "a string that is not blank",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a day, such as `2026-12-31`",
    r"^[a-z_]+\.[^.].*$": "a kind, a dot and a path, such as `flow.description`",
    r"^[A-Za-z0-9]+$": "a string of letters and digits",
}
"""Patterns of published schemas in words."""
_RULES: Mapping[str, Callable[[JSON], str]] = {
    "const": lambda value: literal(value),
    "enum": lambda values: one_of([literal(value) for value in values]),
    "exclusiveMaximum": lambda limit: f"less than {limit}",
    "exclusiveMinimum": lambda limit: f"more than {limit}",
    "format": lambda name: f"a valid {name}",
    "maxItems": lambda limit: f"a list of at most {counted(limit, 'item')}",
    "maxLength": lambda limit: f"at most {counted(limit, 'character')}",
    "maximum": lambda limit: f"at most {limit}",
    "minItems": lambda limit: f"a list of at least {counted(limit, 'item')}",
    "minLength": lambda limit: f"at least {counted(limit, 'character')}",
    "minimum": lambda limit: f"at least {limit}",
    "multipleOf": lambda number: f"a multiple of {number}",
    "pattern": lambda pattern: _PATTERNS.get(pattern) or f"a string that matches {code(pattern)}",
    "type": lambda names: type_words(names),
    "uniqueItems": lambda _: "a list without repeats",
}


def rule_words(rule: str, value: JSON) -> str | None:
    """What a rule asks of a value, to follow "must be"; None for a rule without such words."""
    words = _RULES.get(rule)
    return words(value) if words else None


_ACTIONS: Mapping[str, Callable[[JSON], str]] = {
    "exclusiveMaximum": lambda limit: f"Write less than {limit}.",
    "exclusiveMinimum": lambda limit: f"Write more than {limit}.",
    "maxItems": lambda limit: f"Remove items until there are {limit}.",
    "maxLength": lambda limit: f"Shorten it to {counted(limit, 'character')}.",
    "maximum": lambda limit: f"Write {limit} or less.",
    "minItems": lambda limit: f"Write {counted(limit, 'item')} or more.",
    "minLength": lambda limit: f"Write {counted(limit, 'character')} or more.",
    "minimum": lambda limit: f"Write {limit} or more.",
    "multipleOf": lambda number: f"Write a multiple of {number}.",
}


def rule_action(rule: str, value: JSON) -> str:
    """What to do about a value that breaks a rule."""
    action = _ACTIONS.get(rule)
    return action(value) if action else "Write another value."


def type_words(names: JSON) -> str:
    """The types of a `type` rule: "an integer", "a string or a mapping"."""
    listed = [names] if isinstance(names, str) else list(names)
    return one_of(list(dict.fromkeys(_TYPES.get(name, str(name)) for name in listed)))


def value_words(value: JSON) -> str:
    """A found value, short: a string in double quotes; of a list or a mapping only the type."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, str):
        cut = value if len(value) <= LONGEST else value[: LONGEST - 3] + "..."
        return json.dumps(cut, ensure_ascii=False)
    return json.dumps(value)


def found_words(value: JSON) -> str:
    """A found value with its type: `the string "abc"`, `the number 5`, `a list`."""
    if isinstance(value, str):
        return f"the string {value_words(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    return value_words(value)


def code(text: str) -> str:
    """A key, a value or a command in back-ticks, as messages show them."""
    return f"`{text}`"


def codes(names: Iterable[str]) -> list[str]:
    """Each name in back-ticks."""
    return [code(name) for name in names]


def literal(value: JSON) -> str:
    """A value that may be written, in back-ticks and as YAML has it."""
    return code(value if isinstance(value, str) else json.dumps(value))


def quoted(text: object) -> str:
    """What a person wrote, in double quotes."""
    return f'"{text}"'


def counted(number: JSON, noun: str) -> str:
    """A number with its noun: "1 item", "2 items"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def key(*path: str | int) -> str:
    """The place of a value in back-ticks: `columns[0].name`; the whole value is the document."""
    return code(written_path(path)) if path else "the document"


def did_you_mean(near: str | None, otherwise: str) -> str:
    """The hint that proposes a near word; another one if there is none."""
    return f"Did you mean {code(near)}?" if near else otherwise


def one_of(words: Sequence[str]) -> str:
    """The words as alternatives: "a", "a or b", "a, b or c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}" if words else "nothing"


def all_of(words: Sequence[str]) -> str:
    """The words together: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nothing"


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known word that a mistyped one is closest to, upper and lower case being equal; None if none is close.

    `likeness` is from 0 to 1, which only the word itself has.
    """
    from difflib import get_close_matches  # only if something is wrong: it is slow to import

    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(word.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[close[0]] if close else None


def repeated(items: Sequence[JSON]) -> tuple[int, int] | None:
    """The places of the first item that is in a list twice."""
    for again, item in enumerate(items):
        first = items.index(item)
        if first < again:
            return first, again
    return None


def written_path(path: Iterable[str | int]) -> str:
    """A path as a person writes it: `columns[0].name`; empty for the whole value."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def found_instead(expected: str, found: str) -> str:
    """What a summary leaves out: what is expected, what is found, or both."""
    parts = [f"expected {expected}" if expected else "", f"found {found}" if found else ""]
    words = ", ".join(filter(None, parts))
    return f"{words[:1].upper()}{words[1:]}." if words else ""
