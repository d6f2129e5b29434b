"""The specs that connections and flows refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.flow_service.errors import missing_version, service_error

if TYPE_CHECKING:
    from collections.abc import Callable

    from flowctl.emulator.message import Call


def connection_spec(call: Call, body: dict[str, Any]) -> dict[str, Any]:
    """Return the spec that `connectionSpec` names. Refuses 422 without version, FLOW-1413-400 if it is unknown."""
    return _spec(body, "connectionSpec", "connection spec", call.platform.library.connection_spec)


def flow_spec(call: Call, flow: dict[str, Any]) -> dict[str, Any]:
    """Return the spec that `flowSpec` names. Refuses 422 without version, FLOW-1413-400 if it is unknown."""
    return _spec(flow, "flowSpec", "flow spec", call.platform.library.flow_spec)


def _spec(
    body: dict[str, Any], member: str, words: str, find: Callable[[str], dict[str, Any] | None]
) -> dict[str, Any]:
    reference = body.get(member)
    if not isinstance(reference, dict) or not isinstance(reference.get("id"), str):
        raise service_error("1413", f"A valid {member}.id is required.")
    if not reference.get("version"):
        raise missing_version(f"{member}.version")
    spec = find(reference["id"])
    if spec is None or str(reference["version"]) != spec["version"]:
        raise service_error("1413", f"The {words} {reference['id']} {reference['version']} is not found.")
    return spec
