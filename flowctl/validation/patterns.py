"""Patterns of JSON Schema in Python: those of ours and of specs, and those that other people wrote."""

import re
from collections.abc import Callable
from functools import partial

from flowctl.foreign_pattern import SlowPattern, foreign_pattern
from flowctl.model.json_value import JSON


class Foreign(str):
    """A pattern that is searched with a limit of time, because a person wrote it for text of others."""

    __slots__ = ()


def with_foreign_patterns(schema: JSON) -> JSON:
    """The schema with its patterns as foreign ones."""
    if isinstance(schema, list):
        return [with_foreign_patterns(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: with_foreign_patterns(value) for key, value in schema.items()}
    if isinstance(pattern := found.get("pattern"), str):
        found["pattern"] = Foreign(pattern)
    if isinstance(members := found.get("patternProperties"), dict):
        found["patternProperties"] = {Foreign(name): member for name, member in members.items()}
    return found


def searcher(pattern: str) -> Callable[[str], bool]:
    """What tells whether a JSON Schema pattern is in a text. For a foreign pattern it raises SlowPattern."""
    if isinstance(pattern, Foreign):
        return partial(_foreign_search, pattern)
    search = usable(pattern).search
    return lambda text: search(text) is not None


def _foreign_search(pattern: Foreign, text: str) -> bool:
    try:
        return foreign_pattern(_in_python(pattern)).search(text)
    except SlowPattern:
        raise SlowPattern(str(pattern)) from None


def expression(pattern: str) -> re.Pattern[str]:
    """A JSON Schema pattern in Python."""
    return re.compile(_in_python(pattern))


def usable(pattern: str) -> re.Pattern[str]:
    """A pattern of a spec in Python. One that is written for another engine is not checked: any text has it."""
    return expression(pattern) if compiles(pattern) else re.compile("")


def compiles(pattern: str) -> bool:
    """Whether a JSON Schema pattern is a regular expression of Python."""
    try:
        expression(pattern)
    except (re.error, OverflowError, RecursionError, ValueError):
        return False
    return True


def _in_python(pattern: str) -> str:
    """In Python, `$` also matches before a final line break, in JSON Schema not; `\\$` is a dollar in both."""
    before = pattern.removesuffix("$")
    is_escaped = (len(before) - len(before.rstrip("\\"))) % 2 == 1
    return before + r"\Z" if before != pattern and not is_escaped else str(pattern)
