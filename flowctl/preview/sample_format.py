"""How a sample file is to be read: its name tells first, then the data format of the pipeline's source."""

import codecs
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from flowctl.manifest.document import Document
from flowctl.model.errors import ManifestError
from flowctl.row_files.row_format import Form, RowFormat, delimiter_of, ending, form_of_name
from flowctl.validation.wording import quoted

_BY_FORMAT: Final[Mapping[str, Form]] = {"json": "json", "parquet": "parquet"}


def sample_format(path: PurePath, pipeline: Document) -> RowFormat:
    """Return the format of a sample file. Raises ManifestError for a delimiter or encoding that cannot be used."""
    declared = str(pipeline.at("source", "data", "format") or "")
    form = form_of_name(path) or _BY_FORMAT.get(declared.lower(), "delimited")
    return RowFormat(form=form, delimiter=_delimiter(pipeline, ending(path)), encoding=_encoding(pipeline))


def _delimiter(pipeline: Document, ending: str) -> str:
    place = ("source", "data", "properties", "columnDelimiter")
    given = pipeline.at(*place)
    if given is None:
        return "\t" if ending == ".tsv" else ","
    delimiter = delimiter_of(str(given))
    if delimiter is None:
        raise ManifestError(
            [
                pipeline.error(
                    "sample-format",
                    "the column delimiter is not one character",
                    *place,
                    hint="Write one character, such as `,` or `|`.",
                )
            ]
        )
    return delimiter


def _encoding(pipeline: Document) -> str:
    place = ("source", "data", "properties", "encoding")
    given = pipeline.at(*place)
    if given is None:
        return ""
    try:
        return codecs.lookup(str(given)).name
    except (LookupError, ValueError):
        raise ManifestError(
            [
                pipeline.error(
                    "sample-format",
                    f"unknown encoding {quoted(given)}",
                    *place,
                    hint="Write the name of an encoding, such as `UTF-8` or `ISO-8859-1`.",
                )
            ]
        ) from None
