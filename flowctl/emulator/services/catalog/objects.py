"""What datasets and batches share: versions, patches, projections, and replies shaped as maps or links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator import json_patch
from flowctl.emulator.errors import problem
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.refusals import bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

FIRST_VERSION = "1.0.0"


def find(call: Call, kind: str) -> Stored:
    """Return the object of the path's id. Refuses an unknown one (404)."""
    stored = call.platform.objects.get(call.caller.scope, kind, call.parameters["id"])
    if stored is None:
        raise not_found(f"The {kind} {call.parameters['id']} is not found.")
    return stored


def read_object(call: Call) -> dict[str, Any]:
    """Return the body as an object. Refuses another JSON value (400)."""
    document = parse(call.incoming.body)
    if not isinstance(document, dict):
        raise bad_request("The body is a JSON object.")
    return document


def link(collection: str, id_: str, status: int = 200) -> Reply:
    """Return the answer to a write: a list with one link, `["@/dataSets/ID"]`."""
    headers = {"Location": f"/data/foundation/catalog/{collection}/{id_}"} if status == 201 else {}
    return Reply(status, [f"@/{collection}/{id_}"], headers=headers)


def as_map(call: Call, found: Iterable[Stored]) -> dict[str, Any]:
    """Return objects as a map by id, cut to the properties that the query names."""
    wanted = [name for name in call.incoming.query.get("properties", "").split(",") if name]
    result = {}
    for stored in found:
        document = stored.value()
        result[stored.id] = {name: document[name] for name in wanted if name in document} if wanted else document
    return result


def check_if_match(call: Call, document: dict[str, Any]) -> None:
    """Refuse an If-Match that is not the object's version (412); without the header nothing is checked."""
    supplied = call.incoming.headers.get("if-match")
    if supplied is not None and supplied.strip('"') not in (document["version"], "*"):
        detail = f"The version {supplied} is not the current version {document['version']}."
        raise problem(412, "PreconditionFailedError", detail)


def next_version(version: str) -> str:
    """Return the version after a change: the third number counts up."""
    head, _, last = version.rpartition(".")
    return f"{head}.{int(last) + 1}"


def patched(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document after a PATCH: RFC 6902 operations, or a merge of its top-level members."""
    media_type = call.incoming.headers.get("content-type", "").split(";")[0].strip().lower()
    body = parse(call.incoming.body)
    if media_type != "application/json-patch+json":
        if not isinstance(body, dict):
            raise bad_request("The body is a JSON object; JSON Patch has the type application/json-patch+json.")
        return document | body
    if not isinstance(body, list) or not all(isinstance(operation, dict) for operation in body):
        raise bad_request("The body is an array of patch operations.")
    try:
        result = json_patch.apply(document, body)
    except json_patch.PatchError as error:
        raise bad_request(str(error)) from None
    if not isinstance(result, dict):
        raise bad_request("The result is a JSON object.")
    return result


def merged(document: Any, changes: Any) -> Any:
    """Return the deep merge of two JSON values; missing objects on the way are created."""
    if not isinstance(document, dict) or not isinstance(changes, dict):
        return changes
    result = dict(document)
    for key, value in changes.items():
        result[key] = merged(result.get(key), value)
    return result
