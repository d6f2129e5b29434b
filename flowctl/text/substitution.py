"""`${env:NAME}`, `${var:NAME}` and `$${` in a string. `${First Name}` and others belong to Data Prep."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from flowctl.late_pattern import late_pattern
from flowctl.model.json_value import JSON

OPENING: Final = "${"
_PART: Final = late_pattern(r"\$\$\{|\$\{(\s*(?:env|var)\s*):([^{}]*)(\}?)", re.I)
_NAMES: Final = {
    "env": late_pattern(r"[A-Za-z_][A-Za-z0-9_]*\Z"),
    "var": late_pattern(r"[A-Za-z_][A-Za-z0-9_.-]*\Z"),
}


class Expanded(NamedTuple):
    """A scalar after substitution.

    `value` keeps unknown parts as they were written. With `whole`, the scalar is exactly one variable and has its type.
    `malformed` are the parts that are neither a substitution nor Data Prep's, and `not_text` are the variables whose
    bytes are not UTF-8.
    """

    raw: str
    value: JSON
    whole: bool = False
    environment: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()
    not_text: tuple[str, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether a substitution was found: the value differs from what is written, or a part cannot be replaced."""
        return bool(self.value != self.raw or self.unset or self.unknown or self.malformed or self.not_text)


@dataclass(frozen=True, slots=True)
class Deferred:
    """A variable of an environment that is written with `${env:NAME}`, which is replaced only if it is used."""

    text: str

    def __str__(self) -> str:
        return self.text


Expand: TypeAlias = Callable[[str], Expanded]


def expander(variables: Mapping[str, JSON], environ: Mapping[str, str]) -> Expand:
    """The substitution with these values. A value is not searched for substitutions again."""
    return lambda raw: expand(raw, variables, environ)


def verbatim(raw: str) -> Expanded:
    """No substitution: the scalar as it is written."""
    return Expanded(raw=raw, value=raw)


def expand(raw: str, variables: Mapping[str, JSON], environ: Mapping[str, str]) -> Expanded:
    """The scalar with its substitutions replaced."""
    parts = _Parts()

    def replaced(found: re.Match[str]) -> str:
        if found[1] is None:
            return OPENING
        source, name, closed = found[1], found[2], found[3]
        if not closed or source not in _NAMES or not _NAMES[source].match(name):
            parts.malformed.append(found[0])
        elif source == "env":
            parts.environment.append(name)
            # A CI system passes an empty string for a secret that does not exist: it counts as unset.
            value = environ.get(name)
            if value and is_text(value):
                return value
            (parts.not_text if value else parts.unset).append(name)
        elif name in variables:
            parts.variables.append(name)
            return parts.variable(found[0], variables[name], environ)
        else:
            parts.unknown.append(name)
        return found[0]

    text = _PART.sub(replaced, raw)
    only = _PART.fullmatch(raw)
    whole = only is not None and only[1] == "var" and bool(parts.variables)
    whole = whole and not isinstance(variables[parts.variables[0]], Deferred)
    return Expanded(
        raw=raw,
        value=variables[parts.variables[0]] if whole else text,
        whole=whole,
        environment=tuple(parts.environment),
        unset=tuple(parts.unset),
        variables=tuple(parts.variables),
        unknown=tuple(parts.unknown),
        malformed=tuple(parts.malformed),
        not_text=tuple(parts.not_text),
    )


def is_text(value: str) -> bool:
    """Whether a value of the process was UTF-8; Python keeps other bytes as halves of characters."""
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def as_text(value: JSON) -> str:
    """A variable's value inside a longer string, spelled as in YAML."""
    if value is True or value is False:
        return "true" if value else "false"
    return "" if value is None else str(value)


class _Parts:
    """What the substitutions of one scalar have been so far."""

    __slots__ = ("environment", "malformed", "not_text", "unknown", "unset", "variables")

    def __init__(self) -> None:
        self.environment: list[str] = []
        self.unset: list[str] = []
        self.variables: list[str] = []
        self.unknown: list[str] = []
        self.malformed: list[str] = []
        self.not_text: list[str] = []

    def variable(self, written: str, value: JSON, environ: Mapping[str, str]) -> str:
        """The string of a variable; as it was written if an environment variable in it is not set."""
        if not isinstance(value, Deferred):
            return as_text(value)
        inner = expand(value.text, {}, environ)
        self.environment += inner.environment
        self.unset += inner.unset
        self.not_text += inner.not_text
        return written if inner.unset or inner.not_text else as_text(inner.value)
