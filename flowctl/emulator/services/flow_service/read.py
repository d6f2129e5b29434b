"""GET of collections and single objects: four kinds, runs, and the specs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.conditions import ALWAYS, all_of
from flowctl.emulator.library import LIBRARY_SCOPE
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service import paging
from flowctl.emulator.services.flow_service.access_labels import visible
from flowctl.emulator.services.flow_service.bodies import as_text, find, items
from flowctl.emulator.services.flow_service.errors import not_found, service_error
from flowctl.emulator.services.flow_service.filters import compile_filters
from flowctl.emulator.services.flow_service.transitions import end_due_transitions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored
    from flowctl.emulator.services.flow_service.kinds import Kind

SPEC_MEMBERS = frozenset(
    [
        "id",
        "name",
        "providerId",
        "version",
        "attributes",
        "authSpec",
        "sourceSpec",
        "exploreSpec",
        "permissionsInfo",
        "optionSpec",
        "scheduleSpec",
        "runSpec",
        "transformationSpec",
        "sourceConnectionSpecIds",
        "targetConnectionSpecIds",
    ]
)


def reader(kind: Kind) -> Callable[[Call], Reply]:
    """Return the GET of one object of `kind`: `{"items": [one]}`, never the bare object."""

    def read(call: Call) -> Reply:
        return Reply(text=items([as_text(call, kind, find(call, kind))]))

    return read


def lister(kind: Kind) -> Callable[[Call], Reply]:
    """Return the GET of the collection of `kind`."""

    def list_objects(call: Call) -> Reply:
        return list_page(call, kind, paging.read_list_request(call.incoming.query))

    return list_objects


def list_page(call: Call, kind: Kind, request: paging.ListRequest) -> Reply:
    """Return one page as `{"items", "_links"}`, or `{"count"}` where only that is asked for."""
    end_due_transitions(call, kind)
    objects, scope = call.platform.objects, call.caller.scope
    where = all_of([compile_filters(request.properties, kind.name, kind.members), visible(call, kind)])
    if request.count:
        return Reply(body={"count": objects.count(scope, kind.name, where)})
    keys = paging.orders(request.orderby, kind.members)
    start = paging.after(keys, request.position) if request.position else ALWAYS
    found = objects.select(
        scope, kind.name, all_of([where, start]), order=paging.order_sql(keys), limit=request.limit + 1
    )
    page = found[: request.limit]
    links = ""
    if len(found) > len(page):
        token = paging.token(request, _position(page[-1], keys))
        links = f'"next":{{"href":"/{kind.collection}?continuationToken={token}"}}'
    body = items(as_text(call, kind, stored) for stored in page)
    return Reply(text=f'{body[:-1]},"_links":{{{links}}}}}')


def _position(stored: Stored, keys: Sequence[paging.Order]) -> list[str | int | float]:
    document = stored.value() if keys else {}
    position: list[str | int | float] = []
    for key in keys:
        value: object = document
        for part in key.field.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        position.append(value if isinstance(value, str | int | float) else "")
    return [*position, stored.seq]


def list_specs(kind: str) -> Callable[[Call], Reply]:
    """Return the GET of all specs of `kind`; it takes filters and has no paging."""

    def list_all(call: Call) -> Reply:
        where = compile_filters(call.incoming.query.getlist("property"), kind, SPEC_MEMBERS)
        found = call.platform.library.store.select(LIBRARY_SCOPE, kind, where)
        return Reply(text=items(stored.text for stored in found))

    return list_all


def read_spec(kind: str, collection: str) -> Callable[[Call], Reply]:
    """Return the GET of one spec of `kind`, wrapped in items."""

    def read(call: Call) -> Reply:
        found = call.platform.library.store.get(LIBRARY_SCOPE, kind, call.parameters["id"])
        if found is None:
            raise not_found(collection, call.parameters["id"])
        return Reply(text=items([found.text]))

    return read


def refuse_spec_change(_call: Call) -> Reply:
    """Refuse to create or change a spec: only source partners may (FLOW-2120-403)."""
    raise service_error("2120", "Specs can only be changed by partners with a source of their own.", status=403)
