"""What accepting drift would write: for each drifted attribute the edit of a manifest, or why there is none; pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flowctl.kinds.forms import booleans, form_at, integers, numbers
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.drift_report import DriftedObject
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.plan import DriftedAttribute
from flowctl.model.resource import Reference, Resource
from flowctl.text.edit import REMOVED, Edit, why_not_editable
from flowctl.text.positions import ValuePath, node_at

NO_MANIFEST = "no manifest declares the object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The document that declares a resource, and the resource."""

    document: Document
    resource: Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One drifted attribute: the edit that would accept it, or the reason why it cannot be accepted, as a clause.

    With neither, it refers to an object whose lockfile entry is to change: `follows` is its address. Attributes of one
    `group` are accepted together or not at all.
    """

    address: Address
    attribute: DriftedAttribute
    owner: Owner | None = None
    edit: Edit | None = None
    follows: Address | None = None
    why_not: str = ""

    @property
    def group(self) -> tuple[Address, Path]:
        """The address, and the attribute or the list item that it is in; a version is accepted as a whole."""
        steps = self.attribute.steps
        if KINDS[self.address.kind].versioned:
            return self.address, ()
        item = next((length for length, step in enumerate(steps, start=1) if step.startswith("[")), len(steps))
        return self.address, steps[:item]


def propose(drifted: DriftedObject, owner: Owner | None, applied: JSONObject) -> Iterator[Proposal]:
    """One proposal for each attribute of a drifted object; `applied` are its recorded attributes."""
    for attribute in drifted.attributes:
        if owner is None:
            yield Proposal(address=drifted.address, attribute=attribute, why_not=NO_MANIFEST)
        else:
            yield _proposal(drifted.address, attribute, owner, applied)


def _proposal(address: Address, attribute: DriftedAttribute, owner: Owner, applied: JSONObject) -> Proposal:
    declared = value_at(owner.resource.attributes, attribute.steps, KINDS[address.kind].keyed_lists)
    if isinstance(declared, Reference) and address != declared.address:
        return Proposal(address=address, attribute=attribute, owner=owner, follows=declared.address)
    writer = DOCUMENT_KINDS[owner.document.kind].writers.get(address.kind)
    value = _in_its_type(address.kind, attribute, applied)
    written = writer(owner.document, attribute.steps, value) if writer else "no key of a manifest stands for it"
    if isinstance(written, str):
        return Proposal(address=address, attribute=attribute, owner=owner, why_not=written)
    edit = Edit(path=written.path, value=REMOVED if written.value is None else written.value)
    return Proposal(
        address=address, attribute=attribute, owner=owner, edit=edit, why_not=_why_not(owner.document, written.path)
    )


def _in_its_type(kind: str, attribute: DriftedAttribute, applied: JSONObject) -> JSON:
    """The live value with the type that the attribute has: other clients send numbers and booleans as text."""
    value, form = attribute.observed, form_at(KINDS[kind].forms(applied), attribute.steps)
    if not isinstance(value, str):
        return value
    if form is booleans and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if form is integers and integers(value, value):
        return int(value.partition(".")[0])
    if form is numbers and numbers(value, value):
        return float(value) if "." in value else int(value)
    return value


def _why_not(document: Document, path: ValuePath) -> str:
    """Why the value at a place of a document cannot be edited there."""
    for place, found in document.expanded.items():
        if place[: len(path)] == path or path[: len(place)] == place:
            names = [
                *(f"${{env:{name}}}" for name in found.environment),
                *(f"${{var:{name}}}" for name in found.variables),
            ]
            return f"its value comes from `{'`, `'.join(names)}`" if names else "it has an escaped `${`"
    return why_not_editable(document.text(), document.root, path)


def edits_of(proposals: Iterable[Proposal]) -> Mapping[Document, Sequence[Edit]]:
    """The edits of each document. In an item of a list, a key that takes the place of another one is renamed."""
    found: dict[Document, list[Edit]] = {}
    for proposal in proposals:
        if proposal.owner is None or proposal.edit is None:
            continue
        if proposal.owner.document.at(*proposal.edit.path) != proposal.edit.value:
            # A run that crashed may have written the value already.
            found.setdefault(proposal.owner.document, []).append(proposal.edit)
    return {document: list(_renaming(document, edits)) for document, edits in found.items()}


def _renaming(document: Document, edits: Sequence[Edit]) -> Iterator[Edit]:
    gone = {edit.path[:-1]: edit for edit in edits if edit.value is REMOVED and _in_item(edit.path)}
    renamed: set[ValuePath] = set()
    for edit in edits:
        old = gone.get(edit.path[:-1])
        is_new = edit.value is not REMOVED and node_at(document.root, edit.path) is None
        if old is not None and is_new and old.path not in renamed:
            renamed.add(old.path)
            yield Edit(path=old.path, value=edit.value, renamed=str(edit.path[-1]))
        elif edit.value is not REMOVED:
            yield edit
    yield from (edit for edit in edits if edit.value is REMOVED and edit.path not in renamed)


def _in_item(path: ValuePath) -> bool:
    return len(path) > 1 and isinstance(path[-2], int)
