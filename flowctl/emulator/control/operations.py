"""The operations below `/_emulator`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from flowctl.emulator.control.faults import parse_rule
from flowctl.emulator.data_error import DataInUse
from flowctl.emulator.directory import ALL_PERMISSIONS, LOCAL_ORG, Client
from flowctl.emulator.errors import problem
from flowctl.emulator.json_text import JsonTextError, parse
from flowctl.emulator.message import Reply
from flowctl.emulator.scheduler_call import scheduler_call
from flowctl.emulator.services.flow_service.due_runs import start_due_runs
from flowctl.emulator.services.flow_service.runs import run_as_scheduled
from flowctl.emulator.shapes import is_text, list_of, members

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Incoming
    from flowctl.emulator.platform import Platform

PREFIX = "/_emulator"
_SANDBOXES = list_of(members({"name": is_text, "title": is_text, "type": is_text}, "name"))
_CLIENTS = list_of(members({"id": is_text, "secret": is_text, "permissions": list_of(is_text)}, "id", "secret"))


def answer(incoming: Incoming, platform: Platform) -> Reply:
    """Answer a request below `/_emulator`. Raises `Refusal`: 403 off loopback, 404, 405, 400 on a bad body."""
    if not incoming.from_loopback:
        raise problem(403, "Forbidden", "The control plane answers only on a loopback address.")
    name = incoming.path[len(PREFIX) :].strip("/")
    methods = OPERATIONS.get(name)
    if methods is None:
        raise problem(404, "NotFoundError", f"There is no {incoming.path}; known: {', '.join(sorted(OPERATIONS))}.")
    operation = methods.get(incoming.method)
    if operation is None:
        raise problem(405, "MethodNotAllowed", f"{name} takes {', '.join(methods)}.", {"Allow": ", ".join(methods)})
    media_type = incoming.headers.get("content-type", "").split(";")[0].strip().lower()
    if incoming.body and media_type != "application/json":
        raise problem(400, "BadRequestError", "A body needs the header Content-Type: application/json.")
    try:
        return operation(incoming, platform)
    except (ValueError, sqlite3.IntegrityError) as error:
        raise problem(400, "BadRequestError", str(error)) from None


def _object(incoming: Incoming) -> dict[str, Any]:
    try:
        document = parse(incoming.body)
    except JsonTextError as error:
        raise problem(400, "BadRequestError", str(error)) from None
    if not isinstance(document, dict):
        raise ValueError("The body is a JSON object.")
    return document


def _reset(_incoming: Incoming, platform: Platform) -> Reply:
    try:
        platform.reset()
    except DataInUse as error:
        raise problem(409, "ConflictError", str(error)) from None
    return Reply(204)


def _read_requests(_incoming: Incoming, platform: Platform) -> Reply:
    return Reply(body={"requests": platform.requests.entries()})


def _clear_requests(_incoming: Incoming, platform: Platform) -> Reply:
    platform.requests.clear()
    return Reply(204)


def _add_fault(incoming: Incoming, platform: Platform) -> Reply:
    platform.faults.add(parse_rule(_object(incoming)))
    return Reply(204)


def _clear_faults(_incoming: Incoming, platform: Platform) -> Reply:
    platform.faults.clear()
    return Reply(204)


def _read_settings(_incoming: Incoming, platform: Platform) -> Reply:
    return Reply(body=platform.settings.as_dict())


def _change_settings(incoming: Incoming, platform: Platform) -> Reply:
    platform.settings.update(_object(incoming))
    return Reply(body=platform.settings.as_dict())


def _read_load(_incoming: Incoming, platform: Platform) -> Reply:
    return Reply(body=platform.load.as_dict())


def _change_load(incoming: Incoming, platform: Platform) -> Reply:
    platform.load.update(_object(incoming))
    return Reply(body=platform.load.as_dict())


def _advance_clock(incoming: Incoming, platform: Platform) -> Reply:
    seconds = _object(incoming).get("advanceSeconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise ValueError("advanceSeconds is a number.")
    platform.clock.advance(seconds * 1000)
    with platform.database.writing():
        started = start_due_runs(platform)
    return Reply(body={"now": platform.clock.now_ms(), "started": started})


def _simulate_run(incoming: Incoming, platform: Platform) -> Reply:
    """Run a flow as its schedule would: `{"flowId"}`, with `organization` and `sandbox` where not the first ones."""
    document = _object(incoming)
    org, name = str(document.get("organization", LOCAL_ORG)), str(document.get("sandbox", "dev"))
    sandbox = platform.directory.sandbox(org, name)
    if sandbox is None:
        raise ValueError(f"There is no sandbox {name} in {org}.")
    with platform.database.writing():
        return run_as_scheduled(scheduler_call(platform, sandbox, incoming), str(document.get("flowId")))


def _add_organization(incoming: Incoming, platform: Platform) -> Reply:
    """Add `{"id", "tenant", "sandboxes": [{"name", "type"}], "clients": [{"id", "secret", "permissions"}]}`."""
    document = _object(incoming)
    org, tenant = document.get("id"), document.get("tenant")
    if not isinstance(org, str) or not org.endswith("@AdobeOrg") or not isinstance(tenant, str) or not tenant:
        raise ValueError("An organization has an id that ends in @AdobeOrg, and a tenant.")
    sandboxes, clients = document.get("sandboxes", []), document.get("clients", [])
    if not _SANDBOXES(sandboxes):
        raise ValueError("sandboxes is an array of objects with a name, and a title and type if you like.")
    if not _CLIENTS(clients):
        raise ValueError("clients is an array of objects with an id and a secret, and permissions if you like.")
    directory = platform.directory
    with platform.database.writing():
        if directory.tenant(org) is None:
            directory.add_organization(org, tenant)
        for sandbox in sandboxes:
            name, type_ = sandbox["name"], sandbox.get("type", "development")
            title = sandbox.get("title", name)
            default = not directory.sandboxes(org)
            directory.add_sandbox(org, name, title, type_, platform.clock.now_ms(), default=default)
        for client in clients:
            permissions = frozenset(client.get("permissions", ALL_PERMISSIONS))
            directory.add_client(Client(client["id"], client["secret"], org, permissions))
    return Reply(201, body={"id": org, "tenant": tenant})


OPERATIONS: dict[str, dict[str, Callable[[Incoming, Platform], Reply]]] = {
    "reset": {"POST": _reset},
    "requests": {"GET": _read_requests, "DELETE": _clear_requests},
    "faults": {"POST": _add_fault, "DELETE": _clear_faults},
    "settings": {"GET": _read_settings, "POST": _change_settings},
    "load": {"GET": _read_load, "POST": _change_load},
    "clock": {"POST": _advance_clock},
    "runs": {"POST": _simulate_run},
    "organizations": {"POST": _add_organization},
}
