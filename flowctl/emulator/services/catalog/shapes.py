"""The types that members of batches and datasets have, if a body has them. Members that no document has pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.services.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Shape = Callable[[object], bool]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def _list_of(item: Shape) -> Shape:
    return lambda value: isinstance(value, list) and all(map(item, value))


def _one_of(*texts: str) -> Shape:
    return lambda value: isinstance(value, str) and value in texts


def _members(shapes: Mapping[str, Shape]) -> Shape:
    return lambda value: (
        isinstance(value, dict) and all(shape(value[name]) for name, shape in shapes.items() if name in value)
    )


_TEXTS = _list_of(_is_text)
_ERRORS = _list_of(_members({"code": _is_text, "description": _is_text, "rows": _TEXTS}))
_BATCH: Final[Mapping[str, Shape]] = {
    "externalId": _is_text,
    "started": _is_integer,
    "completed": _is_integer,
    "replay": _members({"predecessors": _TEXTS, "reason": _is_text}),
    "recordCount": _is_integer,
    "failedRecordCount": _is_integer,
    "errors": _ERRORS,
    "size": _is_integer,
    "availableDates": _members({"startDate": _is_integer, "endDate": _is_integer}),
    "relatedObjects": _list_of(
        _members(
            {
                "type": _one_of(
                    "batch", "connection", "connector", "dataSet", "dataSetFile", "dataSetView", "transform"
                ),
                "id": _is_text,
                "tag": _is_text,
                "status": _is_text,
                "errors": _ERRORS,
                "metrics": _is_object,
            }
        )
    ),
    "metrics": _is_object,
    "tags": lambda value: isinstance(value, dict) and all(map(_TEXTS, value.values())),
    "inputFormat": _members(
        {
            "format": lambda value: isinstance(value, str) and value.lower() in ("csv", "parquet", "json", "avro"),
            "isMultiLineJson": _is_boolean,
            "delimiter": _is_text,
            "quote": _is_text,
            "escape": _is_text,
            "nullMarker": _is_text,
            "header": _is_text,
            "charset": _one_of("US-ASCII", "UTF-8", "ISO-8859-1"),
        }
    ),
}
_DATASET: Final[Mapping[str, Shape]] = {
    "name": _is_text,
    "description": lambda value: value is None or isinstance(value, str),
    "enableErrorDiagnostics": _is_boolean,
    "observableSchema": _is_object,
    "schema": _is_text,
    "schemaRef": _is_object,
    "dataSourceId": _is_integer,
    "classification": _members({"dataBehavior": _is_text, "managedBy": _one_of("CUSTOMER", "SYSTEM")}),
    "extensions": _is_object,
    "fileDescription": _members(
        {
            "delimiters": _list_of(lambda value: isinstance(value, str) and len(value) <= 1),
            "quotes": _TEXTS,
            "escapes": _TEXTS,
            "nullMarkers": _TEXTS,
            "header": _is_boolean,
            "persisted": _is_boolean,
            "charset": _one_of("US-ASCII", "UTF-8", "ISO-8859-1", ""),
        }
    ),
}


def check_batch_members(body: Mapping[str, Any]) -> None:
    """Refuse (400) a member of a batch that has another type than the Catalog description gives it."""
    _check(body, _BATCH)


def check_dataset_members(body: Mapping[str, Any]) -> None:
    """Refuse (400) a member of a dataset that has another type than the Catalog description gives it."""
    _check(body, _DATASET)


def _check(body: Mapping[str, Any], shapes: Mapping[str, Shape]) -> None:
    for name, shape in shapes.items():
        if name in body and not shape(body[name]):
            raise bad_request(f"The property {name} does not have the type that the API describes.")
