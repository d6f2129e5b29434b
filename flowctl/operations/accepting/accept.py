"""Accept drift: write live values into the manifests and the lockfile, after a proof that they say what is live."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from flowctl.durable import remove_leftovers, replace_texts
from flowctl.engine.plan.equivalence import alike
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.diagnostic import Diagnostic, Severity, has_errors, in_file_order
from flowctl.model.drift_report import Acceptance
from flowctl.model.errors import ManifestError, StateError
from flowctl.model.json_value import JSON
from flowctl.model.record import LockEntry
from flowctl.model.resource import Reference, RemoteObject, Resource
from flowctl.model.values import transform, without_secrets
from flowctl.operations.accepting.left import left_attribute, left_object
from flowctl.operations.accepting.proposals import Owner, Proposal, edits_of, propose
from flowctl.operations.accepting.record import accepted_entry
from flowctl.operations.accepting.texts import EditRefused, FileText, edited_texts
from flowctl.operations.drift import FoundDrift
from flowctl.operations.session import Session

Reload: TypeAlias = Callable[[Mapping[str, bytes]], Manifests]
"""Reads the manifests again, with these files as they would be after an edit."""
_Entries: TypeAlias = Mapping[Address, LockEntry]


def accept_drift(session: Session, manifests: Manifests, found: FoundDrift, reload: Reload) -> Acceptance:
    """Accept what can be accepted, and tell what cannot and why.

    Raises ManifestError if the manifests have errors, StateError if a file or the lockfile cannot be written.
    """
    if has_errors(manifests.diagnostics):
        raise ManifestError(in_file_order(manifests.diagnostics))
    entries = session.ledger.lockfile.entries
    owners = _owners(manifests.documents)
    there = [each for each in found.report.objects if each.address in found.live]
    proposals = [
        proposal
        for each in there
        for proposal in propose(each, owners.get(each.address), entries[each.address].applied)
    ]
    proof = _Proof(session, found, entries, reload)
    accepted, texts, desired = proof.accepted(proposals)
    refused = [proposal for proposal in proof.judged if proposal.why_not]
    _write(session.workspace.root, texts)
    changed = _record(session, found.live, entries, accepted, desired)
    gone = [left_object(each, owners.get(each.address)) for each in found.report.objects if each not in there]
    left = [*(left_attribute(proposal) for proposal in refused), *gone]
    return Acceptance(files=tuple(sorted(texts)), entries=tuple(changed), left=in_file_order(left))


def _owners(documents: Sequence[Document]) -> dict[Address, Owner]:
    known = {(document.kind, document.name): document for document in documents}
    return {
        resource.address: Owner(document=document, resource=resource)
        for document in documents
        for resource in DOCUMENT_KINDS[document.kind].expand(document, known)
    }


class _Proof:
    """Narrows proposals to those after which the manifests declare what is live."""

    def __init__(self, session: Session, found: FoundDrift, entries: _Entries, reload: Reload) -> None:
        self._root = session.workspace.root
        self._live, self._entries, self._reload = found.live, entries, reload
        self.judged: list[Proposal] = []

    def accepted(
        self, proposals: Sequence[Proposal]
    ) -> tuple[list[Proposal], Mapping[str, FileText], Mapping[Address, Resource]]:
        """The proposals that hold, the files as they are with them, and the resources that these declare."""
        self.judged = _together(proposals)
        while True:
            chosen = [proposal for proposal in self.judged if not proposal.why_not]
            try:
                texts = edited_texts(self._root, edits_of(chosen))
            except EditRefused as refused:
                self.judged = _together(_without(self.judged, refused))
                continue
            manifests = self._reload({file: text.data for file, text in texts.items()})
            problems = [each for each in manifests.diagnostics if each.severity is Severity.ERROR]
            if problems and not texts:
                raise ManifestError(in_file_order(problems))
            if problems:
                self.judged = _together(_blamed(self.judged, problems))
                continue
            desired = desired_graph(manifests.documents)
            doubtful = [proposal for proposal in chosen if not self._holds(proposal, desired)]
            if not doubtful:
                return chosen, texts, desired
            why = "the manifest would not lead to the live value"
            self.judged = _together([replace(each, why_not=why) if each in doubtful else each for each in self.judged])

    def _holds(self, proposal: Proposal, desired: Mapping[Address, Resource]) -> bool:
        """Whether the declared value is the live one; references lead to what is live in place of what is recorded."""
        address, steps = proposal.address, proposal.attribute.steps
        kind = KINDS[address.kind]
        refused = {each.address for each in self.judged if each.why_not}

        def fill(value: JSON) -> JSON:
            if not isinstance(value, Reference):
                return value
            entry, live = self._entries[value.address], self._live.get(value.address)
            if live is not None and value.address not in refused:
                entry = replace(entry, id=live.id, outputs=live.outputs or entry.outputs)
            return entry.output(value.output)

        declared = transform(value_at(desired[address].attributes, steps, kind.keyed_lists), fill)
        observed = value_at(self._live[address].attributes, steps, kind.keyed_lists)
        return alike(kind.forms(desired[address].attributes), steps, declared, observed)


def _together(proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals; where one of a group is refused, the others are, for its reason."""
    listed = list(proposals)
    reasons = {proposal.group: proposal.why_not for proposal in listed if proposal.why_not}
    refused = {address for address, _ in reasons}
    for proposal in listed:
        if proposal.follows in refused:
            reasons.setdefault(proposal.group, f"`{proposal.follows}` is not accepted")
    return [replace(proposal, why_not=proposal.why_not or reasons.get(proposal.group, "")) for proposal in listed]


def _without(proposals: Sequence[Proposal], refused: EditRefused) -> list[Proposal]:
    """The proposals; what would edit the place that cannot be edited is refused."""
    return [
        replace(each, why_not=refused.why)
        if each.owner is not None
        and each.owner.document is refused.document
        and each.edit is not None
        and each.edit.path == refused.path
        else each
        for each in proposals
    ]


def _blamed(proposals: Sequence[Proposal], problems: Sequence[Diagnostic]) -> list[Proposal]:
    """The proposals in files that would have errors, refused; all of them if the errors are elsewhere."""
    reasons = {problem.span.file: problem.summary for problem in reversed(problems) if problem.span is not None}

    def judged(proposal: Proposal) -> Proposal:
        file = proposal.owner.document.file if proposal.owner is not None else ""
        if proposal.why_not or proposal.edit is None or (reasons.keys() & files and file not in reasons):
            return proposal
        return replace(proposal, why_not=f"the manifest would be wrong: {reasons.get(file, problems[0].summary)}")

    files = {each.owner.document.file for each in proposals if each.owner is not None and each.edit is not None}
    return [judged(proposal) for proposal in proposals]


def _write(root: Path, texts: Mapping[str, FileText]) -> None:
    """Write all files, or none. Raises StateError."""
    paths = {(root / file).resolve(): text for file, text in texts.items()}
    for path in paths:
        remove_leftovers(path)
    try:
        replace_texts({path: text.new for path, text in paths.items()})
    except OSError as error:
        name = Path(error.filename or "").name or "a manifest"
        raise StateError.because(
            "manifest-unwritable",
            f"{name} cannot be written: {error.strerror or error}",
            detail="No manifest was changed.",
            hint="Correct the permissions or free disk space, and run the command again.",
        ) from error


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
