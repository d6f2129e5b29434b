"""The Import documents of one plan, with the live objects that they name."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from flowctl.engine.observe.adoption import Adoption
from flowctl.engine.observe.refresh import Refresh
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.diagnostic import Diagnostic, in_file_order
from flowctl.model.errors import ManifestError
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.operations import imports
from flowctl.operations.session import Session


class Imports:
    """What the Import documents of a session's environment name."""

    def __init__(
        self,
        session: Session,
        documents: Sequence[Document],
        desired: Mapping[Address, Resource],
        live: Refresh,
        pool: ThreadPoolExecutor,
        recorded: Mapping[Address, LockEntry],
        *,
        is_narrowed: bool = False,
    ) -> None:
        """`recorded` are the entries after renames; a narrowed plan looks at no lines of other documents."""
        self._session = session
        self._recorded = recorded
        named = imports.named_ids(documents, session.environment.name)
        named = imports.renamed(named, session.workspace.moved, desired) if session.workspace.moved else named
        self._named = {address: line for address, line in named.items() if address in desired or not is_narrowed}
        self.refused: Sequence[Diagnostic] = ()
        self._lines: Mapping[Address, imports.Named] = {}
        self._desired = desired
        self._live = live
        self._pool = pool

    def entries(
        self, wanted: Mapping[Address, Resource], entries: Mapping[Address, LockEntry]
    ) -> dict[Address, LockEntry]:
        """The entries of the objects to record. Raises ManifestError for lines that cannot be recorded."""
        if not self._named:
            return {}
        lines, problems = imports.to_record(self._named, self._desired, wanted, self._recorded)
        if problems:
            raise ManifestError(in_file_order(problems))
        self._lines = lines
        adoption = Adoption(self._live, entries, KINDS, self._session.ledger.salt)
        ids = {address: line.id for address, line in lines.items()}
        found = adoption.entries(ids, wanted, self._session.send, self._pool)
        missing = [
            imports.not_found(line, self._session.send) for address, line in lines.items() if address not in found
        ]
        if missing:
            raise ManifestError(in_file_order(missing))
        return found

    def replaced(self, changes: Sequence[Change]) -> Sequence[Diagnostic]:
        """The problems of objects that would be replaced instead of recorded."""
        self.refused = tuple(imports.replaced(changes, self._lines))
        return self.refused
