"""One pipeline tested by `flowctl test`, `flowctl preview` and a real run: the records are equal, value by value."""

import csv
import json
from pathlib import Path

import pytest
from surroundings import Workspace

MANIFESTS = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: shop}
connector: postgresql
auth: {specName: Connection String Based Authentication, params: {connectionString: Server=localhost}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {name: person}
title: Shop person
class: https://ns.adobe.com/xdm/context/profile
fieldGroups:
  - https://ns.adobe.com/xdm/context/profile-person-details
  - https://ns.adobe.com/xdm/context/profile-personal-details
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: people}
source: {connection: shop, params: {tableName: public.people}}
dataset: {title: People, schema: person}
mappings:
  - {source: id, destination: _id}
  - {expression: lower(trim(email)), destination: personalEmail.address}
  - {expression: 'concat(first, " ", last)', destination: person.name.fullName}
  - {source: first, destination: person.name.firstName}
  - {expression: 'birth == "" ? null : date(birth, "dd.MM.yyyy")', destination: person.birthDate}
  - {expression: 'date(added, "yyyy-MM-dd HH:mm:ss")', destination: _repo.createDate}
  - {expression: 'iif(city == "", "unknown", upper(city))', destination: homeAddress.city}
  - {source: primary, destination: homeAddress.primary}
  - {value: web, destination: homeAddress.label}
schedule: {startTime: 2026-01-01T00:00:00Z, frequency: once}
options: {errorDiagnosticsEnabled: true, partialIngestionPercent: 90}
"""
TEST = """\
apiVersion: flowctl/v1
kind: MappingTest
metadata: {name: people}
pipeline: people
cases:
  - {name: sample, rows: ROWS, snapshot: snapshot.ndjson}
"""
COLUMNS = ("id", "email", "first", "last", "birth", "added", "city", "primary")
ROWS = [
    ("1", " Ana@Example.COM ", "Ana", "Lindt", "01.02.1990", "2026-01-01 10:00:00", "Berlin", "true"),
    ("2", "", "Björn", 'O"Neil, Jr', "", "2026-01-02 10:00:00", "", "no"),
    ("3", "c@x.y", "Chloé\nMarie", "", "31.02.1990", "yesterday", "Köln", "maybe"),
    ("4", "d@x.y", "😀", "🎉", "28.02.2000", "2026-01-03 10:00:00", "Paris", "1"),
]


def as_csv(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])


def as_lines(path: Path) -> None:
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    more = [{"id": 5, "email": None, "first": ["Ana"], "primary": True}, {"id": 6.5}, {}]
    path.write_text("".join(json.dumps(row) + "\n" for row in (*rows, *more)) + "[1]\n", encoding="utf-8")


def as_parquet(path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    lines = path.with_suffix(".csv.txt")
    as_csv(lines)
    with duckdb.connect() as database:
        database.read_csv(str(lines), header=True).write_parquet(str(path))
    lines.unlink()


@pytest.mark.parametrize(("ending", "write"), [("csv", as_csv), ("ndjson", as_lines), ("parquet", as_parquet)])
def test_a_test_a_preview_and_a_run_make_equal_records(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, write
) -> None:
    workspace = Workspace(tmp_path, capsys)
    rows = tmp_path / f"sources/public.people.{ending}"
    rows.parent.mkdir()
    write(rows)
    workspace.write(
        "flowctl.yaml",
        "apiVersion: flowctl/v1\nkind: Workspace\nenvironments: {local: {sources: {shop: sources}}}\n",
    )
    workspace.write("people.yaml", MANIFESTS)
    workspace.write("tests.yaml", TEST.replace("ROWS", f"sources/{rows.name}"))

    assert workspace.run("test", "--update").code in (0, 1)
    assert workspace.run("test").code == 0
    out = tmp_path / "preview.ndjson"
    preview = workspace.run("preview", "people", "--input", str(rows), "--out", str(out), "--format", "json").json
    applied = workspace.run("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    assert workspace.run("runs", "start", "people").code == 0
    (run,) = workspace.run("runs", "list", "--format", "json").json["runs"]

    (file,) = (tmp_path / ".flowctl/local/datasets").rglob("*.ndjson")
    records = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert records == [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    snapshot = [json.loads(line) for line in (tmp_path / "snapshot.ndjson").read_text("utf-8").splitlines()]
    assert records == [record for record in snapshot if record], "a rejected row is empty in a snapshot"
    numbers = {"read": preview["summary"]["read"], "written": len(records), "failed": preview["summary"]["rejected"]}
    assert run["records"] == numbers
    assert run["batch"] == file.parent.name
    assert run["status"] == ("partial" if numbers["failed"] else "success")
    if numbers["failed"]:
        errors = workspace.run("runs", "errors", run["id"], "--sample", "5", "--show-values", "--format", "json").json
        assert len(errors["rows"]) == numbers["failed"]
