"""What a parameter may hold, as the catalogue knows it: the keys of its JSON Schema, and the same in words."""

from collections.abc import Iterator
from typing import Final

from flowctl.model.json_value import JSON, JSONObject

_KEYS: Final = (
    *("type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("minLength", "maxLength", "pattern", "default"),
)


def permitted(member: JSONObject) -> JSONObject:
    """The keys of a parameter's schema that limit its values, and its default."""
    return {key: member[key] for key in _KEYS if key in member}


def permitted_words(known: JSONObject) -> str:
    """The same in sentences; empty if any string is permitted."""
    return " ".join(_sentences(known))


def _sentences(known: JSONObject) -> Iterator[str]:
    if "enum" in known:
        yield f"Permitted: {', '.join(map(_value, known['enum']))}."
    elif "const" in known:
        yield f"Permitted: {_value(known['const'])}."
    elif known.get("type") not in (None, "string"):
        types = known["type"] if isinstance(known["type"], list) else [known["type"]]
        yield f"Type: {' or '.join(map(str, types))}."
    yield from _range(known.get("minimum"), known.get("maximum"), "")
    if "exclusiveMinimum" in known:
        yield f"More than {known['exclusiveMinimum']}."
    if "exclusiveMaximum" in known:
        yield f"Less than {known['exclusiveMaximum']}."
    yield from _range(known.get("minLength"), known.get("maxLength"), " characters")
    if "pattern" in known:
        yield f"Pattern: {known['pattern']}"
    if "default" in known:
        yield f"Default: {_value(known['default'])}."


def _range(least: JSON, most: JSON, unit: str) -> Iterator[str]:
    if least is not None and most is not None:
        yield f"{least} to {most}{unit}."
    elif least is not None:
        yield f"At least {least}{unit}."
    elif most is not None:
        yield f"At most {most}{unit}."


def _value(value: JSON) -> str:
    """A value as a manifest writes it."""
    if value == "":
        return '""'
    return str(value).lower() if isinstance(value, bool) else str(value)
