"""The `property` filter grammar: `path operator value[,value...]`, with `[]` at array steps.

Grammar and codes: Adobe docs, dataflows/api/sort-and-filter.md and errors/flow-service-errors.md.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from flowctl.emulator.conditions import (
    Condition,
    Step,
    all_of,
    differs_from_all,
    equals_any,
    on_path,
    relation,
)
from flowctl.emulator.services.flow_service.errors import service_error

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_EXPRESSION = re.compile(r"([A-Za-z0-9_@$:.\[\]-]+?)\s*(==|!=|>=|<=|>|<|=|~|!>|!<)\s*(.*)\Z", re.DOTALL)
_STEP = re.compile(r"[A-Za-z0-9_@$:-]+\Z")
_COLUMNS = {"id": "id", "name": "name", "etag": "etag", "version": "etag"}
# Members that hold ids of other objects, which the store keeps in a table of their own.
_REFERENCES = {
    ("flow", "sourceConnectionIds[]"): "sourceConnection",
    ("flow", "targetConnectionIds[]"): "targetConnection",
    ("sourceConnection", "baseConnectionId"): "connection",
    ("run", "flowId"): "flow",
}
_ALIASES = {"run": {"state": ["metrics", "statusSummary", "status"]}}
MOST_VALUES = 2000


def compile_filters(expressions: Iterable[str], kind: str, members: Collection[str]) -> Condition:
    """Return the conjunction of the expressions. Refuses what the grammar does not have, with its code."""
    return all_of([_compile(expression, kind, members) for expression in expressions])


def _compile(expression: str, kind: str, members: Collection[str]) -> Condition:
    match = _EXPRESSION.match(expression.strip())
    if match is None:
        raise service_error("1449", f"The filter {expression} is not valid.")
    path, operator, text = match.groups()
    if operator in ("~", "!>", "!<"):
        code = "1440" if operator == "~" else "1450"
        raise service_error(code, f"The operator {operator} is not supported.")
    steps = _steps(path, expression, members)
    values = _values(text, expression)
    if operator == "=":
        operator = "=="
    if len(values) > 1 and operator not in ("==", "!="):
        raise service_error("1443", f"The operator {operator} takes one value.")
    if operator in (">", ">=", "<", "<=") and path in ("id", "state"):
        raise service_error("1448", f"The operator {operator} is not supported on {path}.")
    ignore_case = steps[-1].key in ("state", "status")

    def test(left: str) -> Condition:
        if operator == "==":
            return equals_any(left, values, ignore_case=ignore_case)
        if operator == "!=":
            return differs_from_all(left, values)
        return relation(left, operator, values[0])

    if operator == "==" and (kind, path) in _REFERENCES:
        sql = "id IN (SELECT id FROM reference WHERE to_kind = ? AND to_id IN ({}))"
        return Condition(sql.format(",".join("?" * len(values))), (_REFERENCES[kind, path], *values), by_id=True)
    if len(steps) == 1 and not steps[0].each and steps[0].key in _COLUMNS:
        return replace(test(_COLUMNS[steps[0].key]), by_id=operator == "==" and path == "id")
    alias = _ALIASES.get(kind, {}).get(path)
    return on_path("body", [Step(key) for key in alias] if alias else steps, test)


def _steps(path: str, expression: str, members: Collection[str]) -> list[Step]:
    steps = []
    for part in path.split("."):
        each = part.endswith("[]")
        key = part.removesuffix("[]")
        if not _STEP.match(key):
            raise service_error("1449", f"The field of the filter {expression} is not valid.")
        steps.append(Step(key, each))
    if steps[0].key not in members:
        raise service_error("1449", f"The field {steps[0].key} is not known.")
    return steps


def _values(text: str, expression: str) -> list[str]:
    values = [_unquoted(value.strip()) for value in text.split(",")]
    if not all(values):
        raise service_error("1453", f"The filter {expression} has an empty value.")
    if len(values) > MOST_VALUES:
        raise service_error("1452", f"A filter takes at most {MOST_VALUES} values.")
    return values


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
