"""A server in front of the platform that records what is created.

On request it shows datasets as one object with its ID, which is what a generic REST client expects.
"""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_DATASETS = "/data/foundation/catalog/dataSets"
_NOT_PASSED_ON = frozenset({"host", "connection", "content-length", "accept-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Creation:
    """One object that a client created: where, from what, and what the reply told."""

    path: str
    body: Any
    reply: Any


@dataclass(slots=True)
class Recorder:
    """What went through; `headers` are those of the last creation."""

    url: str
    creations: list[Creation] = field(default_factory=list)
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def recorder(platform: str) -> Iterator[Recorder]:
    """Pass every request on to the platform until the end of the block."""
    mutex = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = self.rfile.read(length) if length else None
            status, kind, reply = _sent(platform, self.command, self.path, dict(self.headers), content)
            if self.command == "POST" and status in (200, 201) and self.path.startswith("/data/") and content:
                creation = Creation(path=self.path, body=json.loads(content), reply=json.loads(reply))
                with mutex:
                    recorded.creations.append(creation)
                    recorded.headers = dict(self.headers)
            if self.headers.get("X-Plain") and status < 300:
                reply = json.dumps(plain(self.command, self.path, json.loads(reply or b"null"))).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _pass_on  # noqa: N815 - the names that http.server calls

        def log_request(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorded = Recorder(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield recorded
        finally:
            server.shutdown()


def plain(method: str, path: str, reply: Any) -> Any:
    """A dataset as one object with its ID: the platform names it in a list, or as the key of an object."""
    if not path.startswith(_DATASETS):
        return reply
    if method == "POST":
        return {"id": str(reply[0]).rpartition("/")[2]}
    if method == "GET":
        return next(({**dataset, "id": key} for key, dataset in reply.items()), {})
    return reply


def _sent(
    platform: str, method: str, path: str, headers: Mapping[str, str], content: bytes | None
) -> tuple[int, str, bytes]:
    passed_on = {name: value for name, value in headers.items() if name.lower() not in _NOT_PASSED_ON}
    request = urllib.request.Request(f"{platform}{path}", data=content, headers=passed_on, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.headers.get("Content-Type", ""), reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Content-Type", ""), error.read()
