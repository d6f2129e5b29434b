"""How a sample file is to be read: its name tells first, then the data format of the pipeline's source."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final, Literal

from flowctl.manifest.document import Document
from flowctl.model.errors import ManifestError
from flowctl.validation.wording import quoted

Form = Literal["delimited", "json", "ndjson", "parquet"]

_BY_ENDING: Final[Mapping[str, Form]] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".txt": "delimited",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
}
_PACKED: Final = frozenset({".gz", ".gzip", ".bz2", ".zip"})
_BY_FORMAT: Final[Mapping[str, Form]] = {"json": "json", "parquet": "parquet"}
_DELIMITERS: Final[Mapping[str, str]] = {"\\t": "\t", "tab": "\t", "comma": ",", "pipe": "|"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFormat:
    """The form of a sample file. `encoding` is empty where the file itself tells, and else UTF-8."""

    form: Form = "delimited"
    delimiter: str = ","
    encoding: str = ""


def sample_format(path: PurePath, pipeline: Document) -> SampleFormat:
    """Return the format of a sample file. Raises ManifestError for a delimiter or encoding that cannot be used."""
    endings = [ending.lower() for ending in path.suffixes]
    if endings and endings[-1] in _PACKED:
        endings.pop()
    ending = endings[-1] if endings else ""
    declared = str(pipeline.at("source", "data", "format") or "")
    form = _BY_ENDING.get(ending) or _BY_FORMAT.get(declared.lower(), "delimited")
    return SampleFormat(form=form, delimiter=_delimiter(pipeline, ending), encoding=_encoding(pipeline))


def _delimiter(pipeline: Document, ending: str) -> str:
    place = ("source", "data", "properties", "columnDelimiter")
    given = pipeline.at(*place)
    if given is None:
        return "\t" if ending == ".tsv" else ","
    delimiter = _DELIMITERS.get(str(given), str(given))
    if len(delimiter) != 1 or delimiter in '\r\n"':
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
