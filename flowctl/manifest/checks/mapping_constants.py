"""Constants against the fields that they go into: their type, their values and their limits."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from flowctl.foreign_pattern import SECONDS, SlowPattern, foreign_pattern
from flowctl.manifest.checks.mapping_rules import Finding
from flowctl.validation.wording import code, codes, one_of

if TYPE_CHECKING:
    from flowctl.dataprep.types import Value
    from flowctl.xdm.fields import Field

SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
OBJECTS: Final = frozenset({"object", "map"})


def constant(path: str, field: "Field", value: Any, offset: int) -> Iterator[Finding]:
    """What does not fit of a value that is the same in every record."""
    if field.type in OBJECTS:
        summary = f"{_shown(value)} is not an object, and {code(path)} is one"
        yield Finding("scalar-into-object", summary, offset)
        return
    if field.type not in SCALARS:
        return
    from flowctl.dataprep.coercion import converter
    from flowctl.dataprep.problem import ExpressionError

    try:
        converted = converter({"type": field.type, "format": field.format})(value)
    except ExpressionError:
        wanted = field.format if field.format in ("date", "date-time") else field.type
        rule = "boolean-text" if field.type == "boolean" else "literal-type"
        yield Finding(rule, f"{_shown(value)} is not {with_article(wanted)}, and {code(path)} is one", offset)
        return
    yield from _limits(path, field, converted, offset)


def _limits(path: str, field: "Field", value: "Value", offset: int) -> Iterator[Finding]:
    limits = field.limits
    enum = limits.get("enum", [limits["const"]] if "const" in limits else None)
    if enum is not None and value not in enum:
        from flowctl.xdm.destinations import closest

        summary = f"{_shown(value)} is not a value of {code(path)}"
        detail = f"Expected {one_of(codes(map(str, enum)))}."
        near = closest(str(value), map(str, enum))
        yield Finding("enum-value", summary, offset, detail=detail, near=near)
    elif isinstance(value, str):
        rule = _string_rule(limits, value)
        if rule:
            summary = f"{_shown(value)} does not fit {code(path)}"
            yield Finding("string-constraint", summary, offset, detail=f"Expected {rule}.")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        least, most = limits.get("minimum"), limits.get("maximum")
        if (least is not None and value < least) or (most is not None and value > most):
            parts = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None)
            summary = f"{_shown(value)} is out of the range of {code(path)}"
            detail = f"Expected {' and '.join(parts)}."
            yield Finding("number-range", summary, offset, detail=detail)


def _string_rule(limits: dict[str, Any], value: str) -> str | None:
    """The rule that a string breaks, in words."""
    if len(value) < limits.get("minLength", 0):
        return f"at least {limits['minLength']} characters"
    if len(value) > limits.get("maxLength", len(value)):
        return f"at most {limits['maxLength']} characters"
    pattern = limits.get("pattern")
    try:
        is_fit = pattern is None or foreign_pattern(str(pattern)).search(value)
    except SlowPattern:
        return f"a string in which a search for {code(str(pattern))} ends within {SECONDS} s"
    except re.error:
        return None
    return None if is_fit else f"a string that matches {code(str(pattern))}"


def with_article(type_: str) -> str:
    """A type after its article."""
    return f"{'an' if type_[0] in 'aeio' else 'a'} {type_}"


def _shown(value: object) -> str:
    return f'"{value[:60]}"' if isinstance(value, str) else str(value).lower()
