"""What the registry shows: a new resource is unknown to reads and references for as long as `visibilityDelay` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.conditions import ALWAYS, Condition

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored


def shown(call: Call, type_: str, id_: str) -> Stored | None:
    """Return the tenant's resource of that type and ID; None if there is none, or it is not visible yet."""
    stored = call.platform.objects.get(call.caller.scope, type_, id_)
    return stored if stored is not None and stored.created <= _newest(call) else None


def only_shown(call: Call) -> Condition:
    """Return the condition that a resource of the tenant is visible."""
    return Condition("created <= ?", (_newest(call),)) if call.platform.settings.visibilityDelay else ALWAYS


def _newest(call: Call) -> float:
    """Return the time of creation of the newest visible resource, in epoch milliseconds."""
    delay = call.platform.settings.visibilityDelay
    return call.now_ms - delay if delay else float("inf")
