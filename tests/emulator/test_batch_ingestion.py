"""Batches of files that a client uploads: from the empty batch to the records, and every refusal on the way."""

from __future__ import annotations

import contextlib
import json
import shutil
import threading
import time

import pytest

from flowctl.emulator import start
from flowctl.emulator.ingestion import ingest
from flowctl.emulator.services.batch_ingestion import files, promotion

from .conftest import CATALOG, SPECS, Client

IMPORT = "/data/foundation/import/batches"
EXPORT = "/data/foundation/export"
SANDBOXES = "/data/foundation/sandbox-management/sandboxes"
OCTETS = {"Content-Type": "application/octet-stream"}
ANA = '{"_id": "1", "personalEmail": {"address": "ana@x.org"}}\n'
WRONG = '{"_id": "2", "personalEmail": {"address": 7}}\n'


@pytest.fixture
def dataset_id(client):
    return client.dataset(client.schema())


def begun(client, dataset_id, **changes):
    body = {"datasetId": dataset_id, "inputFormat": {"format": "json"}} | changes
    return client.made(IMPORT, body)


def put(client, batch, name, content):
    path = f"{IMPORT}/{batch['id']}/datasets/{batch['relatedObjects'][0]['id']}/files/{name}"
    return client.put(path, content=content, headers=OCTETS)


def act(client, batch, action):
    return client.post(f"{IMPORT}/{batch['id']}?action={action}")


def completed(client, batch):
    """The batch as it ended."""
    assert act(client, batch, "COMPLETE").status_code == 200
    return ended(client, batch)


