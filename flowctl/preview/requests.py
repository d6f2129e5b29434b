"""What a preview asks Experience Platform: rows of a source, and the records that Data Prep makes of rows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from flowctl.manifest.document import Document
from flowctl.model.json_value import JSON, JSONValue
from flowctl.model.request import Reply, Request
from flowctl.preview.mapper import declared_mappings
from flowctl.row_files.row import SourceRow

MOST_ROWS: Final = 100
"""Rows that are sent in one request."""
_CONTENT_TYPE: Final = "application/vnd.adobe.xed-full+json;version=1"
_MEMBERS: Final = (("expression", "EXPRESSION"), ("value", "STATIC"), ("source", "ATTRIBUTE"))


def records_request(pipeline: Document, schema_id: str, rows: Sequence[Mapping[str, JSONValue]]) -> Request:
    """Return the request for the records that Data Prep makes of rows."""
    mappings = [
        next(
            {"sourceType": type_, "source": str(row[member]), "destination": row["destination"]}
            for member, type_ in _MEMBERS
            if member in row
        )
        for row in declared_mappings(pipeline)
    ]
    reference = {"id": schema_id, "contentType": _CONTENT_TYPE}
    return Request(
        method="POST",
        path="/data/foundation/conversion/mappingSets/preview",
        body={
            "data": [dict(row) for row in rows],
            "mappingSet": {"outputSchema": {"schemaRef": reference}, "mappings": mappings},
        },
    )


def records_of(reply: Reply) -> list[Mapping[str, JSONValue]]:
    """Return the records of a reply, which may also be one alone. Raises ValueError for another shape."""
    body: JSON = reply.body if isinstance(reply.body, list) else [reply.body]
    if not all(isinstance(item, dict) and isinstance(item.get("data") or {}, dict) for item in body):
        raise ValueError("it does not hold a list of records")
    return [item.get("data") or {} for item in body]


def source_object(pipeline: Document, kind: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Return what a pipeline reads in Flow Service's words: the kind of object, its name, and how a file is written.

    `kind` is that of its connector; empty if the connector is not known: then a data format tells that it is a file.
    """
    params = pipeline.at("source", "params")
    given: Mapping[str, JSON] = params if isinstance(params, dict) else {}
    if not kind:
        kind = "file" if "tableName" not in given and pipeline.at("source", "data") else "table"
    name = str(given.get("tableName") or given.get("path") or "")
    return kind, name, tuple(_file_query(pipeline)) if kind == "file" else ()


def _file_query(pipeline: Document) -> Iterator[tuple[str, str]]:
    yield "fileType", str(pipeline.at("source", "data", "format") or "delimited")
    for name in ("compressionType", "columnDelimiter"):
        value = pipeline.at("source", "data", "properties", name)
        if value is not None:
            yield name, str(value)


def rows_of(reply: Reply) -> list[SourceRow]:
    """Return the rows of a reply. Raises ValueError for another shape."""
    rows: JSON = reply.body.get("data", []) if isinstance(reply.body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("it does not hold rows")
    return [SourceRow(row) for row in rows]
