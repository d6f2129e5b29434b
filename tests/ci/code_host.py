"""A small stand-in for GitHub's API: comments, issues, and the pull request of a commit, in memory."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Protocol, TypeVar

BOT = "github-actions[bot]"


@dataclass
class CodeHost:
    """What the host keeps. `pulls` are the merged pull requests by commit; `writes` what was asked of it."""

    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def comment(self, body: str, author: str = BOT) -> dict[str, Any]:
        """Keep a comment as if somebody wrote it."""
        self.comments.append({"id": len(self.comments) + 100, "body": body, "user": {"login": author}})
        return self.comments[-1]

    def answer(self, method: str, path: str, body: Any) -> Any:
        """The reply to a request."""
        self.requests.append(f"{method} {path}")
        where, _, query = path.removeprefix("/repos/acme/flows").partition("?")
        if found := re.fullmatch(r"/commits/(\w+)/pulls", where):
            return [self.pulls[found[1]]] if found[1] in self.pulls else []
        if re.fullmatch(r"/issues/\d+/comments", where):
            return self.comment(body["body"]) if method == "POST" else _page(self.comments, query)
        if found := re.fullmatch(r"/issues/comments/(\d+)", where):
            return self._one(self.comments, found[1], body)
        if where == "/issues":
            if method == "GET":
                return _page([issue for issue in self.issues if issue["state"] == "open"], query)
            self.issues.append({"number": len(self.issues) + 1, "state": "open", "user": {"login": BOT}, **body})
            return self.issues[-1]
        if found := re.fullmatch(r"/issues/(\d+)", where):
            return self._one(self.issues, found[1], body)
        raise AssertionError(f"nobody should ask for {method} {path}")

    def _one(self, kept: list[dict[str, Any]], number: str, changes: dict[str, Any]) -> dict[str, Any]:
        (one,) = [each for each in kept if int(number) in (each.get("id"), each.get("number"))]
        one.update(changes)
        return one


def _page(kept: list[dict[str, Any]], query: str) -> list[dict[str, Any]]:
    page = int(query.rpartition("page=")[2])
    return kept[(page - 1) * 100 : page * 100]


class Answering(Protocol):
    """A stand-in for a code host."""

    url: str

    def answer(self, method: str, path: str, body: Any) -> Any: ...


H = TypeVar("H", bound=Answering)


@contextmanager
def served(host: H, credentials: tuple[str, str] = ("Authorization", "Bearer canary-host-token")) -> Iterator[H]:
    """The stand-in over HTTP; each request has to carry the header with the credentials."""
    header, value = credentials

    class Handler(BaseHTTPRequestHandler):
        def _reply(self) -> None:
            assert self.headers[header] == value
            length = int(self.headers.get("Content-Length", 0))
            body = json.loads(self.rfile.read(length)) if length else None
            text = json.dumps(host.answer(self.command, self.path, body)).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PATCH = do_PUT = _reply  # noqa: N815 - the names are those of http.server

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        host.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield host
        finally:
            server.shutdown()
