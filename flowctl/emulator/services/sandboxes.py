"""Sandbox Management: the sandboxes of the caller's organization."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, Any

from flowctl.emulator.errors import problem
from flowctl.emulator.ingestion.batch_files import remove_dataset, remove_errors, remove_uploads
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.sandbox_states import ACTIVE, begin_state, in_present_state
from flowctl.emulator.services.refusals import GENERIC, bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.directory import Sandbox
    from flowctl.emulator.errors import Refusal
    from flowctl.emulator.message import Call, Incoming

_NAME = re.compile(r"[a-z][a-z0-9-]{0,255}\Z")
TYPES = ("production", "development")
DEFAULT_LIMIT = 50


def list_active(call: Call) -> Reply:
    """Return `{"sandboxes", "_page", "_links"}` with one page of the sandboxes that are active."""
    return _listed(call, lambda state: state == ACTIVE)


def list_sandboxes(call: Call) -> Reply:
    """List all sandboxes that are not deleted, in the form of `list_active`."""
    return _listed(call, lambda state: state != "deleted")


def _listed(call: Call, is_shown: Callable[[str], bool]) -> Reply:
    limit, offset = _page(call)
    found = [in_present_state(call.platform, item) for item in call.platform.directory.sandboxes(call.caller.org)]
    shown = [item.body for item in found if is_shown(item.body["state"])]
    base = f"{call.incoming.base_url}/data/foundation/sandbox-management/sandboxes"
    template = {"href": f"{base}/?limit={{limit}}&offset={{offset}}", "templated": True}
    guides = call.platform.settings.follows_guides
    here = {"href": f"{base}?offset={offset}&limit={limit}", "templated": None}
    links: dict[str, Any] = {"page": here if guides else template}
    if offset + limit < len(shown):
        links["next"] = template
    if offset:
        links["prev"] = {"href": f"{base}?offset={max(offset - limit, 0)}&limit={limit}"}
        links["prev"]["templated"] = None if guides else False
    page = shown[offset : offset + limit]
    return Reply(body={"sandboxes": page, "_page": {"limit": limit, "count": len(page)}, "_links": links})


def _page(call: Call) -> tuple[int, int]:
    """Return limit and offset, which a request has both or neither (Adobe docs: sandboxes/api/appendix.md)."""
    texts = [call.incoming.query.get(name) for name in ("limit", "offset")]
    given = [text for text in texts if text is not None]
    if not given:
        return DEFAULT_LIMIT, 0
    if len(given) == 1:
        raise bad_request("The query parameters limit and offset must be given together.")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in given):
        raise bad_request("The query parameters limit and offset are integers of at least 0.")
    limit, offset = map(int, given)
    return limit, offset


def list_types(call: Call) -> Reply:
    """Return the kinds of sandboxes that can be created."""
    if call.platform.settings.follows_guides:
        return Reply(body={"sandboxTypes": list(TYPES)})
    return Reply(body={"sandboxTypes": [{"name": name, "title": name.title()} for name in TYPES]})


def read_sandbox(call: Call) -> Reply:
    """Return one sandbox. Refuses with 404 for an unknown name."""
    return Reply(body=in_present_state(call.platform, _find(call), is_read=True).body)


def create_sandbox(call: Call) -> Reply:
    """Create a sandbox from `{"name", "title", "type"}`; 409 if the name is taken.

    The reply has the state `creating`, as documented; the sandbox is active at once, unless the setting `transitions`
    says otherwise.
    """
    document = parse(call.incoming.body)
    if not isinstance(document, dict):
        raise bad_request("The body is a JSON object.")
    name, title, type_ = (document.get(key) for key in ("name", "title", "type"))
    if not isinstance(name, str) or not _NAME.match(name) or not isinstance(title, str) or type_ not in TYPES:
        raise bad_request("A sandbox has a lower-case name, a title, and a type of production or development.")
    try:
        sandbox = call.platform.directory.add_sandbox(call.caller.org, name, title, type_, call.now_ms)
    except sqlite3.IntegrityError:
        raise problem(409, "ConflictError", f"There is a sandbox {name} already.") from None
    begin_state(call.platform, sandbox, "creating")
    return Reply(202, sandbox.body | {"state": "creating"})


def rename_sandbox(call: Call) -> Reply:
    """Change the title of a sandbox."""
    document = parse(call.incoming.body)
    if not isinstance(document, dict) or not isinstance(document.get("title"), str):
        raise bad_request("The body is an object with a title.")
    return Reply(body=_change(call, _existing(call), {"title": document["title"]}).body)


def reset_sandbox(call: Call) -> Reply:
    """Empty a sandbox; the body is `{"action": "reset"}`. The reply has the state `resetting`, as documented."""
    document = parse(call.incoming.body)
    if not isinstance(document, dict) or document.get("action") != "reset":
        raise bad_request("The body is an object with the action reset.")
    sandbox = _existing(call)
    if validates_only(call.incoming):
        return Reply(202, sandbox.body | _id(call, sandbox))
    _empty(call, sandbox)
    changed = _change(call, sandbox, {})
    begin_state(call.platform, changed, "resetting")
    return Reply(202, changed.body | {"state": "resetting"} | _id(call, sandbox))


def _id(call: Call, sandbox: Sandbox) -> dict[str, str]:
    """Return the ID of a sandbox, which the description shows to services only."""
    return {"id": sandbox.id} if call.platform.settings.follows_guides else {}


def delete_sandbox(call: Call) -> Reply:
    """Delete a sandbox with all that it holds. Refuses the default sandbox with 400."""
    sandbox = _existing(call)
    if sandbox.body["isDefault"]:
        raise bad_request("The default production sandbox cannot be deleted.")
    if validates_only(call.incoming):
        return Reply(202, sandbox.body)
    _empty(call, sandbox)
    return Reply(202, _change(call, sandbox, {"state": "deleted"}).body)


def validates_only(incoming: Incoming) -> bool:
    """Return whether a reset or deletion is a dry run (Adobe docs: sandboxes/api/sandboxes.md).

    What is neither true nor false is refused (400): what may be meant as a dry run is not to happen.
    """
    if incoming.method not in ("PUT", "DELETE"):
        return False
    asked = {text.lower() for text in incoming.query.getlist("validationOnly")}
    if asked - {"true", "false"} or len(asked) > 1:
        raise bad_request("The query parameter validationOnly is true or false.")
    return "true" in asked


def _find(call: Call) -> Sandbox:
    sandbox = call.platform.directory.sandbox(call.caller.org, call.parameters["name"])
    if sandbox is None:
        raise _unknown(call)
    return sandbox


def _existing(call: Call) -> Sandbox:
    """Return the sandbox that a request changes. Refuses with 404 for a deleted one too, which can only be read."""
    sandbox = _find(call)
    if sandbox.body["state"] == "deleted":
        raise _unknown(call)
    return sandbox


def _unknown(call: Call) -> Refusal:
    return not_found(f"There is no sandbox {call.parameters['name']} in this organization.")


def _change(call: Call, sandbox: Sandbox, changes: dict[str, Any]) -> Sandbox:
    body = sandbox.body | changes | {"eTag": sandbox.body["eTag"] + 1, "modifiedBy": call.caller.client_id}
    return call.platform.directory.change_sandbox(sandbox, body)


def _empty(call: Call, sandbox: Sandbox) -> None:
    """Delete all that a sandbox holds, files included."""
    data, objects = call.platform.data_dir, call.platform.objects
    for dataset in objects.select(sandbox.scope, "dataSet"):
        remove_dataset(data, dataset.id)
    for batch in objects.select(sandbox.scope, "batch"):
        remove_errors(data, sandbox.scope, batch.id)
        remove_uploads(data, sandbox.scope, batch.id)
    for table in ("object", "audit_event", "reference", "mapping_set_version", "transition"):
        call.platform.database.connection.execute(f"DELETE FROM {table} WHERE scope = ?", (sandbox.scope,))


SANDBOXES = Service(
    prefix="/data/foundation/sandbox-management",
    operations=(
        Operation("GET", "/", list_active),
        Operation("GET", "/sandboxTypes", list_types),
        Operation("GET", "/sandboxes", list_sandboxes),
        Operation("POST", "/sandboxes", create_sandbox),
        Operation("GET", "/sandboxes/{name}", read_sandbox),
        Operation("PATCH", "/sandboxes/{name}", rename_sandbox),
        Operation("PUT", "/sandboxes/{name}", reset_sandbox),
        Operation("DELETE", "/sandboxes/{name}", delete_sandbox),
    ),
    refusals=GENERIC,
    needs_sandbox=False,
    validates_only=validates_only,
)
