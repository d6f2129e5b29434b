"""Access labels: a labeled flow is hidden from a client whose role lacks one of its labels.

A role's labels are permissions of the client in the form `label:core/C12`. A hidden flow is in no list and answers a
read with 404, as if it did not exist; a write is refused with 403 (Adobe docs: labels of dataflows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowctl.emulator.conditions import ALWAYS, Condition
from flowctl.emulator.services.flow_service.errors import not_found, service_error
from flowctl.emulator.services.flow_service.kinds import FLOW, Kind

if TYPE_CHECKING:
    from flowctl.emulator.message import Call
    from flowctl.emulator.objects import Stored

_PREFIX = "label:"


def visible(call: Call, kind: Kind) -> Condition:
    """Return the condition that keeps hidden objects out of a list."""
    if kind is not FLOW or not _are_enforced(call):
        return ALWAYS
    held = sorted(_held(call))
    marks = ",".join("?" * len(held))
    hidden = f"SELECT 1 FROM json_each(body, '$.labels') AS label WHERE label.value NOT IN ({marks})"
    return Condition(f"NOT EXISTS ({hidden})", tuple(held))


def check_visible(call: Call, kind: Kind, stored: Stored) -> None:
    """Refuse an object that is hidden from the caller."""
    if kind is not FLOW or not _are_enforced(call) or _held(call).issuperset(stored.value().get("labels") or ()):
        return
    if call.incoming.method == "GET":
        raise not_found(kind.collection, stored.id)
    raise service_error("2121", "The caller lacks an access label of the flow.", status=403)


def _are_enforced(call: Call) -> bool:
    return call.platform.settings.accessLabels == "enforced"


def _held(call: Call) -> frozenset[str]:
    return frozenset(each.removeprefix(_PREFIX) for each in call.caller.permissions if each.startswith(_PREFIX))
