"""The embedded platform as a process of its own, with latency, and the requests that it counted."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.process import FLOWCTL

_READY = "listening on "


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One request as the platform logged it."""

    method: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPlatform:
    """A running platform."""

    url: str

    def reset(self) -> None:
        """Forget every object and the log."""
        self._control("POST", "reset")
        self.clear_log()

    def clear_log(self) -> None:
        """Start a new log."""
        self._control("DELETE", "requests")

    def requests(self) -> Sequence[Logged]:
        """The requests since the log was cleared."""
        found = self._control("GET", "requests")["requests"]
        return [Logged(method=request["method"], path=request["path"]) for request in found]

    def _control(self, method: str, operation: str) -> Any:
        request = urllib.request.Request(f"{self.url}/_emulator/{operation}", method=method)
        with urllib.request.urlopen(request) as reply:
            content = reply.read()
        return json.loads(content) if content else None


@contextmanager
def served_platform(latency_ms: int) -> Iterator[ServedPlatform]:
    """Serve the platform until the end of the block; every reply of a service waits `latency_ms`."""
    command = [*FLOWCTL, "emulator", "serve", "--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            if process.stderr is None:
                raise AssertionError("stderr is a pipe")
            line = process.stderr.readline()
            if not line.startswith(_READY):
                raise RuntimeError(f"the platform did not start: {line}{process.stderr.read()}")
            yield ServedPlatform(url=line.removeprefix(_READY).strip())
        finally:
            process.terminate()
