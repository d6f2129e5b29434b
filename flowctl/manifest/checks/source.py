"""A Pipeline's source: its connector, its connection, its format and its params."""

from collections.abc import Iterator
from dataclasses import dataclass

from flowctl.manifest.auth_params import connector_of
from flowctl.manifest.checks.authentication import unknown_connector
from flowctl.manifest.checks.spec_words import told
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.specs.catalogue import Connector, connector, connector_by_spec_id
from flowctl.specs.validate import source_param_problems
from flowctl.validation.check import accepted
from flowctl.validation.wording import nearest, one_of, value_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a pipeline reads from: a connector of the catalogue, or a connection spec that it does not hold."""

    connector: Connector | None = None
    spec_id: str | None = None


def source_of(document: Document, index: Index) -> Source:
    """The source of a pipeline: as it says itself, else as its Connection document says."""
    own = document.at("source")
    for content in (own, _connection(document, index)):
        if isinstance(content, dict):
            known = connector_of(content)
            if known is not None:
                return Source(connector=known, spec_id=known.spec_id)
            spec = content.get("connectionSpec")
            if isinstance(spec, dict) and isinstance(spec.get("id"), str):
                return Source(spec_id=spec["id"])
            if "connector" in content:
                return Source()
    return Source()


def source(document: Document, index: Index) -> Iterator[Diagnostic]:
    """What is wrong with the source."""
    name = document.at("source", "connector")
    if isinstance(name, str) and connector(name) is None:
        yield unknown_connector(document, "source", "connector")
        return
    yield from _said_twice(document, index)
    found = source_of(document, index)
    if isinstance(document.at("source", "connection"), dict) and found.spec_id is None and name is None:
        yield document.error(
            "missing-key",
            "source.connector is missing",
            "source",
            detail="It can be left out only where connection is the name of a Connection document.",
            hint="Add connector.",
            at_key=True,
        )
    if found.connector is not None:
        yield from _connection_needed(document, found.connector)
        yield from _format(document, found.connector)
        yield from _params(document, index, found.connector)
        yield from _columns(document)
        yield from _empty(document, found.connector)


def _connection(document: Document, index: Index) -> object:
    found = index.get("Connection", document.at("source", "connection"))
    return found.content if found else None


def _said_twice(document: Document, index: Index) -> Iterator[Diagnostic]:
    """Connector and connection spec, here and in the Connection document, must be the same."""
    name, spec_id = document.at("source", "connector"), document.at("source", "connectionSpec", "id")
    if name is not None and spec_id is not None:
        yield document.error(
            "conflicting-keys",
            "source takes connector or connectionSpec, not both",
            "source",
            "connectionSpec",
            hint="Keep one of them.",
            at_key=True,
        )
        return
    account = index.get("Connection", document.at("source", "connection"))
    if account is None or (name is None and spec_id is None):
        return
    of_account = connector_of(account.content)
    theirs = of_account.spec_id if of_account else account.at("connectionSpec", "id")
    own = connector(name) if isinstance(name, str) else connector_by_spec_id(spec_id) if spec_id else None
    ours = own.spec_id if own else spec_id
    if theirs is not None and ours is not None and theirs != ours:
        key = "connector" if name is not None else "connectionSpec"
        place = account.span("connector" if "connector" in account.content else "connectionSpec")
        yield document.error(
            "connector-mismatch",
            f"the connection {account.name} is not for {own.name if own else ours}",
            "source",
            key,
            detail=f"It is for {of_account.name if of_account else theirs}, by {place.file}:{place.line}.",
            hint=f"Leave {key} out, or name another connection.",
        )


def _connection_needed(document: Document, known: Connector) -> Iterator[Diagnostic]:
    given = document.at("source", "connection") is not None
    if known.needs_base_connection and not given:
        yield document.error(
            "missing-key",
            "source.connection is missing",
            "source",
            detail=f"The connector {known.name} needs an account.",
            hint="Add connection: the name of a Connection document, or {id: ...} or {title: ...}.",
            at_key=True,
        )
    elif given and not known.needs_base_connection:
        yield document.error(
            "connection-not-allowed",
            f"the connector {known.name} takes no connection",
            "source",
            "connection",
            hint="Remove connection.",
            at_key=True,
        )


def _format(document: Document, known: Connector) -> Iterator[Diagnostic]:
    path = ("source", "data", "format")
    value = document.at(*path)
    if not isinstance(value, str) or value in known.formats:
        return
    shown = document.shown(*path)
    near = nearest(value, known.formats)
    yield document.error(
        "invalid-format",
        f"the connector {known.name} does not read {shown}",
        *path,
        detail=f"Expected {one_of(known.formats)}, found {value_words(shown)}." if known.formats else "",
        hint=f"Did you mean {near}?" if near else "Leave data out." if not known.formats else "",
    )


def _columns(document: Document) -> Iterator[Diagnostic]:
    """Columns are told apart by their names, so none may stand twice."""
    path = ("source", "params", "columns")
    columns, first = document.at(*path), dict[str, int]()
    for place, column in enumerate(columns if isinstance(columns, list) else ()):
        name = column.get("name") if isinstance(column, dict) else None
        if isinstance(name, str) and first.setdefault(name, place) != place:
            yield document.error(
                "duplicate-column",
                f"the column {document.shown(*path, place, 'name')} is listed twice",
                *path,
                place,
                "name",
                detail=f"It is first listed in line {document.span(*path, first[name], 'name').line}.",
                hint="Keep one of the two.",
            )


def _empty(document: Document, known: Connector) -> Iterator[Diagnostic]:
    """Described parameters that are empty text; the path of a file is checked as a path."""
    params = document.at("source", "params")
    for name, value in params.items() if isinstance(params, dict) else ():
        described = name in known.source_schema.get("properties", {}) and not (known.reads_files and name == "path")
        if described and isinstance(value, str) and not value.strip():
            yield document.error(
                "invalid-source-params",
                f"source.params.{name} is empty",
                "source",
                "params",
                name,
                hint=f"Write a value, or remove {name}.",
            )


def _params(document: Document, index: Index, known: Connector) -> Iterator[Diagnostic]:
    params = document.at("source", "params")
    if (params is None or isinstance(params, dict)) and not accepted(known.source_schema, params or {}):
        base = ("source", "params") if params is not None else ("source",)
        problems = source_param_problems(known, params or {})
        yield from told(document, index, base, problems, "invalid-source-params", verified=known.verified)
