"""POST .../search of connections, flows and flow specs: the list parameters in a body.

What `queryString` may hold is not published; it takes the filters of `property` here, joined by `&`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flowctl.emulator.library import LIBRARY_SCOPE
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service import paging
from flowctl.emulator.services.flow_service.bodies import items, read_object
from flowctl.emulator.services.flow_service.errors import service_error
from flowctl.emulator.services.flow_service.filters import compile_filters
from flowctl.emulator.services.flow_service.read import SPEC_MEMBERS, list_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call
    from flowctl.emulator.services.flow_service.kinds import Kind


def searcher(kind: Kind) -> Callable[[Call], Reply]:
    """Return the search of a collection; the continuation token stays a query parameter."""

    def search(call: Call) -> Reply:
        body = read_object(call)
        reply = list_page(call, kind, _request(call, body))
        return _projected(reply, body.get("projectionFields", ""))

    return search


def search_flow_specs(call: Call) -> Reply:
    """Return the flow specs that meet `queryString`."""
    body = read_object(call)
    where = compile_filters(_request(call, body).properties, "flowSpec", SPEC_MEMBERS)
    found = call.platform.library.store.select(LIBRARY_SCOPE, "flowSpec", where)
    if body.get("count") is True:
        return Reply(body={"count": len(found)})
    return _projected(Reply(text=items(stored.text for stored in found)), body.get("projectionFields", ""))


def _request(call: Call, body: dict[str, Any]) -> paging.ListRequest:
    text, limit = body.get("queryString", ""), body.get("limit", paging.DEFAULT_LIMIT)
    orderby, count = body.get("orderby", ""), body.get("count", False)
    if not isinstance(text, str) or not isinstance(orderby, str) or not isinstance(count, bool):
        raise service_error("1452", "queryString and orderby are strings, count is a boolean.")
    if not all(isinstance(body.get(name, ""), str) for name in ("projectionFields", "groupByProperty")):
        raise service_error("1452", "projectionFields and groupByProperty are strings.")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 0 < limit <= paging.LARGEST_LIMIT:
        raise service_error("1452", f"The limit is an integer from 1 to {paging.LARGEST_LIMIT}.")
    if count and "limit" in body:
        raise service_error("1401", "limit and count cannot be used together.")
    filters = [part.removeprefix("property=") for part in text.split("&") if part]
    token = call.incoming.query.get("continuationToken")
    position = paging.read_position(token) if token else None
    return paging.ListRequest(tuple(filters), orderby, limit, count, position)


def _projected(reply: Reply, fields: str) -> Reply:
    if not fields:
        return reply
    names = [name.strip() for name in fields.split(",")]
    body = json.loads(reply.content())
    if "items" in body:
        body["items"] = [{name: item[name] for name in names if name in item} for item in body["items"]]
    return Reply(body=body)
