"""The types that members of batches and datasets have, if a body has them. Members that no document has pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.services.refusals import bad_request
from flowctl.emulator.shapes import (
    is_boolean,
    is_integer,
    is_object,
    is_text,
    list_of,
    members,
    odd_member,
    one_of,
    or_null,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.emulator.shapes import Shape


_TEXTS = list_of(is_text)
_ERRORS = list_of(members({"code": is_text, "description": is_text, "rows": _TEXTS}))
_BATCH: Final[Mapping[str, Shape]] = {
    "externalId": is_text,
    "started": is_integer,
    "completed": is_integer,
    "replay": members({"predecessors": _TEXTS, "reason": is_text}),
    "recordCount": is_integer,
    "failedRecordCount": is_integer,
    "errors": _ERRORS,
    "size": is_integer,
    "availableDates": members({"startDate": is_integer, "endDate": is_integer}),
    "relatedObjects": list_of(
        members(
            {
                "type": one_of(
                    "batch", "connection", "connector", "dataSet", "dataSetFile", "dataSetView", "transform"
                ),
                "id": is_text,
                "tag": is_text,
                "status": one_of("processing", "success", "failure", "queued", "retrying", "stalled"),
                "errors": _ERRORS,
                "metrics": is_object,
            }
        )
    ),
    "metrics": is_object,
    "tags": lambda value: isinstance(value, dict) and all(map(_TEXTS, value.values())),
    "inputFormat": members(
        {
            "format": lambda value: isinstance(value, str) and value.lower() in ("csv", "parquet", "json", "avro"),
            "isMultiLineJson": is_boolean,
            "delimiter": is_text,
            "quote": is_text,
            "escape": is_text,
            "nullMarker": is_text,
            "header": is_text,
            "charset": one_of("US-ASCII", "UTF-8", "ISO-8859-1"),
        }
    ),
}
_DATASET: Final[Mapping[str, Shape]] = {
    "name": is_text,
    "description": or_null(is_text),
    "enableErrorDiagnostics": is_boolean,
    "observableSchema": is_object,
    "basePath": is_text,
    "schema": is_text,
    "schemaRef": is_object,
    "dataSourceId": is_integer,
    "classification": members({"dataBehavior": is_text, "managedBy": one_of("CUSTOMER", "SYSTEM")}),
    "extensions": is_object,
    "fileDescription": members(
        {
            "delimiters": list_of(lambda value: isinstance(value, str) and len(value) <= 1),
            "quotes": _TEXTS,
            "escapes": _TEXTS,
            "nullMarkers": _TEXTS,
            "header": is_boolean,
            "persisted": is_boolean,
            "charset": one_of("US-ASCII", "UTF-8", "ISO-8859-1", ""),
        }
    ),
}


_MERGED: Final[Mapping[str, Shape]] = {
    "classification": members({}, "dataBehavior", "managedBy"),
    "extensions": members(
        {"adobe_lakeHouse": members({"rowExpiration": members({"ttlValue": is_text}, "ttlValue")}, "rowExpiration")},
        "adobe_lakeHouse",
    ),
}


def check_batch_members(body: Mapping[str, Any]) -> None:
    """Refuse (400) a member of a batch that has another type than the Catalog description gives it."""
    _check(body, _BATCH)


def check_dataset_members(body: Mapping[str, Any]) -> None:
    """Refuse (400) a member of a dataset that has another type than the Catalog description gives it."""
    _check(body, _DATASET)


def check_merged_members(body: Mapping[str, Any]) -> None:
    """Refuse (400) parts of members that a merge takes as a whole, such as a classification without `managedBy`."""
    _check(body, _MERGED)


def _check(body: Mapping[str, Any], shapes: Mapping[str, Shape]) -> None:
    name = odd_member(body, shapes)
    if name is not None:
        raise bad_request(f"The property {name} does not have the type that the API describes.")
