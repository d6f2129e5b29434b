"""Filters of rows at the source: PQL as JSON, as Adobe docs, sources/tutorials/api/filter.md, have it.

Columns are compared without upper and lower case, as the tutorial does. A column that a row lacks is null, and null
meets no comparison.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Test = Callable[[Mapping[str, Any]], bool]

LOGICAL: Final = ("and", "or", "not")
COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=", "like", "in")
DEEPEST: Final = 50


class FilterError(ValueError):
    """The filter is not one that a source takes; the message says why."""


def row_filter(document: object) -> Test:
    """Return whether a row meets a filter, as a function of its values. Raises FilterError."""
    if not isinstance(document, dict) or document.get("type") != "PQL" or document.get("format") != "pql/json":
        raise FilterError("A filter has the type PQL and the format pql/json.")
    test = _node(document.get("value"), 0)
    return lambda row: test({name.lower(): value for name, value in row.items()})


def _node(node: object, depth: int) -> Test:
    params = node.get("params") if isinstance(node, dict) else None
    if not isinstance(node, dict) or node.get("nodeType") != "fnApply" or not isinstance(params, list) or not params:
        raise FilterError("A condition has the nodeType fnApply and params.")
    if depth > DEEPEST:
        raise FilterError("The conditions are nested too deeply.")
    name = str(node.get("fnName")).lower()
    if name in LOGICAL:
        tests = [_node(param, depth + 1) for param in params]
        if name == "and":
            return lambda row: all(test(row) for test in tests)
        if name == "or":
            return lambda row: any(test(row) for test in tests)
        if len(tests) != 1:
            raise FilterError("The operator not takes one condition.")
        return lambda row: not tests[0](row)
    column = _column(params[0])
    if name == "isnull" and len(params) == 1:
        return lambda row: row.get(column) is None
    name = "=" if name == "==" else name
    if name not in COMPARISONS or len(params) != 2:
        raise FilterError(f"The operator {node.get('fnName')} is not one of a filter, or has other params.")
    value = _literal(params[1])
    if (name == "in") != isinstance(value, list) or (name == "like" and not isinstance(value, str)):
        raise FilterError(f"The operator {name} does not take this value.")
    return _comparison(name, column, value)


def _column(node: object) -> str:
    name = node.get("fieldName") if isinstance(node, dict) and node.get("nodeType") == "fieldLookup" else None
    if not isinstance(name, str) or not name:
        raise FilterError("The first of the params is a fieldLookup with a fieldName.")
    return name.lower()


def _literal(node: object) -> Any:
    if not isinstance(node, dict) or node.get("nodeType") != "literal" or isinstance(node.get("value"), dict | None):
        raise FilterError("The second of the params is a literal with a value.")
    return node["value"]


def _comparison(name: str, column: str, value: Any) -> Test:
    if name == "in":
        return lambda row: any(_compared(row.get(column), item) == 0 for item in value)
    if name == "like":
        pattern = re.compile("".join(_LIKE.get(letter, re.escape(letter)) for letter in value), re.DOTALL)
        return lambda row: row.get(column) is not None and pattern.fullmatch(str(row[column])) is not None

    def test(row: Mapping[str, Any]) -> bool:
        order = _compared(row.get(column), value)
        return order is not None and _MEETS[name](order)

    return test


_LIKE: Final = {"%": ".*", "_": "."}
_MEETS: Final[Mapping[str, Callable[[int], bool]]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _compared(left: Any, right: Any) -> int | None:
    """Return how two values are ordered, as numbers if both are some, else as text; None for null."""
    if left is None or right is None:
        return None
    if isinstance(left, bool) or isinstance(right, bool):
        return 0 if str(left).lower() == str(right).lower() else 1
    try:
        a, b = float(left), float(right)
    except (TypeError, ValueError):
        first, second = str(left), str(right)
        return (first > second) - (first < second)
    return (a > b) - (a < b)
