"""Accept drift: write live values into the manifests and the lockfile, after a proof that they say what is live."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.index import named
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.diagnostic import has_errors, in_file_order
from flowctl.model.drift_report import Acceptance
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.model.record import LockEntry
from flowctl.model.resource import Reference, RemoteObject, Resource
from flowctl.model.values import transform, without_secrets
from flowctl.operations.accepting.left import left_attribute, left_object
from flowctl.operations.accepting.proof import Proof, Reload
from flowctl.operations.accepting.proposals import Owner, Proposal, propose
from flowctl.operations.accepting.record import accepted_entry
from flowctl.operations.drift import FoundDrift
from flowctl.operations.moving import record_moves
from flowctl.operations.session import Session
from flowctl.operations.written_manifests import write_manifests

_Entries: TypeAlias = Mapping[Address, LockEntry]


def accept_drift(session: Session, manifests: Manifests, found: FoundDrift, reload: Reload) -> Acceptance:
    """Accept what can be accepted, and tell what cannot and why. Entries are moved to the names that they have now.

    Raises ManifestError if the manifests have errors, StateError if a file or the lockfile cannot be written.
    """
    if has_errors(manifests.diagnostics):
        raise ManifestError(in_file_order(manifests.diagnostics))
    record_moves(session.ledger, found.moved)
    entries = session.ledger.lockfile.entries
    owners = _owners(manifests.documents)
    there = [each for each in found.report.objects if each.address in found.live]
    proposals = [
        proposal
        for each in there
        for proposal in propose(each, owners.get(each.address), entries[each.address].applied)
    ]
    proof = Proof(session, found, entries, reload)
    accepted, texts, desired = proof.accepted(proposals)
    refused = [proposal for proposal in proof.judged if proposal.why_not]
    root = session.workspace.root
    write_manifests({(root / file).resolve(): text.new for file, text in texts.items()})
    changed = _record(session, found.live, entries, accepted, desired)
    gone = [left_object(each, owners.get(each.address)) for each in found.report.objects if each not in there]
    left = [*(left_attribute(proposal) for proposal in refused), *gone]
    return Acceptance(files=tuple(sorted(texts)), entries=tuple(changed), left=in_file_order(left))


def _owners(documents: Sequence[Document]) -> dict[Address, Owner]:
    known = named(documents)
    return {
        resource.address: Owner(document=document, resource=resource)
        for document in documents
        for resource in DOCUMENT_KINDS[document.kind].expand(document, known)
    }


def _record(
    session: Session,
    live: Mapping[Address, RemoteObject],
    entries: _Entries,
    accepted: Sequence[Proposal],
    desired: Mapping[Address, Resource],
) -> list[Address]:
    """Update the entries of what was accepted, and of versions that accepted attributes refer to."""
    paths: dict[Address, list[tuple[str, ...]]] = {}
    for proposal in accepted:
        paths.setdefault(proposal.address, []).append(proposal.attribute.steps)
        if proposal.follows is not None:
            paths.setdefault(proposal.follows, [])
    resolved = {address: replace(entry) for address, entry in entries.items()}
    for address in sorted(paths, key=_needed_first):

        def fill(value: JSON) -> JSON:
            return resolved[value.address].output(value.output) if isinstance(value, Reference) else value

        wanted = without_secrets(transform(desired[address].attributes, fill))
        resolved[address] = accepted_entry(entries[address], live[address], paths[address], wanted)
    changed = [address for address in resolved if resolved[address] != entries[address]]
    for address in sorted(changed, key=_needed_first):
        # A crash in between leaves a pin of the old version, by which the next run finds the new one.
        session.ledger.record(address, resolved[address])
    session.ledger.compact()
    return sorted(changed)


def _needed_first(address: Address) -> tuple[int, Address]:
    """What others need comes before what needs it."""
    return list(KINDS).index(address.kind), address