def ended(client, batch):
    deadline = time.monotonic() + 60
    while (found := shown(client, batch))["status"] in ("processing", "staging"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def shown(client, batch):
    return client.get(f"{CATALOG}/batches/{batch['id']}").json()[batch["id"]]


def records(client, batch_id):
    """The records of a batch, found by links only."""
    found = []
    for file in client.get(f"{EXPORT}/batches/{batch_id}/files").json()["data"]:
        (entry,) = client.get(file["_links"]["self"]["href"]).json()["data"]
        found += map(json.loads, client.get(entry["_links"]["self"]["href"]).text.splitlines())
    return found


def test_a_file_becomes_the_records_of_a_successful_batch(client, dataset_id):
    batch = begun(client, dataset_id, tags={"team": ["crm"]}, externalId="mine", inputFormat={"format": "JSON"})
    assert batch["status"] == "loading"
    assert batch["relatedObjects"] == [{"type": "dataSet", "id": dataset_id}]
    assert batch["inputFormat"] == {"format": "json"}
    assert (batch["version"], batch["tags"]["team"], batch["externalId"]) == ("1.0.0", ["crm"], "mine")
    assert batch["createdUser"] == batch["updatedUser"]
    assert put(client, batch, "in/people.json", ANA).status_code == 201
    assert put(client, batch, "in/people.json", ANA).status_code == 200
    found = completed(client, batch)
    assert (found["status"], found["recordCount"], found["failedRecordCount"]) == ("success", 1, 0)
    assert found["metrics"]["inputByteSize"] == len(ANA)
    assert found["started"] <= found["completed"]
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/in/people.json"
    assert client.head(path).status_code == 404
    assert records(client, batch["id"]) == [json.loads(ANA)]
    assert client.get(f"{EXPORT}/datasets/{dataset_id}/preview").json() == {"data": [json.loads(ANA)]}
    shown = client.get(f"{CATALOG}/dataSets/{dataset_id}").json()[dataset_id]
    assert (shown["lastBatchId"], shown["lastBatchStatus"]) == (batch["id"], "success")


def test_a_batch_without_an_external_id_has_its_own(client, dataset_id):
    batch = begun(client, dataset_id)
    assert batch["externalId"] == batch["id"]


@pytest.mark.parametrize(
    ("setting", "file", "begin", "end"), [("description", 201, 200, 200), ("guide", 200, 201, 201)]
)
def test_both_documented_statuses_of_uploads_can_be_had(client, dataset_id, setting, file, begin, end):
    client.settings(uploads=setting)
    batch = begun(client, dataset_id)
    assert put(client, batch, "a.json", ANA).status_code == file
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/b.json"
    assert client.post(f"{path}?action=INITIALIZE").status_code == begin
    assert client.post(f"{path}?action=COMPLETE").status_code == end


def test_a_large_file_arrives_in_parts(client, dataset_id):
    batch = begun(client, dataset_id)
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/in/large.json"
    content = (ANA * 4).encode()
    part = {**OCTETS, "Content-Range": f"bytes 0-9/{len(content)}"}
    assert client.patch(path, content=content[:10], headers=part).status_code == 404
    assert client.head(path).status_code == 404
    assert client.post(f"{path}?action=complete").status_code == 404
    assert client.post(f"{path}?action=INITIALIZE").json() == {"name": "in/large.json", "sizeInBytes": 0}
    assert "range" not in client.head(path).headers
    late = {**OCTETS, "Content-Range": f"bytes 10-{len(content) - 1}/*"}
    reply = client.patch(path, content=content[10:], headers=late)
    assert (reply.status_code, reply.json()["sizeInBytes"]) == (200, len(content) - 10)
    assert "range" not in reply.headers
    assert client.post(f"{path}?action=COMPLETE").status_code == 400
    assert act(client, batch, "COMPLETE").status_code == 400
    reply = client.patch(path, content=content[:10], headers=part)
    assert reply.headers["range"] == f"bytes=0-{len(content) - 1}"
    assert client.head(path).headers["range"] == f"bytes=0-{len(content) - 1}"
    done = client.post(f"{path}?action=COMPLETE")
    assert (done.status_code, done.json()) == (200, {"name": "in/large.json", "sizeInBytes": len(content)})
    assert client.patch(path, content=content[:10], headers=part).status_code == 400
    assert completed(client, batch)["recordCount"] == 4


@pytest.mark.parametrize(
    "given", ["", "bytes 5-4/20", "bytes 0-8/20", "bytes 0-10/20", "lines 0-9/20", "bytes 0-x/20", "bytes 0-9/5"]
)
def test_a_part_has_the_range_of_its_body(client, dataset_id, given):
    batch = begun(client, dataset_id)
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/large.json"
    client.post(f"{path}?action=INITIALIZE")
    assert client.patch(path, content=b"x" * 10, headers={**OCTETS, "Content-Range": given}).status_code == 400
    assert "range" not in client.head(path).headers


def test_a_part_beyond_the_largest_batch_is_refused(client, dataset_id):
    batch = begun(client, dataset_id)
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/large.json"
    client.post(f"{path}?action=INITIALIZE")
    given = {**OCTETS, "Content-Range": "bytes 900000000000000-900000000000009/*"}
    reply = client.patch(path, content=b"x" * 10, headers=given)
    assert (reply.status_code, reply.json()["detail"]) == (413, "A batch has at most 1 TB.")


def test_a_large_file_with_a_hole_is_not_complete(client, dataset_id):
    batch = begun(client, dataset_id)
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/large.json"
    client.post(f"{path}?action=INITIALIZE")
    for first in (0, 20):
        given = {**OCTETS, "Content-Range": f"bytes {first}-{first + 9}/30"}
        assert client.patch(path, content=b"x" * 10, headers=given).status_code == 200
    assert client.head(path).headers["range"] == "bytes=0-9"
    assert client.post(f"{path}?action=COMPLETE").status_code == 400


def test_one_rejected_row_fails_a_batch_and_its_files_can_be_read(client, dataset_id):
    batch = begun(client, dataset_id, enableErrorDiagnostics=True)
    put(client, batch, "in/a.json", ANA)
    put(client, batch, "in/b.json", WRONG)
    found = completed(client, batch)
    assert (found["status"], found["recordCount"], found["failedRecordCount"]) == ("failed", 0, 1)
    assert [error["code"] for error in found["errors"]] == ["MAPPER-3700-400"]
    assert records(client, batch["id"]) == []
    (rows,) = client.get(f"{EXPORT}/batches/{batch['id']}/meta").json()["data"]
    row = client.get(rows["_links"]["self"]["href"]).json()
    assert (row["_id"], row["_filename"]) == ("2", "in/b.json")
    failed = client.get(f"{EXPORT}/batches/{batch['id']}/failed").json()
    assert [(item["name"], item["length"]) for item in failed["data"]] == [
        ("in/a.json", str(len(ANA))),
        ("in/b.json", str(len(WRONG))),
    ]
    assert failed["_page"] == {"limit": 100, "count": 2}
    assert client.get(failed["data"][1]["_links"]["self"]["href"]).text == WRONG
    assert client.get(f"{EXPORT}/batches/{batch['id']}/failed?path=none").status_code == 404
    assert [item["name"] for item in client.get(f"{EXPORT}/batches/{batch['id']}/failed?start=1").json()["data"]] == [
        "in/b.json"
    ]


def test_rejected_rows_below_the_percentage_leave_the_others(client, dataset_id):
    batch = begun(client, dataset_id, partialIngestionPercentage=50)
    put(client, batch, "a.json", ANA + WRONG)
    found = completed(client, batch)
    assert (found["status"], found["recordCount"], found["failedRecordCount"]) == ("success", 1, 1)
    assert client.get(f"{EXPORT}/batches/{batch['id']}/meta").json()["data"] == []
    assert client.get(f"{EXPORT}/batches/{batch['id']}/failed").json()["data"] == []


def test_a_batch_that_is_no_failure_has_no_failed_files(client, dataset_id):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    assert client.get(f"{EXPORT}/batches/{batch['id']}/failed").json()["data"] == []
    act(client, batch, "FAIL")
    assert len(client.get(f"{EXPORT}/batches/{batch['id']}/failed").json()["data"]) == 1


def test_a_batch_has_so_many_files_and_no_more(client, dataset_id, monkeypatch):
    monkeypatch.setattr(files, "MOST_FILES", 2)
    batch = begun(client, dataset_id)
    names = ("a.json", "b.json", "c.json", "a.json")
    assert [put(client, batch, name, ANA).status_code for name in names] == [201, 201, 400, 200]
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/d.json"
    assert client.post(f"{path}?action=INITIALIZE").status_code == 400


def test_json_over_several_lines_needs_its_flag(client, dataset_id):
    document = json.dumps([json.loads(ANA)], indent=2)
    for flag, status in ((False, "failed"), (True, "success")):
        batch = begun(client, dataset_id, inputFormat={"format": "JSON", "isMultiLineJson": flag})
        put(client, batch, "a.json", document)
        assert completed(client, batch)["status"] == status


def test_a_file_of_another_format_fails_the_batch(client, dataset_id):
    batch = begun(client, dataset_id, inputFormat={"format": "csv"})
    put(client, batch, "a.csv", '_id\n"broken\n')
    found = completed(client, batch)
    assert found["status"] == "failed"
    assert "a.csv" in found["errors"][0]["description"]


def test_a_replay_takes_the_place_of_batches(client, dataset_id):
    old = []
    for _ in range(2):
        batch = begun(client, dataset_id, externalId=f"old-{len(old)}")
        put(client, batch, "a.json", ANA)
        completed(client, batch)
        old.append(batch["id"])
    replay = {"predecessors": [f"${old[0]}"], "predecessorsByExternalId": ["$old-1"], "reason": "replace"}
    batch = begun(client, dataset_id, replay=replay)
    assert batch["replay"] == {"predecessors": old, "reason": "replace"}
    assert len(records(client, old[0])) == 1
    put(client, batch, "a.json", ANA)
    completed(client, batch)
    assert [records(client, id_) for id_ in old] == [[], []]
    shown = client.get(f"{CATALOG}/batches/{','.join(old)}").json()
    assert {one["status"] for one in shown.values()} == {"inactive"}
    assert len(records(client, batch["id"])) == 1


def test_a_replay_that_fails_leaves_its_predecessor(client, dataset_id):
    old = begun(client, dataset_id)
    put(client, old, "a.json", ANA)
    completed(client, old)
    batch = begun(client, dataset_id, replay={"predecessors": [old["id"]]})
    put(client, batch, "a.json", WRONG)
    completed(client, batch)
    assert len(records(client, old["id"])) == 1


@pytest.mark.parametrize(("action", "status"), [("ABORT", "aborted"), ("FAIL", "failed")])
def test_a_batch_can_be_given_up(client, dataset_id, action, status):
    batch = begun(client, dataset_id)
    assert act(client, batch, "REVERT").status_code == 400
    assert act(client, batch, action).json()["status"] == status
    assert act(client, batch, "COMPLETE").status_code == 400
    assert put(client, batch, "a.json", ANA).status_code == 400
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/a.json"
    assert client.post(f"{path}?action=INITIALIZE").status_code == 400
    assert client.patch(path, content=b"x", headers={**OCTETS, "Content-Range": "bytes 0-0/1"}).status_code == 400


def test_a_reverted_batch_has_no_records(client, dataset_id):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    assert completed(client, batch)["status"] == "success"
    assert act(client, batch, "ABORT").status_code == 400
    assert act(client, batch, "REVERT").json()["status"] == "inactive"
    assert records(client, batch["id"]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"datasetId": "none"},
        {"datasetId": None},
        {"inputFormat": None},
        {"inputFormat": {"format": "xml"}},
        {"inputFormat": {"format": "json", "isMultiLineJson": "true"}},
        {"inputFormat": {"format": "csv", "delimiter": "ab"}},
        {"inputFormat": {"format": "csv", "charset": "none"}},
        {"externalId": 1},
        {"tags": {"a": "b"}},
        {"tags": []},
        {"replay": []},
        {"replay": {"predecessors": "x"}},
        {"replay": {"predecessors": ["none"]}},
        {"replay": {"predecessorsByExternalId": ["none"]}},
        {"replay": {"reason": 1}},
        {"enableErrorDiagnostics": "true"},
        {"partialIngestionPercentage": 101},
        {"partialIngestionPercentage": True},
    ],
)
def test_a_body_that_the_description_rules_out_makes_no_batch(client, dataset_id, changes):
    body = {"datasetId": dataset_id, "inputFormat": {"format": "json"}} | changes
    assert client.post(IMPORT, json=body).status_code == 400
    assert client.get(f"{CATALOG}/batches").json() == {}


