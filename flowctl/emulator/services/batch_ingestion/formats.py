"""The format of the files of a batch: checks of `inputFormat`, and how to read a file of it."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.services.refusals import bad_request
from flowctl.row_files.row_format import RowFormat, delimiter_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.row_files.row_format import Form

FORMATS: Final = ("json", "parquet", "csv")
_FORMS: Final[Mapping[str, Form]] = {"json": "ndjson", "parquet": "parquet", "csv": "delimited"}


def checked_format(given: object) -> dict[str, Any]:
    """Return the `inputFormat` of a batch, its format in lower case. Refuses another format (400)."""
    format_ = given.get("format") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(format_, str) or format_.lower() not in FORMATS:
        raise bad_request(f"The inputFormat is an object with a format of {', '.join(FORMATS)}.")
    if not isinstance(given.get("isMultiLineJson", False), bool):
        raise bad_request("The isMultiLineJson of the inputFormat is a boolean.")
    row_format(given)
    return given | {"format": format_.lower()}


def row_format(given: Mapping[str, Any]) -> RowFormat:
    """Return how to read the files of a batch. Refuses a delimiter that is not one character (400)."""
    name = str(given.get("format", "")).lower()
    if name == "json" and given.get("isMultiLineJson") is True:
        return RowFormat(form="json")
    delimiter = delimiter_of(str(given.get("delimiter", ",")))
    if delimiter is None:
        raise bad_request("The delimiter is a single character.")
    return RowFormat(form=_FORMS[name], delimiter=delimiter, encoding=_encoding(given))


def _encoding(given: Mapping[str, Any]) -> str:
    try:
        return codecs.lookup(str(given.get("charset", "UTF-8"))).name
    except (LookupError, ValueError):
        raise bad_request(f"There is no charset {given.get('charset')}.") from None
