"""Running it: in a thread, in the foreground, several on one data folder, killed and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest

from flowctl.emulator import (
    DamagedLock,
    DataError,
    DataInUse,
    FolderInUse,
    database,
    folder_users,
    require_unused,
    reset,
    start,
)
from flowctl.emulator.directory import LOCAL_CLIENT, Directory
from flowctl.emulator.directory import Client as ApiClient

from .conftest import CATALOG, FLOW, SPECS, Client, code_of

SERVE = """
import sys
from pathlib import Path
from flowctl.emulator import serve
serve(specs_dir=Path(sys.argv[1]), data_dir=Path(sys.argv[2]), host="127.0.0.1", port=0, latency_ms=0,
      on_ready=lambda url: print(url, flush=True))
print("clean end", flush=True)
"""


@pytest.fixture
def served(tmp_path):
    """A function that starts a serving process on one data folder and returns it with its URL."""
    processes = []

    def run():
        arguments = [sys.executable, "-c", SERVE, str(SPECS), str(tmp_path / "data")]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return process, process.stdout.readline().strip()

    yield run
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()


def test_importing_is_light():
    code = (
        "import sys, flowctl.emulator; print(sorted({'starlette', 'uvicorn', 'sqlite3', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_imports_nothing_else_of_flowctl_but_the_leaves():
    code = (
        "import sys; from pathlib import Path; from flowctl.emulator import start\n"
        f"start(specs_dir=Path({str(SPECS)!r})).close()\n"
        "print([name for name in sys.modules if name.startswith('flowctl.')"
        " and name.split('.')[1] not in ('emulator', 'dataprep', 'xdm', 'row_files')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_data_folder_outlives_the_server(tmp_path):
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        base = client.base()
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        assert client.one("connections", base["id"])["etag"] == base["etag"]


def test_close_ends_the_server_and_may_be_called_twice():
    running = start(specs_dir=SPECS)
    url = running.url
    running.close()
    running.close()
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_a_port_in_use_is_an_error():
    with start(specs_dir=SPECS) as running, pytest.raises(OSError, match="in use"):
        start(specs_dir=SPECS, port=int(running.url.rpartition(":")[2]))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serving_ends_cleanly_on_a_signal(served, number):
    process, url = served()
    assert httpx.get(f"{url}/_emulator/requests").status_code == 200
    process.send_signal(number)
    assert process.stdout.readline().strip() == "clean end"
    assert process.wait(timeout=10) == 0


def test_a_killed_server_loses_no_acknowledged_write(served):
    process, url = served()
    with Client(url) as client:
        ids = [client.base(name=f"base {number}")["id"] for number in range(40)]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    _, url = served()
    with Client(url) as client:
        assert [item["id"] for item in client.get(f"{FLOW}/connections").json()["items"]] == ids


def test_two_processes_share_a_data_folder(served):
    urls = [served()[1], served()[1]]

    def make(number: int) -> str:
        with Client(urls[number % 2]) as client:
            return client.base()["id"]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(40)))
    for url in urls:
        with Client(url) as client:
            assert {item["id"] for item in client.get(f"{FLOW}/connections").json()["items"]} == set(made)


def test_a_process_follows_what_another_changes_about_sandboxes_and_clients(served):
    """A sandbox in its other state, a client with other permissions: both were read before."""
    urls = [served()[1], served()[1]]
    sandbox = "/data/foundation/sandbox-management/sandboxes/dev"
    with Client(urls[0]) as here, Client(urls[1]) as there:
        assert [each.get(f"{FLOW}/flows").status_code for each in (here, there)] == [200, 200]
        reader = {"id": "local-client", "secret": "local-secret", "permissions": ["read"]}
        organization = {"id": "LOCAL@AdobeOrg", "tenant": "local", "clients": [reader]}
        assert there.post("/_emulator/organizations", json=organization).status_code == 201
        assert here.post(f"{FLOW}/connections", json={"name": "Shop"}).status_code == 403
        reader["permissions"] = ["read", "write"]
        assert here.post("/_emulator/organizations", json=organization).status_code == 201
        assert here.base()["id"]
        assert there.delete(sandbox).status_code == 202
        assert [code_of(each.get(f"{FLOW}/flows")) for each in (here, there)] == ["FLOW-2100-404"] * 2


def test_a_change_of_a_sandbox_that_is_not_stored_is_not_shown(tmp_path):
    with contextlib.closing(database.Database(tmp_path / database.NAME)) as data:
        directory = Directory(data.connection)
        with data.writing():
            directory.create_first(0)
        sandbox = directory.sandbox("LOCAL@AdobeOrg", "dev")
        assert sandbox is not None
        with data.writing(keep=False):
            directory.change_sandbox(sandbox, sandbox.body | {"state": "deleted"})
            directory.add_client(ApiClient(LOCAL_CLIENT, "other", "LOCAL@AdobeOrg", frozenset()))
            assert directory.sandbox("LOCAL@AdobeOrg", "dev").body["state"] == "deleted"
            assert directory.client(LOCAL_CLIENT).secret == "other"
        assert directory.sandbox("LOCAL@AdobeOrg", "dev").body["state"] == "active"
        assert directory.client(LOCAL_CLIENT).secret == "local-secret"


def test_concurrent_clients(client):
    def work(number: int) -> int:
        base = client.base(name=f"base {number}")
        return client.patched("connections", base, {"op": "add", "path": "/description", "value": "x"}).status_code

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(work, range(64))) == [200] * 64
    assert client.get(f"{FLOW}/connections?count=true").json() == {"count": 64}


def test_it_serves_the_specs_that_come_with_flowctl(tmp_path):
    """From any folder, and never an emulator without specs."""
    with contextlib.chdir(tmp_path), start() as running, Client(running.url) as client:
        assert len(client.get(f"{FLOW}/flowSpecs").json()["items"]) > 5
    with pytest.raises(ValueError, match="has no flow_specs"):
        start(specs_dir=tmp_path)


def test_data_that_another_program_has_locked_is_told_as_such(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    start(specs_dir=SPECS, data_dir=tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE other (id)")
        with pytest.raises(DataInUse, match=r"platform\.sqlite3 is locked by another program"):
            start(specs_dir=SPECS, data_dir=tmp_path)


@pytest.mark.parametrize("table", ["object", "sandbox", "client", "audit_event"])
def test_data_without_one_of_its_tables_is_told_as_such(tmp_path, table):
    with start(data_dir=tmp_path):
        pass
    with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3")) as stored:
        stored.execute(f"DROP TABLE {table}")
    with pytest.raises(DataError, match=f"it has no table {table}$"):
        start(data_dir=tmp_path)


def test_locked_data_is_not_deleted(tmp_path):
    start(specs_dir=SPECS, data_dir=tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for act in (require_unused, reset):
            with pytest.raises(DataInUse, match=r"platform\.sqlite3 is locked by another program"):
                act(tmp_path)
    require_unused(tmp_path)
    assert (tmp_path / "platform.sqlite3").exists()
    reset(tmp_path)
    assert not (tmp_path / "platform.sqlite3").exists()


def test_a_folder_that_a_command_uses_is_not_reset(tmp_path):
    with start(specs_dir=SPECS, data_dir=tmp_path), start(specs_dir=SPECS, data_dir=tmp_path) as running:
        for act in (require_unused, reset):
            with pytest.raises(FolderInUse, match=f" is used by process {os.getpid()} and process {os.getpid()}$"):
                act(tmp_path)
        refused = httpx.post(f"{running.url}/_emulator/reset")
        assert (refused.status_code, refused.json()["title"]) == (409, "ConflictError")
        assert refused.json()["detail"] == f"{tmp_path} is used by process {os.getpid()}"
    assert list(tmp_path.glob("user-*")) == []
    reset(tmp_path)


def test_a_folder_whose_files_cannot_be_locked_is_told(tmp_path, monkeypatch):
    class Broken:
        def execute(self, _):
            raise sqlite3.OperationalError("disk I/O error")

        def close(self):
            pass

    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: Broken())
    with pytest.raises(DataError, match=r"users\.lock: disk I/O error$") as told:
        start(specs_dir=SPECS, data_dir=tmp_path)
    assert not isinstance(told.value, DataInUse)


@pytest.mark.parametrize("name", ["users.lock", "user-1-1-.lock"])
@pytest.mark.parametrize("sort", ["folder", "text", "half"])
def test_a_lock_file_that_is_none_is_told(tmp_path, name, sort):
    lock = tmp_path / name
    if sort == "folder":
        lock.mkdir()
    elif sort == "text":
        lock.write_text("some text")
    else:
        with contextlib.closing(sqlite3.connect(lock)) as connection:
            connection.execute("CREATE TABLE a (b)")
        os.truncate(lock, 3000)
    (tmp_path / "datasets").mkdir()
    for act in (
        partial(start, specs_dir=SPECS, data_dir=tmp_path),
        partial(require_unused, tmp_path),
        partial(reset, tmp_path),
    ):
        with pytest.raises(DamagedLock, match=r"\.lock is not a lock file of the emulator$") as told:
            act()
        assert told.value.path == lock
    assert (tmp_path / "datasets").exists()


def test_a_server_whose_lock_file_is_none_is_not_reset(tmp_path):
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        client.made(f"{CATALOG}/dataSets", {"name": "kept"})
        (tmp_path / "users.lock").write_bytes(b"x" * 5000)
        refused = client.post("/_emulator/reset")
        assert (refused.status_code, refused.json()["title"]) == (500, "InternalError")
        assert refused.json()["detail"] == f"{tmp_path / 'users.lock'} is not a lock file of the emulator. Delete it."
        assert len(client.get(f"{CATALOG}/dataSets").json()) == 1
        (tmp_path / "users.lock").unlink()
        assert client.post("/_emulator/reset").status_code == 204


def test_nobody_begins_to_use_a_folder_while_it_is_reset(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_users, "BUSY_SECONDS", 0.1)
    start(specs_dir=SPECS, data_dir=tmp_path).close()
    with folder_users.used_by_no_other(tmp_path), pytest.raises(DataInUse, match=r"users\.lock is locked"):
        start(specs_dir=SPECS, data_dir=tmp_path)
    start(specs_dir=SPECS, data_dir=tmp_path).close()


def test_the_files_of_users_that_have_ended_are_removed(tmp_path):
    (tmp_path / "user-1-1-.lock").touch()
    (tmp_path / "user-manual.lock").touch()
    start(specs_dir=SPECS, data_dir=tmp_path).close()
    assert sorted(file.name for file in tmp_path.glob("user*")) == ["user-manual.lock", "users.lock"]


def test_nothing_is_reset_where_nothing_is(tmp_path):
    reset(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_write_while_another_program_locks_the_data_is_refused_and_the_next_one_is_stored(tmp_path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        with contextlib.closing(sqlite3.connect(tmp_path / "platform.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = client.post(f"{CATALOG}/dataSets", json={"name": "x"})
            assert client.get(f"{CATALOG}/dataSets").json() == {}
        assert (refused.status_code, refused.json()["title"]) == (503, "ServiceUnavailable")
        assert refused.json()["detail"] == "The data of the emulator cannot be read or written: database is locked."
        assert client.post(f"{CATALOG}/dataSets", json={"name": "x"}).status_code == 201


def test_a_full_disk_is_told_and_harms_nothing(tmp_path):
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        connection = running._platform.database.connection
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages + 8}")
        body = {"name": "x", "description": "x" * 9000}
        replies = [client.post(f"{CATALOG}/dataSets", json=body) for _ in range(9)]
        stored = [reply for reply in replies if reply.status_code == 201]
        assert 0 < len(stored) < 9
        assert replies[-1].status_code == 500
        assert replies[-1].json()["detail"].endswith("cannot be read or written: database or disk is full.")
        connection.execute("PRAGMA max_page_count=100000")
        assert client.post(f"{CATALOG}/dataSets", json=body).status_code == 201
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        assert len(client.get(f"{CATALOG}/dataSets").json()) == len(stored) + 1


def test_a_write_that_cannot_be_committed_leaves_no_transaction_open(tmp_path):
    data = database.Database(tmp_path / "x.sqlite3")
    data.connection.execute("PRAGMA foreign_keys=ON")
    data.connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    data.connection.execute("CREATE TABLE b (a REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(sqlite3.IntegrityError), data.writing():
        data.connection.execute("INSERT INTO b VALUES (7)")
    assert not data.connection.in_transaction
    with data.writing():
        data.connection.execute("INSERT INTO b VALUES (NULL)")
    data.close()


def test_a_file_that_cannot_be_stored_is_told(tmp_path):
    with start(specs_dir=SPECS, data_dir=tmp_path) as running, Client(running.url) as client:
        dataset = client.dataset(client.schema())
        batch = client.made(
            "/data/foundation/import/batches", {"datasetId": dataset, "inputFormat": {"format": "json"}}
        )["id"]
        (tmp_path / "uploads").write_text("in the way")
        path = f"/data/foundation/import/batches/{batch}/datasets/{dataset}/files/a.json"
        refused = client.put(path, content="{}", headers={"Content-Type": "application/octet-stream"})
        assert (refused.status_code, refused.json()["title"]) == (500, "InternalError")
        assert "cannot be read or written: " in refused.json()["detail"]
