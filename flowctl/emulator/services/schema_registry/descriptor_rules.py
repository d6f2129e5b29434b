"""What the guide of descriptors asks of each type, beyond the members that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.services.identity import namespace_exists
from flowctl.emulator.services.schema_registry.errors import invalid
from flowctl.emulator.services.schema_registry.resources import full_view
from flowctl.emulator.services.schema_registry.visible import shown

if TYPE_CHECKING:
    from flowctl.emulator.message import Call

DISPLAY: Final = "xdm:alternateDisplayInfo"
TIMESTAMP: Final = "xdm:descriptorTimestamp"
_CARDINALITIES: Final = ("1:1", "1:0", "M:1", "M:0")
_MAPS: Final = ("xdm:title", "xdm:description", "meta:enum", "xdm:excludeMetaEnum")


def check_rules(call: Call, body: Mapping[str, Any], properties: Mapping[str, Any], required: list[str]) -> None:
    """Refuse a descriptor (400) against the rules of its type; its path is known to exist."""
    match body["@type"]:
        case "xdm:descriptorIdentity":
            _check_identity(call, body)
        case "xdm:descriptorReferenceIdentity":
            _check_namespace(call, body, "xdm:identityNamespace")
        case "xdm:descriptorOneToOne":
            _check_destination(call, body)
        case "xdm:descriptorRelationship":
            _check_destination(call, body)
            cardinality = body.get("xdm:cardinality", "M:1")
            if cardinality not in _CARDINALITIES:
                raise invalid(f"xdm:cardinality is one of {', '.join(_CARDINALITIES)}.")
            if body.get("xdm:destinationNamespace") is not None:
                _check_namespace(call, body, "xdm:destinationNamespace")
        case "xdm:alternateDisplayInfo":
            _check_display(body)
        case "xdm:descriptorVersion" | "xdm:descriptorTimestamp":
            _check_required(body, properties, required)


def _check_identity(call: Call, body: Mapping[str, Any]) -> None:
    if body["xdm:property"] not in ("xdm:code", "xdm:id"):
        raise invalid("xdm:property is xdm:code or xdm:id.")
    if not isinstance(body.get("xdm:isPrimary", False), bool):
        raise invalid("xdm:isPrimary is true or false.")
    _check_namespace(call, body, "xdm:namespace", is_id=body["xdm:property"] == "xdm:id")


def _check_namespace(call: Call, body: Mapping[str, Any], member: str, *, is_id: bool | None = None) -> None:
    """Refuse a namespace that does not exist, if so set; without `is_id`, its code and its number are both accepted."""
    if call.platform.settings.namespaces == "existing" and not namespace_exists(call, str(body[member]), is_id=is_id):
        raise invalid(f"There is no identity namespace {body[member]}, which {member} names.")


def _check_destination(call: Call, body: Mapping[str, Any]) -> None:
    """Refuse a destination schema that does not exist, and a field that it does not have."""
    id_ = str(body["xdm:destinationSchema"])
    schema = shown(call, "schemas", id_)
    if schema is None:
        raise invalid(f"The schema {id_} of xdm:destinationSchema is not found.")
    if body.get("xdm:destinationProperty") is not None:
        node_at(str(body["xdm:destinationProperty"]), full_view(call, schema.value())["properties"])


def _check_display(body: Mapping[str, Any]) -> None:
    given = [member for member in _MAPS if member in body]
    if not given:
        raise invalid(f"A {DISPLAY} has one of {', '.join(_MAPS)}.")
    for member in given:
        if not isinstance(body[member], Mapping):
            raise invalid(f"{member} is an object: a string for each locale or value.")


def _check_required(body: Mapping[str, Any], properties: Mapping[str, Any], required: list[str]) -> None:
    """Refuse a version or timestamp field that records may lack, and a timestamp of another type."""
    path = str(body["xdm:sourceProperty"])
    above, _, name = path.rpartition("/")
    needed = node_at(above, properties).get("required", []) if above else required
    if name not in needed:
        raise invalid(f"The field {path} of a {body['@type']} is not required.")
    if body["@type"] == TIMESTAMP and node_at(path, properties).get("format") != "date-time":
        raise invalid(f"The field {path} of a {TIMESTAMP} is not of type date-time.")


def node_at(path: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """The field at a path. Refuses one with a trailing slash, a `properties` step, or that does not exist."""
    if not path.startswith("/") or path.endswith("/"):
        raise invalid(f"The path {path} begins with a slash and does not end with one.")
    node: Any = {"properties": properties}
    for step in path[1:].split("/"):
        node = (node.get("properties") or {}).get(step.removesuffix("[*]")) if isinstance(node, dict) else None
        if isinstance(node, dict) and isinstance(node.get("items"), dict):
            node = node["items"]
    if not isinstance(node, dict):
        raise invalid(f"The schema has no field {path}.")
    return node
