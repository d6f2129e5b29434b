"""Rows of files, beside duckdb's readers of the same files, and files that end while they are read."""

import gzip
import json
import random
from pathlib import Path

import pytest

from flowctl.row_files.row import UnreadableFile
from flowctl.row_files.row_format import RowFormat
from flowctl.row_files.rows import rows

TEXTS = ("", "a", "ä ö", "a,b", 'say "x"', "two\nlines", " blank ", "0071", "true", "😀", "null")


def values(path: Path, form: RowFormat, size: int | None = None) -> list:
    found = list(rows(path, form, size=size))
    assert not any(row.fault for row in found)
    return [dict(row.values) for row in found]


@pytest.mark.parametrize("delimiter", [",", "|", "\t"])
def test_delimited_rows_are_those_that_duckdb_reads(tmp_path: Path, delimiter: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    chance = random.Random(1)
    table = [[chance.choice(TEXTS) for _ in range(3)] for _ in range(200)]
    path = tmp_path / "rows.csv"
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [["x", "y", "z"], *table]]
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    with duckdb.connect() as database:
        read = (
            "SELECT * FROM read_csv(?, delim=?, header=true, all_varchar=true, nullstr='none', quote='\"', escape='\"')"
        )
        theirs = [
            dict(zip("xyz", row, strict=True)) for row in database.execute(read, [str(path), delimiter]).fetchall()
        ]
    assert values(path, RowFormat(delimiter=delimiter)) == theirs
    assert theirs == [dict(zip("xyz", row, strict=True)) for row in table]


def test_lines_of_json_are_those_that_duckdb_reads(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "rows.ndjson"
    written = [{"x": text, "y": number, "z": [number, None]} for number, text in enumerate(TEXTS)]
    path.write_text("".join(json.dumps(row) + "\n" for row in written), encoding="utf-8")
    with duckdb.connect() as database:
        found = database.execute("SELECT * FROM read_json(?, format='newline_delimited')", [str(path)]).fetchall()
    assert values(path, RowFormat(form="ndjson")) == [dict(zip("xyz", row, strict=True)) for row in found] == written


def test_a_file_may_be_read_as_it_was_before_it_grew(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    for packed in (bytes, gzip.compress):
        first = packed(b"x\n1\n2\n")
        path.write_bytes(first + packed(b"3\n"))
        assert values(path, RowFormat(), len(first)) == [{"x": "1"}, {"x": "2"}]
        assert values(path, RowFormat()) == [{"x": "1"}, {"x": "2"}, {"x": "3"}]


def test_what_cannot_be_read_is_told_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        list(rows(tmp_path, RowFormat()))
    assert caught.value.why == "it is not a regular file"
    assert caught.value.hint
