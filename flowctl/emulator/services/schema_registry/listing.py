"""Lists of Schema Registry: order, keyset paging, and the `property` filters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flowctl.emulator.conditions import (
    ALWAYS,
    RELATIONS,
    Condition,
    Step,
    all_of,
    differs_from_all,
    equals_any,
    json_path,
    on_path,
    relation,
    version_relation,
)
from flowctl.emulator.message import Reply
from flowctl.emulator.services.schema_registry.accept import list_view, lookup_view
from flowctl.emulator.services.schema_registry.errors import invalid
from flowctl.emulator.services.schema_registry.identity import GLOBAL_LIBRARY_VERSION
from flowctl.emulator.services.schema_registry.resources import container, find, find_or_none
from flowctl.emulator.services.schema_registry.unions import UNION_SUFFIX, find_union, union_view
from flowctl.emulator.services.schema_registry.views import as_view
from flowctl.emulator.services.schema_registry.visible import as_shown, only_shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import ObjectStore, Stored

DEFAULT_LIMIT = 300
LARGEST_LIMIT = 500
LIBRARY_DATE = 1577836800000
"""When the standard resources were created and last changed, in replies of the registry."""
_FILTER = re.compile(r"([^=!<>]+)(==|!=|<=|>=|<|>)?(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of stored documents, with the value that starts the next one."""

    found: list[Stored]
    orderby: str
    next: Any


def lister(where: str, type_: str, path_name: str) -> Callable[[Call], Reply]:
    """Return the list of a type in a container: `{"results", "_page", "_links"}`."""

    def list_resources(call: Call) -> Reply:
        view = list_view(call)
        store, scope = container(call, where)
        seen = only_shown(call) if where == "tenant" else ALWAYS
        page = read_page(call, store, scope, type_, seen)
        found = [as_shown(call, type_, each) for each in page.found] if where == "tenant" else page.found
        results = [as_view(call, stored.value(), view) for stored in found]
        return Reply(body={"results": results, **page_members(call, page, _other_container(call, where, path_name))})

    return list_resources


def looker(where: str, type_: str) -> Callable[[Call], Reply]:
    """Return the lookup of one resource of a type, in the view that Accept names."""

    def look_up(call: Call) -> Reply:
        view, name = lookup_view(call), call.parameters["id"]
        union = find_union(call, name) if name.endswith(UNION_SUFFIX) else None
        if union is not None:
            return Reply(body=union_view(call, union, view))
        resource = _looked_up(call, where, type_, name).value()
        return Reply(body={**_read_members(resource), **as_view(call, resource, view)})

    return look_up


def _read_members(resource: dict[str, Any]) -> dict[str, Any]:
    """Return what only the look-up of one resource shows."""
    if "meta:registryMetadata" not in resource:
        moments = dict.fromkeys(("repo:createdDate", "repo:lastModifiedDate"), LIBRARY_DATE)
        etag = sha256(resource["$id"].encode()).hexdigest()
        metadata = {**moments, "eTag": etag, "meta:globalLibVersion": GLOBAL_LIBRARY_VERSION}
        return {"$schema": "http://json-schema.org/draft-06/schema#", "meta:registryMetadata": metadata}
    return {"meta:allFieldAccess": True} if resource["meta:resourceType"] == "schemas" else {}


def _looked_up(call: Call, where: str, type_: str, name: str) -> Stored:
    """Return a resource; one that the tenant does not have is looked for among the standard ones, if so set."""
    both = where == "tenant" and call.platform.settings.tenantReads == "all"
    if (
        both
        and find_or_none(call, where, type_, name) is None
        and find_or_none(call, "global", type_, name) is not None
    ):
        where = "global"
    return find(call, where, type_, name)


