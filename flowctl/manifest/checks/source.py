"""A Pipeline's source: its connector, its connection, its format and its params."""

from collections.abc import Iterator
from typing import NamedTuple

from flowctl.manifest.auth_params import connector_of
from flowctl.manifest.checks.authentication import unknown_connector
from flowctl.manifest.checks.spec_words import told
from flowctl.manifest.document import Document
from flowctl.manifest.index import Index
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSON, JSONObject
from flowctl.specs.catalogue import connector, connector_by_spec_id
from flowctl.specs.connector import Connector
from flowctl.specs.validate import source_param_problems
from flowctl.validation.check import accepted
from flowctl.validation.wording import code, codes, did_you_mean, nearest, one_of, quoted, value_words
from flowctl.validation.wording import key as key_words


class Source(NamedTuple):
    """What a pipeline reads from: a connector of the catalogue, or a connection spec that is not in it."""

    connector: Connector | None = None
    spec_id: str | None = None


def source_of(document: Document, index: Index) -> Source:
    """The source of a pipeline: as it says itself, else as its Connection document says."""
    return index.once(_source_of, document)


def _source_of(document: Document, index: Index) -> Source:
    own = document.at("source")
    account = index.get("Connection", own.get("connection")) if isinstance(own, dict) else None
    for content in (own, account.content if account is not None else None):
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
    declared = document.at("source")
    own: JSONObject = declared if isinstance(declared, dict) else {}
    name = own.get("connector")
    if isinstance(name, str) and connector(name) is None:
        yield unknown_connector(document, "source", "connector")
        return
    yield from _said_twice(document, own, index)
    found = source_of(document, index)
    if isinstance(own.get("connection"), dict) and found.spec_id is None and name is None:
        yield document.error(
            "missing-key",
            "missing required key `source.connector`",
            "source",
            detail="Only the name of a Connection document in `source.connection` makes it unnecessary.",
            hint="Add `connector`, for example `connector: hubspot`.",
            at_key=True,
        )
    if found.connector is not None:
        params = own.get("params")
        yield from _connection_needed(document, own, found.connector)
        yield from _format(document, own, found.connector)
        yield from _params(document, params, index, found.connector)
        yield from _columns(document, params)
        yield from _empty(document, params, found.connector)


def _said_twice(document: Document, own: JSONObject, index: Index) -> Iterator[Diagnostic]:
    """Connector and connection spec, here and in the Connection document, must be the same."""
    name, spec = own.get("connector"), own.get("connectionSpec")
    spec_id = spec.get("id") if isinstance(spec, dict) else None
    if name is not None and spec_id is not None:
        yield document.error(
            "conflicting-keys",
            "conflicting keys `connector` and `connectionSpec` in `source`",
            "source",
            "connectionSpec",
            hint="Keep one of them and remove the other.",
            at_key=True,
        )
        return
    account = index.get("Connection", own.get("connection")) if name is not None or spec_id is not None else None
    if account is None:
        return
    of_account = connector_of(account.content)
    theirs = of_account.spec_id if of_account else account.at("connectionSpec", "id")
    known = connector(name) if isinstance(name, str) else connector_by_spec_id(spec_id) if spec_id else None
    ours = known.spec_id if known else spec_id
    if theirs is not None and ours is not None and theirs != ours:
        key = "connector" if name is not None else "connectionSpec"
        place = account.span("connector" if "connector" in account.content else "connectionSpec")
        yield document.error(
            "connector-mismatch",
            f"connection {quoted(account.name)} is not for {code(known.name if known else str(ours))}",
            "source",
            key,
            detail=f"{place.file}:{place.line} declares it for {code(of_account.name if of_account else str(theirs))}.",
            hint=f"Remove {code(key)}, or choose another connection.",
        )


def _connection_needed(document: Document, own: JSONObject, known: Connector) -> Iterator[Diagnostic]:
    given = own.get("connection") is not None
    if known.needs_base_connection and not given:
        yield document.error(
            "missing-key",
            "missing required key `source.connection`",
            "source",
            detail=f"Connector {code(known.name)} needs a base connection (account).",
            hint="Add `connection` with the name of a Connection document, or with `{id: ...}` or `{title: ...}`.",
            at_key=True,
        )
    elif given and not known.needs_base_connection:
        yield document.error(
            "connection-not-allowed",
            f"connector {code(known.name)} has no base connections",
            "source",
            "connection",
            hint="Remove `connection`.",
            at_key=True,
        )


def _format(document: Document, own: JSONObject, known: Connector) -> Iterator[Diagnostic]:
    path, data = ("source", "data", "format"), own.get("data")
    if not known.formats:
        if data is not None:
            yield document.error(
                "invalid-format",
                f"connector {code(known.name)} has no `source.data`",
                *path[:2],
                detail="Adobe's tutorial creates its source connection without a format, and no page describes one.",
                hint="Remove `data`.",
                at_key=True,
            )
        return
    value = data.get("format") if isinstance(data, dict) else None
    if not isinstance(value, str) or value in known.formats:
        return
    shown = document.shown(*path)
    near = nearest(value, known.formats)
    yield document.error(
        "invalid-format",
        f"connector {code(known.name)} does not support the format {value_words(shown)}",
        *path,
        detail=f"Expected {one_of(codes(known.formats))}.",
        hint=did_you_mean(near, "Write one of these formats."),
    )


def _columns(document: Document, params: JSON) -> Iterator[Diagnostic]:
    """A column that is listed twice: Experience Platform identifies columns by their names."""
    path, first = ("source", "params", "columns"), dict[str, int]()
    columns = params.get("columns") if isinstance(params, dict) else None
    if isinstance(columns, list) and set(map(type, columns)) == {dict}:
        names = [column.get("name") for column in columns]
        if set(map(type, names)) == {str} and len(set(names)) == len(names):
            return
    for place, column in enumerate(columns if isinstance(columns, list) else ()):
        name = column.get("name") if isinstance(column, dict) else None
        if isinstance(name, str) and first.setdefault(name, place) != place:
            yield document.error(
                "duplicate-column",
                f"column {quoted(document.shown(*path, place, 'name'))} is listed twice",
                *path,
                place,
                "name",
                detail=f"It is listed first at line {document.span(*path, first[name], 'name').line}.",
                hint="Remove one of them.",
            )


def _empty(document: Document, params: JSON, known: Connector) -> Iterator[Diagnostic]:
    """Described parameters that are empty strings; the path of a file is checked as a path."""
    for name, value in params.items() if isinstance(params, dict) else ():
        described = name in known.source_schema.get("properties", {}) and not (known.reads_files and name == "path")
        if described and isinstance(value, str) and not value.strip():
            yield document.error(
                "invalid-source-params",
                f"{key_words('source', 'params', name)} is empty",
                "source",
                "params",
                name,
                hint=f"Write a value, or remove {code(name)}.",
            )


def _params(document: Document, params: JSON, index: Index, known: Connector) -> Iterator[Diagnostic]:
    if (params is None or isinstance(params, dict)) and not accepted(known.source_schema, params or {}):
        base = ("source", "params") if params is not None else ("source",)
        problems = source_param_problems(known, params or {})
        yield from told(document, index, base, problems, "invalid-source-params", verified=known.verified)
