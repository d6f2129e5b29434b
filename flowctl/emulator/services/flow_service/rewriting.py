"""What the service keeps otherwise than it was posted: final slashes of paths, and as a choice numbers as text.

Adobe docs, sources FAQ: a final slash of a file or folder is removed automatically. That numbers and booleans are
text in many replies is seen in samples of requests that posted text; the setting `numbers` gives it to every client.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.flow_service.kinds import CONNECTION, FLOW, SOURCE_CONNECTION, Kind

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

_AS_TEXT = {
    CONNECTION.name: ("auth",),
    SOURCE_CONNECTION.name: ("params",),
    FLOW.name: ("scheduleParams", "transformations"),
}


def as_kept(call: Call, kind: Kind, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as the service keeps it."""
    kept = dict(document)
    if call.platform.settings.paths == "trimmed" and _reads_files(call, document):
        if kind is SOURCE_CONNECTION:
            kept["params"] = _trimmed(document.get("params"), "path")
        elif kind is CONNECTION and isinstance(document.get("auth"), dict):
            kept["auth"] = document["auth"] | {"params": _trimmed(document["auth"].get("params"), "folderPath")}
    if call.platform.settings.numbers == "text":
        kept |= {name: _as_text(document[name]) for name in _AS_TEXT.get(kind.name, ()) if name in document}
    return {name: value for name, value in kept.items() if name in document}


def _reads_files(call: Call, document: dict[str, Any]) -> bool:
    reference = document.get("connectionSpec")
    spec = call.platform.library.connection_spec(reference["id"]) if isinstance(reference, dict) else None
    return spec is not None and spec.get("sourceSpec", {}).get("type") == "File"


def _trimmed(params: object, name: str) -> object:
    value = params.get(name) if isinstance(params, dict) else None
    if not isinstance(params, dict) or not isinstance(value, str):
        return params
    return params | {name: value.rstrip("/") or value[:1]}


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return str(value) if isinstance(value, int | float) else value
