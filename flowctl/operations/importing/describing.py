"""Describe flows: compose documents until each is a good manifest and is proven to describe its live objects."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from flowctl.kinds.kind import Use
from flowctl.manifest.document import Document
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.parts.descriptors import DISPLAY_NAMES, KEYS_OF_PARTS, declared_places
from flowctl.manifest.reading.in_memory import beside
from flowctl.masking.parts import holds_credentials
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, Severity
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
class Described:
    """The documents of flows, `reasons` why other flows have none, and why other objects are `undescribed`."""

    drafts: Drafts
    reasons: dict[Use, str]
    undescribed: Mapping[Use, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Describing:
    """What documents are composed with and proven against. `secrets` are those that the platform shows in clear,
    and `tenant` is the tenant ID of the organization.
    """

    session: Session
    known: Known
    bound: Bindings
    sandbox: Sandbox
    secrets: Set[str]
    tenant: str

    def describe(self, flows: Sequence[Part]) -> Described:
        """The documents of flows and of what they stand on, and why the other flows have none.

        A shared object that no document describes exactly is referred to by its title or its ID. A part of an object
        that its document does not describe is left as it is.
        """
        shared = (part for part in self.sandbox.parts.values() if not part.kind.is_pipeline)
        undescribed = {part.use: why for part in shared if (why := part.kind.obstacle(part.live))}
        addresses = {**self.known.owners, **self.bound.addresses}
        left = {flow.use: flow for flow in flows}
        reasons: dict[Use, str] = {}
        while True:
            drafts = compose(
                [*left.values()], self.sandbox, self.known.documents, addresses, undescribed.keys(), self.tenant
            )
            wrong = self._problems(drafts)
            if not wrong:
                return Described(drafts=drafts, reasons=reasons, undescribed={**undescribed, **drafts.left_out})
            for use, why in wrong.items():
                if use in left:
                    reasons[use] = why
                    del left[use]
                else:
                    undescribed[use] = why

    def _problems(self, drafts: Drafts) -> dict[Use, str]:
        """What is wrong with the draft of each object: as a manifest, or as a description of its live objects."""
        odd = [draft.subject.use for draft in drafts.drafts if draft.is_odd]
        if odd:
            return dict.fromkeys(odd, "a value in it is not what Adobe's API describes")
        files = {f"{draft.kind.name}/{draft.name}": draft for draft in drafts.drafts}
        texts = {file: document_text(draft.content) for file, draft in files.items()}
        documents, diagnostics = beside(self.known.documents, texts, tenant=self.tenant)
        telling = [secret for secret in self.secrets if len(secret) >= _TELLING]
        wrong = {
            files[file].subject.use: "it repeats a secret of its connection in clear"
            for file, text in texts.items()
            if any(secret in text for secret in telling)
        }
        wrong |= {draft.subject.use: why for draft in drafts.drafts if (why := _in_clear(draft)) is not None}
        for error in diagnostics:
            if error.severity is Severity.ERROR:
                draft = files.get(error.span.file) if error.span is not None else None
                if draft is None:
                    raise ManifestError([error])
                use = _part_at(error, draft, documents).use
                wrong.setdefault(use, f"a manifest cannot say it: {error.summary}")
        return wrong or self._unproven(drafts, desired_graph([*self.known.documents, *documents]))

    def _unproven(self, drafts: Drafts, desired: Mapping[Address, Resource]) -> dict[Use, str]:
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
        wrong: dict[Use, str] = {}
        for draft in drafts.drafts:
            for address, part in draft.addresses.items():
                if address in why:
                    use = part.use if part.owner is not None else draft.subject.use
                    wrong.setdefault(use, why[address])
        return wrong


def _part_at(error: Diagnostic, draft: Draft, documents: Sequence[Document]) -> Part:
    """The object whose part of a document is wrong: one that is a part of another if the error is at its place."""
    document = next(each for each in documents if error.span is not None and each.file == error.span.file)
    lines = {
        # The key of a display name may stand above its value, and is where an error of it is.
        (document.key_span if place[0] == DISPLAY_NAMES else document.span)(*place).line: address
        for address, place in declared_places(document).items()
    }
    lines |= {document.span(key).line: Address("") for key in document.content if key not in KEYS_OF_PARTS}
    line = max((each for each in lines if error.span is not None and each <= error.span.line), default=0)
    return draft.addresses.get(lines.get(line, Address("")), draft.subject)


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
