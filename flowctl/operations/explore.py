"""Look into a source through its base connection: what it holds, and the columns and first rows of one part."""

from dataclasses import dataclass, replace
from typing import Final

from flowctl.engine.observe.candidates import Candidates
from flowctl.engine.observe.reading import read_object
from flowctl.engine.observe.understood import understood
from flowctl.kinds.attribute_facts import connection_spec_id
from flowctl.kinds.exploration import entries_of, list_request, table_of, table_request
from flowctl.kinds.identifier import FLOW_SERVICE_ID
from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.documents.connection import CONNECTION
from flowctl.manifest.graph import desired_graph
from flowctl.masking.value_forms import masked_row
from flowctl.model.errors import FlowctlError, Refused
from flowctl.model.exploration import ListedSource, ShownTable, SourceTable
from flowctl.model.request import Reply, Request
from flowctl.operations.session import Session
from flowctl.specs.catalogue import connector_by_spec_id
from flowctl.specs.connector import Connector
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest, quoted

_ACCOUNT: Final = KINDS[next(iter(CONNECTION.makes))]
"""The kind of a base connection, which is all that a Connection document creates."""
_BAD_REQUEST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A live base connection: its name here, its ID, and its connector if the catalogue has it."""

    name: str
    id: str
    connector: Connector | None

    def has_param(self, name: str) -> bool:
        """Whether a pipeline that reads from it names what it reads by this source parameter."""
        return self.connector is None or name in self.connector.source_schema.get("properties", {})


def account_of(session: Session, manifests: Manifests, name: str) -> Account:
    """The base connection of a Connection document, or of this ID. Raises FlowctlError, PlatformError."""
    known = {each.name: each for each in manifests.documents if each.kind == CONNECTION.name}
    document = known.get(name)
    if document is None and not FLOW_SERVICE_ID.holds(name):
        raise FlowctlError.because(
            "unknown-connection",
            f"there is no Connection named {quoted(name)}",
            detail=f"Known Connections: {all_of(codes(sorted(known)))}." if known else "",
            hint=did_you_mean(nearest(name, known), "Write a Connection document, or use the ID of a base connection."),
        )
    if document is not None:
        return _declared(session, document)
    live = read_object(_ACCOUNT, name, session.send)
    if live is None:
        detail, near = Candidates(KINDS, session.send).of_id(_ACCOUNT, name)
        raise FlowctlError.because(
            "unknown-connection",
            f"there is no base connection with the ID {quoted(name)}",
            detail=detail,
            hint=near or "Use the name of a Connection document, or another environment.",
        )
    return Account(name=name, id=name, connector=connector_by_spec_id(connection_spec_id(live.attributes)))


def _declared(session: Session, document: Document) -> Account:
    (resource,) = desired_graph([document]).values()
    entry = session.ledger.lockfile.entries.get(resource.address)
    if entry is None:
        environment = session.environment.name
        raise FlowctlError.because(
            "not-applied",
            f"`{resource.address}` is not in the lockfile of environment {environment}",
            detail="Experience Platform shows what a source holds through the base connection, which `apply` creates.",
            hint=f"Run `flowctl -e {environment} apply --target {document.name}` first.",
            address=resource.address,
        )
    connector = connector_by_spec_id(connection_spec_id(resource.attributes))
    return Account(name=document.name, id=entry.id, connector=connector)


def listed_source(session: Session, account: Account, path: str) -> ListedSource:
    """What a connection holds at its root, or in a folder. Raises PlatformError."""
    request = list_request(account.id, path)
    found = understood(request, _asked(session, account, request, path), entries_of)
    return ListedSource(connection=account.name, path=path, entries=found)


def shown_table(session: Session, account: Account, path: str, *, most_rows: int, shows_values: bool) -> ShownTable:
    """The columns of a table or file, and its first rows. Raises PlatformError."""
    table = _table(session, account, path, rows=most_rows > 0)
    rows = table.rows[:most_rows]
    shown = rows if shows_values else tuple(map(masked_row, rows))
    return ShownTable(
        connection=account.name,
        path=path,
        table=replace(table, rows=shown),
        shows_values=shows_values,
        param="path" if account.connector is not None and account.connector.reads_files else "tableName",
    )


def object_type(account: Account) -> str:
    """How Flow Service calls what such a source is read from."""
    return account.connector.object_type if account.connector is not None else "table"


def columns_of(session: Session, account: Account, path: str) -> SourceTable:
    """The columns of a table or file, without rows. Raises PlatformError."""
    return _table(session, account, path, rows=False)


def _table(session: Session, account: Account, path: str, *, rows: bool) -> SourceTable:
    request = table_request(account.id, object_type(account), path, rows=rows)
    return understood(request, _asked(session, account, request, path), table_of)


def _asked(session: Session, account: Account, request: Request, path: str) -> Reply:
    """The reply about a place of a source. Raises FlowctlError if it streams, PlatformError."""
    connector = account.connector
    if connector is not None and not connector.object_type:
        raise FlowctlError.because(
            "nothing-to-map",
            f"{account.name} is a streaming source, which has no tables and no files",
            hint=f"Copy the manifest that `flowctl connectors {connector.name}` shows.",
        )
    try:
        return session.send(request)
    except Refused as error:
        if error.status != _BAD_REQUEST or not path:
            raise
        hint = (
            f"Correct what the reply names. `flowctl explore {account.name}` shows what is there, and the name of a "
            "folder ends with a slash."
        )
        told = [replace(each, hint=hint) for each in error.diagnostics]
        raise Refused(told, status=error.status, retry_after=error.retry_after) from error
