"""Runs that are interrupted: a crash leaves no half batch, and the next start ends what was begun."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from flowctl.emulator import start
from flowctl.emulator.ingestion import ingest
from flowctl.emulator.ingestion.run_lock import run_lock
from flowctl.emulator.services.batch_ingestion import promotion
from flowctl.emulator.services.flow_service import real_runs

from .conftest import CATALOG, FLOW, SPECS, Client

IMPORT = "/data/foundation/import/batches"
OCTETS = "application/octet-stream"
ROWS = 300_000
"""So many that a run still writes when a test has seen its first file, on a quick machine too."""
SERVE = """
import sys
from pathlib import Path
from flowctl.emulator import serve
serve(specs_dir=Path(sys.argv[1]), data_dir=Path(sys.argv[2]), host="127.0.0.1", port=0, latency_ms=0,
      sources=Path(sys.argv[3]), on_ready=lambda url: print(url, flush=True))
"""


@pytest.fixture
def folder(tmp_path):
    file = tmp_path / "sources/base/Hubspot.Contacts.csv"
    file.parent.mkdir(parents=True)
    file.write_text("Id\n" + "".join(f"{number}\n" for number in range(ROWS)))
    return tmp_path


def in_this_process(folder):
    return start(specs_dir=SPECS, data_dir=folder / "data", sources=folder / "sources")


def begun(client):
    """The id of a run that is in progress and has written records."""
    flow = client.flow(scheduleParams={"startTime": "1767225600", "frequency": "once"})
    return client.made(f"{FLOW}/runs", {"flowId": flow["id"]})["id"]


def wait_for(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def status(client, run_id):
    return client.one("runs", run_id)["metrics"]["statusSummary"]["status"]


def check_complete(client, folder, run_id):
    wait_for(lambda: status(client, run_id) != "inProgress")
    assert status(client, run_id) == "success"
    (batch,) = client.get(f"{CATALOG}/batches").json().values()
    assert batch["recordCount"] == ROWS
    (file,) = (folder / "data/datasets").rglob("*.ndjson")
    assert file.parent.name == batch["id"]
    assert [json.loads(line)["_id"] for line in file.read_text().splitlines()] == [
        str(number) for number in range(ROWS)
    ]
    wait_for(lambda: not (folder / "data/working").exists())


def test_a_kill_in_a_run_leaves_no_half_batch_and_the_next_start_runs_it(folder):
    arguments = [sys.executable, "-c", SERVE, str(SPECS), str(folder / "data"), str(folder / "sources")]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    with process, Client(process.stdout.readline().strip()) as client:
        try:
            run_id = begun(client)
            wait_for(lambda: any((folder / "data/working").glob("*/datasets/*")))
            assert status(client, run_id) == "inProgress"
            assert client.get(f"{CATALOG}/batches").json() == {}
        finally:
            process.kill()
    assert not (folder / "data/datasets").exists()
    with in_this_process(folder) as running, Client(running.url) as client:
        check_complete(client, folder, run_id)


def test_a_kill_between_the_files_and_the_record_of_a_batch_is_repaired(folder):
    with in_this_process(folder) as running, Client(running.url) as client:
        run_id = begun(client)
    # The files are in place and the database does not know of it yet.
    database = sqlite3.connect(folder / "data/platform.sqlite3", isolation_level=None)
    database.execute("DELETE FROM object WHERE kind = 'batch'")
    database.execute(
        "UPDATE object SET body = json_set(body, '$.metrics.statusSummary.status', 'inProgress') WHERE id = ? "
        "AND kind = 'run'",
        (run_id,),
    )
    database.execute("DELETE FROM object WHERE kind = 'sourceProgress'")
    database.close()
    (folder / "data/working").mkdir()
    (folder / f"data/working/{run_id}.lock").touch()
    with in_this_process(folder) as running, Client(running.url) as client:
        check_complete(client, folder, run_id)


def test_closing_ends_the_runs_and_an_interruption_leaves_them(folder):
    running = in_this_process(folder)
    with Client(running.url) as client:
        left = begun(client)
        wait_for(lambda: any((folder / "data/working").glob("*/datasets/*")))
    running.close(finish_runs=False)
    assert not (folder / "data/datasets").exists()
    in_this_process(folder).close()
    with in_this_process(folder) as running, Client(running.url) as client:
        check_complete(client, folder, left)


def test_an_interrupted_batch_of_files_gets_its_records_with_the_next_start(folder):
    running = in_this_process(folder)
    with Client(running.url) as client:
        dataset_id = client.dataset(client.schema())
        batch = client.made(IMPORT, {"datasetId": dataset_id, "inputFormat": {"format": "csv"}})["id"]
        path = f"{IMPORT}/{batch}/datasets/{dataset_id}/files/a.csv"
        content = "_id\n" + "".join(f"{number}\n" for number in range(ROWS))
        assert client.put(path, content=content, headers={"Content-Type": OCTETS}).status_code == 201
        assert client.post(f"{IMPORT}/{batch}?action=COMPLETE").json()["status"] == "processing"
        wait_for(lambda: any((folder / "data/working").glob("*/datasets/*")))
    running.close(finish_runs=False)
    assert not (folder / "data/datasets").exists()
    with in_this_process(folder) as running, Client(running.url) as client:
        wait_for(lambda: client.get(f"{CATALOG}/batches/{batch}").json()[batch]["status"] == "success")
        assert client.get(f"{CATALOG}/batches/{batch}").json()[batch]["recordCount"] == ROWS
        assert promotion.interrupted(running._platform) == []
        wait_for(lambda: not (folder / "data/working").exists())


def test_a_batch_of_files_whose_dataset_is_gone_at_the_next_start_fails(folder):
    running = in_this_process(folder)
    with Client(running.url) as client:
        dataset_id = client.dataset(client.schema())
        batch = client.made(IMPORT, {"datasetId": dataset_id, "inputFormat": {"format": "csv"}})["id"]
    running.close()
    database = sqlite3.connect(folder / "data/platform.sqlite3", isolation_level=None)
    database.execute("UPDATE object SET body = json_set(body, '$.status', 'processing') WHERE id = ?", (batch,))
    database.execute("UPDATE object SET kind = 'promotion', name = ? WHERE id = ?", (batch, dataset_id))
    database.close()
    (folder / "data/working").mkdir()
    with in_this_process(folder) as running, Client(running.url) as client:
        wait_for(lambda: client.get(f"{CATALOG}/batches/{batch}").json()[batch]["status"] == "failed")
        (error,) = client.get(f"{CATALOG}/batches/{batch}").json()[batch]["errors"]
        assert error["description"] == "The dataset is no longer there."


def uploaded(client):
    """The ID of a batch with one record, whose files are complete."""
    dataset_id = client.dataset(client.schema())
    batch = client.made(IMPORT, {"datasetId": dataset_id, "inputFormat": {"format": "csv"}})["id"]
    path = f"{IMPORT}/{batch}/datasets/{dataset_id}/files/a.csv"
    assert client.put(path, content="_id\n1\n", headers={"Content-Type": OCTETS}).status_code == 201
    assert client.post(f"{IMPORT}/{batch}?action=COMPLETE").status_code == 200
    return batch


def batch_status(client, batch):
    return client.get(f"{CATALOG}/batches/{batch}").json()[batch]["status"]


@pytest.mark.parametrize("holds_runs", [True, False])
def test_a_run_keeps_no_batch_of_files_waiting_and_a_batch_no_run(folder, monkeypatch, holds_runs):
    real, go = ingest.ingest, threading.Event()

    def held(work, is_stopped):
        if (work.given is None) == holds_runs:
            assert go.wait(60)
        return real(work, is_stopped)

    monkeypatch.setattr(ingest, "ingest", held)
    (folder / "sources/base/Hubspot.Contacts.csv").write_text("Id\n1\n")
    with in_this_process(folder) as running, Client(running.url) as client:
        run, batch = (begun(client), uploaded(client)) if holds_runs else (uploaded(client), begun(client))[::-1]
        if holds_runs:
            wait_for(lambda: batch_status(client, batch) == "success")
            assert status(client, run) == "inProgress"
        else:
            wait_for(lambda: status(client, run) == "success")
            assert batch_status(client, batch) == "processing"
        go.set()
        wait_for(lambda: (status(client, run), batch_status(client, batch)) == ("success", "success"))


def test_a_fault_of_the_emulator_fails_the_run_and_the_next_one_is_worked_on(folder, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    (folder / "sources/base/Hubspot.Contacts.csv").write_text("Id\n1\n")
    with in_this_process(folder) as running, Client(running.url) as client:
        with monkeypatch.context() as patched:
            patched.setattr(real_runs, "_ended", broken)
            run = begun(client)
            wait_for(lambda: status(client, run) == "failed")
        errors = client.one("runs", run)["metrics"]["statusSummary"]["errors"]
        assert [error["message"] for error in errors] == ["The emulator failed: ZeroDivisionError."]
        assert client.get(f"{CATALOG}/batches").json() == {}
        wait_for(lambda: not (folder / "data/working").exists())
        assert list((folder / "data/datasets").glob("*/*")) == []
        again = begun(client)
        wait_for(lambda: status(client, again) == "success")


@pytest.mark.parametrize("is_batch", [False, True], ids=["run", "batch"])
def test_what_cannot_be_stored_begins_again_after_the_next_write(folder, monkeypatch, is_batch):
    tries = []

    def full(*_, **__):
        tries.append(1)
        raise sqlite3.OperationalError("database or disk is full")

    (folder / "sources/base/Hubspot.Contacts.csv").write_text("Id\n1\n")
    steps = promotion if is_batch else real_runs
    with in_this_process(folder) as running, Client(running.url) as client:
        with monkeypatch.context() as patched:
            patched.setattr(steps, "finish", full)
            patched.setattr(steps, "fail", full)
            id_ = uploaded(client) if is_batch else begun(client)
            wait_for(lambda: len(tries) == 2)
            # It is not tried for as long as nothing is stored.
            dry = client.post(f"{CATALOG}/dataSets", json={"name": "x"}, headers={"Pragma": "validate-only"})
            assert dry.status_code == 201
            time.sleep(0.2)
            assert len(tries) == 2
            state = batch_status(client, id_) if is_batch else status(client, id_)
            assert state == ("processing" if is_batch else "inProgress")
        client.dataset(client.schema())
        wait_for(lambda: (batch_status if is_batch else status)(client, id_) == "success")
        wait_for(lambda: not (folder / "data/working").exists())


@pytest.mark.parametrize("is_meanwhile", [False, True])
def test_what_could_not_be_stored_is_forgotten_by_a_reset(folder, monkeypatch, is_meanwhile):
    tries = []

    def full(platform, *_):
        tries.append(1)
        if is_meanwhile and len(tries) == 2:
            platform.worker.forget()
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(promotion, "finish", full)
    monkeypatch.setattr(promotion, "fail", full)
    with in_this_process(folder) as running, Client(running.url) as client:
        uploaded(client)
        wait_for(lambda: len(tries) == 2)
        time.sleep(0.2)
        if not is_meanwhile:
            assert client.post("/_emulator/reset").status_code == 204
        client.dataset(client.schema())
        time.sleep(0.2)
        assert len(tries) == 2
        assert not (folder / "data/working").exists()


def test_two_processes_do_not_work_on_one_run(folder):
    with run_lock(folder, "run") as first, run_lock(folder, "run") as second:
        assert (first, second) == (True, False)
    with run_lock(folder, "run") as again:
        assert again


def test_a_reset_in_a_run_leaves_nothing(folder):
    with in_this_process(folder) as running, Client(running.url) as client:
        begun(client)
        wait_for(lambda: any((folder / "data/working").glob("*/datasets/*")))
        assert client.post("/_emulator/reset").status_code == 204
        running._platform.worker.close(finish=True)
        assert client.get(f"{CATALOG}/batches").json() == {}
        assert {file.name for file in (folder / "data").iterdir() if file.is_dir()} == set()