def test_unknown_batches_datasets_and_actions(client, dataset_id):
    batch = begun(client, dataset_id)
    for path in (f"none/datasets/{dataset_id}", f"{batch['id']}/datasets/none"):
        file = f"{IMPORT}/{path}/files/a.json"
        assert client.put(file, content=ANA, headers=OCTETS).status_code == 404
        assert client.head(file).status_code == 404
        assert client.post(f"{file}?action=INITIALIZE").status_code == 404
        assert client.get(f"{IMPORT}/{path}/preview?format=json").status_code == 404
    assert client.post(f"{IMPORT}/none?action=COMPLETE").status_code == 404
    assert client.get(f"{EXPORT}/datasets/none/preview").status_code == 404
    assert client.get(f"{EXPORT}/batches/none/failed").status_code == 404
    assert act(client, batch, "DELETE").status_code == 400
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files/a.json"
    assert client.post(f"{path}?action=ABORT").status_code == 400
    assert client.put(path, content=ANA, headers={"Content-Type": "multipart/form-data"}).status_code == 415
    assert client.patch(path, content=ANA, headers={"Content-Type": "application/json"}).status_code == 415
    assert client.put(f"{path}{'x' * 2000}", content=ANA, headers=OCTETS).status_code == 414
    assert client.post(IMPORT, content=b"{}", headers=OCTETS).status_code == 400


