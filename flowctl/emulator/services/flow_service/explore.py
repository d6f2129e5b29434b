"""Looking into a source: its tables, folders and columns, of its connection folder or made up for every account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.library import LIBRARY_SCOPE
from flowctl.emulator.message import Reply
from flowctl.emulator.services.flow_service.bodies import find
from flowctl.emulator.services.flow_service.errors import connector_error, not_found, service_error
from flowctl.emulator.services.flow_service.explore_folder import described, entries
from flowctl.emulator.services.flow_service.kinds import CONNECTION
from flowctl.emulator.services.flow_service.real_runs import folder_of
from flowctl.emulator.services.flow_service.row_filters import explored_filter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flowctl.emulator.message import Call

OBJECT_TYPES = ("root", "folder", "file", "table", "rest")
ROWS = (
    {"id": "1", "email": "ana@example.com", "updatedAt": "2026-01-30T08:15:00Z"},
    {"id": "2", "email": "ben@example.com", "updatedAt": "2026-01-31T09:00:00Z"},
)
COLUMNS = (
    {"name": "id", "type": "string", "xdm": {"type": "string"}},
    {"name": "email", "type": "string", "xdm": {"type": "string"}},
    {
        "name": "updatedAt",
        "type": "string",
        "meta:xdmType": "date-time",
        "xdm": {"type": "string", "format": "date-time"},
    },
)


def test_connection(call: Call) -> Reply:
    """Return `{"result": true}`, or false with the setting `credentials: invalid`."""
    find(call, CONNECTION)
    return Reply(body={"result": call.platform.settings.credentials == "valid"})


def explore_connection(call: Call) -> Reply:
    """Return what a base connection's source holds; see `_explore`."""
    connection = find(call, CONNECTION).value()
    spec = call.platform.library.connection_spec(connection["connectionSpec"]["id"]) or {}
    return _explore(call, spec, folder_of(call, connection, spec))


def explore_spec(call: Call) -> Reply:
    """Return what a source without base connection holds, as the Data Landing Zone has it."""
    spec = _spec(call)
    return _explore(call, spec, folder_of(call, {}, spec))


def connection_configs(call: Call) -> Reply:
    """Return the configurations of a base connection's source; there are none."""
    find(call, CONNECTION)
    return Reply(body={"items": []})


def spec_configs(call: Call) -> Reply:
    """Return the configurations of a source: the only list with limit (1 to 100) and start (FLOW-1452-400)."""
    _spec(call)
    query = call.incoming.query
    for name, default, least, most in (("limit", "20", 1, 100), ("start", "0", 0, 10**9)):
        text = query.get(name, default)
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            raise service_error("1452", f"The query parameter {name} is an integer from {least} to {most}.")
    return Reply(body={"items": [], "pageInfo": {"hasNext": False}})


def _spec(call: Call) -> dict[str, Any]:
    found = call.platform.library.store.get(LIBRARY_SCOPE, "connectionSpec", call.parameters["id"])
    if found is None:
        raise not_found("connectionSpecs", call.parameters["id"])
    return found.value()


def _explore(call: Call, spec: dict[str, Any], folder: Path | None) -> Reply:
    """Return a list at the root or in a folder, else the schema of one object, with rows where `preview=true`.

    Refuses an unknown objectType (CONNECTOR-1358-400), a missing object (1337), filters that are none (1384), a
    combination of determineProperties with the properties themselves (1374).
    """
    query = call.incoming.query
    kind, name = query.get("objectType", "root").lower(), query.get("object", "")
    if kind not in OBJECT_TYPES:
        raise connector_error("1358", f"The objectType {kind} is not valid; valid: {', '.join(OBJECT_TYPES)}.")
    if kind == "root":
        return Reply(body=_root(spec) if folder is None else entries(folder, "", tables=not _has_files(spec)))
    if not name and kind != "rest":
        raise connector_error("1337", "The query parameter object is missing.")
    if kind == "folder":
        made_up = [_entry("file", f"{name.rstrip('/')}/contacts.csv")]
        return Reply(body=made_up if folder is None else entries(folder, name, tables=not _has_files(spec)))
    meets = explored_filter(spec, query.get("filters"))
    determined = query.get("determineProperties", "").lower() == "true"
    given = [key for key in ("fileType", "columnDelimiter", "compressionType") if key in query]
    if determined and given:
        raise connector_error("1374", f"determineProperties cannot be used together with {', '.join(given)}.")
    body = described(folder, kind, name, query) if folder is not None and kind != "rest" else _made_up(kind, query)
    if meets is not None and "data" in body:
        body["data"] = [row for row in body["data"] if meets(row)]
    if determined:
        body["properties"] = {"fileType": "delimited", "compressionType": "", "columnDelimiter": ","}
    return Reply(body=body)


def _made_up(kind: str, query: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {"format": "flat", "schema": {"columns": list(COLUMNS)}}
    if kind == "rest":
        fields = {column["name"]: column["xdm"] for column in COLUMNS}
        body = {"format": "hierarchical", "schema": {"type": "object", "properties": fields}}
    if query.get("preview", "").lower() == "true":
        body["data"] = list(ROWS)
    return body


def _root(spec: dict[str, Any]) -> list[dict[str, Any]]:
    if _has_files(spec):
        return [_entry("folder", "/in/"), _entry("file", "/contacts.csv")]
    return [_entry("table", "Contacts"), _entry("table", "Orders")]


def _has_files(spec: dict[str, Any]) -> bool:
    return str(spec.get("sourceSpec", {}).get("type", "")).lower() in ("file", "cloudstorage")


def _entry(kind: str, path: str) -> dict[str, Any]:
    name = path.rstrip("/").rpartition("/")[2]
    readable = kind != "folder"
    return {"type": kind, "name": name, "path": path, "canPreview": readable, "canFetchSchema": readable}
