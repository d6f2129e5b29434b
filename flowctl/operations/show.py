"""Showing: what is recorded, and one record beside its live object."""

from collections.abc import Mapping
from typing import Any

from flowctl.engine.observe.reading import read_object, read_version
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.resource import Sensitive
from flowctl.operations.session import Session
from flowctl.operations.state_care import require_recorded
from flowctl.state.ledger import Ledger
from flowctl.validation.wording import SENSITIVE


def entries_document(ledger: Ledger, environment: str) -> dict[str, Any]:
    """The recorded entries of an environment, by address."""
    lockfile = ledger.lockfile
    return {
        "formatVersion": "1",
        "environment": environment,
        "organization": lockfile.organization,
        "sandbox": lockfile.sandbox,
        "entries": {
            address: {"kind": entry.kind, "id": entry.id} for address, entry in sorted(lockfile.entries.items())
        },
    }


def entry_document(session: Session, address: Address) -> dict[str, Any]:
    """One entry: what was last applied beside what is live (None where it is not found).

    Raises StateError for an address that is not recorded.
    """
    entry = require_recorded(session.ledger, address)
    kind = KINDS[entry.kind]
    if kind.versioned:
        live = read_version(kind, entry.id, kind.version(entry.outputs), session.send)
    else:
        live = read_object(kind, entry.id, session.send)
    return {
        "formatVersion": "1",
        "address": address,
        "kind": entry.kind,
        "id": entry.id,
        "etag": entry.etag,
        "recorded": _with_secrets(_shown(entry.applied, entry), entry),
        "live": _shown(live.attributes, entry) if live else None,
        "state": kind.status(live.body) if live else None,
        "lifecycle": {
            "onDelete": str(entry.lifecycle.on_delete),
            "preventDestroy": entry.lifecycle.prevent_destroy,
        },
    }


def _shown(attributes: JSONObject, entry: LockEntry) -> JSON:
    """The attributes without secrets: those of the kind, and whatever was sent as one."""

    def member(value: Any, path: Path) -> Any:
        if isinstance(value, Sensitive) or dotted(path) in entry.secret_digests:
            return SENSITIVE
        if isinstance(value, Mapping):
            return {name: member(below, (*path, name)) for name, below in value.items()}
        return value

    return member(attributes, ())


def _with_secrets(recorded: JSON, entry: LockEntry) -> JSON:
    """The recorded attributes with a mark for each secret, of which only a digest is recorded."""
    for path in entry.secret_digests:
        holder, steps = recorded, path.split(".")
        while len(steps) > 1 and isinstance(holder.get(steps[0]), dict):
            holder = holder[steps.pop(0)]
        holder[".".join(steps)] = SENSITIVE
    return recorded