def test_a_batch_of_catalog_has_no_format_to_complete_with(client, dataset_id):
    (link,) = client.made(f"{CATALOG}/batches", {"datasetId": dataset_id, "status": "loading"})
    batch_id = link.rpartition("/")[2]
    assert client.post(f"{IMPORT}/{batch_id}?action=COMPLETE").status_code == 400
    client.patch(f"{CATALOG}/batches/{batch_id}", json={"status": "success"})
    assert client.post(f"{IMPORT}/{batch_id}?action=COMPLETE").status_code == 400


def test_a_deleted_batch_leaves_no_file_to_one_of_its_name(client, dataset_id):
    body = {"datasetId": dataset_id, "status": "loading", "inputFormat": {"format": "json"}}
    client.made(f"{CATALOG}/batches/mine", body)
    path = f"{IMPORT}/mine/datasets/{dataset_id}/files/a.json"
    client.put(path, content=ANA, headers=OCTETS)
    client.delete(f"{CATALOG}/batches/mine")
    client.made(f"{CATALOG}/batches/mine", body)
    assert client.head(path).status_code == 404


def test_paths_are_names_and_lead_nowhere(client, dataset_id):
    batch = begun(client, dataset_id)
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/files"
    assert client.put(f"{path}/%2e%2e%2f%2e%2e%2fa.json", content=ANA, headers=OCTETS).status_code == 201
    assert client.put(f"{path}/{'d/' * 200}a.json", content=WRONG, headers=OCTETS).status_code == 201
    completed(client, batch)
    names = [item["name"] for item in client.get(f"{EXPORT}/batches/{batch['id']}/failed").json()["data"]]
    assert names == ["../../a.json", f"{'d/' * 200}a.json"]


