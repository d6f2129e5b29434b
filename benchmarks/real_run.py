"""`python -m benchmarks.real_run`: a run of CSV rows on the emulator, beside the bare evaluator of its mappings.

The run is `flowctl runs start` as a process of its own: it starts, reads the file, maps and checks each row, writes the
records, and enters the batch. The evaluator maps the same rows, which are in memory already, and does nothing else.
"""

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, seconds
from benchmarks.mapping import write_rows
from benchmarks.output import as_table
from benchmarks.process import FLOWCTL, Cost, run

ROWS_A_SECOND = 8000
_TABLE = "sources/customers.csv"
_MIB = 1024 * 1024
_MEMORY_AT_MOST = 1.15
MAPPINGS = (
    ("source", "Vid", "_id"),
    ("source", "First", "person.name.firstName"),
    ("source", "Last", "person.name.lastName"),
    ("source", "City", "homeAddress.city"),
    ("source", "Active", "homeAddress.primary"),
    ("expression", 'concat(First, " ", Last)', "person.name.fullName"),
    ("expression", "lower(trim(Email))", "personalEmail.address"),
    ("expression", 'iif(Phone != null && Phone != "", replacestr(Phone, "-", ""), null)', "mobilePhone.number"),
    ("expression", 'date(Birth, "yyyy-MM-dd")', "person.birthDate"),
    ("expression", 'decode(Country, "DE", "Germany", "FR", "France", "Other")', "homeAddress.country"),
)
_KINDS = {"source": "ATTRIBUTE", "expression": "EXPRESSION"}
_MANIFESTS = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: shop}
connector: postgresql
auth: {specName: Connection String Based Authentication, params: {connectionString: "${var:secret}"}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {name: customer}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups:
  - https://ns.adobe.com/xdm/context/profile-person-details
  - https://ns.adobe.com/xdm/context/profile-personal-details
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: customers}
source: {connection: shop, params: {tableName: customers}}
dataset: {title: Customers, schema: customer}
schedule: {startTime: 2026-01-01T00:00:00Z, frequency: once}
mappings:
"""
_WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
environments: {local: {variables: {secret: none}, sources: {shop: sources}}}
"""


def write_workspace(folder: Path, rows: int) -> None:
    """Write a workspace with one pipeline, and the file of its table."""
    table = folder / _TABLE
    table.parent.mkdir(parents=True)
    write_rows(table, rows)
    (folder / "flowctl.yaml").write_text(_WORKSPACE, encoding="utf-8")
    lines = "".join(f"  - {{{key}: '{text}', destination: {path}}}\n" for key, text, path in MAPPINGS)
    (folder / "customers.yaml").write_text(_MANIFESTS + lines, encoding="utf-8")


def evaluator_seconds(table: Path) -> float:
    """The processor time of the bare evaluator for all rows of a file."""
    from flowctl.dataprep.mapping import Mapping, compile_mappings
    from flowctl.xdm.destinations import field_at
    from flowctl.xdm.library import standard
    from flowctl.xdm.schema_fields import from_resolved
    from flowctl.xdm.schema_nodes import node_of

    groups = ("profile", "profile-person-details", "profile-personal-details")
    parts = [{"$ref": f"https://ns.adobe.com/xdm/context/{name}"} for name in groups]
    fields = from_resolved({"type": "object", "allOf": parts}, standard())
    nodes = {path: field_at(path, fields) for _, _, path in MAPPINGS}
    mapped = compile_mappings(
        [Mapping(_KINDS[key], text, path, node_of(nodes[path]) if nodes[path] else {}) for key, text, path in MAPPINGS]
    )
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    started = time.process_time()
    for row in rows:
        mapped(row)
    return time.process_time() - started


def figures(folder: Path, rows: int, many: int) -> Iterator[Figure]:
    """The processor time of a run and of the evaluator, and the memory of a run with `many` rows beside this one."""
    few = _cost(folder / "few", rows)
    if many:
        # Before the evaluator: a process begins with the peak memory of the one that starts it.
        large = _cost(folder / "many", many)
        yield Figure(
            name=f"peak memory of a run of {many} CSV rows",
            measured=f"{large.peak_bytes / _MIB:.0f} MiB",
            against=f"{rows} rows: {few.peak_bytes / _MIB:.0f} MiB",
            ratio=large.peak_bytes / few.peak_bytes,
            limit=_MEMORY_AT_MOST,
            note=f"{many / large.processor_seconds:.0f} rows a second",
        )
    evaluator = evaluator_seconds(folder / "few" / _TABLE)
    records = next((folder / "few/.flowctl/local/datasets").rglob("*.ndjson"))
    with records.open(encoding="utf-8") as lines:
        written = sum(1 for _ in lines)
    yield Figure(
        name=f"processor time of a run of {rows} CSV rows, 10 mappings",
        measured=seconds(few.processor_seconds),
        against=f"{ROWS_A_SECOND} rows a second: {seconds(rows / ROWS_A_SECOND)}",
        ratio=few.processor_seconds * ROWS_A_SECOND / rows,
        limit=1.0,
        note=f"{rows / few.processor_seconds:.0f} rows a second; {written} records",
    )
    yield Figure(
        name=f"processor time of a run of {rows} CSV rows, 10 mappings",
        measured=seconds(few.processor_seconds),
        against=f"the bare evaluator: {seconds(evaluator)}",
        ratio=few.processor_seconds / evaluator,
        note=f"the evaluator maps {rows / evaluator:.0f} rows a second",
    )


def _cost(folder: Path, rows: int) -> Cost:
    """What a run of so many rows costs, in a workspace of its own."""
    write_workspace(folder, rows)
    run(*FLOWCTL, "-C", str(folder), "apply", "--auto-approve")
    return run(*FLOWCTL, "-C", str(folder), "runs", "start", "customers")


def main() -> int:
    """Prints the figures; exits with 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_run", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="rows of the run (100000)")
    parser.add_argument("--many", type=int, default=1_000_000, help="rows of a second run, for its memory (1000000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="flowctl-benchmarks-") as folder:
        found = list(figures(Path(folder), options.rows, options.many))
    print(as_table(found))
    return 1 if any(figure.met is False for figure in found) else 0


if __name__ == "__main__":
    sys.exit(main())
