"""POST of a base connection, source connection, target connection or flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_etag, new_uuid
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service import checks_connection, checks_flow, checks_source, checks_target
from flowctl.emulator.services.flow_service.bodies import made_by, read_object
from flowctl.emulator.services.flow_service.errors import connector_error, service_error
from flowctl.emulator.services.flow_service.kinds import (
    CONNECTION,
    FLOW,
    SERVER_OWNED,
    SOURCE_CONNECTION,
    TARGET_CONNECTION,
    Kind,
)
from flowctl.emulator.services.flow_service.rewriting import as_kept
from flowctl.emulator.services.flow_service.shapes import check_members
from flowctl.emulator.services.flow_service.transitions import first_state

if TYPE_CHECKING:
    from flowctl.emulator.message import Call


def create_connection(call: Call) -> Reply:
    """Create a base connection: 201 with `{"id", "etag"}` and Location."""
    body, draft = _posted(call)
    checks_connection.check(call, body, draft=draft)
    return _store(call, CONNECTION, body, {}, [], draft=draft)


def create_source_connection(call: Call) -> Reply:
    """Create a source connection: 201 with `{"id", "etag"}`."""
    body, draft = _posted(call)
    base = checks_source.check(call, body, draft=draft)
    added: dict[str, Any] = {}
    references = []
    if isinstance(body.get("data"), dict):
        body["data"] = body["data"] | {key: body["data"].get(key) for key in ("schema", "properties")}
    if base is not None:
        added["inheritedAttributes"] = {"baseConnection": base}
        references.append((CONNECTION.name, base["id"]))
    return _store(call, SOURCE_CONNECTION, body, added, references, draft=draft)


def create_target_connection(call: Call) -> Reply:
    """Create a target connection: 201 with `{"id", "etag"}`."""
    body, draft = _posted(call)
    dataset_id = checks_target.check(call, body)
    if isinstance(body.get("data"), dict):
        body["data"] = body["data"] | {key: body["data"].get(key) for key in ("schema", "properties")}
    references = [("dataSet", dataset_id)] if dataset_id else []
    return _store(call, TARGET_CONNECTION, body, {"inheritedAttributes": {}}, references, draft=draft)


def create_flow(call: Call) -> Reply:
    """Create a flow: 201 with `{"id", "etag"}` and Location. It is enabled at once, unless `mode=draft`."""
    body, draft = _posted(call)
    ends = checks_flow.check(call, body, draft=draft)
    options = body.get("options")
    body["options"] = {"isSampleDataflow": False} | (options if isinstance(options, dict) else {})
    added = {
        "inheritedAttributes": ends.inherited_attributes(),
        "labels": [],
        "recordTypes": [],
    }
    return _store(call, FLOW, body, added, ends.references(), draft=draft)


def _posted(call: Call) -> tuple[dict[str, Any], bool]:
    """Return the body without what only the server sets, and whether a draft is asked for."""
    body = read_object(call)
    if "state" in body:
        raise service_error("1410", "The state cannot be set when the entity is created.")
    if "mode" in body:
        raise connector_error("1368", "The mode is a query parameter.")
    mode = call.incoming.query.get("mode")
    if mode not in (None, "draft"):
        raise service_error("1451", f"The query parameter mode has no value {mode}.")
    return {key: value for key, value in body.items() if key not in SERVER_OWNED}, mode == "draft"


def _store(
    call: Call,
    kind: Kind,
    body: dict[str, Any],
    added: dict[str, Any],
    references: list[tuple[str, str]],
    *,
    draft: bool,
) -> Reply:
    check_members(kind, body)
    id_, now, caller = new_uuid(), call.platform.clock.later_ms(), call.caller
    etag = new_etag(now)
    operation = {"started": now, "updated": 0, "operation": "draft_create" if draft else "create"}
    document: dict[str, Any] = {
        **made_by(call, id_, now),
        "description": "",
        **as_kept(call, kind, body),
        "state": first_state(call, kind, id_, draft=draft),
        **added,
        "lastOperation": operation,
    }
    if kind is FLOW:
        document["runs"] = f"/runs?property=flowId=={id_}"
    objects = call.platform.objects
    objects.insert(caller.scope, kind.name, id_, document, etag=etag, created=now, name=document.get("name"))
    objects.refer(caller.scope, kind.name, id_, references)
    headers = {"Location": f"/{kind.collection}/{id_}"} if kind in (CONNECTION, FLOW) else {}
    return Reply(201, {"id": id_, "etag": etag}, headers=headers)
