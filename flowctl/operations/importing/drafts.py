"""Drafts: the documents that describe live objects, before they are checked and written."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from flowctl.engine.observe.understood import UNREADABLE
from flowctl.kinds.kind import Use
from flowctl.kinds.registry import KINDS
from flowctl.manifest.collapse.order import members_in_order
from flowctl.manifest.collapse.registry import COLLAPSED_KINDS, CollapsedKind
from flowctl.manifest.collapse.subject import Subject
from flowctl.manifest.document import Document
from flowctl.model.address import Address
from flowctl.model.json_value import JSON, JSONObject
from flowctl.operations.importing.names import names
from flowctl.operations.importing.obstacles import own_parts
from flowctl.operations.importing.sandbox import Part, Sandbox

_BY_SUBJECT: Final = {kind.kinds[0]: kind for kind in COLLAPSED_KINDS}
"""The kind of document that an object is the subject of, by the object's kind."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draft:
    """One document: `parts` are the live objects that it describes, its subject first.

    `is_odd` says that they have no document, because a value in them has another type than in Adobe's API.
    """

    kind: CollapsedKind
    name: str
    content: Mapping[str, JSON]
    parts: tuple[Part, ...]
    is_odd: bool = False

    @property
    def subject(self) -> Part:
        """The object that the document is about."""
        return self.parts[0]

    @property
    def addresses(self) -> dict[Address, Part]:
        """The live object of each resource that the document will become."""
        return {Address.of(self.name, part.kind.name, part.key_of_address): part for part in self.parts}


