"""Bodies that an official description rules out, made from one that it allows by one change each."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import ValidationError
    from openapi_descriptions import Operation

# A type of each kind, and what limits of length, of size and of choice rule out.
_OTHERS = ("no such word", "", 4711, -1, 1.5, True, {}, {"no such member": [1]}, [], [[1]], None)
_REMOVED = object()
BY_NULL = " by null"
"""Follows a rule that null breaks."""
Steps = tuple[str | int, ...]


def ruled_out(operation: Operation, content_type: str, body: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the place, the broken rule and the body of each change that the description rules out.

    What it rules out of the body as it is, counts for nothing. A place and rule come with one body for each JSON type.
    """
    schemas = operation.body_schemas()
    if not schemas:
        return
    schema = schemas.get(content_type) or next(iter(schemas.values()))
    known = _broken(operation, schema, body)
    seen = set()
    for steps, value in _changes(operation, schema, body, ()):
        changed = _changed(body, steps, value)
        for place, rule in sorted(_broken(operation, schema, changed) - known):
            found = place, rule, str(steps), type(value)
            if found not in seen:
                seen.add(found)
                yield place, rule + BY_NULL * (value is None), changed


def _broken(operation: Operation, schema: Mapping[str, Any], body: Any) -> set[tuple[str, str]]:
    return {(_place(error), error.validator) for error in operation.errors(schema, body)}


def _place(error: ValidationError) -> str:
    steps: list[str | int] = list(error.absolute_path)
    if error.validator == "required":
        steps += [name for name in error.validator_value if error.message.startswith(f"{name!r} ")]
    return "$" + "".join("[*]" if isinstance(step, int) else f".{step}" for step in steps)


def _changes(operation: Operation, schema: Mapping[str, Any], value: Any, steps: Steps) -> Iterator[tuple[Steps, Any]]:
    """Yield every place of a value, with members that the description has besides, and what may stand there."""
    for other in _OTHERS:
        yield steps, other
    if isinstance(value, dict):
        described = _properties(operation, schema)
        for name in dict.fromkeys((*value, *described, "noSuchMember")):
            member = (*steps, name)
            if name in value:
                yield member, _REMOVED
                yield from _changes(operation, described.get(name, {}), value[name], member)
            else:
                yield from ((member, other) for other in _OTHERS)
    elif isinstance(value, list) and value:
        for part in _parts(operation, schema):
            if "items" in part:
                yield from _changes(operation, part["items"], value[0], (*steps, 0))
                return


def _properties(operation: Operation, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: each for part in _parts(operation, schema) for name, each in dict(part.get("properties") or {}).items()
    }


def _parts(operation: Operation, schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and what it is composed of."""
    part = operation.resolved(schema)
    yield part
    for word in ("allOf", "anyOf", "oneOf"):
        for inner in part.get(word, ()):
            yield from _parts(operation, inner)


def _changed(body: Any, steps: Steps, value: Any) -> Any:
    if not steps:
        return value
    made = copy.deepcopy(body)
    holder = made
    for step in steps[:-1]:
        holder = holder[step]
    if value is _REMOVED:
        del holder[steps[-1]]
    else:
        holder[steps[-1]] = value
    return made
