"""The types of mappings: what an expression or a constant surely returns, against the field that it goes into."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.checks.target_schema import field_of, target_schema
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code, codes, one_of

if TYPE_CHECKING:
    from flowctl.dataprep.types import Value
    from flowctl.xdm.fields import Field

_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
_OBJECTS: Final = frozenset({"object", "map"})


def mapping_types(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Each value that surely does not fit its field."""
    found = [row for row in rows(document) if "expression" in row.entry or "value" in row.entry]
    schema = target_schema(document, index) if found else None
    if schema is None:
        return
    for row in found:
        path = row.text("destination")
        field = field_of(path, schema) if path is not None else None
        if field is not None and path is not None:
            yield from _row(row, path, field)


def _row(row: Row, path: str, field: "Field") -> Iterator[Diagnostic]:
    if "value" in row.entry:
        if not isinstance(row.entry["value"], dict | list) and row.entry["value"] is not None:
            yield from _constant(row, "value", path, field, row.entry["value"], 0)
        return
    expression = row.text("expression")
    if expression is None:
        return
    # Imported here, because most commands read no expression.
    from flowctl.dataprep.parser import parse
    from flowctl.dataprep.problem import ExpressionError
    from flowctl.dataprep.results import outcomes, type_of
    from flowctl.dataprep.tree import Literal

    try:
        parts = list(outcomes(parse(expression)))
    except ExpressionError:
        return
    for part in parts:
        if isinstance(part, Literal):
            if part.value is not None:
                yield from _constant(row, "expression", path, field, part.value, part.start)
        else:
            yield from _type(row, path, field, type_of(part), part.start)


def _type(row: Row, path: str, field: "Field", given: str | None, offset: int) -> Iterator[Diagnostic]:
    """What is known of a value is its type."""
    type_ = field.type
    if given in _OBJECTS and type_ in _SCALARS:
        summary = f"the expression returns an object, and {code(path)} is {_a(type_)}"
        yield broken("object-into-scalar", summary, row, "expression", offset=offset)
    elif given == "array" and type_ in _SCALARS and "[*]" not in path:
        summary = f"the expression returns an array, and {code(path)} is {_a(type_)}"
        yield broken("array-into-scalar", summary, row, "expression", offset=offset)
    elif given in {"string", "integer", "decimal", "boolean", "date"} and type_ in _OBJECTS:
        summary = f"the expression returns {_a(given)}, and {code(path)} is an object"
        yield broken("scalar-into-object", summary, row, "expression", offset=offset)


def _constant(row: Row, key: str, path: str, field: "Field", value: Any, offset: int) -> Iterator[Diagnostic]:
    """The value itself is known."""
    if field.type in _OBJECTS:
        summary = f"{_shown(value)} is not an object, and {code(path)} is one"
        yield broken("scalar-into-object", summary, row, key, offset=offset)
        return
    if field.type not in _SCALARS:
        return
    from flowctl.dataprep.coercion import converter
    from flowctl.dataprep.problem import ExpressionError

    try:
        converted = converter({"type": field.type, "format": field.format})(value)
    except ExpressionError:
        wanted = field.format if field.format in ("date", "date-time") else field.type
        rule = "boolean-text" if field.type == "boolean" else "literal-type"
        yield broken(rule, f"{_shown(value)} is not {_a(wanted)}, and {code(path)} is one", row, key, offset=offset)
        return
    yield from _limits(row, key, path, field, converted, offset)


def _limits(row: Row, key: str, path: str, field: "Field", value: "Value", offset: int) -> Iterator[Diagnostic]:
    limits = field.limits
    enum = limits.get("enum", [limits["const"]] if "const" in limits else None)
    if enum is not None and value not in enum:
        from flowctl.xdm.destinations import closest

        summary = f"{_shown(value)} is not a value of {code(path)}"
        detail = f"Expected {one_of(codes(map(str, enum)))}."
        near = closest(str(value), map(str, enum))
        yield broken("enum-value", summary, row, key, offset=offset, detail=detail, near=near)
    elif isinstance(value, str):
        rule = _string_rule(limits, value)
        if rule:
            summary = f"{_shown(value)} does not fit {code(path)}"
            yield broken("string-constraint", summary, row, key, offset=offset, detail=f"Expected {rule}.")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        least, most = limits.get("minimum"), limits.get("maximum")
        if (least is not None and value < least) or (most is not None and value > most):
            parts = [f"at least {least}"] * (least is not None) + [f"at most {most}"] * (most is not None)
            summary = f"{_shown(value)} is out of the range of {code(path)}"
            detail = f"Expected {' and '.join(parts)}."
            yield broken("number-range", summary, row, key, offset=offset, detail=detail)


def _string_rule(limits: dict[str, Any], value: str) -> str | None:
    """The rule that a string breaks, in words."""
    if len(value) < limits.get("minLength", 0):
        return f"at least {limits['minLength']} characters"
    if len(value) > limits.get("maxLength", len(value)):
        return f"at most {limits['maxLength']} characters"
    pattern = limits.get("pattern")
    try:
        is_fit = pattern is None or re.search(pattern, value) is not None
    except re.error:
        return None
    return None if is_fit else f"a string that matches {code(str(pattern))}"


def _a(type_: str) -> str:
    return f"{'an' if type_[0] in 'aeio' else 'a'} {type_}"


def _shown(value: object) -> str:
    return f'"{value[:60]}"' if isinstance(value, str) else str(value).lower()