def test_a_preview_shows_columns_and_rows_of_what_arrived(client, dataset_id):
    batch = begun(client, dataset_id, inputFormat={"format": "csv"})
    put(client, batch, "a.csv", "name;age\nAna;7\nBen;8\n")
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/preview"
    shown = client.get(f"{path}?format=csv&delimiter=%3B&nrow=1").json()
    params = {"delimiter": ";", "quote": '"', "escape": "\\", "charset": "UTF-8", "header": True, "format": "csv"}
    assert shown["formatParams"] == params
    assert shown["preview"]["columns"] == [{"cid": "0", "name": "name"}, {"cid": "1", "name": "age"}]
    assert shown["preview"]["rows"] == [{"0": "Ana", "1": "7"}]
    assert len(client.get(f"{path}?format=csv&delimiter=%3B").json()["preview"]["rows"]) == 2
    for query in ("", "?format=xml", "?format=csv&nrow=x", "?format=csv&header=maybe", "?format=csv&header=false"):
        assert client.get(path + query).status_code == 400
    assert client.get(f"{path}?format=json&isMultiLineJson=true").status_code == 400


def test_a_file_may_be_larger_than_a_body_of_the_other_services(client, dataset_id):
    batch = begun(client, dataset_id)
    content = ANA + " " * (9 * 1024 * 1024)
    assert put(client, batch, "a.json", content).status_code == 201
    assert client.post(f"{CATALOG}/dataSets", content=content).status_code == 413


def test_a_preview_of_a_dataset_has_100_records(client, dataset_id):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA * 70)
    put(client, batch, "b.json", ANA * 70)
    completed(client, batch)
    assert len(client.get(f"{EXPORT}/datasets/{dataset_id}/preview").json()["data"]) == 100


def test_the_charset_of_a_batch_is_that_of_its_files(client, dataset_id):
    batch = begun(client, dataset_id, inputFormat={"format": "csv", "charset": "ISO-8859-1"})
    put(client, batch, "a.csv", "_id\nJosé\n".encode("latin-1"))
    path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}/preview?format=csv&charset=ISO-8859-1"
    assert client.get(path).json()["preview"]["rows"] == [{"0": "José"}]
    assert completed(client, batch)["status"] == "success"
    assert records(client, batch["id"]) == [{"_id": "José"}]


class Held:
    """Records are made, then `begun` is set, and the batch ends once `go` is set."""

    def __init__(self, real):
        self._real = real
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, work, is_stopped):
        made = self._real(work, is_stopped)
        self.begun.set()
        assert self.go.wait(60)
        return made


@pytest.fixture
def held(monkeypatch, client):
    client.settings(completeWait=0)
    held = Held(ingest.ingest)
    monkeypatch.setattr(ingest, "ingest", held)
    yield held
    held.go.set()


def test_other_requests_are_answered_while_records_are_made(client, dataset_id, held):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    assert act(client, batch, "COMPLETE").json()["status"] == "processing"
    assert held.begun.wait(60)
    assert shown(client, batch)["status"] == "processing"
    assert client.get(f"{CATALOG}/dataSets/{dataset_id}").json()[dataset_id]["lastBatchStatus"] == "processing"
    assert records(client, batch["id"]) == []
    assert put(client, batch, "b.json", ANA).status_code == 400
    assert [act(client, batch, action).status_code for action in ("FAIL", "REVERT")] == [400] * 2
    again = act(client, batch, "COMPLETE")
    assert (again.status_code, again.json()["status"]) == (200, "processing")
    held.go.set()
    assert ended(client, batch)["recordCount"] == 1
    assert act(client, batch, "COMPLETE").json() == shown(client, batch)
    assert len(records(client, batch["id"])) == 1


