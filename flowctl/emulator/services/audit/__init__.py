"""Audit Query: who changed which object, and when."""

from __future__ import annotations

from flowctl.emulator.routing import Operation, Service
from flowctl.emulator.services.audit.events import list_events
from flowctl.emulator.services.refusals import GENERIC

AUDIT = Service(
    prefix="/data/foundation/audit",
    operations=(Operation("GET", "/events", list_events),),
    refusals=GENERIC,
)
