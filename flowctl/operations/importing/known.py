"""What a workspace describes or records already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flowctl.kinds.kind import Use
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.graph import desired_graph
from flowctl.model.address import Address
from flowctl.model.resource import Resource
from flowctl.operations.importing.sandbox import Part
from flowctl.operations.imports import named_ids
from flowctl.operations.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The resources of the workspace. `ids` are the objects of those that are recorded or named in an Import document;
    `owners` is the other way round, and `old` are the objects that await deletion.
    """

    documents: Sequence[Document]
    desired: Mapping[Address, Resource]
    ids: Mapping[Address, str]
    owners: Mapping[Use, Address]
    old: frozenset[Use]

    def is_taken(self, part: Part) -> bool:
        """Whether an address stands for an object already."""
        return part.key in self.owners or part.key in self.old

    def place_of(self, address: Address) -> str:
        """The file of a resource, with its line."""
        place = self.desired[address].span
        return f"{place.file}:{place.line}" if place is not None else str(address)

    def file_of(self, address: Address) -> str:
        """The file of a resource."""
        place = self.desired[address].span
        return place.file if place is not None else ""


def known_of(session: Session, manifests: Manifests) -> Known:
    """What the workspace and the lockfile of a session know."""
    entries = session.ledger.lockfile.entries
    named = named_ids(manifests.documents, session.environment.name)
    ids = {address: line.id for address, line in named.items()} | {key: entry.id for key, entry in entries.items()}
    return Known(
        documents=manifests.documents,
        desired=desired_graph(manifests.documents),
        ids=ids,
        owners={Use(kind=address.kind, id=object_id): address for address, object_id in ids.items()},
        old=frozenset(Use(kind=entry.kind, id=one) for entry in entries.values() for one in entry.deposed),
    )
