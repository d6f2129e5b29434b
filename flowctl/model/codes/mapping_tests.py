"""Mapping tests and previews: diagnostic codes."""

from typing import Final

from flowctl.model.codes.code import ERROR, Area, DiagnosticCode

AREA: Final = Area(
    "Mapping tests and previews",
    (
        DiagnosticCode(
            "unknown-destination",
            "Unknown destination in a test",
            ERROR,
            meaning="A case of a MappingTest has a field that no mapping of the pipeline writes.",
            cure="Correct the path, or add the mapping.",
        ),
        DiagnosticCode(
            "duplicate-case",
            "Duplicate case",
            ERROR,
            meaning="Two cases of a MappingTest have the same name.",
            cure="Rename one of them.",
        ),
        DiagnosticCode(
            "mapping-test-failed",
            "Failed mapping test",
            ERROR,
            meaning="A case of a MappingTest expects another record than the mappings make. Only the formats for code "
            "hosts have this code.",
            cure="Correct the mappings, or the test. After an intended change, run `flowctl test --update`.",
        ),
        DiagnosticCode(
            "invalid-time",
            "Not a time",
            ERROR,
            meaning="`now` of a MappingTest is not a date and time with a time zone.",
            cure="Write a time such as `2026-11-26T00:00:00Z`.",
        ),
        DiagnosticCode(
            "unknown-name",
            "Unknown name",
            ERROR,
            meaning="The command line has the name of a Pipeline or MappingTest that the workspace does not have.",
            cure="Use one of the names in the message.",
        ),
        DiagnosticCode(
            "sample-unreadable",
            "Unreadable sample",
            ERROR,
            meaning="A sample file does not exist, is damaged, or is not in the format that its name or the source "
            "declares. For a delimited file, quotes are not closed or the header has a name twice.",
            cure="Correct the file. If the delimiter or the encoding is wrong, set `source.data.properties`.",
        ),
        DiagnosticCode(
            "sample-format",
            "Unusable data format",
            ERROR,
            meaning="`source.data.properties` has a delimiter that is not one character, or an unknown encoding.",
            cure="Write a delimiter of one character, and an encoding such as `UTF-8`.",
        ),
        DiagnosticCode(
            "no-sample",
            "No sample rows",
            ERROR,
            meaning="The sample file has no row, or no column that the mappings read; or the source streams, "
            "or has no base connection that can show rows.",
            cure="Use a file with rows: `flowctl preview PIPELINE --input FILE`.",
        ),
        DiagnosticCode(
            "parquet-missing",
            "Parquet is not installed",
            ERROR,
            meaning="Parquet files are read and written by duckdb, which is not installed.",
            cure="Run `pip install duckdb` in the environment of flowctl, or use CSV, JSON or NDJSON.",
        ),
        DiagnosticCode(
            "records-unwritable",
            "Unwritable records",
            ERROR,
            meaning="A file for records or a snapshot cannot be written there, or does not end in `.ndjson` or "
            "`.parquet`.",
            cure="Use another file.",
        ),
        DiagnosticCode(
            "output-taken",
            "Output exists",
            ERROR,
            meaning="`flowctl test --record` would write a test over a file that exists.",
            cure="Move the file away, or edit it.",
        ),
        DiagnosticCode(
            "snapshot-unreadable",
            "Unreadable snapshot",
            ERROR,
            meaning="The snapshot of a MappingTest cannot be read, or is not NDJSON.",
            cure="Delete it, and run `flowctl test --update`.",
        ),
        DiagnosticCode(
            "not-applied",
            "Not applied yet",
            ERROR,
            meaning="`explore`, `new pipeline`, `test --live` or `preview` without `--input` needs a schema or base "
            "connection that is not in the lockfile of the environment.",
            cure="Run `flowctl apply`, or work with a sample file in `test` or `preview`.",
        ),
    ),
)
