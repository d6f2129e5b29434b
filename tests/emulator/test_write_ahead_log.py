"""The write-ahead log of a data folder stays short, whoever shares it, and nothing is lost for it."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING

import pytest

from flowctl.emulator import start

from .conftest import CATALOG, FLOW, SPECS, Client

if TYPE_CHECKING:
    from pathlib import Path

SERVERS = 3
WRITES = 160
TEXT = "x" * 250_000
BOUND = 48 * 1024 * 1024
"""Three times the length from which on it is shortened: others write meanwhile."""


def _log(folder: Path) -> int:
    return (folder / "platform.sqlite3-wal").stat().st_size


def _written(url: str) -> int:
    with Client(url) as client:
        return len({client.base(description=TEXT)["id"] for _ in range(WRITES)})


def test_the_log_stays_short_while_several_servers_write(tmp_path):
    with ExitStack() as release, ThreadPoolExecutor(SERVERS) as pool:
        urls = [release.enter_context(start(specs_dir=SPECS, data_dir=tmp_path)).url for _ in range(SERVERS)]
        written = sum(pool.map(_written, urls))
        assert written == SERVERS * WRITES
        # The file of a log that was longer keeps its size.
        assert _log(tmp_path) < BOUND
        with Client(urls[0]) as client:
            assert client.get(f"{FLOW}/connections?count=true").json()["count"] == written


def test_a_reader_that_stays_hinders_no_write_and_the_log_is_short_once_it_has_gone(tmp_path):
    with start(specs_dir=SPECS, data_dir=tmp_path) as running:
        with closing(sqlite3.connect(tmp_path / "platform.sqlite3", isolation_level=None)) as reader:
            reader.execute("BEGIN")
            before = reader.execute("SELECT COUNT(*) FROM object").fetchone()
            begin = time.monotonic()
            assert _written(running.url) == WRITES
            assert time.monotonic() - begin < 20
            assert _log(tmp_path) > WRITES * len(TEXT)
            assert reader.execute("SELECT COUNT(*) FROM object").fetchone() == before
        assert _written(running.url) == WRITES
        assert _log(tmp_path) < BOUND / 2
        with Client(running.url) as client:
            assert client.get(f"{FLOW}/connections?count=true").json()["count"] == 2 * WRITES


@pytest.mark.parametrize("is_replaced", [False, True], ids=["removed", "replaced"])
def test_a_write_into_files_that_were_removed_is_not_acknowledged(tmp_path, is_replaced):
    folder = tmp_path / "data"
    with start(specs_dir=SPECS, data_dir=folder) as running, Client(running.url) as client, ExitStack() as release:
        assert client.post(f"{CATALOG}/dataSets", json={"name": "kept"}).status_code == 201
        folder.rename(tmp_path / "elsewhere")
        if is_replaced:
            other = release.enter_context(start(specs_dir=SPECS, data_dir=folder))
            with Client(other.url) as user:
                assert user.post(f"{CATALOG}/dataSets", json={"name": "new"}).status_code == 201
        refused = client.post(f"{CATALOG}/dataSets", json={"name": "lost"})
        reason = "The data of the emulator cannot be read or written: its files were removed or replaced."
        assert (refused.status_code, refused.json()["detail"]) == (500, reason)
        reset = client.post("/_emulator/reset")
        if not is_replaced:
            assert reset.status_code == 500
            assert "The data of the emulator cannot be used: " in reset.json()["detail"]
