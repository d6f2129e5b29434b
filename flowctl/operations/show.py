"""Show: the lockfile entries, or one of them beside its live object."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flowctl.engine.observe.reading import read_object, read_version
from flowctl.engine.plan.equivalence import alike
from flowctl.engine.plan.places import leaves
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, dotted, value_at
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.record import LockEntry
from flowctl.model.record_report import RecordedObject, RecordedObjects, RecordedValue
from flowctl.model.resource import SENSITIVE, Sensitive
from flowctl.operations.state_care import require_recorded
from flowctl.state.ledger import Ledger

if TYPE_CHECKING:
    from flowctl.operations.session import Session


def recorded_objects(ledger: Ledger, environment: str) -> RecordedObjects:
    """The recorded entries of an environment."""
    lockfile = ledger.lockfile
    return RecordedObjects(
        environment=environment,
        organization=lockfile.organization,
        sandbox=lockfile.sandbox,
        entries=dict(sorted(lockfile.entries.items())),
    )


def recorded_object(session: "Session", address: Address) -> RecordedObject:
    """One entry: the values applied last beside the live ones (None if the object is not found).

    Raises StateError for an address that is not recorded.
    """
    entry = require_recorded(session.ledger, address)
    kind = KINDS[entry.kind]
    if kind.versioned:
        live = read_version(kind, entry.id, kind.version(entry.outputs), session.send)
    else:
        live = read_object(kind, entry.id, session.send)
    recorded = _with_secrets(_shown(entry.applied, entry), entry)
    observed = _shown(live.attributes, entry) if live else None
    return RecordedObject(
        address=address,
        id=entry.id,
        etag=entry.etag,
        recorded=recorded,
        live=observed,
        state=kind.status(live.body) if live else None,
        lifecycle=entry.lifecycle,
        values=tuple(compared(kind, recorded, observed)),
    )


def compared(kind: Kind, recorded: JSONObject, live: JSONObject | None) -> Iterator[RecordedValue]:
    """Each recorded value beside the live one; an object that was not found differs as a whole, and in no value."""
    keyed_lists, forms = kind.keyed_lists, kind.forms(recorded)
    for path, value in leaves(recorded, keyed_lists):
        observed = value_at(live, path, keyed_lists) if live is not None else value
        # A secret is recorded as a digest, and the platform may not even say that it has it.
        differs = value != SENSITIVE and not alike(forms, path, observed, value)
        yield RecordedValue(steps=path, recorded=value, live=observed, differs=differs)


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
