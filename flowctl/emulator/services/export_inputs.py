"""The names of the files that went into a batch, which Data Access lists as `input_files`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flowctl.emulator.json_text import dump
from flowctl.emulator.services.uploads import uploads_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flowctl.emulator.message import Call

KIND = "inputFiles"
PATH = "input_files"


def keep_names(call: Call, batch_id: str, names: Sequence[str]) -> None:
    """Keep the names of the files of a batch."""
    objects, scope, body = call.platform.objects, call.caller.scope, {"names": list(names)}
    if not objects.replace(scope, KIND, batch_id, body, etag=""):
        objects.insert(scope, KIND, batch_id, body, etag="", created=call.now_ms)


def names_of(call: Call, batch_id: str) -> list[str]:
    """Return the names of the files of a batch, also before they are kept."""
    kept = call.platform.objects.get(call.caller.scope, KIND, batch_id)
    return list(kept.value()["names"]) if kept else [upload["path"] for upload in uploads_of(call, batch_id)]


def metadata(name: str) -> str:
    """Return what Data Access keeps of a file: its path."""
    return dump({"path": name}) + "\n"


def listed(call: Call, batch_id: str, name: str) -> dict[str, Any]:
    """Return the entry of a file in the list."""
    base = f"{call.incoming.base_url.rstrip('/')}/data/foundation/export/batches/{batch_id}/meta"
    href = f"{base}?path={quote(f'{PATH}/{name}', safe='')}"
    return {"name": name, "length": str(len(metadata(name))), "_links": {"self": {"href": href}}}
