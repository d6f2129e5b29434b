"""A recorder in a thread of the test, and what it wrote."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from flowctl.operations.recording import record

HEADERS = {
    "Authorization": "Bearer local-token",
    "x-api-key": "local-client",
    "x-gw-ims-org-id": "LOCAL@AdobeOrg",
    "x-sandbox-name": "dev",
}


@dataclass
class Recording:
    """A running recorder: its address, its file, what it told."""

    url: str
    file: Path
    http: httpx.Client
    thread: threading.Thread
    told: list[str] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @property
    def exchanges(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()[1:]]


@contextmanager
def recording(endpoint: str, file: Path, **network: float) -> Iterator[Recording]:
    stop, ready = threading.Event(), threading.Event()
    told: list[str] = []
    failures: list[BaseException] = []
    urls: list[str] = []

    def on_ready(url: str) -> None:
        urls.append(url)
        ready.set()

    def run() -> None:
        try:
            record(endpoint, file, port=0, environ={}, network=network, on_ready=on_ready, told=told.append, stop=stop)
        except BaseException as error:
            failures.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(30)
        if failures:
            raise failures[0]
        with httpx.Client(base_url=urls[0], headers=HEADERS, timeout=30, verify=False) as http:
            yield Recording(urls[0], file, http, thread, told, failures)
    finally:
        stop.set()
        thread.join()
