"""PATCH: JSON Patch with If-Match, and the rules about what may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator import json_patch
from flowctl.emulator.identifiers import new_etag
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service import checks_connection, checks_flow, checks_source, schedule
from flowctl.emulator.services.flow_service.bodies import find
from flowctl.emulator.services.flow_service.errors import connector_error, not_found, service_error
from flowctl.emulator.services.flow_service.kinds import (
    CONNECTION,
    FLOW,
    SOURCE_CONNECTION,
    TARGET_CONNECTION,
    Kind,
)
from flowctl.emulator.services.flow_service.rewriting import as_kept
from flowctl.emulator.services.flow_service.shapes import check_members
from flowctl.emulator.services.flow_service.spec_references import flow_spec
from flowctl.emulator.services.flow_service.transitions import begin, check_changeable

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.errors import Refusal
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

OPERATIONS = frozenset({"add", "replace", "remove"})


def patcher(kind: Kind) -> Callable[[Call], Reply]:
    """Return the PATCH of one object of `kind`: `{"id", "etag"}` with a new etag.

    Refuses: unknown id (FLOW-1439-404), no If-Match (FLOW-1403-400), a stale or unquoted one (FLOW-1404-412),
    an empty body (1405), other operations than add, replace and remove (1434), missing or unknown members
    (1455), the connection spec (1414), and whatever the kind's own checks refuse about the result.
    """

    def patch(call: Call) -> Reply:
        stored = find(call, kind)
        check_if_match(call, stored)
        operations = _operations(call)
        for operation in operations:
            _check_path(kind, operation["path"])
        before = stored.value()
        check_changeable(before)
        try:
            after = as_kept(call, kind, json_patch.apply(before, operations))
        except json_patch.PatchError as error:
            raise service_error("1455", str(error)) from None
        _check_result(call, kind, before, after)
        if begin(call, kind, stored.id, "updating", before["state"]):
            after["state"] = "updating"
        return store_change(call, kind, stored, after, "update", operations)

    return patch


def check_if_match(call: Call, stored: Stored) -> None:
    """Refuse a missing If-Match (FLOW-1403-400) and one that is not the etag, quotes included (FLOW-1404-412).

    A public collection of requests sends it as a query parameter, with or without quotes; one guide prints
    the header without them, which the setting `documents` has.
    """
    supplied = call.incoming.headers.get("if-match")
    if not supplied and call.incoming.query.get("If-Match"):
        supplied = f'"{call.incoming.query["If-Match"].strip(chr(34))}"'
    if not supplied:
        raise service_error("1403", "The header If-Match is missing.")
    if call.platform.settings.follows_guides and not supplied.startswith('"'):
        supplied = f'"{supplied}"'
    if supplied != stored.etag:
        raise version_mismatch(supplied, stored.etag)


def version_mismatch(supplied: str, current: str) -> Refusal:
    """Return the 412 that names the supplied and the current version."""
    message = f"Supplied version=[{supplied}] does not match the current version=[{current}] on entity."
    return service_error("1404", message, status=412)


def store_change(
    call: Call,
    kind: Kind,
    stored: Stored,
    document: dict[str, Any],
    operation: str,
    operations: list[dict[str, Any]] | None = None,
) -> Reply:
    """Store a new state of an object over the etag that was read, and answer `{"id", "etag"}`."""
    now, caller = call.now_ms, call.caller
    etag = new_etag(now)
    last: dict[str, Any] = {"started": now, "updated": now, "percentCompleted": 100.0}
    last["status"] = {"value": "completed", "properties": None, "errors": []}
    if operations is not None:
        last["ops"] = operations
    last["operation"] = operation
    document |= {
        "updatedAt": now,
        "updatedBy": caller.user,
        "updatedClient": caller.client_id,
        "lastOperation": last,
    }
    objects = call.platform.objects
    name = document.get("name")
    done = objects.replace(caller.scope, kind.name, stored.id, document, etag=etag, expected=stored.etag, name=name)
    if not done:
        current = objects.get(caller.scope, kind.name, stored.id)
        if current is None:
            raise not_found(kind.collection, stored.id)
        raise version_mismatch(stored.etag, current.etag)
    return Reply(body={"id": stored.id, "etag": etag})


def _operations(call: Call) -> list[dict[str, Any]]:
    if not call.incoming.body.strip():
        raise service_error("1405", "The request body is empty.")
    document = parse(call.incoming.body)
    if not isinstance(document, list):
        raise service_error("1455", "The request body must be an array of patch operations.")
    if not document:
        raise service_error("1405", "The request body has no operations.")
    operations = []
    for entry in document:
        if not isinstance(entry, dict):
            raise service_error("1455", "A patch operation is an object.")
        name = str(entry.get("op", "")).lower()
        if name not in OPERATIONS:
            raise service_error("1434", f"The patch operation {entry.get('op')} is not supported.")
        if not isinstance(entry.get("path"), str):
            raise service_error("1455", 'Missing field "path".')
        operations.append({**entry, "op": name})
    return operations


def _check_path(kind: Kind, path: str) -> None:
    root = path.split("/")[1] if path.startswith("/") else ""
    if root == "connectionSpec":
        raise service_error("1414", "The connectionSpec cannot be updated.")
    if path.startswith("/auth/specName"):
        raise service_error("1415", "The auth spec cannot be updated; create a new connection.")
    if root not in kind.changeable:
        raise service_error("1455", f"The field {path} does not exist or cannot be updated.")


def _check_result(call: Call, kind: Kind, before: dict[str, Any], after: dict[str, Any]) -> None:
    checks_connection.check_name(after)
    check_members(kind, after)
    if kind is CONNECTION:
        if after["state"] != "draft" or "auth" in after:
            spec = call.platform.library.connection_spec(after["connectionSpec"]["id"]) or {}
            checks_connection.check_auth(call, spec, after.get("auth"))
        if (before.get("auth") or {}).get("specName") not in (None, (after.get("auth") or {}).get("specName")):
            raise service_error("1415", "The auth spec cannot be updated; create a new connection.")
    elif kind is SOURCE_CONNECTION:
        spec = call.platform.library.connection_spec(after["connectionSpec"]["id"]) or {}
        checks_source.check_data(after.get("data"))
        checks_source.check_params(call, spec, after)
    elif kind is TARGET_CONNECTION:
        params = after.get("params")
        if not isinstance(params, dict) or params != before.get("params") or after.get("data") != before.get("data"):
            raise connector_error("1300", "The dataset and the schema of a target connection cannot be updated.")
    elif kind is FLOW:
        _check_flow(call, before, after)


def _check_flow(call: Call, before: dict[str, Any], after: dict[str, Any]) -> None:
    schedule.check_change(before.get("scheduleParams"), after.get("scheduleParams"), call.now_ms)
    spec = flow_spec(call, after)
    target_id = after["targetConnectionIds"][0]
    target = call.platform.objects.get(call.caller.scope, TARGET_CONNECTION.name, target_id)
    draft = after["state"] == "draft"
    checks_flow.check_parts(call, after, spec, target.value() if target else {}, draft=draft)
