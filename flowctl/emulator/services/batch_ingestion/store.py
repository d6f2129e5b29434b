"""Storing a batch after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flowctl.emulator.services.catalog import batch_store, objects

if TYPE_CHECKING:
    from flowctl.emulator.message import Call


def store_batch(call: Call, batch: dict[str, Any]) -> dict[str, Any]:
    """Store a batch in its next version, and tell its dataset. Return it."""
    version = objects.next_version(batch["version"])
    batch = batch | {"version": version, "updated": call.now_ms, "updatedUser": call.caller.user}
    store = call.platform.objects
    store.replace(call.caller.scope, batch_store.KIND, batch["id"], batch, etag=version, name=batch["status"])
    batch_store.tell_datasets(call, batch["id"], batch)
    return batch
