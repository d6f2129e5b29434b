"""JSON Schema fragments that a person writes: unknown keywords and values that a keyword cannot have."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flowctl.model.json_value import JSON
from flowctl.validation.json_types import TYPES
from flowctl.validation.patterns import compiles
from flowctl.validation.wording import code, did_you_mean, nearest, one_of

_NOTES: Final = frozenset({"title", "description", "$comment", "examples", "default"})
_SCHEMAS: Final = frozenset({"not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames"})
_LISTS: Final = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
_NUMBERS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_COUNTS: Final = frozenset(
    {
        *("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"),
        *("minContains", "maxContains"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FragmentProblem:
    """One problem of a fragment: its path inside the fragment, what is wrong, and what to do."""

    path: tuple[str | int, ...]
    message: str
    hint: str
    at_key: bool = False


def fragment_problems(schema: JSON, path: tuple[str | int, ...] = ()) -> Iterator[FragmentProblem]:
    """Every problem of a fragment; `true` and `false` are fragments too."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        yield FragmentProblem(
            path=path,
            message="a JSON Schema is a mapping, `true` or `false`",
            hint=f"Write a mapping such as {code('{const: day}')}.",
        )
        return
    for keyword, value in schema.items():
        place = (*path, keyword)
        if keyword in _SCHEMAS:
            yield from fragment_problems(value, place)
        elif keyword in _LISTS and isinstance(value, list) and value:
            for number, part in enumerate(value):
                yield from fragment_problems(part, (*place, number))
        elif keyword in _MAPS and isinstance(value, Mapping):
            yield from _members(keyword, value, place)
        elif keyword in _VALUES:
            expected, holds = _VALUES[keyword]
            if not holds(value):
                yield FragmentProblem(
                    path=place, message=f"{code(keyword)} must be {expected}", hint=f"Write {expected}."
                )
        elif keyword not in _NOTES:
            near = nearest(keyword, _KNOWN)
            yield FragmentProblem(
                path=place,
                message=f"there is no JSON Schema keyword {code(keyword)} in rules",
                hint=did_you_mean(near, "Remove it."),
                at_key=True,
            )


def _members(keyword: str, members: Mapping[str, JSON], place: tuple[str | int, ...]) -> Iterator[FragmentProblem]:
    for name, part in members.items():
        if keyword == "patternProperties" and not _is_pattern(name):
            yield FragmentProblem(
                path=(*place, name),
                message=f"{code(name)} is not a regular expression",
                hint="Write a regular expression.",
                at_key=True,
            )
        yield from fragment_problems(part, (*place, name))


def _is_pattern(value: JSON) -> bool:
    return isinstance(value, str) and compiles(value)


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: JSON) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_type(value: JSON) -> bool:
    names = value if isinstance(value, list) and value else [value]
    return all(isinstance(name, str) and name in TYPES for name in names)


def _is_list(value: JSON) -> bool:
    return isinstance(value, list) and bool(value)


def _are_names(value: JSON) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


_VALUES: Final[Mapping[str, tuple[str, Callable[[JSON], bool]]]] = {
    "const": ("any value", lambda _: True),
    "enum": ("a list of values", _is_list),
    "type": (f"{one_of([code(name) for name in TYPES])}, or a list of these", _is_type),
    "pattern": ("a regular expression", _is_pattern),
    "required": ("a list of names", _are_names),
    "uniqueItems": ("`true` or `false`", lambda value: isinstance(value, bool)),
    "multipleOf": ("a number greater than 0", lambda value: _is_number(value) and value > 0),
    **dict.fromkeys(_NUMBERS, ("a number", _is_number)),
    **dict.fromkeys(_COUNTS, ("an integer of at least 0", _is_count)),
    **dict.fromkeys(_LISTS, ("a list of JSON Schemas", lambda _: False)),
    **dict.fromkeys(_MAPS, ("a mapping of JSON Schemas", lambda _: False)),
}
_KNOWN: Final = (*_NOTES, *_SCHEMAS, *_VALUES)
