"""GET /audit/events: the newest events first, filtered by `property`, in pages of `limit` from `start`."""

from __future__ import annotations

import re
from base64 import b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from flowctl.emulator.conditions import Condition, all_of
from flowctl.emulator.message import Reply
from flowctl.emulator.services.audit.trail import KIND
from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

DEFAULT_LIMIT, LARGEST_LIMIT, MOST_RECORDS = 50, 1000, 1000
_FILTER = re.compile(r"(\w+)(==|!=|<=|>=|<|>)(.+)\Z")
_MEMBERS = {
    "status": "status",
    "action": "action",
    "user": "userEmail",
    "assetType": "assetType",
    "assetId": "assetId",
    "assetName": "assetName",
    "requestId": "requestId",
}


def list_events(call: Call) -> Reply:
    """Return a page of events with its links. Refuses a filter or a page that it cannot read (400)."""
    query = call.incoming.query
    limit = _integer(query.get("limit", str(DEFAULT_LIMIT)), "limit", 1, LARGEST_LIMIT)
    start = _integer(query.get("start", "0"), "start", 0, MOST_RECORDS)
    filters = _filters(call)
    where = all_of([_condition(expression) for expression in filters])
    events, scope = call.platform.audit_events, call.caller.scope
    total = min(events.count(scope, KIND, where), MOST_RECORDS)
    room = max(min(limit, MOST_RECORDS - start), 0)
    found = events.select(scope, KIND, where, order="created DESC, seq DESC", limit=room, offset=start)
    return Reply(
        body={"_embedded": {"events": [_shown(each) for each in found]}, **_paging(call, filters, limit, start, total)}
    )


def _shown(stored: Stored) -> dict[str, Any]:
    moment = datetime.fromtimestamp(stored.created / 1000, UTC)
    timestamp = {"timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}.{stored.created % 1000:03d}+0000"}
    event = stored.value() | timestamp
    return event | {"enhancedEvents": [each | timestamp for each in event["enhancedEvents"]]}


def _filters(call: Call) -> list[str]:
    """Return the filters of a request, or those of the earlier query that its `queryId` identifies."""
    query_id = call.incoming.query.get("queryId")
    if query_id is None:
        return list(call.incoming.query.getlist("property"))
    try:
        text = b64decode(query_id, altchars=b"-_", validate=True).decode()
        return [value for _, value in parse_qsl(text, strict_parsing=bool(text))]
    except ValueError:
        raise bad_request(f"The queryId {query_id} is not valid.") from None


def _paging(call: Call, filters: list[str], limit: int, start: int, total: int) -> dict[str, Any]:
    named = [("property", each) for each in filters]
    address = f"{call.incoming.base_url}/data/foundation/audit/events"
    query_id = urlsafe_b64encode(urlencode(named).encode()).decode()

    def link(first: int) -> dict[str, str]:
        return {"href": f"{address}?{urlencode([*named, ('limit', limit), ('start', first)])}"}

    page = {"href": f"{address}?{urlencode({'queryId': query_id, 'limit': limit})}{{&start}}", "templated": True}
    links: dict[str, Any] = {"self": link(start), "page": page}
    if start + limit < total:
        links["next"] = link(start + limit)
    pages = -(-total // limit)
    return {
        "_links": links,
        "page": {"size": limit, "totalElements": total, "totalPages": pages, "number": start // limit},
        "queryId": query_id,
    }


def _condition(expression: str) -> Condition:
    match = _FILTER.match(expression)
    if match is None or (match[1] not in _MEMBERS and match[1] != "timestamp"):
        raise bad_request(f"The filter {expression} is not valid.")
    name, operator, text = match.groups()
    if name == "timestamp":
        return Condition(f"created {'=' if operator == '==' else operator} ?", (_milliseconds(text),))
    if operator not in ("==", "!="):
        raise bad_request(f"The operator {operator} is not supported on {name}.")
    values = text.split(",")
    column = "name" if name == "assetId" else f"lower(json_extract(body, '$.{_MEMBERS[name]}'))"
    compared = values if name == "assetId" else [value.lower() for value in values]
    inside = "IN" if operator == "==" else "NOT IN"
    return Condition(f"{column} {inside} ({','.join('?' * len(values))})", tuple(compared))


def _milliseconds(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise bad_request(f"The timestamp {text} is not valid.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _integer(text: str, name: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10) or not least <= int(text) <= most:
        raise bad_request(f"The query parameter {name} is an integer from {least} to {most}.")
    return int(text)
