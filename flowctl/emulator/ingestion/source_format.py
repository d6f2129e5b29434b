"""How the files of a source are to be read: the data format of the source connection, and what contradicts it."""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.ingestion.source_error import not_readable
from flowctl.row_files.row_format import Form, RowFormat, delimiter_of, ending, form_of_name
from flowctl.row_files.unpacked import compression_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.emulator.ingestion.source_files import SourceFile

_FORMS: Final[Mapping[str, tuple[Form, ...]]] = {
    "delimited": ("delimited",),
    "json": ("json", "ndjson"),
    "parquet": ("parquet",),
}
_COMPRESSIONS: Final = {"gzip": "gzip", "bzip2": "bzip2", "zipdeflate": "zip", "": "", "none": ""}
_PARQUET: Final = b"PAR1"


def format_of(file: SourceFile, declared: str, properties: Mapping[str, Any]) -> RowFormat:
    """Return how to read a file. Raises SourceError for one of another format than the source connection declares."""
    name = PurePosixPath(file.name)
    forms = _FORMS.get(declared.lower(), ())
    form: Form = form_of_name(name) or (forms[0] if forms else "delimited")
    if forms and form not in forms:
        raise not_readable(file.name, f"its name is that of a {form} file, and the data format is {declared}")
    try:
        _check_contents(file, form, str(properties.get("compressionType") or "").lower())
    except OSError as error:
        raise not_readable(file.name, str(error.strerror or error)) from error
    return RowFormat(form=form, delimiter=_delimiter(file, properties), encoding=_encoding(file, properties))


def _check_contents(file: SourceFile, form: Form, compression: str) -> None:
    with file.path.open("rb") as opened:
        is_parquet = opened.read(4) == _PARQUET
    if is_parquet != (form == "parquet"):
        raise not_readable(file.name, f"it is {'' if is_parquet else 'not '}a Parquet file")
    if form == "parquet" or not file.size:
        return
    if compression not in _COMPRESSIONS:
        raise not_readable(file.name, f"the emulator cannot unpack {compression}")
    wanted, found = _COMPRESSIONS[compression], compression_of(file.path)
    if wanted and found != wanted:
        raise not_readable(file.name, f"it is not compressed with {compression}, as compressionType says")


def _delimiter(file: SourceFile, properties: Mapping[str, Any]) -> str:
    given = properties.get("columnDelimiter")
    if given is None:
        return "\t" if ending(PurePosixPath(file.name)) == ".tsv" else ","
    delimiter = delimiter_of(str(given))
    if delimiter is None:
        raise not_readable(file.name, "the columnDelimiter is not one character")
    return delimiter


def _encoding(file: SourceFile, properties: Mapping[str, Any]) -> str:
    given = properties.get("encoding")
    if not given:
        return ""
    try:
        return codecs.lookup(str(given)).name
    except (LookupError, ValueError):
        raise not_readable(file.name, f"there is no encoding {given}") from None
