"""Repair: rebuilds the record of wanted resources from live objects, after a lockfile was lost."""

from collections.abc import Mapping
from dataclasses import dataclass

from flowctl.engine.graph import in_dependency_order
from flowctl.engine.reading import find_objects, read_object, read_version
from flowctl.engine.values import walk
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import ManifestError
from flowctl.model.record import LockEntry
from flowctl.model.resource import Reference, RemoteObject, Resource
from flowctl.operations.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found for one address that is not recorded: the entry to record, or why there is none."""

    address: Address
    entry: LockEntry | None = None
    why_not: str = ""


def find_records(session: Session, manifests: Manifests) -> list[Finding]:
    """What a repair would record, for every wanted resource that is not recorded.

    A flow is found by its name; what it uses by the ids in it, so that equal names do no harm; anything else by its
    name. Credentials cannot be compared, so the next apply sends them again. Raises ManifestError, PlatformError.
    """
    if has_errors(manifests.diagnostics):
        raise ManifestError(manifests.diagnostics)
    desired = desired_graph(manifests.documents)
    order = in_dependency_order({address: resource.depends_on for address, resource in desired.items()})
    implied: dict[Address, dict[str, str]] = {}
    findings: list[Finding] = []
    for address in reversed(order):
        if session.ledger.entry(address) is not None:
            continue
        live, why_not = _found(session, desired[address], implied.get(address, {}))
        if live is None:
            findings.append(Finding(address=address, why_not=why_not))
            continue
        findings.append(Finding(address=address, entry=_entry(desired[address], live)))
        for reference, value in _references(desired[address], live):
            implied.setdefault(reference.address, {})[reference.output] = value
    return findings


def record(session: Session, findings: list[Finding]) -> None:
    """Records what was found."""
    for finding in findings:
        if finding.entry is not None:
            session.ledger.record(finding.address, finding.entry)
    session.ledger.compact()


def _found(session: Session, resource: Resource, implied: Mapping[str, str]) -> tuple[RemoteObject | None, str]:
    kind = KINDS[resource.kind]
    if "id" in implied:
        object_id = implied["id"]
        if kind.versioned:
            live = read_version(kind, object_id, implied.get("version", ""), session.send)
        else:
            live = read_object(kind, object_id, session.send)
        return live, "" if live else f"{object_id}, which its flow names, is not found"
    title = resource.attributes.get(kind.label)
    if title is None:
        return None, "no flow names it"
    candidates = find_objects(kind, title, session.send)
    if len(candidates) == 1:
        return candidates[0], ""
    if not candidates:
        return None, f'no {kind.title} is named "{title}"'
    ids = ", ".join(live.id for live in candidates)
    return None, f'{len(candidates)} objects are named "{title}": {ids}'


def _entry(resource: Resource, live: RemoteObject) -> LockEntry:
    """What was applied last is not known, so nothing counts as applied; only a fixed version is what it is."""
    return LockEntry(
        kind=resource.kind,
        id=live.id,
        etag=live.etag,
        applied=live.attributes if KINDS[resource.kind].versioned else {},
        outputs=live.outputs,
        depends_on=resource.depends_on,
        lifecycle=resource.lifecycle,
    )


def _references(resource: Resource, live: RemoteObject) -> list[tuple[Reference, str]]:
    keyed_lists = KINDS[resource.kind].keyed_lists
    found = []
    for path, value in walk(resource.attributes):
        if isinstance(value, Reference):
            observed = _live_value(resource, live, path, keyed_lists)
            if observed is not None:
                found.append((value, str(observed)))
    return found


def _live_value(resource: Resource, live: RemoteObject, path: Path, keyed_lists: Mapping[Path, str]) -> object:
    """The live value where a reference stands; items of keyed lists are found by key, others by place."""
    wanted: object = resource.attributes
    observed: object = live.attributes
    for place, step in enumerate(path):
        if step.startswith("[") and isinstance(wanted, list):
            wanted = wanted[int(step[1:-1])]
            key = keyed_lists.get(path[:place])
            items = observed if isinstance(observed, list) else []
            if key is not None and isinstance(wanted, Mapping):
                name = wanted.get(key)
                observed = next((item for item in items if item.get(key) == name), None)
            else:
                index = int(step[1:-1])
                observed = items[index] if index < len(items) else None
        else:
            wanted = wanted.get(step) if isinstance(wanted, Mapping) else None
            observed = observed.get(step) if isinstance(observed, Mapping) else None
    return observed