@pytest.mark.parametrize("what", ["batches", "dataSets", "status", "abort", "moved"])
def test_a_batch_that_is_gone_before_its_end_leaves_no_records(client, dataset_id, held, what, started):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    act(client, batch, "COMPLETE")
    assert held.begun.wait(60)
    if what == "status":
        client.patch(f"{CATALOG}/batches/{batch['id']}", json={"status": "failed"})
    elif what == "abort":
        assert act(client, batch, "ABORT").json()["status"] == "aborted"
    elif what == "moved":
        moved = [{"type": "dataSet", "id": client.dataset(client.schema())}]
        assert client.patch(f"{CATALOG}/batches/{batch['id']}", json={"relatedObjects": moved}).status_code == 200
    else:
        id_ = batch["id"] if what == "batches" else dataset_id
        assert client.delete(f"{CATALOG}/{what}/{id_}").status_code == 200
    held.go.set()
    other = begun(client, client.dataset(client.schema()))
    assert completed(client, other)["status"] == "success"
    found = client.get(f"{CATALOG}/batches").json()
    assert batch["id"] not in found or found[batch["id"]]["status"] == ("aborted" if what == "abort" else "failed")
    assert records(client, other["id"]) == []
    left = client.get(f"{EXPORT}/batches/{batch['id']}/files")
    assert left.status_code == 404 or left.json()["data"] == []
    assert list(started._platform.data_dir.glob(f"datasets/*/{batch['id']}")) == []


@pytest.mark.parametrize("status", ["loading", "processing", "success", "completed"])
def test_nothing_of_a_deleted_batch_reaches_another_one_with_its_id(client, dataset_id, held, status, started):
    body = {"datasetId": dataset_id, "inputFormat": {"format": "json"}, "status": "loading"}
    batch = {"id": "mine", "relatedObjects": [{"id": dataset_id}]}
    client.made(f"{CATALOG}/batches/mine", body)
    put(client, batch, "a.json", ANA)
    act(client, batch, "COMPLETE")
    assert held.begun.wait(60)
    client.delete(f"{CATALOG}/batches/mine")
    client.made(f"{CATALOG}/batches/mine", body | {"status": "loading" if status == "completed" else status})
    if status == "completed":
        put(client, batch, "b.json", ANA.replace('"1"', '"3"'))
        assert act(client, batch, "COMPLETE").json()["status"] == "processing"
    before = shown(client, batch)
    held.go.set()
    if status == "completed":
        assert ended(client, batch)["status"] == "success"
        assert [record["_id"] for record in records(client, "mine")] == ["3"]
    else:
        assert completed(client, begun(client, dataset_id))["status"] == "success"
        assert shown(client, batch) == before
        assert records(client, "mine") == []
        assert list(started._platform.data_dir.glob("datasets/*/mine")) == []
    assert promotion.interrupted(started._platform) == []


def test_a_fault_of_the_emulator_fails_the_batch_and_the_next_one_is_worked_on(
    client, dataset_id, monkeypatch, caplog, started
):
    def broken(*_):
        raise ZeroDivisionError

    for place in ((ingest, "ingest"), (promotion, "_work"), (promotion, "_outcome")):
        with monkeypatch.context() as patched:
            patched.setattr(*place, broken)
            batch = begun(client, dataset_id)
            put(client, batch, "a.json", ANA)
            found = completed(client, batch)
        assert found["status"] == "failed"
        assert [error["description"] for error in found["errors"]] == ["The emulator failed: ZeroDivisionError."]
        assert records(client, batch["id"]) == []
        assert list(started._platform.data_dir.glob("datasets/*/*")) == []
        assert "A run or an uploaded batch failed: ZeroDivisionError" in caplog.text
        caplog.clear()
    assert promotion.interrupted(started._platform) == []
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    assert completed(client, batch)["status"] == "success"


def test_a_small_batch_has_ended_when_its_completion_is_answered(client, dataset_id):
    client.settings(completeWait=60_000)
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    reply = act(client, batch, "COMPLETE").json()
    assert reply["status"] == "success"
    assert reply == shown(client, batch)
    assert len(records(client, batch["id"])) == 1


def test_completion_is_answered_after_the_wait_and_other_requests_meanwhile(client, dataset_id, held):
    client.settings(completeWait=300)
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    replies = []
    thread = threading.Thread(target=lambda: replies.append(act(client, batch, "COMPLETE")))
    before = time.monotonic()
    thread.start()
    assert held.begun.wait(60)
    assert shown(client, batch)["status"] == "processing"
    thread.join()
    assert time.monotonic() - before > 0.3
    assert (replies[0].status_code, replies[0].json()["status"]) == (200, "processing")


