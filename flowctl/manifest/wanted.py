"""Which types a schema wants at a path, and what a substituted text reads as there."""

from collections.abc import Iterator, Sequence

from flowctl.model.json_value import JSON
from flowctl.text.scalars import resolve
from flowctl.validation.json_types import TYPES


def converted(schema: JSON, path: Sequence[str | int], text: str) -> JSON:
    """The text as the integer, number or boolean that the schema wants at the path; else the text."""
    types = set(types_at(schema, path))
    if not types or "string" in types:
        return text
    try:
        value = resolve(text) if text else text
    except ValueError:
        return text
    scalar = types & {"integer", "number", "boolean"}
    return value if any(TYPES[name](value) for name in scalar) else text


def types_at(schema: JSON, path: Sequence[str | int]) -> Iterator[str]:
    """The types that the schema and its alternatives allow at the path; none where it is open."""
    if not isinstance(schema, dict):
        return
    for branch in (*schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from types_at(branch, path)
    if not path:
        names = schema.get("type", ())
        yield from (names,) if isinstance(names, str) else names
        return
    step, rest = path[0], path[1:]
    member = schema.get("items") if isinstance(step, int) else schema.get("properties", {}).get(step)
    if member is None and isinstance(step, str):
        member = schema.get("additionalProperties")
    yield from types_at(member, rest)
