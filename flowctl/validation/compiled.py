"""Check values against JSON Schemas fast: each schema is compiled once and each distinct value checked once."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flowctl.model.json_value import JSON, JSONObject
from flowctl.validation.problem import SpecProblem
from flowctl.validation.translate import sentences

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

KNOWN_LATER = "(known after apply)"
MOST_SCHEMAS = 512
MOST_RESULTS = 4096


@dataclass(slots=True, kw_only=True)
class _Compiled:
    schema: JSONObject  # held so that its id() is not given to another schema
    validator: "Validator | None"
    results: dict[tuple[str, str], tuple[SpecProblem, ...]] = field(default_factory=dict)


_compiled: dict[int, _Compiled] = {}


def check(
    schema: JSONObject, value: JSON, *, subject: str, secrets: frozenset[str] = frozenset()
) -> tuple[SpecProblem, ...]:
    """What `schema` does not accept in `value`; empty if it is valid.

    The draft is the schema's `$schema`, else draft-07. A member that is not JSON (a reference to something that is
    not created yet) counts as text. With `secrets` nothing is remembered. A schema that is itself not valid gives
    one problem that says so.
    """
    compiled = _compile(schema)
    text = json.dumps(value, default=_plain)
    key = (subject, text)
    known = compiled.results.get(key)
    if known is not None:
        return known
    if compiled.validator is None:
        return (_unusable(subject),)
    plain = json.loads(text)
    try:
        errors = list(compiled.validator.iter_errors(plain))
        found = sentences(schema, plain, errors, subject=subject, secrets=secrets) if errors else ()
    except Exception:
        # A live spec may hold any schema: references to nowhere or in a circle, numbers that nothing divides by.
        return (_unusable(subject),)
    if not secrets:
        if len(compiled.results) >= MOST_RESULTS:
            compiled.results.clear()
        compiled.results[key] = found
    return found


def _compile(schema: JSONObject) -> _Compiled:
    known = _compiled.get(id(schema))
    if known is not None and known.schema is schema:
        return known
    from jsonschema import Draft7Validator, validators
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    validator: Validator | None
    try:
        plain = _with_places(json.loads(json.dumps(schema, default=_plain)))
        chosen = validators.validator_for(plain, default=Draft7Validator)
        chosen.check_schema(plain)
        # With a registry of its own it never fetches what a reference names from the network.
        validator = chosen(plain, registry=REGISTRY)
    except Exception:
        validator = None
    if len(_compiled) >= MOST_SCHEMAS:
        _compiled.clear()
    _compiled[id(schema)] = compiled = _Compiled(schema=schema, validator=validator)
    return compiled


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


def _plain(value: object) -> JSON:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return list(value)
    return KNOWN_LATER


def _unusable(subject: str) -> SpecProblem:
    return SpecProblem(
        path=(),
        message=f"{subject} cannot be checked: its schema in the spec is not a valid JSON Schema",
        expected="a valid JSON Schema",
        found="another document",
        hint="the spec comes from the platform: report it to Adobe",
    )
