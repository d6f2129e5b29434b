"""Sample data and source schemas that are kept for mappings: created, listed, read, and samples replaced too.

Paths: Adobe docs, data-prep/api/sample-data.md and schemas.md, which have neither bodies nor replies. Here a body is a
JSON object that is kept as it came, and a file is kept as text; replies have the members that a mapping set has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.identifiers import new_mapping_id
from flowctl.emulator.json_text import parse
from flowctl.emulator.message import Reply
from flowctl.emulator.services.data_prep.form_file import file_in
from flowctl.emulator.services.refusals import bad_request, not_found

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

SAMPLE, SCHEMA = "prepSample", "prepSchema"
LARGEST_LIMIT = 1000
_OWN = ("id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy")


def creator(kind: str) -> Callable[[Call], Reply]:
    """Return the POST of a kind: 200 with the whole object, as the other creations of the service answer."""
    return lambda call: _create(call, kind, _body(call))


def uploader(kind: str) -> Callable[[Call], Reply]:
    """Return the POST of a file: its JSON object, or its text as `content`."""

    def upload(call: Call) -> Reply:
        content = file_in(call.incoming)
        try:
            document = parse(content)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            document = {"content": _text(content)}
        return _create(call, kind, document)

    return upload


def lister(kind: str) -> Callable[[Call], Reply]:
    """Return the GET of a collection: `{"data", "_page"}`, by default 100 objects."""

    def list_all(call: Call) -> Reply:
        limit, start = (_number(call, name, default) for name, default in (("limit", 100), ("start", 0)))
        limit = min(limit, LARGEST_LIMIT)
        found = call.platform.objects.select(call.caller.scope, kind, limit=limit, offset=start)
        data = [stored.value() for stored in found]
        return Reply(body={"data": data, "_page": {"count": len(data), "limit": limit}})

    return list_all


def reader(kind: str) -> Callable[[Call], Reply]:
    """Return the GET of one object. Refuses an unknown one (404)."""
    return lambda call: Reply(body=_find(call, kind).value())


def replace_sample(call: Call) -> Reply:
    """Replace a sample: 200 with its next version. Refuses an unknown one (404)."""
    before = _find(call, SAMPLE).value()
    kept = {name: before[name] for name in _OWN}
    changed = {"version": before["version"] + 1, "modifiedDate": call.now_ms, "modifiedBy": call.caller.user}
    sample = {**_body(call), **kept, **changed}
    call.platform.objects.replace(call.caller.scope, SAMPLE, sample["id"], sample, etag=str(sample["version"]))
    return Reply(body=sample)


def _create(call: Call, kind: str, body: dict[str, Any]) -> Reply:
    id_, now, user = new_mapping_id(), call.now_ms, call.caller.user
    own = {"id": id_, "version": 0, "createdDate": now, "modifiedDate": now, "createdBy": user, "modifiedBy": user}
    call.platform.objects.insert(call.caller.scope, kind, id_, {**body, **own}, etag="0", created=now)
    return Reply(body={**body, **own})


def _body(call: Call) -> dict[str, Any]:
    document = parse(call.incoming.body)
    if not isinstance(document, dict) or not document:
        raise bad_request("The body is a JSON object with members.")
    return document


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text.strip():
        raise bad_request("The file is UTF-8 text that is not empty.")
    return text


def _find(call: Call, kind: str) -> Stored:
    stored = call.platform.objects.get(call.caller.scope, kind, call.parameters["id"])
    if stored is None:
        raise not_found(f"There is no object {call.parameters['id']}.")
    return stored


def _number(call: Call, name: str, default: int) -> int:
    text = call.incoming.query.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request(f"The query parameter {name} is an integer of at least 0.")
    return int(text)