def test_completion_of_a_batch_that_is_deleted_meanwhile_is_answered_at_once(client, dataset_id, held):
    client.settings(completeWait=60_000)
    batch = begun(client, dataset_id)
    replies = []
    thread = threading.Thread(target=lambda: replies.append(act(client, batch, "COMPLETE")))
    thread.start()
    assert held.begun.wait(60)
    client.delete(f"{CATALOG}/batches/{batch['id']}")
    thread.join(30)
    assert (replies[0].status_code, replies[0].json()["status"]) == (200, "processing")


def test_the_guides_status_of_a_batch_in_work_and_both_rules_for_aborting_it(client, dataset_id, held, started):
    client.settings(uploads="guide", batchAborts="loading")
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", ANA)
    assert act(client, batch, "COMPLETE").json()["status"] == "staging"
    assert held.begun.wait(60)
    left = started._platform.data_dir / "datasets" / dataset_id / batch["id"] / "part-00000.ndjson"
    left.parent.mkdir(parents=True)
    left.write_text(ANA)  # as a kill between the files and the record of the batch leaves it
    assert records(client, batch["id"]) == []
    assert act(client, batch, "ABORT").status_code == 400
    client.settings(batchAborts="processing")
    assert act(client, batch, "COMPLETE").json()["status"] == "staging"
    assert act(client, batch, "ABORT").json()["status"] == "aborted"
    assert act(client, batch, "COMPLETE").status_code == 400
    held.go.set()
    client.settings(uploads="description")
    assert completed(client, begun(client, dataset_id))["status"] == "success"
    assert shown(client, batch)["status"] == "aborted"


def test_a_batch_that_is_completed_anew_has_the_outcome_of_its_last_files(client, dataset_id, held):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", WRONG)
    act(client, batch, "COMPLETE")
    assert held.begun.wait(60)
    assert client.patch(f"{CATALOG}/batches/{batch['id']}", json={"status": "loading"}).status_code == 200
    put(client, batch, "a.json", ANA)
    assert act(client, batch, "COMPLETE").json()["status"] == "processing"
    held.go.set()
    assert ended(client, batch)["status"] == "success"
    assert [record["_id"] for record in records(client, batch["id"])] == ["1"]


def test_what_a_kill_has_left_of_a_batch_goes_when_it_fails(client, dataset_id, held, started):
    batch = begun(client, dataset_id)
    put(client, batch, "a.json", WRONG)
    act(client, batch, "COMPLETE")
    assert held.begun.wait(60)
    left = started._platform.data_dir / "datasets" / dataset_id / batch["id"] / "part-00000.ndjson"
    left.parent.mkdir(parents=True)
    left.write_text(ANA)
    held.go.set()
    assert ended(client, batch)["status"] == "failed"
    assert records(client, batch["id"]) == []
    assert not left.parent.exists()


NAMED = {"inputFormat": {"format": "json"}, "enableErrorDiagnostics": True, "partialIngestionPercentage": 90}


def named(client, id_="same"):
    """A batch that waits for files, with an ID that the client has chosen."""
    body = {"datasetId": client.dataset(client.schema()), "status": "loading", **NAMED}
    client.made(f"{CATALOG}/batches/{id_}", body)
    return shown(client, {"id": id_})


def rejected(client, batch_id="same"):
    """The rejected rows of a batch."""
    path = f"{EXPORT}/batches/{batch_id}/meta"
    names = [entry["name"] for entry in client.get(path).json()["data"]]
    return "".join(client.get(path, params={"path": f"row_errors/{name}"}).text for name in names)


def test_batches_with_the_same_id_in_two_sandboxes_have_their_own_files(client):
    with Client(client.url, **{"x-sandbox-name": "prod"}) as prod:
        ours, theirs = named(client), named(prod)
        assert put(client, ours, "a.json", ANA + WRONG.replace('"2"', '"dev"')).status_code == 201
        assert put(prod, theirs, "a.json", ANA * 2 + WRONG.replace('"2"', '"prod"')).status_code == 201
        assert completed(client, ours)["recordCount"] == 1
        assert ("dev" in rejected(client), rejected(prod)) == (True, "")
        assert completed(prod, theirs)["recordCount"] == 2
        assert ("dev" in rejected(client), "prod" in rejected(prod)) == (True, True)
        assert act(client, ours, "REVERT").status_code == 200
        assert ("dev" in rejected(client), "prod" in rejected(prod)) == (False, True)


