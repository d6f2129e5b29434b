"""Repair: record the live objects of desired resources, after a lockfile was lost or is outdated."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import ManifestError
from flowctl.model.record_report import Repair
from flowctl.operations.record_search import RecordSearch
from flowctl.operations.session import Session


def find_records(session: Session, manifests: Manifests, chosen: Mapping[Address, str] | None = None) -> Repair:
    """What a repair would record, for every wanted resource whose object is not recorded, or is recorded and gone.

    A flow is found by its name; what it uses by the IDs in it, so that equal names do no harm; anything else by its
    name. `chosen` names objects by their IDs. Credentials cannot be compared: they count as sent, and the
    next one that changes in the environment is sent.
    Raises ManifestError, StateError for a choice that cannot be recorded, PlatformError.
    """
    if has_errors(manifests.diagnostics):
        raise ManifestError(manifests.diagnostics)
    desired = desired_graph(manifests.documents)
    with ThreadPoolExecutor(max_workers=session.parallelism) as pool:
        search = RecordSearch(session, desired, chosen or {}, pool)
        # What depends on others comes last in the registry, and names the IDs of what it uses. A part of another
        # object is told by the ID of that one.
        dependents_first = reversed(tuple(KINDS.values()))
        for kind in sorted(dependents_first, key=lambda kind: bool(kind.belongs_to)):
            search.look_for(kind)
    return Repair(findings=tuple(search.findings))


def record(session: Session, repair: Repair) -> None:
    """Record what was found."""
    for finding in repair.findings:
        if finding.entry is not None:
            session.ledger.record(finding.address, finding.entry)
    session.ledger.compact()