class Variables:
    """The environment variables of secrets: a variable never stands for two of them."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def chosen(self, words: str) -> str:
        """The variable of the secret that these words name."""
        plain = re.sub(r"[^A-Z0-9]+", "_", words.upper()).strip("_")
        name = plain if plain[:1].isalpha() else f"SECRET_{plain}"
        number = 1
        while self._owners.setdefault(name if number == 1 else f"{name}_{number}", words) != words:
            number += 1
        return name if number == 1 else f"{name}_{number}"

    @property
    def all(self) -> tuple[str, ...]:
        """Every variable, in order."""
        return tuple(sorted(self._owners))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """The documents of one import, the variables that they use, and why parts of objects are in none of them."""

    drafts: tuple[Draft, ...]
    variables: tuple[str, ...]
    left_out: Mapping[Use, str] = field(default_factory=dict)

    @property
    def addresses(self) -> dict[Address, Part]:
        """The live object of each resource that the documents will become."""
        return {address: part for draft in self.drafts for address, part in draft.addresses.items()}


def compose(
    flows: Sequence[Part],
    sandbox: Sandbox,
    documents: Sequence[Document],
    known: Mapping[Use, Address],
    undescribed: Set[Use],
    tenant: str = "",
) -> Drafts:
    """The documents of flows and of what they stand on, what others refer to first.

    `known` are the addresses of objects that the workspace describes; `undescribed` are shared objects, and parts of
    objects, that no document describes exactly. `tenant` is the tenant ID of the organization.
    """
    subjects: dict[Use, Part] = {}
    for flow in flows:
        _add(flow, sandbox, known, undescribed, subjects)
    given = _names(subjects.values(), documents)
    variables = Variables()
    declared = {(document.kind, document.name) for document in documents}
    names = {use.id: name for use, name in given.items()} | {
        use.id: address.name
        for use, address in known.items()
        if use.kind in _BY_SUBJECT and (_BY_SUBJECT[use.kind].name, address.name) in declared
    }
    left_out: dict[Use, str] = {}

    def refer(use: Use) -> JSON:
        if use in given:
            return given[use]
        if use in known and use.id in names:
            return names[use.id]
        part = sandbox.parts[use]
        search = part.kind.search
        return {"title": part.title} if search is not None and search.unique and part.title else {"id": use.id}

    drafts = []
    for use, part in subjects.items():
        whole = _whole(part, sandbox, known, undescribed, names, left_out)
        drafts.append(_draft(part, whole, given[use], sandbox, refer, variables.chosen, names, tenant))
    order = [*KINDS]
    drafts.sort(key=lambda draft: (order.index(draft.subject.kind.name), draft.name))
    return Drafts(drafts=tuple(drafts), variables=variables.all, left_out=left_out)


def _whole(
    part: Part,
    sandbox: Sandbox,
    known: Mapping[Use, Address],
    undescribed: Set[Use],
    names: Mapping[str, str],
    left_out: dict[Use, str],
) -> tuple[Part, ...]:
    """The objects that become one document; those of which `left_out` notes why are not among them."""
    if part.kind.is_pipeline:
        return tuple(own_parts(part, sandbox))
    attached = [each for each in sandbox.attached.get(part.use, ()) if _is_free(each, known, undescribed)]
    for name in _BY_SUBJECT[part.kind.name].kinds[1:]:
        own = [each for each in attached if each.kind.name == name and each.key_of_address is not None]
        others = [
            each.live.attributes
            for several in sandbox.attached.values()
            for each in several
            if each.kind.name == name and each.use not in undescribed
        ]
        why = _BY_SUBJECT[part.kind.name].left_out([each.live.attributes for each in own], others, names)
        left_out |= {own[position].use: reason for position, reason in why.items()}
    return (part, *(each for each in attached if each.use not in left_out))


def _is_free(part: Part, known: Mapping[Use, Address], undescribed: Set[Use]) -> bool:
    return part.key not in known and part.use not in undescribed


def referred(part: Part, sandbox: Sandbox) -> Iterator[Use]:
    """The shared objects that the document of an object refers to: what these use themselves is not its business."""
    own = [*own_parts(part, sandbox)] if part.kind.is_pipeline else [part]
    kinds = {each.kind.name for each in own}
    uses = dict.fromkeys(use for each in own for use in each.uses() if use.kind not in kinds and use in sandbox.parts)
    below = {use for each in uses for use in sandbox.parts[each].uses()}
    return (use for use in uses if use not in below)


def _named(part: Part, sandbox: Sandbox) -> Iterator[Use]:
    """What the document of an object may refer to by ID or label too, and what its parts lead to."""
    yield from (use for use in part.made_of() if use in sandbox.parts)
    for each in sandbox.attached.get(part.use, ()):
        yield from (use for use in each.uses() if use != part.use and use in sandbox.parts)
        yield from (sandbox.labelled[name].use for name in each.names() if name in sandbox.labelled)


def _add(
    part: Part, sandbox: Sandbox, known: Mapping[Use, Address], undescribed: Set[Use], subjects: dict[Use, Part]
) -> None:
    subjects[part.use] = part
    for use in (*referred(part, sandbox), *_named(part, sandbox)):
        if use not in known and use not in undescribed and use not in subjects:
            _add(sandbox.parts[use], sandbox, known, undescribed, subjects)


def _names(subjects: Iterable[Part], documents: Sequence[Document]) -> dict[Use, str]:
    given: dict[Use, str] = {}
    parts = sorted(subjects, key=lambda part: part.age)
    for kind_name, kind in _BY_SUBJECT.items():
        own = [
            (part.use, str(part.live.attributes.get("name") or part.title))
            for part in parts
            if part.kind.name == kind_name
        ]
        taken = {document.name for document in documents if document.kind == kind.name or _has_own(document, kind_name)}
        given |= names(own, taken, kind.name.lower())
    return given


def _has_own(document: Document, member: str) -> bool:
    """Whether a document declares such an object in itself, which then has the document's name."""
    return isinstance(document.at(member), dict)


def _draft(
    part: Part,
    parts: tuple[Part, ...],
    name: str,
    sandbox: Sandbox,
    refer: Callable[[Use], JSON],
    variable: Callable[[str], str],
    names: Mapping[str, str],
    tenant: str,
) -> Draft:
    kind = _BY_SUBJECT[part.kind.name]
    single = [each for each in parts if each.key_of_address is None]
    several: dict[str, list[JSONObject]] = {}
    for each in parts[1:]:
        if each.key_of_address is not None:
            several.setdefault(each.kind.name, []).append(each.live.attributes)
    subject = Subject(
        name=name,
        attributes={each.kind.name: members_in_order(each.live.attributes) for each in single},
        several=several,
        used={use.kind: sandbox.parts[use].live.attributes for use in part.uses() if use in sandbox.parts},
        names=names,
        tenant=tenant,
        refers={use.kind: refer(use) for use in referred(part, sandbox)},
        variable=variable,
    )
    try:
        return Draft(kind=kind, name=name, content=kind.collapse(subject), parts=parts)
    except UNREADABLE:
        return Draft(kind=kind, name=name, content={}, parts=parts, is_odd=True)
