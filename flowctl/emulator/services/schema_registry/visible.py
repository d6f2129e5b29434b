"""What the registry shows: new resources and changes appear after `visibilityDelay` and `updateDelay`.

Writes work with the newest state, whatever is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.conditions import ALWAYS, Condition

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored


def shown(call: Call, type_: str, id_: str) -> Stored | None:
    """Return the tenant's resource of that type and ID as it is shown; None if there is none, or it is not visible."""
    stored = call.platform.objects.get(call.caller.scope, type_, id_)
    return as_shown(call, type_, stored) if stored is not None and stored.created <= _newest(call) else None


def only_shown(call: Call) -> Condition:
    """Return the condition that a resource of the tenant is visible."""
    return Condition("created <= ?", (_newest(call),)) if call.platform.settings.visibilityDelay else ALWAYS


def as_shown(call: Call, type_: str, stored: Stored) -> Stored:
    """Return a visible resource of the tenant as it was before changes that are not shown yet."""
    delay = call.platform.settings.updateDelay
    moment = call.now_ms - delay
    return call.platform.earlier.at(call.caller.scope, type_, stored, moment) if delay else stored


def change(call: Call, type_: str, stored: Stored, body: dict[str, Any], *, etag: str, name: str) -> None:
    """Store a new state of a resource, which is `stored` in its newest one."""
    objects, scope, delay = call.platform.objects, call.caller.scope, call.platform.settings.updateDelay
    if delay:
        call.platform.earlier.keep(scope, type_, stored, now=call.now_ms, delay=delay)
    objects.replace(scope, type_, stored.id, body, etag=etag, name=name)


def _newest(call: Call) -> float:
    """Return the time of creation of the newest visible resource, in epoch milliseconds."""
    delay = call.platform.settings.visibilityDelay
    return call.now_ms - delay if delay else float("inf")
