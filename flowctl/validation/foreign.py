"""A validator of `jsonschema` for schemas that a person writes, with a limit of time for their patterns."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

from flowctl.model.json_value import JSON
from flowctl.validation.patterns import searcher


@cache
def foreign_validator() -> Any:
    """The validator of draft 2020-12. It raises SlowPattern."""
    keywords = {"pattern": _pattern, "patternProperties": _by_pattern, "additionalProperties": _others}
    return validators.extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]


def _pattern(_validator: object, wanted: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not searcher(wanted)(instance):
        yield ValidationError("a pattern does not match")


def _by_pattern(validator: Any, wanted: Any, instance: object, _schema: object) -> Iterator[ValidationError]:
    members = instance if isinstance(instance, dict) else {}
    for form, rule in wanted.items():
        is_in = searcher(form)
        for name, member in members.items():
            if is_in(name):
                yield from validator.descend(member, rule, path=name, schema_path=form)


def _others(validator: Any, rule: JSON, instance: object, schema: Any) -> Iterator[ValidationError]:
    named = schema.get("properties", {})
    forms = [searcher(form) for form in schema.get("patternProperties", {})]
    for name, member in instance.items() if isinstance(instance, dict) else ():
        if name not in named and not any(is_in(name) for is_in in forms):
            yield from validator.descend(member, rule, path=name)
