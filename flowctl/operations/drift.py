"""Drift: what is recorded compared with what is live, and who changed it. Nothing is sent but reads."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from flowctl.engine.observe.audit_trail import AuditTrail, read_audit_trail
from flowctl.engine.observe.moved_pins import moved_pins
from flowctl.engine.observe.reading import read_version
from flowctl.engine.observe.unreadable import Unread, Unreadable
from flowctl.kinds.audit_events import is_deleted
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.containment import holds
from flowctl.model.diagnostic import Diagnostic, SourceSpan, has_errors
from flowctl.model.drift_report import DriftedObject, DriftReport, LastChange
from flowctl.model.moves import MovedEntry
from flowctl.model.plan import DriftedAttribute
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject, Resource
from flowctl.model.selection import Choice
from flowctl.operations.drifted_places import compared
from flowctl.operations.last_changes import explained, is_hidden
from flowctl.operations.live_warnings import live_warnings_of
from flowctl.operations.moving import moved_entries, pending_moves
from flowctl.operations.reading_threads import reading_threads
from flowctl.operations.refreshing import refresh_of
from flowctl.operations.session import Session
from flowctl.operations.targets import narrowed_entries, selected_entries

_NO_PLACES = (
    "The manifests have errors, so this report does not tell where the objects are declared. Run `flowctl validate`."
)
_NO_EVENTS = "Who changed an object is told by the object itself, because {}."


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDrift:
    """The report of a comparison, with the live objects that it is about.

    `moved` are the entries that have another name in the lockfile until the next apply.
    """

    report: DriftReport
    live: Mapping[Address, RemoteObject] = field(default_factory=dict)
    moved: tuple[MovedEntry, ...] = ()


def find_drift(
    session: Session, manifests: Manifests, targets: Sequence[str] = (), choice: Choice | None = None
) -> FoundDrift:
    """Compare the recorded entries, or those of some targets or of a choice, with the live objects.

    What `lifecycle.ignoreChanges` names is not compared. Manifests only tell that, and where an object is declared.
    An object that cannot be read is an error in the report. Raises ManifestError for a target that names nothing,
    PlatformError if Experience Platform cannot be read.
    """
    lockfile = session.ledger.lockfile
    moves = pending_moves(session, manifests.documents)
    entries = moved_entries(lockfile.entries, moves)
    entries = narrowed_entries(entries, targets) if choice is None else selected_entries(entries, choice)
    moved = tuple(each for each in moves if each.new in entries)
    desired = {} if has_errors(manifests.diagnostics) else desired_graph(manifests.documents)
    applied = {(entry.kind, entry.id): entry.applied for entry in entries.values()}

    def differs(kind: Kind, live: RemoteObject) -> bool:
        return kind.warning(live) is not None or not holds(live.attributes, applied[kind.name, live.id])

    unread: list[Unreadable] = []
    with reading_threads(session) as pool:
        session.authenticate()
        reading = refresh_of(session, pool, keeps=differs, unread=unread.append)
        live = reading.live(entries)
        live |= _at_work(session, entries, live, pool, unread.append)
        broken = {address: why for address, entry in entries.items() if (why := _why_unread(entry, unread)) is not None}
        entries = {address: entry for address, entry in entries.items() if address not in broken}
        drifted = dict(compared(entries, live, desired))
        trail = _trail(session, entries, drifted, pool)
    notes = [_NO_EVENTS.format(trail.unread)] if trail.unread else []
    if entries and has_errors(manifests.diagnostics):
        notes.append(_NO_PLACES)
    report = DriftReport(
        environment=session.environment.name,
        organization=lockfile.organization,
        sandbox=lockfile.sandbox,
        compared=len(entries),
        objects=tuple(
            _object(address, entries[address], live.get(address), attributes, trail, desired.get(address))
            for address, attributes in drifted.items()
        ),
        notes=tuple(notes),
        diagnostics=(*_unreadable(broken, desired), *live_warnings_of(live, desired)),
    )
    return FoundDrift(report=report, live=live, moved=moved)


def _why_unread(entry: LockEntry, unread: Sequence[Unreadable]) -> str | None:
    return next((one.why for one in unread if (one.kind, one.id) == (entry.kind, entry.id)), None)


def _unreadable(broken: Mapping[Address, str], desired: Mapping[Address, Resource]) -> Iterator[Diagnostic]:
    """An error for each recorded object that cannot be read; the others are compared nevertheless."""
    for address, why in sorted(broken.items()):
        yield Diagnostic(
            code="unreadable-object",
            summary=f"`{address}` cannot be compared: {why}",
            hint="Correct or delete the object in the Experience Platform UI.",
            address=address,
            span=desired[address].span if address in desired else None,
        )


def _at_work(
    session: Session,
    entries: Mapping[Address, LockEntry],
    live: Mapping[Address, RemoteObject],
    pool: ThreadPoolExecutor,
    unread: Unread,
) -> dict[Address, RemoteObject]:
    """The versions that live objects use in place of the recorded ones."""
    pins = moved_pins(entries, live, KINDS)
    read = pool.map(lambda pin: read_version(KINDS[pin.kind], pin.id, pin.version, session.send, unread), pins.values())
    return {address: found for address, found in zip(pins, read, strict=True) if found is not None}


def _trail(
    session: Session,
    entries: Mapping[Address, LockEntry],
    drifted: Mapping[Address, Sequence[DriftedAttribute]],
    pool: ThreadPoolExecutor,
) -> AuditTrail:
    """The audit events of the drifted objects whose kind has some."""
    audited = [entries[address].id for address in drifted if KINDS[address.kind].provenance.asset_type]
    return read_audit_trail(audited, session.send, pool)


def _object(
    address: Address,
    entry: LockEntry,
    live: RemoteObject | None,
    attributes: tuple[DriftedAttribute, ...],
    trail: AuditTrail,
    resource: Resource | None,
) -> DriftedObject:
    events = trail.events.get(entry.id, ())
    hidden = live is None and is_hidden(events)
    return DriftedObject(
        address=address,
        id=entry.id,
        missing=live is None and not hidden,
        hidden=hidden,
        deleted=live is None and is_deleted(events),
        attributes=attributes,
        changed=LastChange() if hidden else explained(KINDS[entry.kind].provenance, live, events),
        span=_place(resource, attributes),
    )


def _place(resource: Resource | None, attributes: Sequence[DriftedAttribute]) -> SourceSpan | None:
    """Where the first drifted attribute is declared, or the object."""
    if resource is None:
        return None
    return resource.place(*attributes[0].steps) if attributes else resource.span
