"""Reading request bodies of Flow Service and writing stored objects as replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import dump, parse
from flowctl.emulator.services.flow_service.access_labels import check_visible
from flowctl.emulator.services.flow_service.errors import not_found, service_error
from flowctl.emulator.services.flow_service.kinds import CONNECTION, RUN, Kind
from flowctl.emulator.services.flow_service.secrets import for_reading
from flowctl.emulator.services.flow_service.transitions import end_due_transitions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored


_EXPORT = "/data/foundation/export/"


def read_object(call: Call) -> dict[str, Any]:
    """Return the body as an object. Refuses an empty body or another JSON value (FLOW-1405-400)."""
    if not call.incoming.body.strip():
        raise service_error("1405", "The request body is empty.")
    document = parse(call.incoming.body)
    if not isinstance(document, dict) or not document:
        raise service_error("1405", "The request body must be a JSON object with members.")
    return document


def find(call: Call, kind: Kind) -> Stored:
    """Return the object of the path's id. Refuses an unknown one (FLOW-1439-404)."""
    id_ = call.parameters["id"]
    end_due_transitions(call, kind, id_)
    found = call.platform.objects.get(call.caller.scope, kind.name, id_)
    if found is None:
        raise not_found(kind.collection, id_)
    check_visible(call, kind, found)
    return found


def as_text(call: Call, kind: Kind, stored: Stored) -> str:
    """Return a stored object as JSON with its version and etag, which are the same quoted string.

    An object that is initializing has neither (Salesforce tutorial's sample).
    """
    text = stored.text
    if kind is CONNECTION:
        text = dump(for_reading(call, stored.value()))
    if kind is RUN:
        # A run is stored without the address of the server, because its schedule may make it.
        text = text.replace(f'"{_EXPORT}', f'"{dump(call.incoming.base_url)[1:-1]}{_EXPORT}')
    if '"state":"initializing"' in text and stored.value()["state"] == "initializing":
        return text
    etag = dump(stored.etag)
    return f'{text[:-1]},"version":{etag},"etag":{etag}}}'


def items(texts: Iterable[str]) -> str:
    """Return `{"items": [...]}` as JSON, which GET-one uses as well."""
    return f'{{"items":[{",".join(texts)}]}}'


def made_by(call: Call, id_: str, now: int) -> dict[str, Any]:
    """The members that tell what made an object, when and where (Flow Service API: common members)."""
    caller = call.caller
    return {
        "id": id_,
        "createdAt": now,
        "updatedAt": now,
        "createdBy": caller.user,
        "updatedBy": caller.user,
        "createdClient": caller.client_id,
        "updatedClient": caller.client_id,
        "sandboxId": caller.sandbox_id,
        "sandboxName": caller.sandbox_name,
        "imsOrgId": caller.org,
    }
