"""A JSON Schema to one function that says yes or no, without a general validator and the time to import it.

It knows the keywords that our own schemas and the pinned specs use and refuses to compile any other, so that it can
never say yes for want of understanding. The words for a no come from `jsonschema`; a test holds the two equal.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.json_types import TYPES, Accepts
from flowctl.validation.patterns import searcher

_SILENT: Final = frozenset({"$schema", "$id", "$comment", "title", "description", "examples", "default", "format"})
_OF_TEXT: Final = frozenset({"type", "minLength", "maxLength", "pattern"})
_OF_OBJECTS: Final = frozenset({"type", "properties", "additionalProperties", "required"})
_CHOICES: Final = frozenset({"oneOf", "anyOf"})
_MOST_KEY_SETS: Final = 256
"""Combinations of keys that one test of objects remembers."""
_BESIDE: Final = {"additionalProperties": "properties", "then": "if", "else": "if"}
"""Keywords that are compiled together with another one, where that is there."""


class UnknownKeyword(Exception):  # noqa: N818 - reads as what happened
    """The schema uses a keyword, or a form of one, that is not compiled."""


def compiled(schema: JSON) -> Accepts:
    """The function that says whether a value is valid. Raises UnknownKeyword."""
    if isinstance(schema, bool):
        return lambda _: schema
    if not isinstance(schema, dict):
        raise UnknownKeyword("a schema that is not a mapping")
    keys = [key for key in schema if key not in _SILENT and _BESIDE.get(key) not in schema]
    tests: list[Accepts] = []
    for whole, parts in ((_text, _OF_TEXT), (_object, _OF_OBJECTS | _choices_of_keys(schema))):
        found = whole(schema)
        if found is not None:
            tests, keys = [found], [key for key in keys if key not in parts]
    return _every([*tests, *(_keyword(key)(schema[key], schema) for key in keys)])


def _text(schema: JSONObject) -> Accepts | None:
    """The test of a text in one call instead of one for each keyword; most values are texts."""
    if schema.get("type") != "string":
        return None
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        is_in = searcher(schema["pattern"])
        if most is None and least == 0:
            return lambda value: isinstance(value, str) and is_in(value)
        longest = most if most is not None else float("inf")
        return lambda value: isinstance(value, str) and least <= len(value) <= longest and is_in(value)
    if most is None:
        return _SHORTEST.get(least) or (lambda value: isinstance(value, str) and len(value) >= least)
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def _any_text(value: JSON) -> bool:
    return isinstance(value, str)


def _some_text(value: JSON) -> bool:
    return isinstance(value, str) and value != ""


_SHORTEST: Final[Mapping[int, Accepts]] = {0: _any_text, 1: _some_text}
"""The tests of texts that have at least so many characters."""


def _choices_of_keys(schema: JSONObject) -> frozenset[str]:
    """The keywords of a schema that choose by keys alone: each of their branches only requires some."""
    return frozenset(key for key in _CHOICES & schema.keys() if all(map(_only_requires, schema[key])))


def _only_requires(branch: JSON) -> bool:
    return isinstance(branch, dict) and branch.keys() == {"required"} and isinstance(branch["required"], list)


def _object(schema: JSONObject) -> Accepts | None:
    """The test of an object in one call. What depends on keys alone is decided once for objects with equal keys."""
    if schema.get("type") != "object" or not isinstance(schema.get("required", []), list):
        return None
    wanted = frozenset(schema.get("required", ()))
    choices = [
        (key == "oneOf", [frozenset(branch["required"]) for branch in schema[key]]) for key in _choices_of_keys(schema)
    ]
    members, others = _members(schema)
    known: dict[tuple[str, ...], list[tuple[str, Accepts]]] = {}

    def tests_of(names: tuple[str, ...]) -> list[tuple[str, Accepts]] | None:
        """The tests of the members, None if the keys alone are wrong."""
        given = frozenset(names)
        if not wanted <= given:
            return None
        if not all(_is_chosen(branches, given, only_one=only_one) for only_one, branches in choices):
            return None
        tests = [(name, members.get(name, others)) for name in names]
        if any(test is _nothing for _, test in tests):
            return None
        if len(known) >= _MOST_KEY_SETS:
            known.clear()
        known[names] = [(name, test) for name, test in tests if test is not None]
        return known[names]

    def accepts(value: Any) -> bool:
        if not isinstance(value, dict):
            return False
        names = tuple(value)
        tests = known.get(names)
        if tests is None and (tests := tests_of(names)) is None:
            return False
        for name, test in tests:
            member = value[name]
            # Most members are such a text, and a call takes longer than these looks.
            if type(member) is str and (test is _any_text or (member and test is _some_text)):
                continue
            if not test(member):
                return False
        return True

    return accepts


def _is_chosen(branches: list[frozenset[str]], given: frozenset[str], *, only_one: bool) -> bool:
    chosen = sum(branch <= given for branch in branches)
    return chosen == 1 if only_one else chosen > 0


def _nothing(_value: JSON) -> bool:
    return False


def _members(schema: JSONObject) -> tuple[dict[str, Accepts], Accepts | None]:
    """The tests of the named members of an object, and that of all others, None where anything goes."""
    rest = schema.get("additionalProperties", True)
    others: Accepts | None = None if rest is True else _nothing if rest is False else compiled(rest)
    return {name: compiled(member) for name, member in schema.get("properties", {}).items()}, others


def _every(tests: list[Accepts]) -> Accepts:
    """All of these tests, without a generator for each value: most schemas have a few keywords, a manifest many."""
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        first, second = tests
        return lambda value: first(value) and second(value)

    def accepts(value: Any) -> bool:
        for test in tests:  # noqa: SIM110 - all() with a generator takes twice as long
            if not test(value):
                return False
        return True

    return accepts


def _keyword(key: str) -> Callable[[Any, JSONObject], Accepts]:
    if key not in _KEYWORDS:
        raise UnknownKeyword(key)
    return _KEYWORDS[key]


def _type(names: JSON, _schema: JSONObject) -> Accepts:
    if isinstance(names, str):
        return _type([names], {})
    if not set(names) <= TYPES.keys():
        raise UnknownKeyword("a type of another language")
    if len(names) == 1:
        return TYPES[names[0]]
    tests = [TYPES[name] for name in names]
    return lambda value: any(test(value) for test in tests)


def _properties(_properties: JSON, schema: JSONObject) -> Accepts:
    members, others = _members(schema)

    def accepts(value: JSON) -> bool:
        if type(value) is not dict:
            return True
        for name, member in value.items():
            test = members.get(name, others)
            if test is not None and not test(member):
                return False
        return True

    return accepts


def _additional(rest: JSON, _schema: JSONObject) -> Accepts:
    return _properties({}, {"additionalProperties": rest})


def _property_names(rule: JSON, _schema: JSONObject) -> Accepts:
    test = compiled(rule)
    return lambda value: not isinstance(value, dict) or all(map(test, value))


def _required(names: JSON, _schema: JSONObject) -> Accepts:
    if not isinstance(names, list):
        raise UnknownKeyword("required of an older draft")
    wanted = frozenset(names)
    return lambda value: not isinstance(value, dict) or wanted <= value.keys()


def _items(rule: JSON, _schema: JSONObject) -> Accepts:
    test = compiled(rule)
    return lambda value: not isinstance(value, list) or all(map(test, value))


def _constants(known: list[JSON]) -> Accepts:
    """One of these scalars; true is not 1, but 1.0 is."""
    if not all(item is None or isinstance(item, str | int | float) for item in known):
        raise UnknownKeyword("a constant that is not a scalar")
    if all(isinstance(item, str) for item in known):
        texts = frozenset(known)
        return lambda value: isinstance(value, str) and value in texts
    wanted = frozenset(map(_identity, known))
    return lambda value: not isinstance(value, dict | list) and _identity(value) in wanted


def _not(rule: JSON, _schema: JSONObject) -> Accepts:
    test = compiled(rule)
    return lambda value: not test(value)


def _if(rule: JSON, schema: JSONObject) -> Accepts:
    test, then, other = compiled(rule), compiled(schema.get("then", True)), compiled(schema.get("else", True))
    return lambda value: then(value) if test(value) else other(value)


def _pattern(pattern: JSON, _schema: JSONObject) -> Accepts:
    is_in = searcher(pattern)
    return lambda value: not isinstance(value, str) or is_in(value)


def _one_of(branches: JSON, _schema: JSONObject) -> Accepts:
    tests = [compiled(branch) for branch in branches]
    by_type = _by_type(branches, tests)

    def accepts(value: Any) -> bool:
        found = False
        for test in by_type.get(type(value), tests):
            if test(value):
                if found:
                    return False
                found = True
        return found

    return accepts


def _any_of(branches: JSON, _schema: JSONObject) -> Accepts:
    tests = [compiled(branch) for branch in branches]
    by_type = _by_type(branches, tests)

    def accepts(value: Any) -> bool:
        for test in by_type.get(type(value), tests):  # noqa: SIM110 - as in `_every`
            if test(value):
                return True
        return False

    return accepts


def _by_type(branches: list[JSON], tests: list[Accepts]) -> dict[type, list[Accepts]]:
    """The tests that can hold at all, for objects, lists and texts: most choices are between these."""
    declared = [branch.get("type") if isinstance(branch, dict) else None for branch in branches]
    return {
        type_: [
            test for names, test in zip(declared, tests, strict=True) if not isinstance(names, str) or names == name
        ]
        for type_, name in ((dict, "object"), (list, "array"), (str, "string"))
    }


def _all_of(branches: JSON, _schema: JSONObject) -> Accepts:
    return _every([compiled(branch) for branch in branches])


def _limit(kinds: Any, size: bool, least: bool) -> Callable[[JSON, JSONObject], Accepts]:
    def rule(limit: JSON, _schema: JSONObject) -> Accepts:
        def accepts(value: Any) -> bool:
            if not isinstance(value, kinds) or isinstance(value, bool):
                return True
            number = len(value) if size else value
            return bool(number >= limit if least else number <= limit)

        return accepts

    return rule


def _unique(wanted: JSON, _schema: JSONObject) -> Accepts:
    return lambda value: not wanted or not isinstance(value, list) or len(set(map(_identity, value))) == len(value)


def _identity(value: JSON) -> Hashable:
    """What is equal exactly if the values are: true is not 1, but 1.0 is, and the order of keys does not count."""
    if isinstance(value, dict):
        return dict, frozenset((key, _identity(member)) for key, member in value.items())
    if isinstance(value, list):
        return list, tuple(map(_identity, value))
    return isinstance(value, bool), value


_KEYWORDS: Final[dict[str, Callable[[Any, JSONObject], Accepts]]] = {
    "type": _type,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _property_names,
    "required": _required,
    "items": _items,
    "enum": lambda known, _schema: _constants(known),
    "const": lambda known, _schema: _constants([known]),
    "pattern": _pattern,
    "oneOf": _one_of,
    "anyOf": _any_of,
    "allOf": _all_of,
    "not": _not,
    "if": _if,
    "then": lambda _rule, _schema: lambda _: True,
    "else": lambda _rule, _schema: lambda _: True,
    "exclusiveMinimum": lambda limit, _schema: lambda value: not TYPES["number"](value) or value > limit,
    "minLength": _limit(str, size=True, least=True),
    "maxLength": _limit(str, size=True, least=False),
    "minItems": _limit(list, size=True, least=True),
    "maxItems": _limit(list, size=True, least=False),
    "minProperties": _limit(dict, size=True, least=True),
    "maxProperties": _limit(dict, size=True, least=False),
    "minimum": _limit((int, float), size=False, least=True),
    "maximum": _limit((int, float), size=False, least=False),
    "uniqueItems": _unique,
}