def read_page(call: Call, store: ObjectStore, scope: int, type_: str, seen: Condition) -> Page:
    """Return one page of what meets `seen`. `start` is the last value of the first orderby field, exclusive."""
    query = call.incoming.query
    orderby = query.get("orderby") or "title"
    fields = [part.strip() for part in orderby.split(",")][:5]
    terms = []
    for field in fields:
        direction = "DESC" if field.startswith("-") else "ASC"
        terms.append(f"{_expression(field)} {direction}")
    where = all_of([seen, *(_filter(text) for text in query.getlist("property"))])
    start = query.get("start")
    if start is not None:
        where = all_of([where, _behind(fields[0], start)])
    limit = _limit(query.get("limit"))
    found = store.select(scope, type_, where, order=", ".join([*terms, "seq"]), limit=limit + 1)
    page = found[:limit]
    more = len(found) > limit and bool(page)
    return Page(page, orderby, _value(page[-1], fields[0]) if more else None)


def page_members(call: Call, page: Page, links: dict[str, Any]) -> dict[str, Any]:
    """Return `_page` and `_links` of a list."""
    following = None
    if page.next is not None:
        query = dict(call.incoming.query) | {"orderby": page.orderby, "start": str(page.next)}
        following = {"href": f"{call.incoming.base_url}{call.incoming.path}?{urlencode(query)}"}
    return {
        "_page": {"orderby": page.orderby, "next": page.next, "count": len(page.found)},
        "_links": {"next": following, **links},
    }


def _other_container(call: Call, where: str, path_name: str) -> dict[str, Any]:
    """Return the link of a list to the other container; that to standard resources is always `global_schemas`."""
    other = "tenant" if where == "global" else "global"
    href = f"{call.incoming.base_url}/data/foundation/schemaregistry/{other}/{path_name}"
    query = f"?{urlencode(call.incoming.query.multi_items())}" if call.incoming.query else ""
    return {"global_schemas" if other == "global" else f"tenant_{path_name}": {"href": href + query}}


def _keys(field: str) -> list[str]:
    return field.lstrip("+- ").split(".")


def _expression(field: str) -> str:
    try:
        return f"IFNULL(json_extract(body, {json_path(_keys(field))}), '')"
    except ValueError:
        raise invalid(f"The field {field} of orderby is not valid.") from None


def _behind(field: str, start: str) -> Condition:
    operator = "<" if field.startswith("-") else ">"
    left = _expression(field)
    if start.isascii() and start.isdigit() and len(start) < 16:
        return Condition(
            f"CASE typeof({left}) WHEN 'text' THEN {left} {operator} ? ELSE {left} {operator} ? END",
            (start, int(start)),
        )
    return Condition(f"{left} {operator} ?", (start,))


def _value(stored: Stored, field: str) -> Any:
    value: Any = stored.value()
    for key in _keys(field):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) > LARGEST_LIMIT:
        raise invalid(f"The limit is an integer from 0 to {LARGEST_LIMIT}.")
    return int(text)


def _filter(text: str) -> Condition:
    """Compile one filter; a member that is an array matches where it contains the value."""
    match = _FILTER.match(text)
    if match is None:
        raise invalid(f"The filter {text} is not valid.")
    field, operator, value = match[1].strip(), match[2], match[3].strip().strip("\"'")
    # A filter may name an id, whose dots and slashes belong to no path; member names hold neither.
    steps = [Step(key) for key in field.split(".")]
    try:
        if operator is None:
            return on_path("body", steps, lambda left: Condition(f"{left} IS NOT NULL"))
        if operator in RELATIONS:
            test = version_relation if field == "version" else relation
            return on_path("body", steps, lambda left: test(left, operator, value))
        contains = on_path(
            "body", [*steps[:-1], Step(steps[-1].key, each=True)], lambda left: equals_any(left, [value])
        )
        if operator == "==":
            return contains
        missing = on_path("body", steps, lambda left: differs_from_all(left, [value]))
        return all_of([missing, Condition(f"NOT ({contains.sql})", contains.parameters)])
    except ValueError:
        raise invalid(f"The field {field} of the filter is not valid.") from None
