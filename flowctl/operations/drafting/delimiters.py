"""The delimiter of a CSV sample: found in its first rows, told to a person, or doubted."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from flowctl.model.errors import ManifestError
from flowctl.preview.sample_rows import sample_rows
from flowctl.row_files.row import SourceRow
from flowctl.row_files.row_format import RowFormat

_FIRST_ROWS: Final = 20
"""How many rows are read to check a delimiter."""
_DELIMITERS: Final = {";": "`;`", "\t": "a tab", "|": "`|`", ",": "`,`"}


def rows_of(file: Path, format_: RowFormat) -> Iterator[SourceRow]:
    """The rows of a sample in a format."""
    return sample_rows(file, str(file), format_, of_pipeline=False)


def with_delimiter(file: Path, format_: RowFormat) -> RowFormat:
    """The format, with a delimiter that divides header and first rows alike if the usual one divides nothing."""
    if format_.form != "delimited":
        return format_
    first = next(rows_of(file, format_), None)
    names = list(map(str, first.values)) if first is not None else []
    if len(names) != 1:
        return format_
    fitting = []
    for sign in _DELIMITERS:
        other = replace(format_, delimiter=sign)
        try:
            rows = list(islice(rows_of(file, other), _FIRST_ROWS))
        except ManifestError:
            continue
        if len(rows[0].values) > 1 and not any(row.fault for row in rows):
            fitting.append((len(rows[0].values), sign))
    return replace(format_, delimiter=max(fitting)[1]) if fitting else format_


def told_delimiter(format_: RowFormat, usual: str) -> Iterator[str]:
    """The delimiter in sentences, unless it is the usual one."""
    if format_.form == "delimited" and format_.delimiter != usual:
        sign = "\\t" if format_.delimiter == "\t" else format_.delimiter
        yield f"The delimiter of its columns is {_DELIMITERS[format_.delimiter]}, as its rows show."
        yield f'A pipeline that reads such a file needs `data: {{properties: {{columnDelimiter: "{sign}"}}}}`.'


def doubt(header: Iterable[object], format_: RowFormat) -> str:
    """Why the delimiter of a file may be another, as a clause; empty if nothing speaks for it."""
    names = list(map(str, header))
    if format_.form != "delimited" or len(names) != 1:
        return ""
    held = next((sign for sign in _DELIMITERS if sign in names[0] and sign != format_.delimiter), "")
    if not held:
        return ""
    return f"the file has one column, whose name holds {_DELIMITERS[held]}, so its delimiter may be another"
