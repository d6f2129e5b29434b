"""Mapping sets: POST makes version 0, every PUT a new version, and older versions stay readable.

The service has no ETag. Creation answers 200 with a summary; GET gives the rest.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import ALWAYS, Condition
from flowctl.emulator.errors import problem
from flowctl.emulator.identifiers import new_mapping_id
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.mapping import contents
from flowctl.emulator.services.data_prep.output_schema import expanded, wants_schema
from flowctl.emulator.services.data_prep.validation import first_failure
from flowctl.emulator.services.refusals import bad_request, not_found

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

KIND = "mappingSet"
SUMMARY = ("id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy")
LARGEST_LIMIT = 1000
_ORDER = re.compile(r"[+ -]?(createdDate|modifiedDate|updatedDate|lastUpdateDate|name|id)\Z")


def create(call: Call) -> Reply:
    """Create a mapping set: 200 with `{"id", "version": 0, "createdDate", ...}`, without its mappings."""
    id_, now = new_mapping_id(), call.now_ms
    mapping_set = {
        "id": id_,
        "version": 0,
        "createdDate": now,
        "modifiedDate": now,
        "createdBy": call.caller.user,
        "modifiedBy": call.caller.user,
        **_checked_contents(call),
        "status": "PUBLISHED",
        "supportVersion": "1.1",
    }
    mapping_set = _completed(mapping_set, None)
    summary = {key: mapping_set[key] for key in SUMMARY}
    call.platform.objects.insert(
        call.caller.scope, KIND, id_, summary, etag="0", created=now, name=mapping_set.get("name")
    )
    call.platform.mapping_versions.add(call.caller.scope, id_, 0, mapping_set)
    return Reply(body=summary)


def replace(call: Call) -> Reply:
    """Store the next version: 200 with the whole set. All of its mappings get new IDs."""
    before = _latest(call)
    now = call.now_ms
    mapping_set = {
        **{key: before[key] for key in SUMMARY},
        **_checked_contents(call),
        "version": before["version"] + 1,
        "modifiedDate": now,
        "modifiedBy": call.caller.user,
        "status": "PUBLISHED",
        "supportVersion": "1.1",
    }
    mapping_set = _completed(mapping_set, before["outputSchema"])
    id_, version = mapping_set["id"], mapping_set["version"]
    summary = {key: mapping_set[key] for key in SUMMARY}
    call.platform.objects.replace(
        call.caller.scope, KIND, id_, summary, etag=str(version), name=mapping_set.get("name")
    )
    call.platform.mapping_versions.add(call.caller.scope, id_, version, mapping_set)
    return Reply(body=_shown(call, mapping_set))


def read(call: Call) -> Reply:
    """Return a mapping set: the version that the query names, else the latest. Refuses an unknown one (404)."""
    return Reply(body=_shown(call, _version(call)))


def delete(call: Call) -> Reply:
    """Delete a mapping set where the setting allows it: no public documentation has this operation (405)."""
    _latest(call)
    if call.platform.settings.mappingSetDelete != "allow":
        raise problem(405, "MethodNotAllowed", "Mapping sets cannot be deleted.", {"Allow": "GET, PUT"})
    call.platform.objects.delete(call.caller.scope, KIND, call.parameters["id"])
    call.platform.mapping_versions.delete(call.caller.scope, call.parameters["id"])
    return Reply(204)


def list_sets(call: Call) -> Reply:
    """List mapping sets as `{"data", "_page"}`. Refuses a call without both limit and start (400)."""
    query = call.incoming.query
    defaults = ("10", "0") if call.platform.settings.mappingSetPaging == "optional" else (None, None)
    limit = _integer(query.get("limit", defaults[0]), "limit", 1)
    start = _integer(query.get("start", defaults[1]), "start", 0)
    where = Condition("name = ?", (query["name"],)) if query.get("name") else ALWAYS
    found = call.platform.objects.select(
        call.caller.scope, KIND, where, order=_order(query.get("orderBy", "")), limit=limit, offset=start
    )
    sets = [call.platform.mapping_versions.get(call.caller.scope, stored.id) for stored in found]
    with_schemas = bool(wants_schema(call))
    data = [_shown(call, mapping_set, with_schemas) for mapping_set in sets if mapping_set]
    return Reply(body={"data": data, "_page": {"count": len(data), "limit": limit}})


def list_mappings(call: Call) -> Reply:
    """Return the mappings of a set."""
    return Reply(body=_version(call)["mappings"])


def read_mapping(call: Call) -> Reply:
    """Return one mapping of a set. Refuses an unknown one (404)."""
    wanted = call.parameters["mapping_id"]
    for mapping in _version(call)["mappings"]:
        if mapping["id"] == wanted:
            return Reply(body=mapping)
    raise not_found(f"The mapping {wanted} is not found.")


def _checked_contents(call: Call) -> dict[str, Any]:
    """Return what the body says. Refuses (400) a mapping that validation fails, if the setting says so."""
    found = contents(call, parse(call.incoming.body))
    failure = first_failure(call, found)
    if failure is not None:
        raise bad_request(failure)
    return found


def _latest(call: Call) -> dict[str, Any]:
    found = call.platform.mapping_versions.get(call.caller.scope, call.parameters["id"])
    if found is None:
        raise not_found(f"The mapping set {call.parameters['id']} is not found.")
    return found


def _version(call: Call) -> dict[str, Any]:
    text = call.incoming.query.get("version")
    if text is None:
        return _latest(call)
    version = _integer(text, "version", 0)
    found = call.platform.mapping_versions.get(call.caller.scope, call.parameters["id"], version)
    if found is None:
        raise not_found(f"The mapping set {call.parameters['id']} has no version {version}.")
    return found


def _completed(mapping_set: dict[str, Any], before: dict[str, Any] | None) -> dict[str, Any]:
    """Add what the service sets: the ID of the output schema, which stays while the schema does, and who made rows."""
    output = mapping_set["outputSchema"]
    same = before is not None and before["schemaRef"]["id"] == output["schemaRef"]["id"]
    own = {"id": before["id"] if before and same and "id" in before else new_mapping_id(), "version": 0}
    made = dict.fromkeys(("createdDate", "modifiedDate"), mapping_set["modifiedDate"] // 1000 * 1000)
    made |= dict.fromkeys(("createdBy", "modifiedBy"), mapping_set["modifiedBy"])
    rows = [row | made for row in mapping_set["mappings"]]
    return mapping_set | {"outputSchema": own | output, "mappings": rows}


def _shown(call: Call, mapping_set: dict[str, Any], with_schema: bool | None = None) -> dict[str, Any]:
    """Return a set as replies show it: the dates lose their milliseconds, as in the published samples.

    Without `with_schema`, `expandSchema` decides on the resolved schema, else the setting.
    """
    if with_schema is None:
        with_schema = wants_schema(call)
    if with_schema is None:
        with_schema = call.platform.settings.outputSchemas == "always"
    dates = {key: mapping_set[key] // 1000 * 1000 for key in ("createdDate", "modifiedDate")}
    return (expanded(call, mapping_set) if with_schema else mapping_set) | dates


def _order(text: str) -> str:
    """Return the ORDER BY terms; a plus sign that was not percent-encoded arrives as a blank.

    Sets made in one millisecond follow the direction too: the newest first means the last one first.
    """
    if not text:
        return "seq"
    match = _ORDER.match(text)
    if match is None:
        raise bad_request(f"The orderBy {text} is not valid.")
    name = match[1]
    expression = {"name": "name", "id": "id", "createdDate": "created"}.get(
        name, "json_extract(body, '$.modifiedDate')"
    )
    direction = "DESC" if text.startswith("-") else "ASC"
    return f"{expression} {direction}, seq {direction}"


def _integer(text: str | None, name: str, least: int) -> int:
    if text is None or not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < least:
        raise bad_request(f"The query parameter {name} is required and an integer of at least {least}.")
    return min(int(text), LARGEST_LIMIT) if name == "limit" else int(text)
