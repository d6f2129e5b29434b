"""Throughput and durability of the served emulator, measured now: `python -m tests.emulator.figures [FLOWS]`.

Prints a Markdown table. The server runs in a process of its own; eight client threads share the other core with
whatever else the machine does, so the figures are a lower bound.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

from .conftest import FLOW, HEADERS, SPECS, Client

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SERVE = """
import sys
from pathlib import Path
from flowctl.emulator import serve
serve(specs_dir=Path(sys.argv[1]), data_dir=Path(sys.argv[2]), host="127.0.0.1", port=0, latency_ms=0,
      on_ready=lambda url: print(url, flush=True))
"""
THREADS = 8
MIXED = 4000


class Session:
    """One connection for each thread to a served emulator."""

    def __init__(self, url: str) -> None:
        self._address = url.removeprefix("http://")
        self._threads = local()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = HTTPConnection(self._address)
        content = json.dumps(body) if body is not None else None
        connection.request(method, path, content, {**HEADERS, "Content-Type": "application/json", **headers})
        response = connection.getresponse()
        text = response.read()
        assert response.status < 300, text
        return json.loads(text) if text else None


def served(folder: str) -> tuple[subprocess.Popen[str], str]:
    """Return a serving process on a data folder, with its URL."""
    arguments = [sys.executable, "-c", SERVE, str(SPECS), folder]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def mixed(session: Session, ids: Sequence[str], number: int) -> None:
    """Send one of: a page of 20 flows, a flow by id, a change of a flow (a read and a PATCH)."""
    path = f"{FLOW}/flows/{ids[number * 7919 % len(ids)]}"
    if number % 5 == 0:
        session.send("GET", f"{FLOW}/flows?limit=20")
    elif number % 5 == 4:
        etag = session.send("GET", path)["items"][0]["etag"]
        change = [{"op": "replace", "path": "/description", "value": str(number)}]
        session.send("PATCH", path, change, **{"If-Match": etag})
    else:
        session.send("GET", path)


def per_second(count: int, work: Callable[[int], Any]) -> tuple[float, list[Any]]:
    """Run `work` for each number on all threads; return how many a second, and the results."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(count)))
    return count / (time.perf_counter() - begin), results


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    flows = int(arguments[0]) if arguments else 10_000
    with tempfile.TemporaryDirectory() as folder:
        process, url = served(folder)
        with Client(url) as client:
            body = client.flow_body()
        session = Session(url)
        creation, made = per_second(
            flows, lambda number: session.send("POST", f"{FLOW}/flows", body | {"name": f"flow {number}"})
        )
        ids = [flow["id"] for flow in made]
        reads, _ = per_second(MIXED, lambda number: mixed(session, ids, number))
        pages, href = [], "/flows?limit=100"
        while href:
            begin = time.perf_counter()
            page = session.send("GET", FLOW + href)
            pages.append((time.perf_counter() - begin) * 1000)
            href = page["_links"].get("next", {}).get("href")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process, url = served(folder)
        kept = Session(url).send("GET", f"{FLOW}/flows?count=true")["count"]
        process.terminate()
        process.wait()
    rows = [
        ("Flows created a second, each checked and durable", f"{creation:.0f}"),
        (f"Mixed requests a second with {flows:,} flows stored", f"{reads * 1.2:.0f}"),
        (
            f"A page of 100 out of {flows:,} flows, median and slowest",
            f"{statistics.median(pages):.1f} ms, {max(pages):.1f} ms",
        ),
        (f"Acknowledged flows found after kill -9, of {flows:,}", f"{kept:,}"),
    ]
    sys.stdout.write("| Figure | Value |\n| --- | --- |\n")
    for label, value in rows:
        sys.stdout.write(f"| {label} | {value} |\n")


if __name__ == "__main__":
    main(sys.argv[1:])
