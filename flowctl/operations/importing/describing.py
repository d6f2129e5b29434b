"""Describe flows: compose documents until each is a good manifest and is proven to describe its live objects."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.kind import Use
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.reading.in_memory import beside
from flowctl.masking.parts import holds_credentials
from flowctl.model.address import Address
from flowctl.model.diagnostic import Severity
from flowctl.model.errors import ManifestError
from flowctl.model.json_value import JSON
from flowctl.model.resource import Resource
from flowctl.operations.importing.drafts import Draft, Drafts, compose
from flowctl.operations.importing.known import Known
from flowctl.operations.importing.matching import Bindings
from flowctl.operations.importing.proof import unproven
from flowctl.operations.importing.sandbox import Part, Sandbox
from flowctl.operations.session import Session
from flowctl.text.writer import document_text

_MAPPINGS: Final = "mappings"
_WORDS: Final = re.compile(r"\b(?:basic|bearer)\s+[a-z]+(?!\S)", re.I)
"""What looks like a header with a credential and is a word, such as Basic Authentication."""
_TELLING: Final = 8
"""Characters of a secret that would not stand in a manifest by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """What documents are composed with and proven against; `secrets` are those that the platform shows in clear."""

    session: Session
    known: Known
    bound: Bindings
    sandbox: Sandbox
    secrets: Set[str]

    def describe(self, flows: Sequence[Part]) -> tuple[Drafts, dict[Use, str]]:
        """The documents of flows and of what they stand on, and why the other flows have none.

        A shared object that no document describes exactly is referred to by its title or its ID.
        """
        shared = (part for part in self.sandbox.parts.values() if not part.kind.is_pipeline)
        undescribed = {part.use for part in shared if part.kind.obstacle(part.live)}
        addresses = {**self.known.owners, **self.bound.addresses}
        left = {flow.use: flow for flow in flows}
        reasons: dict[Use, str] = {}
        while True:
            drafts = compose([*left.values()], self.sandbox, self.known.documents, addresses, undescribed)
            wrong = self._problems(drafts)
            if not wrong:
                return drafts, reasons
            for draft, why in wrong.items():
                use = draft.subject.use
                if use in left:
                    reasons[use] = why
                    del left[use]
                else:
                    undescribed.add(use)

    def _problems(self, drafts: Drafts) -> dict[Draft, str]:
        """What is wrong with each draft: as a manifest, or as a description of its live objects."""
        odd = {draft: "a value in it is not what Adobe's API describes" for draft in drafts.drafts if draft.is_odd}
        if odd:
            return odd
        files = {f"{draft.kind.name}/{draft.name}": draft for draft in drafts.drafts}
        texts = {file: document_text(draft.content) for file, draft in files.items()}
        documents, diagnostics = beside(self.known.documents, texts)
        telling = [secret for secret in self.secrets if len(secret) >= _TELLING]
        wrong = {
            files[file]: "it repeats a secret of its connection in clear"
            for file, text in texts.items()
            if any(secret in text for secret in telling)
        }
        wrong |= {draft: why for draft in drafts.drafts if (why := _in_clear(draft)) is not None}
        for error in diagnostics:
            if error.severity is Severity.ERROR:
                draft = files.get(error.span.file) if error.span is not None else None
                if draft is None:
                    raise ManifestError([error])
                wrong.setdefault(draft, f"a manifest cannot say it: {error.summary}")
        return wrong or self._unproven(drafts, desired_graph([*self.known.documents, *documents]))

    def _unproven(self, drafts: Drafts, desired: Mapping[Address, Resource]) -> dict[Draft, str]:
        parts = drafts.addresses | self.bound.parts
        needed = _with_dependencies(parts, desired)
        lockfile, now = self.session.ledger.lockfile, self.session.clock.now()
        # What only an Import document names is not recorded yet, and is imported together with the rest.
        named = ((address, self.known.ids[address]) for address in needed if address in self.known.ids)
        parts |= {
            address: self.sandbox.parts[use]
            for address, object_id in named
            if address not in lockfile.entries and (use := Use(kind=address.kind, id=object_id)) in self.sandbox.parts
        }
        why = unproven(needed, parts, lockfile, self.sandbox, now / 1000 if now is not None else time.time())
        return {
            draft: next(why[address] for address in draft.addresses if address in why)
            for draft in drafts.drafts
            if any(address in why for address in draft.addresses)
        }


def _in_clear(draft: Draft) -> str | None:
    """Why a draft would show a credential that someone wrote where people read. In mappings, `token = x` compares."""
    shown = {key: value for key, value in draft.content.items() if key != _MAPPINGS}
    is_shown = any(holds_credentials(_WORDS.sub("", text)) for text in _texts(shown))
    return "a title or a description has a credential in clear" if is_shown else None


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for member in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(member)


def _with_dependencies(
    addresses: Mapping[Address, Part], desired: Mapping[Address, Resource]
) -> dict[Address, Resource]:
    needed: dict[Address, Resource] = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address not in needed:
            needed[address] = desired[address]
            waiting += desired[address].depends_on
    return {address: resource for address, resource in desired.items() if address in needed}