def test_a_batch_with_the_id_of_a_deleted_one_has_none_of_its_rejected_rows(client):
    assert put(client, named(client), "a.json", ANA + WRONG).status_code == 201
    assert completed(client, {"id": "same"})["failedRecordCount"] == 1
    assert "_errors" in rejected(client)
    assert client.delete(f"{CATALOG}/batches/same").status_code == 200
    named(client)
    assert rejected(client) == ""


def test_an_error_at_the_end_of_a_batch_leaves_no_files(client, started, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(promotion, "_outcome", broken)
    assert put(client, named(client), "a.json", ANA + WRONG).status_code == 201
    assert completed(client, {"id": "same"})["status"] == "failed"
    assert rejected(client) == ""
    assert list(started._platform.data_dir.glob("datasets/*/same")) == []


def test_the_rejected_rows_that_an_interrupted_promotion_has_left_are_removed(client, started):
    assert put(client, named(client), "a.json", ANA).status_code == 201
    (folder,) = started._platform.data_dir.glob("uploads/same.*")
    left = started._platform.data_dir / "diagnostics" / folder.name
    left.mkdir(parents=True)
    (left / "conversion_errors_0.json").write_text('{"_errors": []}')
    assert "_errors" in rejected(client)
    assert completed(client, {"id": "same"})["status"] == "success"
    assert rejected(client) == ""


@pytest.mark.parametrize("way", ["batch", "sandbox"])
def test_what_is_deleted_takes_no_files_of_another_sandbox_with_it(client, way):
    deleted = {"batch": f"{CATALOG}/batches/same", "sandbox": f"{SANDBOXES}/dev"}[way]
    with Client(client.url, **{"x-sandbox-name": "prod"}) as prod:
        batch = named(prod)
        assert put(prod, batch, "a.json", ANA + WRONG).status_code == 201
        assert completed(prod, batch)["recordCount"] == 1
        later = named(prod, "later")
        assert put(prod, later, "a.json", ANA).status_code == 201
        assert put(client, named(client, "later"), "a.json", ANA).status_code == 201
        named(client)
        assert client.delete(deleted).status_code in (200, 202)
        assert client.delete(deleted.replace("same", "later")).status_code in (200, 202, 404)
        assert "_errors" in rejected(prod)
        assert completed(prod, later)["recordCount"] == 1


@contextlib.contextmanager
def two_sandboxes(data_dir):
    """Clients of two sandboxes of an emulator that has its data in that folder."""
    with (
        start(specs_dir=SPECS, data_dir=data_dir) as running,
        Client(running.url) as client,
        Client(running.url, **{"x-sandbox-name": "prod"}) as prod,
    ):
        yield client, prod


def test_the_folders_of_earlier_releases_belong_to_each_batch_with_their_id(tmp_path):
    with two_sandboxes(tmp_path) as (client, prod):
        batch, others = named(client), [named(client, "later"), named(prod, "later")]
        assert put(client, batch, "a.json", ANA + WRONG).status_code == 201
        assert completed(client, batch)["recordCount"] == 1
        assert put(client, others[0], "a.json", ANA).status_code == 201
        assert put(prod, others[1], "a.json", ANA).status_code == 201
        uploads = sorted((tmp_path / "uploads").iterdir())
    assert len(uploads) == 2
    uploads[0].rename(tmp_path / "uploads/later")
    shutil.rmtree(uploads[1])
    (errors,) = (tmp_path / "diagnostics").iterdir()
    errors.rename(tmp_path / "diagnostics/same")
    (tmp_path / "diagnostics/unknown").mkdir()
    with two_sandboxes(tmp_path) as (client, prod):
        assert "_errors" in rejected(client)
        assert completed(client, others[0])["recordCount"] == 1
        assert completed(prod, others[1])["recordCount"] == 1
    (tmp_path / "diagnostics/same").mkdir()
    start(specs_dir=SPECS, data_dir=tmp_path).close()
    assert errors.is_dir()
    assert sorted(file.name for file in (tmp_path / "diagnostics").glob("[!l]*")) == ["same", errors.name, "unknown"]
