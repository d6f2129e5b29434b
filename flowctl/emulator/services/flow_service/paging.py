"""List parameters of Flow Service: limit, count, orderby and the opaque continuation token.

The token carries the filters, order and position, and neither `=` nor `&`, because a common client takes it
from the link with `href.split("=")[1]`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import Condition
from flowctl.emulator.database import UPDATED_AT
from flowctl.emulator.json_text import dump
from flowctl.emulator.services.flow_service.errors import service_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import QueryParams

    from flowctl.emulator.errors import Refusal

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1000
LONGEST_TOKEN_STATE = 4 * 1024 * 1024
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9.]*\Z")
# Columns that are never NULL for the kinds of this service, and have an index.
_COLUMNS = {"id": "id", "name": "name", "createdAt": "created", "updatedAt": UPDATED_AT}


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key: an SQL expression that is never NULL, and its direction."""

    field: str
    expression: str
    descending: bool


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a list call asks for."""

    properties: tuple[str, ...]
    orderby: str
    limit: int
    count: bool
    position: tuple[Any, ...] | None


def read_list_request(query: QueryParams) -> ListRequest:
    """Return the list parameters. Refuses limit with count (FLOW-1401), a bad limit (1452) or token (1423)."""
    count = query.get("count", "false").lower()
    if count not in ("true", "false"):
        raise service_error("1452", "The query parameter count is a boolean.")
    if count == "true" and "limit" in query:
        raise service_error("1401", "The query parameters limit and count cannot be used together.")
    state = _read_token(query["continuationToken"]) if query.get("continuationToken") else None
    default = state["limit"] if state else DEFAULT_LIMIT
    return ListRequest(
        properties=tuple(state["properties"]) if state else tuple(query.getlist("property")),
        orderby=state["orderby"] if state else query.get("orderby", ""),
        limit=_limit(query.get("limit"), default),
        count=count == "true",
        position=tuple(state["position"]) if state else None,
    )


def orders(orderby: str, members: frozenset[str]) -> list[Order]:
    """Return the sort keys. Refuses a bad prefix (FLOW-1432-400) and an unknown field (FLOW-1433-400)."""
    result = []
    for part in orderby.split(",") if orderby else []:
        # A plus sign that was not percent-encoded arrives as a blank.
        prefix, field = (part[0], part[1:]) if part[:1] in ("+", "-", " ") else ("", part)
        if not field[:1].isalpha():
            raise service_error("1432", f"The prefix of orderby={part} is not valid; valid: + and -.")
        if not _FIELD.match(field) or field.split(".")[0] not in members or len(field) > 200:
            raise service_error("1433", f"The field of orderby={part} is not valid.")
        expression = _COLUMNS.get(field) or f"IFNULL(json_extract(body, '$.{field}'), '')"
        result.append(Order(field, expression, prefix == "-"))
    if len(result) > 5:
        raise service_error("1433", "The orderby parameter takes at most five fields.")
    return result


def order_sql(keys: Sequence[Order]) -> str:
    """Return the ORDER BY terms; creation order decides between equals."""
    terms = [f"{key.expression} {'DESC' if key.descending else 'ASC'}" for key in keys]
    return ", ".join([*terms, "seq"])


def after(keys: Sequence[Order], position: tuple[Any, ...]) -> Condition:
    """Return the condition for rows behind `position` (the values of the keys, then the row number)."""
    if len(position) != len(keys) + 1:
        raise _bad_token()
    expressions = [*((key.expression, key.descending) for key in keys), ("seq", False)]
    alternatives: list[str] = []
    parameters: list[Any] = []
    for index, (expression, descending) in enumerate(expressions):
        same = [f"{earlier} = ?" for earlier, _ in expressions[:index]]
        alternatives.append(" AND ".join([*same, f"{expression} {'<' if descending else '>'} ?"]))
        parameters.extend(position[: index + 1])
    return Condition(" OR ".join(f"({text})" for text in alternatives), tuple(parameters))


def token(request: ListRequest, position: Sequence[Any]) -> str:
    """Return the continuation token for the page behind `position`."""
    state = {
        "properties": request.properties,
        "orderby": request.orderby,
        "limit": request.limit,
        "position": list(position),
    }
    return base64.urlsafe_b64encode(zlib.compress(dump(state).encode())).decode().rstrip("=")


def read_position(text: str) -> tuple[Any, ...]:
    """Return only the position of a continuation token."""
    return tuple(_read_token(text)["position"])


def _read_token(text: str) -> dict[str, Any]:
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        state = json.loads(zlib.decompressobj().decompress(packed, LONGEST_TOKEN_STATE))
        limit, position = state["limit"], state["position"]
        valid = isinstance(limit, int) and 0 < limit <= LARGEST_LIMIT and isinstance(state["orderby"], str)
        valid = valid and all(isinstance(item, str) for item in state["properties"])
        if valid and isinstance(position, list) and all(isinstance(item, str | int | float) for item in position):
            return dict(state)
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error, zlib.error):
        pass
    raise _bad_token()


def _bad_token() -> Refusal:
    return service_error("1423", "The query parameter continuationToken is not valid.")


def _limit(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10) or not 0 < int(text) <= LARGEST_LIMIT:
        raise service_error("1452", f"The query parameter limit is an integer from 1 to {LARGEST_LIMIT}.")
    return int(text)
