"""What an expression surely returns, against the field that it goes into."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from flowctl.manifest.checks.mapping_constants import OBJECTS, SCALARS, constant, with_article
from flowctl.manifest.checks.mapping_rules import Finding
from flowctl.validation.wording import code

if TYPE_CHECKING:
    from flowctl.dataprep.tree import Node
    from flowctl.xdm.fields import Field

_NUMBERS: Final = frozenset({"integer", "number"})
_DATES: Final = frozenset({"date", "date-time"})
_FORMATTED: Final = frozenset({"dformat", "format"})
"""Functions whose text has the pattern that they are given."""


@lru_cache(maxsize=16384)
def results(expression: str, path: str, field: "Field", *, is_required: bool) -> tuple[Finding, ...]:
    """Return the findings for the possible results of an expression; none if it has an error."""
    # Imported here, because most commands read no expression.
    from flowctl.dataprep.results import results_of

    return tuple(
        finding
        for part, given in results_of(expression)
        for finding in _result(part, given, path, field, is_required=is_required)
    )


def _result(part: "Node", given: str | None, path: str, field: "Field", *, is_required: bool) -> Iterator[Finding]:
    from flowctl.dataprep.tree import Literal

    if _is_null(part):
        if is_required:
            summary = f"the expression may return null, and the schema requires {code(path)}"
            yield Finding("required-may-be-null", summary, part.start)
    elif isinstance(part, Literal):
        yield from constant(path, field, part.value, part.start)
    elif given is not None:
        yield from _type(path, field, given, part.start)
        if given == "string" and getattr(part, "name", "") not in _FORMATTED:
            yield from string("expression", path, field, part.start)


def _is_null(part: "Node") -> bool:
    from flowctl.dataprep.tree import Call, Literal

    return (isinstance(part, Literal) and part.value is None) or (isinstance(part, Call) and part.name == "nullify")


def string(what: str, path: str, field: "Field", offset: int) -> Iterator[Finding]:
    """A string for a number or for a date, which Experience Platform converts in its own way."""
    given = f"the {what} returns a string" if what == "expression" else f"the {what} has strings"
    if field.type in _NUMBERS:
        summary = f"{given}, and {code(path)} is {with_article(field.type)}"
        yield Finding("text-into-number", summary, offset)
    elif field.type == "string" and field.format in _DATES:
        summary = f"{given}, and {code(path)} is {with_article(str(field.format))}"
        yield Finding("text-into-date", summary, offset)


def _type(path: str, field: "Field", given: str, offset: int) -> Iterator[Finding]:
    """What is known of a value is its type."""
    type_ = field.type
    if given in OBJECTS and type_ in SCALARS:
        summary = f"the expression returns an object, and {code(path)} is {with_article(type_)}"
        yield Finding("object-into-scalar", summary, offset)
    elif given == "array" and type_ in SCALARS and "[*]" not in path:
        summary = f"the expression returns an array, and {code(path)} is {with_article(type_)}"
        yield Finding("array-into-scalar", summary, offset)
    elif given in {"string", "integer", "decimal", "boolean", "date"} and type_ in OBJECTS:
        summary = f"the expression returns {with_article(given)}, and {code(path)} is an object"
        yield Finding("scalar-into-object", summary, offset)
