"""Values for the identity map: a list of identities, each an object with an ID, for each namespace."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from flowctl.manifest.checks.mapping_rules import broken
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.manifest.mapping_rows import Row, rows
from flowctl.model.diagnostic import Diagnostic
from flowctl.validation.wording import code

if TYPE_CHECKING:
    from flowctl.dataprep.tree import Node

_FIELD: Final = "identityMap"
_SHAPE: Final = 'Expected an object such as `{"ECID": [{"id": "..."}]}`.'
_WRONG: Final = {
    0: frozenset({"array"}),
    1: frozenset({"string", "integer", "decimal", "boolean", "date", "object", "map"}),
    2: frozenset({"string", "integer", "decimal", "boolean", "date", "array"}),
}
"""The types that surely do not fit: the map itself, the list of a namespace, one identity of a list."""


def identity_map(document: Document, _index: Index) -> Iterator[Diagnostic]:
    """Each value that surely is not what its place in the identity map takes."""
    for row in rows(document):
        path, text = row.destination, row.expression
        if path is None or not path.startswith(_FIELD):
            continue
        level = _level(path)
        if level is not None and text is not None:
            yield from _expression(row, path, text, level)
        elif level and "value" in row.entry:
            yield _broken(row, "value", path, 0)


def _level(path: str) -> int | None:
    """How deep in the identity map a destination lies: 0 the map, 1 a list, 2 an identity; None for any other."""
    if path == _FIELD:
        return 0
    namespace = path.removeprefix(f"{_FIELD}.")
    if namespace == path or "." in namespace:
        return None
    return 2 if namespace.endswith("]") else 1


def _expression(row: Row, path: str, text: str, level: int) -> Iterator[Diagnostic]:
    from flowctl.dataprep.parser import parse
    from flowctl.dataprep.problem import ExpressionError
    from flowctl.dataprep.results import outcomes, type_of

    try:
        parts = list(outcomes(parse(text)))
    except ExpressionError:
        return
    for part in parts:
        if type_of(part) in _WRONG[level]:
            yield _broken(row, "expression", path, part.start)
        elif level == 0:
            wrong = next((each for each in _lists(part) if type_of(each) in _WRONG[1]), None)
            if wrong is not None:
                yield _broken(row, "expression", path, wrong.start)


def _lists(part: "Node") -> "Iterator[Node]":
    """The values of an object that an expression spells out."""
    from flowctl.dataprep.tree import Call, Map

    match part:
        case Map(entries=entries):
            yield from (value for _, value in entries)
        case Call(name="to_object" | "to_map", arguments=arguments):
            yield from arguments[1::2]


def _broken(row: Row, key: str, path: str, offset: int) -> Diagnostic:
    summary = f"the value does not have the form of {code(path)}"
    return broken("identity-map-shape", summary, row, key, offset=offset, detail=_SHAPE)
