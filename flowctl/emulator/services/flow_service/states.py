"""The states of an object: the first one, and which operations each one allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.flow_service.errors import service_error

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.services.flow_service.kinds import Kind

CHANGEABLE = frozenset({"enabled", "disabled", "initializing", "draft"})


def first_state(call: Call, kind: Kind, *, draft: bool) -> str:
    """Return the state of a new object: `draft` where asked for, else `enabled`."""
    return "draft" if draft else "enabled"


def check_changeable(document: dict[str, Any]) -> None:
    """Refuse a PATCH or DELETE in a state that allows none (FLOW-1416-400)."""
    state = document["state"]
    if state not in CHANGEABLE:
        raise service_error("1416", f"The operation is not allowed in the state {state}.")
