"""Import documents of an environment: which live objects are to be recorded at which addresses, and what is wrong."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flowctl.engine.observe.candidates import Candidates
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_object
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document
from flowctl.manifest.documents.import_objects import IMPORT_KIND
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.moves import Rename, last_names
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.validation.wording import all_of, did_you_mean, nearest


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The ID that a line of an Import document gives to an address."""

    id: str
    document: Document
    address: Address

    def error(self, code: str, summary: str, *, detail: str = "", hint: str) -> Diagnostic:
        """A diagnostic at the line."""
        return self.document.error(code, summary, "objects", self.address, detail=detail, hint=hint, at_key=True)


def import_documents(documents: Sequence[Document], environment: str) -> list[Document]:
    """The Import documents of an environment."""
    return [each for each in documents if each.kind == IMPORT_KIND and each.at("environment") == environment]


def named_ids(documents: Sequence[Document], environment: str) -> dict[Address, Named]:
    """The lines of the Import documents of an environment, by address."""
    return {
        Address(address): Named(id=object_id, document=document, address=Address(address))
        for document in import_documents(documents, environment)
        for address, object_id in (document.at("objects") or {}).items()
    }


def renamed(
    named: Mapping[Address, Named], renames: Sequence[Rename], desired: Container[Address]
) -> dict[Address, Named]:
    """The lines under the names that their documents have now."""
    lines = last_names(renames)
    found: dict[Address, Named] = {}
    for address, line in named.items():
        last = lines.get(address.name) if address not in desired else None
        now = address if last is None else address.renamed(last.new)
        found[now] = replace(line, address=now)
    return found


def to_record(
    named: Mapping[Address, Named],
    desired: Mapping[Address, Resource],
    wanted: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
) -> tuple[dict[Address, Named], list[Diagnostic]]:
    """The lines whose objects are to be recorded, and what is wrong with the others; one that is recorded is done.

    `wanted` are the desired resources that the plan is about.
    """
    owners = {(entry.kind, one): address for address, entry in entries.items() for one in (entry.id, *entry.deposed)}
    left: dict[Address, Named] = {}
    problems: list[Diagnostic] = []
    for address, line in named.items():
        owner = owners.get((address.kind, line.id), address)
        if owner != address:
            problems.append(_recorded_elsewhere(line, owner))
        elif address in entries:
            continue
        elif address not in desired:
            problems.append(_unknown(line, desired))
        elif address in wanted:
            left[address] = line
    return left, problems


def not_found(line: Named, send: Send) -> Diagnostic:
    """The problem of a line whose object is not there: there may be one of another kind."""
    kind = KINDS[line.address.kind]
    others = [other for other in KINDS.values() if other.id_form == kind.id_form and other is not kind]
    real = next((other for other in others if not other.versioned and read_object(other, line.id, send)), None)
    if real is not None:
        return line.error(
            "import-kind-differs",
            f"{line.id} is the ID of a {real.title}, not of a {kind.title}",
            hint=f"Write the ID of a {kind.title}, or remove the line.",
        )
    known, near = Candidates(KINDS, send).of_id(kind, line.id)
    hidden = "It was deleted, access labels hide it from these credentials, or it is in another sandbox."
    return line.error(
        "import-not-found",
        f"there is no {kind.title} with the ID {line.id}",
        detail=f"{hidden} {known}".rstrip(),
        hint=near or "Correct the ID, or remove the line: the next apply then creates the object.",
    )


def replaced(changes: Sequence[Change], lines: Mapping[Address, Named]) -> Iterator[Diagnostic]:
    """Each object to be recorded that would be replaced: it differs too much, or what it uses would be created."""
    going = {change.address: change for change in changes if change.action is Action.REPLACE}
    for address, change in going.items():
        if address not in lines or not lines.keys().isdisjoint(going.keys() & set(change.because_of)):
            continue  # of what follows from another one, the cause is enough
        yield lines[address].error(
            "import-differs",
            f"`{address}` differs from {lines[address].id} in what cannot be updated in place",
            detail=_cause(change),
            hint="Change the manifest so that it is equal to the live object, or remove the line.",
        )


def _cause(change: Change) -> str:
    if change.because_of:
        causes = all_of([f"`{cause}`" for cause in change.because_of])
        return f"It uses {causes}, which would be created: an Import document may have to name that too."
    return f"Different: {all_of([f'`{each.path}`' for each in change.attributes if each.forces_replacement])}."


def _recorded_elsewhere(line: Named, owner: Address) -> Diagnostic:
    return line.error(
        "address-taken",
        f"{line.id} is already in the lockfile as `{owner}`",
        hint=f"Write `{owner}` instead of `{line.address}`, or remove the line.",
    )


def _unknown(line: Named, desired: Mapping[Address, Resource]) -> Diagnostic:
    near = nearest(line.address, desired)
    return line.error(
        "unknown-target",
        f"no manifest describes `{line.address}`",
        hint=did_you_mean(near, "Write the manifest, or remove the line."),
    )
