"""Filters of rows at the source: the `filters` of explore and of source connections."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from flowctl.emulator.filtering_sources import FILTERING
from flowctl.emulator.ingestion.row_filter import FilterError, row_filter
from flowctl.emulator.json_text import JsonTextError, parse
from flowctl.emulator.services.flow_service.errors import connector_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def explored_filter(spec: dict[str, Any], text: str | None) -> Callable[[Mapping[str, Any]], bool] | None:
    """Return what `filters` of explore asks for, Base64 of a filter. Refuses what is none (CONNECTOR-1384-400)."""
    if text is None:
        return None
    try:
        document = parse(base64.b64decode(text.replace(" ", "+").encode("ascii"), validate=True))
    except (binascii.Error, UnicodeEncodeError, JsonTextError):
        raise connector_error("1384", "The filters are not the Base64 of a JSON document.") from None
    return checked_filter(spec, document)


def checked_filter(spec: dict[str, Any], document: object) -> Callable[[Mapping[str, Any]], bool]:
    """Return a filter as a function of a row. Refuses one that is wrong, or a source without filters (1384)."""
    if spec.get("name") not in FILTERING:
        raise connector_error("1384", f"The source {spec.get('name')} does not filter rows.")
    try:
        return row_filter(document)
    except FilterError as error:
        raise connector_error("1384", str(error)) from None
