"""Check values against JSON Schemas: a fast yes, and otherwise the problems in words.

Each schema is prepared once: compiled to a function that says yes or no, and, only if something is wrong, made into a
validator of `jsonschema`, which is slow to import. So are the words for what is wrong.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from flowctl.foreign_pattern import foreign_pattern
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import KNOWN_LATER
from flowctl.validation.compile import UnknownKeyword, compiled
from flowctl.validation.json_types import Accepts
from flowctl.validation.patterns import compiles, usable
from flowctl.validation.problem import Problem

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MOST_SCHEMAS = 512
MOST_RESULTS = 4096
_VALUES = frozenset({"const", "enum", "default", "examples"})
"""Keywords that hold values, not schemas."""


class _Prepared:
    """The compiled parts of a schema so far."""

    def __init__(self, schema: JSONObject) -> None:
        self.schema = schema  # held so that its id() is not given to another schema
        self.accepts: Accepts | None = None
        self.validator: Validator | None = None
        self.is_usable = True
        self.results: dict[tuple[str, str], tuple[Problem, ...]] = {}


_prepared: dict[int, _Prepared] = {}


def accepted(schema: JSONObject | None, value: JSON) -> bool:
    """Whether the schema certainly accepts the value; false if it does not, or if this cannot tell."""
    if schema is None:
        return False
    prepared = _prepare(schema)
    if prepared.accepts is None:
        try:
            prepared.accepts = compiled(schema)
        except UnknownKeyword:
            prepared.accepts = _never
    return prepared.accepts(value)


def matches(schema: JSON, value: JSON) -> bool:
    """Whether a schema of draft 2020-12, which may be `true` or `false`, accepts the value.

    Raises SlowPattern for a search with a foreign pattern that takes too long.
    """
    if not isinstance(schema, dict):
        return bool(schema)
    if accepted(schema, value):
        return True
    if _prepare(schema).accepts is not _never:
        return False
    from flowctl.validation.foreign import foreign_validator  # slow to import, and few rules need it

    return bool(foreign_validator()(schema).is_valid(value))


def problems_of_document(schema: JSONObject, value: JSON) -> Iterator[Problem]:
    """Every problem of a manifest, by its published schema; none if it is valid."""
    if not accepted(schema, value):
        from flowctl.validation.document_words import document_problems

        yield from document_problems(schema, value, _published_validator()(schema).iter_errors(value))


def check(
    schema: JSONObject, value: JSON, *, subject: str, secrets: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """What a spec's `schema` does not accept in `value`; empty if it is valid.

    The draft is the schema's `$schema`, else draft-07. A member that is not JSON (a reference to something that is
    not created yet) counts as text. With `secrets` nothing is remembered. A schema that is itself not valid gives
    one problem that says so.
    """
    prepared = _prepare(schema)
    text = json.dumps(value, default=_plain)
    key = (subject, text)
    known = prepared.results.get(key)
    if known is not None:
        return known
    if not prepared.is_usable:
        return (_unusable(subject),)
    if prepared.validator is None:
        try:
            prepared.validator = _spec_validator(schema)
        except Exception:
            prepared.is_usable = False
            return (_unusable(subject),)
    try:
        found = _told(prepared.validator, schema, json.loads(text), subject, secrets)
    except Exception:
        # A live spec may hold any schema: references to nowhere or in a circle, numbers that nothing divides by.
        return (_unusable(subject),)
    if not secrets:
        if len(prepared.results) >= MOST_RESULTS:
            prepared.results.clear()
        prepared.results[key] = found
    return found


def _told(
    validator: "Validator", schema: JSONObject, value: JSON, subject: str, secrets: frozenset[str]
) -> tuple[Problem, ...]:
    from flowctl.validation.spec_words import spec_problems

    return spec_problems(schema, value, validator.iter_errors(value), subject=subject, secrets=secrets)


def _prepare(schema: JSONObject) -> _Prepared:
    known = _prepared.get(id(schema))
    if known is not None and known.schema is schema:
        return known
    if len(_prepared) >= MOST_SCHEMAS:
        _prepared.clear()
    _prepared[id(schema)] = prepared = _Prepared(schema)
    return prepared


def _never(_value: JSON) -> bool:
    return False


def _spec_validator(schema: JSONObject) -> "Validator":
    from jsonschema import Draft7Validator, validators
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    plain = _without_foreign_patterns(_with_places(json.loads(json.dumps(schema, default=_plain))))
    chosen = validators.validator_for(plain, default=Draft7Validator)
    chosen.check_schema(plain)
    limited = validators.extend(chosen, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    # With a registry of its own it never fetches what a reference names from the network.
    return cast("Validator", limited(plain, registry=REGISTRY))


def _pattern(_validator: object, wanted: str, instance: object, _schema: object) -> Iterator[Any]:
    """The keyword of a live spec, with a limit of time."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, str) and not foreign_pattern(wanted).search(instance):
        yield ValidationError(f"{instance!r} does not match {wanted!r}")


@cache
def _published_validator() -> Any:
    """The validator of the published schemas, with `$` in patterns as in JSON Schema."""
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import ValidationError

    def pattern(_validator: object, wanted: str, instance: object, _schema: object) -> Iterator[ValidationError]:
        if isinstance(instance, str) and usable(wanted).search(instance) is None:
            yield ValidationError(f"{instance!r} does not match {wanted!r}")

    return validators.extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]


def _with_places(node: JSON) -> JSON:
    """The schema with each property `false` as `{"not": {}}`: jsonschema loses the path of the former."""
    if isinstance(node, list):
        return [_with_places(item) for item in node]
    if not isinstance(node, dict):
        return node
    copied = {key: _with_places(value) for key, value in node.items()}
    for key in ("properties", "patternProperties"):
        if isinstance(copied.get(key), dict):
            copied[key] = {name: {"not": {}} if value is False else value for name, value in copied[key].items()}
    return copied


def _without_foreign_patterns(node: JSON) -> JSON:
    """The schema without patterns that are written for another engine, which are not checked."""
    if isinstance(node, list):
        return [_without_foreign_patterns(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value if key in _VALUES else _without_foreign_patterns(value)
        for key, value in node.items()
        if key != "pattern" or not isinstance(value, str) or compiles(value)
    }


def _plain(value: object) -> JSON:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return list(value)
    return KNOWN_LATER


def _unusable(subject: str) -> Problem:
    return Problem(
        path=(),
        message=f"{subject} cannot be checked, because the spec has an invalid JSON Schema for it",
        hint="Report it to Adobe: the spec comes from Experience Platform.",
    )
