"""The proof of an acceptance: the edited manifests are read, and declare what is live."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from flowctl.engine.plan.equivalence import alike
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.attribute_path import value_at
from flowctl.model.diagnostic import Diagnostic, Severity, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.model.record import LockEntry
from flowctl.model.resource import Reference, Resource
from flowctl.model.values import transform
from flowctl.operations.accepting.proposals import Proposal, edits_of
from flowctl.operations.accepting.texts import EditRefused, FileText, edited_texts
from flowctl.operations.drift import FoundDrift
from flowctl.operations.session import Session

Reload: TypeAlias = Callable[[Mapping[str, bytes]], Manifests]
"""Reads the manifests again, with these files as they would be after an edit."""


class Proof:
    """Narrows proposals to those after which the manifests declare what is live."""

    def __init__(
        self, session: Session, found: FoundDrift, entries: Mapping[Address, LockEntry], reload: Reload
    ) -> None:
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
