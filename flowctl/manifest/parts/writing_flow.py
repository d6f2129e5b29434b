"""How a pipeline declares the attributes of its flow and of its mapping set."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from flowctl.manifest.document import Document
from flowctl.manifest.document_kind import Written
from flowctl.manifest.parts.writing import NO_KEY, REFERS, item_position
from flowctl.model.attribute_path import Path
from flowctl.model.json_value import JSON

_HEAD: Final = {"name": "title", "description": "description"}
_HOLDERS: Final = {"scheduleParams": "schedule", "options": "options"}
_COLUMN: Final = {"name": "column", "dateFormat": "dateFormat", "timezone": "timezone"}
_ORIGINS: Final = ("source", "expression", "value")


def write_flow(document: Document, path: Path, value: JSON) -> Written | str:
    """The place of an attribute of a flow."""
    head, *rest = path
    if head in _HEAD:
        return Written(path=("metadata", _HEAD[head]), value=value or None)
    if path == ("state",):
        return Written(path=path, value=value)
    if head in _HOLDERS and rest:
        if path[1:] == ("startTime",):
            value = _start_time(document, value)
        return Written(path=(_HOLDERS[head], *rest), value=value)
    if head == "transformations" and rest:
        return _transformation(rest[0], tuple(rest[1:]), value)
    return REFERS if head.endswith("ConnectionIds") else NO_KEY


def _start_time(document: Document, value: JSON) -> JSON:
    """The time in the form in which the manifest has it: as text, or in epoch seconds."""
    if not isinstance(document.at("schedule", "startTime"), str):
        return int(value) if str(value).isdecimal() else value
    try:
        return f"{datetime.fromtimestamp(int(value), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (TypeError, ValueError, OverflowError, OSError):
        return value


def _transformation(name: str, rest: Path, value: JSON) -> Written | str:
    if name == "[Copy]":
        if not rest:
            return Written(path=("incremental",), value=_incremental(value))
        if rest[:2] == ("params", "deltaColumn") and rest[2:] and rest[2] in _COLUMN:
            return Written(path=("incremental", _COLUMN[rest[2]]), value=value)
    if name == "[Encryption]":
        if not rest:
            return Written(path=("encryption",), value=value.get("params") if isinstance(value, Mapping) else None)
        if rest[:1] == ("params",) and rest[1:]:
            return Written(path=("encryption", *rest[1:]), value=value)
    return NO_KEY


def _incremental(value: Any) -> JSON:
    if not isinstance(value, Mapping):
        return None
    column = (value.get("params") or {}).get("deltaColumn") or {}
    return {_COLUMN[name]: member for name, member in column.items() if name in _COLUMN} or None


def write_mapping(document: Document, path: Path, value: JSON) -> Written | str:
    """The place of an attribute of a mapping set; a mapping is told by its destination."""
    rows = document.at("mappings")
    if path[0] != "mappings" or not path[1:]:
        return REFERS if path[0] == "xdmSchema" else NO_KEY
    if isinstance(rows, Mapping):
        return f"the mappings are in the file `{rows.get('file')}`"
    if not isinstance(rows, list):
        return NO_KEY
    row = item_position(rows, "destination", path[1])
    if isinstance(value, Mapping):
        first = [name for name in _ORIGINS if name in value]
        value = {name: value[name] for name in (*first, *(name for name in value if name not in first))}
    return Written(path=("mappings", row, *path[2:]), value=value)
