"""What a base connection holds: the requests for a list, and for the columns and rows of one table or file.

Adobe's documents show a list as an array and, for one connector, below `items`; columns as `schema.columns`, as a JSON
Schema for what is hierarchical, and as a bare array in older ones. All are read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flowctl.kinds.flow_service import BASE
from flowctl.kinds.identifier import path_part
from flowctl.model.exploration import SourceColumn, SourceEntry, SourceTable
from flowctl.model.request import Reply, Request

UNKNOWN_TYPE: Final = "unknown"
"""The type of a column whose type the source does not tell, such as one of a file with a header and no rows."""
_DEEPEST: Final = 10
"""How many levels of nested members are read."""


def list_request(connection_id: str, path: str) -> Request:
    """The request for what a source has at its root, or in a folder."""
    query = (("objectType", "folder"), ("object", path)) if path else (("objectType", "root"),)
    return _request(connection_id, query)


def table_request(
    connection_id: str, kind: str, name: str, *, rows: bool, options: Sequence[tuple[str, str]] = ()
) -> Request:
    """The request for one object of the kind `table`, `file` or `rest`: its columns, and rows of it.

    `options` say how a file is written, such as its `fileType`.
    """
    named = (("objectType", kind), ("object", name), ("preview", "true" if rows else "false"))
    return _request(connection_id, (*named, *options))


def _request(connection_id: str, query: tuple[tuple[str, str], ...]) -> Request:
    return Request(method="GET", path=f"{BASE}/connections/{path_part(connection_id)}/explore", query=query)


def entries_of(reply: Reply) -> tuple[SourceEntry, ...]:
    """The entries of a list. Raises ValueError for another shape."""
    listed: Any = reply.body.get("items") if isinstance(reply.body, Mapping) else reply.body
    if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
        raise ValueError("it does not hold a list of entries")
    return tuple(
        SourceEntry(
            type=str(item.get("type") or "").lower(),
            name=str(item.get("name") or item.get("path") or ""),
            path=str(item.get("path") or item.get("name") or ""),
        )
        for item in listed
    )


def table_of(reply: Reply) -> SourceTable:
    """The columns and rows of an object. Raises ValueError for another shape."""
    if isinstance(reply.body, list):
        return SourceTable(columns=tuple(_flat(reply.body)), rows=())
    schema = reply.body.get("schema") if isinstance(reply.body, Mapping) else None
    if not isinstance(schema, Mapping):
        raise ValueError("it does not hold a schema")
    columns = _flat(schema["columns"]) if isinstance(schema.get("columns"), list) else _nested(schema, "", _DEEPEST)
    data: Any = reply.body.get("data") or []
    if not isinstance(data, list):
        raise ValueError("its rows are not a list")
    return SourceTable(columns=tuple(columns), rows=tuple(row for row in data if isinstance(row, Mapping)))


def _flat(columns: Sequence[Any]) -> Iterator[SourceColumn]:
    for column in columns:
        if isinstance(column, Mapping) and column.get("name"):
            xdm = column.get("xdm")
            form = xdm.get("format") if isinstance(xdm, Mapping) else None
            told = column.get("meta:xdmType") or form or column.get("type") or UNKNOWN_TYPE
            yield SourceColumn(name=str(column["name"]), type=str(told).lower())


def _nested(schema: Mapping[str, Any], prefix: str, levels: int) -> Iterator[SourceColumn]:
    properties = schema.get("properties")
    for name, member in (properties if isinstance(properties, Mapping) else {}).items():
        if not isinstance(member, Mapping):
            continue
        if isinstance(member.get("properties"), Mapping) and levels:
            yield from _nested(member, f"{prefix}{name}.", levels - 1)
        else:
            yield SourceColumn(name=f"{prefix}{name}", type=str(member.get("format") or member.get("type") or "string"))
