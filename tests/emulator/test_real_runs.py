"""Runs that read files: which files, which rows, what becomes of them, and what is wrong with a source."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import httpx
import pytest

from flowctl.emulator import start

from .conftest import CATALOG, FLOW, S3, SPECS, Client

EXPORT = "/data/foundation/export"
CLOUD_STORAGE = "9753525b-82c7-4dce-8a9b-5ccfce2b9876"
ONCE = {"startTime": "1767225600", "frequency": "once"}
HOURLY = {"startTime": "1767225600", "frequency": "hour", "interval": "1", "backfill": "true"}
STRICT = {"errorDiagnosticsEnabled": True}


class Sources(Client):
    """A client of an emulator with source folders, and short ways to make a flow and to run it."""

    def __init__(self, url: str, folder: Path, data: Path) -> None:
        super().__init__(url)
        self.folder = folder
        self.data = data

    def table(self, schedule=ONCE, options=None, delta=None, schema=None, mappings=None, **params):
        """A flow from the table `shop.people` of a database."""
        return self._made(
            self.base(name="shop"), {}, {"path": "shop.people", **params}, schedule, options, delta, schema, mappings
        )

    def files(self, params, data=None, schedule=ONCE, options=None, schema=None, mappings=None):
        """A flow from files in a bucket."""
        auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
        base = self.base(name="Landing bucket", connectionSpec=S3, auth=auth)
        return self._made(
            base,
            {"connectionSpec": S3, "data": data or {"format": "delimited"}},
            params,
            schedule,
            options,
            None,
            schema,
            mappings,
        )

    def _made(self, base, source, params, schedule, options, delta, schema, mappings):
        schema_id = schema or self.schema()
        rows = mappings or [("ATTRIBUTE", "id", "_id"), ("EXPRESSION", "lower(email)", "personalEmail.address")]
        mappings = [{"sourceType": kind, "source": text, "destination": path} for kind, text, path in rows]
        mapping = {"mappingId": self.mapping_set(schema_id, mappings=mappings), "mappingVersion": 0}
        copy = [{"name": "Copy", "params": {"deltaColumn": delta}}] if delta else []
        spec = {"id": CLOUD_STORAGE, "version": "1.0"} if source else {}
        return self.flow(
            sourceConnectionIds=[self.source(base["id"], params=params, **source)["id"]],
            targetConnectionIds=[self.target(schema_id, self.dataset(schema_id))["id"]],
            transformations=[*copy, {"name": "Mapping", "params": mapping}],
            scheduleParams=schedule,
            options=options or {},
            **({"flowSpec": spec} if spec else {}),
        )["id"]

    def run(self, flow_id, params=None):
        """Run a flow as its schedule would, or in a window, and return the run once it has ended."""
        if params is None:
            made = self.post("/_emulator/runs", json={"flowId": flow_id})
        else:
            made = self.post(f"{FLOW}/runs", json={"flowId": flow_id, "params": params})
        assert made.status_code == 201, made.text
        return self.ended(made.json()["id"])

    def ended(self, run_id):
        deadline = time.monotonic() + 60
        while (found := self.one("runs", run_id))["metrics"]["statusSummary"]["status"] == "inProgress":
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return found

    def batch(self, run):
        ids = run["activities"][1]["targetInfo"][0]["reference"]["ids"]
        return self.get(f"{CATALOG}/batches/{ids[0]}").json()[ids[0]] if ids else None

    def records(self, run):
        batch = self.batch(run)
        (dataset,) = [item["id"] for item in batch["relatedObjects"]]
        folder = self.data / "datasets" / dataset / batch["id"]
        lines = [line for file in sorted(folder.iterdir()) for line in file.read_text("utf-8").splitlines()]
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("emulator")
    with start(specs_dir=SPECS, data_dir=folder / "data", sources=folder / "sources") as running:
        yield running, folder


@pytest.fixture
def sources(server, tmp_path):
    running, folder = server
    assert httpx.post(f"{running.url}/_emulator/reset", verify=False).status_code == 204
    parent = folder / "sources"
    if parent.exists():
        parent.rename(tmp_path / "before")
    with Sources(running.url, parent, folder / "data") as made:
        yield made


def put(sources, path, text):
    file = sources.folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def summary(run):
    records = run["metrics"]["recordSummary"]
    return tuple(records[name] for name in ("inputRecordCount", "outputRecordCount", "failedRecordCount"))


def failure(run):
    status = run["metrics"]["statusSummary"]
    assert status["status"] == "failed"
    return status["errors"][0]["code"], status["errors"][0]["message"]


def test_a_run_maps_the_rows_of_a_table(sources):
    text = "id,email\n1,A@B.COM\n2,\n"
    put(sources, "shop/shop.people.csv", text)
    run = sources.run(sources.table())
    assert sources.records(run) == [
        {"_id": "1", "personalEmail": {"address": "a@b.com"}},
        {"_id": "2", "personalEmail": {"address": ""}},
    ]
    assert summary(run) == (2, 2, 0)
    metrics = run["metrics"]
    assert metrics["sizeSummary"]["inputBytes"] == len(text)
    batch = sources.batch(run)
    assert (batch["status"], batch["recordCount"]) == ("success", 2)
    folder = sources.data / "datasets" / batch["relatedObjects"][0]["id"] / batch["id"]
    assert metrics["sizeSummary"]["outputBytes"] == sum(file.stat().st_size for file in folder.iterdir())
    assert metrics["fileSummary"]["inputFileCount"] == metrics["fileSummary"]["outputFileCount"] == 1
    assert "numbers" not in run
    assert sources.one("flows", run["flowId"])["lastRunDetails"]["state"] == "success"
    assert not (sources.data / "working").exists()


def test_without_a_source_folder_the_run_says_that_its_numbers_are_made_up(sources):
    run = sources.run(sources.table())
    assert summary(run) == (100, 100, 0)
    assert "made up" in run["numbers"]


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("csv", "id,email\n7,X@Y.Z\n"),
        ("ndjson", '{"id": "7", "email": "X@Y.Z"}\n'),
        ("json", '[{"id": "7", "email": "X@Y.Z"}]'),
    ],
)
def test_a_table_is_a_file_of_one_of_some_forms(sources, ending, text):
    put(sources, f"shop/people.{ending}", text)
    run = sources.run(sources.table())
    assert sources.records(run) == [{"_id": "7", "personalEmail": {"address": "x@y.z"}}]


def test_parquet_in_and_out(sources):
    duckdb = pytest.importorskip("duckdb")
    file = sources.folder / "shop/shop.people.parquet"
    file.parent.mkdir(parents=True)
    with duckdb.connect() as database:
        database.sql("SELECT 7 AS id, 'X@Y.Z' AS email").write_parquet(str(file))
    sources.settings(recordFormat="parquet")
    run = sources.run(sources.table())
    batch = sources.batch(run)
    folder = sources.data / "datasets" / batch["relatedObjects"][0]["id"] / batch["id"]
    (written,) = folder.iterdir()
    with duckdb.connect() as database:
        found = database.execute("SELECT _id, personalEmail.address FROM read_parquet(?)", [str(written)]).fetchall()
    assert found == [("7", "x@y.z")]


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"path": "/in/a.csv"}, ["a"]),
        ({"path": "/in/a.csv", "type": "file"}, ["a"]),
        ({"path": "/in", "type": "folder"}, ["a", "b"]),
        ({"path": "in/", "type": "folder", "recursive": True}, ["a", "b", "c"]),
        ({"path": "in", "type": "folder", "recursive": "true"}, ["a", "b", "c"]),
        ({"path": "/in/*.csv"}, ["a", "b"]),
        ({"path": "/*/b*"}, ["b"]),
        ({"path": "/in/*/c.csv"}, ["c"]),
        ({"path": "/**/c.csv"}, ["c"]),
        ({"path": "/in/z*.csv"}, []),
    ],
)
def test_a_path_stands_for_files(sources, params, names):
    for path in ("in/a.csv", "in/b.csv", "in/deep/c.csv", "in/.hidden.csv", "other/d.csv"):
        put(sources, f"landing-bucket/{path}", f"id,email\n{path[-5]},x\n")
    run = sources.run(sources.files(params))
    assert ([record["_id"] for record in sources.records(run)] if names else []) == names
    assert run["metrics"]["fileSummary"]["inputFileCount"] == len(names)


def test_delimiter_encoding_and_compression_are_those_of_the_source_connection(sources):
    put(sources, "landing-bucket/in/a.csv.gz", gzip.compress("id|email\nÄ|x\n".encode("iso-8859-1")))
    properties = {"columnDelimiter": "|", "compressionType": "gzip", "encoding": "ISO-8859-1"}
    run = sources.run(sources.files({"path": "in"}, {"format": "delimited", "properties": properties}))
    assert [record["_id"] for record in sources.records(run)] == ["Ä"]


def test_a_scheduled_run_reads_only_rows_that_are_newer_than_the_last_one(sources):
    file = put(sources, "shop/shop.people.csv", "id,email,at\n1,a,02.01.2026\n2,b,11.12.2025\n")
    flow = sources.table(schedule=HOURLY, delta={"name": "at", "dateFormat": "dd.MM.yyyy", "timezone": "UTC"})
    assert [row["_id"] for row in sources.records(sources.run(flow))] == ["1", "2"]
    with file.open("a") as more:
        more.write("3,c,02.01.2026\n4,d,03.01.2026\n")
    assert [row["_id"] for row in sources.records(sources.run(flow))] == ["4"]
    assert summary(sources.run(flow)) == (0, 0, 0)


def test_a_scheduled_run_reads_only_files_that_are_new_or_changed(sources):
    first = put(sources, "landing-bucket/in/a.csv", "id,email\n1,a\n")
    flow = sources.files({"path": "in"}, schedule=HOURLY)
    assert summary(sources.run(flow)) == (1, 1, 0)
    assert summary(sources.run(flow)) == (0, 0, 0)
    put(sources, "landing-bucket/in/b.csv", "id,email\n2,b\n")
    first.write_text("id,email\n3,c\n4,d\n")
    assert [row["_id"] for row in sources.records(sources.run(flow))] == ["3", "4", "2"]


def test_without_backfill_older_files_are_left_out(sources):
    put(sources, "landing-bucket/in/old.csv", "id,email\n1,a\n")
    begin = int(time.time()) + 3600
    flow = sources.files({"path": "in"}, schedule=HOURLY | {"backfill": "false", "startTime": str(begin)})
    ended = []
    for name in ("none", "new"):
        sources.post("/_emulator/clock", json={"advanceSeconds": 2 * 3600})
        newest = {"property": f"flowId=={flow}", "orderby": "-createdAt", "limit": "1"}
        (run,) = sources.get(f"{FLOW}/runs", params=newest).json()["items"]
        ended.append(sources.ended(run["id"]))
        put(sources, f"landing-bucket/in/{name}.csv", "id,email\n2,b\n")
    assert [summary(run) for run in ended] == [(0, 0, 0), (1, 1, 0)]


def test_schedules_run_when_the_clock_moves(sources):
    put(sources, "shop/shop.people.csv", "id,email\n1,a\n")
    once = sources.table()
    later = sources.table(schedule=HOURLY | {"startTime": str(int(time.time()) + 5400)})

    def moved(seconds):
        return sources.post("/_emulator/clock", json={"advanceSeconds": seconds}).json()["started"]

    assert moved(0) == [once]
    assert moved(60) == []
    assert moved(5400) == [later]
    assert moved(60) == []
    assert moved(3600) == [later]
    sources.post(f"{FLOW}/flows/{later}/action?op=disable")
    assert moved(36000) == []


def test_a_window_limits_what_is_read(sources):
    put(sources, "shop/shop.people.csv", "id,email,at\n1,a,2026-01-02\n2,b,2026-01-04\n3,c,2026-01-06\n")
    flow = sources.table()
    window = {"startTime": "1767657600", "windowStartTime": "1767398400", "windowEndTime": "1767571200"}
    run = sources.run(flow, window | {"deltaColumn": {"name": "at"}})
    assert [row["_id"] for row in sources.records(run)] == ["2"]


@pytest.mark.parametrize(
    ("options", "status", "numbers"),
    [
        ({"partialIngestionPercent": 50}, "success", (4, 2, 2)),
        ({"partialIngestionPercent": 49.9}, "failed", (4, 0, 2)),
        ({}, "failed", (4, 0, 2)),
    ],
)
def test_partial_ingestion_decides(sources, options, status, numbers):
    put(sources, "shop/shop.people.csv", "id,email\n1,a\n2\n3,b\n4,c,d\n")
    run = sources.run(sources.table(options=STRICT | options))
    assert run["metrics"]["statusSummary"]["status"] == status
    assert summary(run) == numbers
    batch = sources.batch(run)
    assert (batch["status"], batch["recordCount"], batch["failedRecordCount"]) == (status, *numbers[1:])
    assert len(list((sources.data / "datasets").rglob("*.ndjson"))) == (status == "success")
    (error,) = run["activities"][1]["statusSummary"]["extensions"]["errors"]
    assert (error["code"], error["recordCount"]) == ("INGEST-1401-400", 2)
    meta = f"{EXPORT}/batches/{batch['id']}/meta"
    (file,) = sources.get(meta, params={"path": "row_errors"}).json()["data"]
    rows = sources.get(meta, params={"path": f"row_errors/{file['name']}"}).text
    assert int(file["length"]) == len(rows)
    first = json.loads(rows.splitlines()[0])
    assert (first["id"], first["_filename"], first["_errors"][0]["code"]) == ("2", "shop.people.csv", "INGEST-1401-400")
    for name in ("row_errors_sample.json", "row_error_samples.json"):
        assert sources.get(meta, params={"path": name}).text == rows


def test_rows_that_do_not_fit_the_schema_are_rejected_with_each_reason(sources):
    schema = sources.schema(
        allOf=[{"$ref": "https://ns.adobe.com/xdm/context/profile"}],
        properties={
            "_local": {
                "type": "object",
                "required": ["code"],
                "properties": {
                    "code": {"type": "string", "pattern": "^[a-z]+$"},
                    "age": {"type": "integer", "minimum": 0},
                },
            }
        },
    )
    put(sources, "shop/shop.people.csv", "id,code,age\n1,ab,3\n2,AB,-1\n3,,7\n")
    mappings = [
        ("EXPRESSION", 'code == "" ? null : code', "_local.code"),
        ("ATTRIBUTE", "age", "_local.age"),
        ("ATTRIBUTE", "id", "_id"),
    ]
    flow = sources.table(options=STRICT | {"partialIngestionPercent": 90}, schema=schema, mappings=mappings)
    run = sources.run(flow)
    assert summary(run) == (3, 1, 2)
    meta = f"{EXPORT}/batches/{sources.batch(run)['id']}/meta"
    rows = sources.get(meta, params={"path": "row_errors/conversion_errors_0.json"}).text.splitlines()
    codes = [[error["code"] for error in json.loads(row)["_errors"]] for row in rows]
    assert codes == [["MAPPER-3700-400", "MAPPER-3700-400"], ["INGEST-1555-400"]]


def test_rejected_rows_are_kept_only_with_error_diagnostics(sources):
    put(sources, "shop/shop.people.csv", "id,email\n1\n")
    run = sources.run(sources.table())
    assert [error["code"] for error in run["metrics"]["statusSummary"]["errors"]] == [
        "CONNECTOR-2001-500",
        "INGEST-1211-400",
    ]
    assert sources.get(f"{EXPORT}/batches/{sources.batch(run)['id']}/meta").json()["data"] == []


def test_a_hundred_thousand_rejected_rows_are_counted_and_paged(sources):
    put(sources, "shop/shop.people.csv", "id,email\n" + "1\n" * 100_000)
    run = sources.run(sources.table(options=STRICT))
    assert summary(run) == (100_000, 0, 100_000)
    meta = f"{EXPORT}/batches/{sources.batch(run)['id']}/meta"
    first, second = (sources.get(meta, params={"start": begin}).json()["data"] for begin in (0, 100))
    assert (len(first), len(second)) == (100, 0)
    assert [entry["name"] for entry in first[:3]] == [f"conversion_errors_{number}.json" for number in range(3)]


def test_a_failed_run_is_repeated_with_what_it_was_to_read(sources):
    file = put(sources, "landing-bucket/in/a.csv", "id,email\n1\n")
    flow = sources.files({"path": "in"})
    failed = sources.run(flow)
    assert summary(failed) == (1, 0, 1)
    put(sources, "landing-bucket/in/later.csv", "id,email\n2,b\n")
    before = file.stat()
    file.write_text("id,email\n1,a\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    again = sources.post(f"{FLOW}/runs/{failed['id']}/action?op=re-trigger").json()
    assert [row["_id"] for row in sources.records(sources.ended(again["id"]))] == ["1"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"path": "../secret.csv"}, "leads out"),
        ({"path": "in/../../secret.csv"}, "leads out"),
        ({"path": "link.csv"}, "link that leads out"),
        ({"path": "linked", "recursive": True}, "link that leads out"),
        ({"path": "linked/secret.csv"}, "link that leads out"),
        ({"path": "/", "type": "folder"}, "link that leads out"),
        ({"path": "*.csv"}, "link that leads out"),
        ({"path": "none"}, "has no none"),
        ({"path": "in", "type": "file"}, "is a folder"),
        ({"path": "in/a.csv", "type": "folder"}, "is a file"),
    ],
)
def test_nothing_outside_of_the_folder_is_read(sources, params, message):
    put(sources, "secret.csv", "id,email\n1,a\n")
    put(sources, "landing-bucket/in/a.csv", "id,email\n1,a\n")
    (sources.folder / "landing-bucket/link.csv").symlink_to(sources.folder / "secret.csv")
    (sources.folder / "landing-bucket/linked").symlink_to(sources.folder)
    run = sources.run(sources.files(params))
    code, text = failure(run)
    assert code == "CONNECTOR-1001-500"
    assert message in text
    assert sources.batch(run) is None


DAMAGED = gzip.compress(b"id,email\n1,a\n", mtime=0)[:-9]
"""A packed file that ends early; without a time in it, so that its test has one name."""


@pytest.mark.parametrize(
    ("name", "text", "data", "message"),
    [
        ("a.json", '{"id": 1}', {}, "its name is that of a json file"),
        ("a.csv", b"PAR1 and more", {}, "a Parquet file"),
        ("a.csv", b"\xff\xfe\x00\xd8", {}, "not text"),
        ("a.csv", 'id,email\n1,"a\n', {}, "quotes or delimiters"),
        ("a.csv", "id,id\n1,2\n", {}, "twice"),
        ("a.csv", "id,email\n1,a\n", {"properties": {"compressionType": "gzip"}}, "not compressed with gzip"),
        ("a.csv", DAMAGED, {"properties": {"compressionType": "gzip"}}, "damaged"),
        ("a", "no JSON", {"format": "json"}, "not JSON"),
        ("a", "no Parquet", {"format": "parquet"}, "not a Parquet file"),
        ("a.csv", "id,email\n1,a\n", {"properties": {"encoding": "none"}}, "no encoding"),
    ],
)
def test_files_of_the_wrong_format_fail_the_run(sources, name, text, data, message):
    put(sources, f"landing-bucket/in/{name}", text)
    code, found = failure(sources.run(sources.files({"path": "in"}, {"format": "delimited"} | data)))
    assert code == "CONNECTOR-2001-500"
    assert message in found
    assert not list(sources.data.rglob("*.ndjson"))


def test_a_table_without_a_file_fails_the_run(sources):
    put(sources, "shop/other.csv", "id\n")
    assert "no file for the table" in failure(sources.run(sources.table()))[1]
    put(sources, "shop/people.csv", "id\n")
    put(sources, "shop/people.ndjson", "")
    assert "more than one file" in failure(sources.run(sources.table()))[1]
    assert "leads out" in failure(sources.run(sources.table(path="../people")))[1]


def test_a_file_that_grows_while_it_is_read_fails_the_run(sources):
    file = put(sources, "shop/shop.people.csv", "id,email\n" + "1,a\n" * 60_000)
    flow = sources.table()
    made = sources.post(f"{FLOW}/runs", json={"flowId": flow}).json()
    while not any((sources.data / "working").glob("*/datasets/*")):
        time.sleep(0.001)
    with file.open("a") as more:
        more.write("2,b\n")
    code, message = failure(sources.ended(made["id"]))
    assert (code, "changed while" in message) == ("CONNECTOR-1001-500", True)
    assert summary(sources.run(flow)) == (60_001, 60_001, 0)


def test_the_files_of_what_is_deleted_are_removed(sources):
    put(sources, "shop/shop.people.csv", "id,email\n1,a\n")
    flow = sources.table()
    first, second = sources.batch(sources.run(flow)), sources.batch(sources.run(flow))
    dataset = first["relatedObjects"][0]["id"]
    folder = sources.data / "datasets" / dataset
    assert {file.name for file in folder.iterdir()} == {first["id"], second["id"]}
    sources.delete(f"{CATALOG}/batches/{first['id']}")
    assert {file.name for file in folder.iterdir()} == {second["id"]}
    sources.delete(f"{CATALOG}/dataSets/{dataset}")
    assert not folder.exists()


@pytest.mark.parametrize("is_reset", [True, False], ids=["reset", "deleted"])
def test_the_files_of_a_sandbox_that_is_emptied_are_removed(sources, is_reset):
    put(sources, "shop/shop.people.csv", "id,email\n1,a\n2\n")
    flow = sources.table(options=STRICT | {"partialIngestionPercent": 90})
    batch = sources.batch(sources.run(flow))
    upload = {"datasetId": batch["relatedObjects"][0]["id"], "inputFormat": {"format": "json"}}
    waiting = sources.made("/data/foundation/import/batches", upload)["id"]
    path = f"/data/foundation/import/batches/{waiting}/datasets/{upload['datasetId']}/files/a.json"
    assert sources.put(path, content="{}", headers={"Content-Type": "application/octet-stream"}).status_code < 300
    folders = [sources.data / "diagnostics" / batch["id"], sources.data / "uploads" / waiting]
    folders.append(sources.data / "datasets" / upload["datasetId"])
    assert [folder.exists() for folder in folders] == [True, True, True]
    name = "/data/foundation/sandbox-management/sandboxes/dev"
    assert sources.put(f"{name}?validationOnly=true", json={"action": "reset"}).status_code == 202
    assert [folder.exists() for folder in folders] == [True, True, True]
    emptied = sources.put(name, json={"action": "reset"}) if is_reset else sources.delete(name)
    assert emptied.status_code == 202
    assert [folder.exists() for folder in folders] == [False, False, False]


def test_a_run_into_a_dataset_that_is_gone_fails(sources):
    put(sources, "shop/shop.people.csv", "id,email\n1,a\n")
    flow = sources.table()
    for dataset in sources.get(f"{CATALOG}/dataSets").json():
        sources.delete(f"{CATALOG}/dataSets/{dataset}")
    assert "no longer there" in failure(sources.run(flow))[1]
