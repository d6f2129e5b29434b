"""A proxy before the platform that breaks chosen requests: what is done and what the client sees come apart."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

_NOT_FORWARDED = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


@dataclass(frozen=True)
class Asked:
    """One request that the proxy got."""

    method: str
    path: str
    body: bytes = field(repr=False)

    @property
    def collection(self) -> str:
        """The collection that the path names: the part after the service's own."""
        return (
            self.path.partition("/data/foundation/")[2]
            .removeprefix("schemaregistry/tenant/")
            .split("/")[0 if "schemaregistry" in self.path else 1]
            if "/data/foundation/" in self.path
            else self.path
        )

    @property
    def is_write(self) -> bool:
        return self.method != "GET" and self.path.startswith("/data/")


@dataclass(frozen=True)
class Effect:
    """What happens to one request.

    `before` is called first; then, unless `forwarded` is False, the platform does its work; then the client gets its
    reply, or `answer` in place of it, or with `drop` none, or with `cut` a part of it, each after `delay` seconds that
    lie before the work. With `held` these seconds begin when the client has given up, however long that takes; after
    them no other request is answered before the work is done, however slow the machine is.
    """

    before: Callable[[Asked], None] = lambda _asked: None
    delay: float = 0.0
    held: bool = False
    forwarded: bool = True
    answer: tuple[int, dict[str, str], bytes] | None = None
    drop: bool = False
    cut: bool = False


NONE = Effect()


@dataclass
class FaultProxy:
    """A running proxy. `script` says what happens to each request; it is asked by many threads.

    `problems` holds what went wrong in an effect itself; `rewritten` changes the headers of every reply, `reworded` its
    content.
    """

    url: str
    script: Callable[[Asked], Effect] = lambda _asked: NONE
    problems: list[Exception] = field(default_factory=list)
    rewritten: Callable[[dict[str, str]], dict[str, str]] = lambda headers: headers
    reworded: Callable[[bytes], bytes] = lambda content: content


def dropped_before() -> Effect:
    return Effect(forwarded=False, drop=True)


def dropped_after() -> Effect:
    return Effect(drop=True)


def answered(status: int, body: str = '{"message": "injected"}', **headers: str) -> Effect:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Effect(forwarded=False, answer=(status, {"Content-Type": "application/json", **named}, body.encode()))


def web_page() -> Effect:
    return Effect(forwarded=False, answer=(200, {"Content-Type": "text/html"}, b"<html>Please log in</html>"))


class _Held:
    """The requests that were held: a moment after which each one's work counts as done, and when it is."""

    def __init__(self) -> None:
        self._late: list[tuple[float, threading.Event]] = []

    @contextmanager
    def work(self, delay: float, await_hang_up: Callable[[], None]) -> Iterator[None]:
        """The work of a request that is held until its client gives up."""
        await_hang_up()
        done = threading.Event()
        self._late.append((time.monotonic() + delay, done))
        try:
            yield
        finally:
            done.set()

    @contextmanager
    def over(self) -> Iterator[None]:
        """The work of any other request: it begins when all is done that counts as done."""
        for moment, done in tuple(self._late):
            if time.monotonic() >= moment:
                done.wait()
        yield


@contextmanager
def proxied(upstream: str) -> Iterator[FaultProxy]:
    """A proxy on a free port before the platform at `upstream`."""
    client = httpx.Client(base_url=upstream, timeout=60, limits=httpx.Limits(max_connections=None), verify=False)
    held = _Held()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            effect = proxy.script(Asked(self.command, self.path.partition("?")[0], body))
            try:
                effect.before(Asked(self.command, self.path.partition("?")[0], body))
            except Exception as error:
                proxy.problems.append(error)
            with held.work(effect.delay, self._await_hang_up) if effect.held else held.over():
                time.sleep(effect.delay)
                answer = effect.answer
                if effect.forwarded:
                    kept = {name: value for name, value in self.headers.items() if name.lower() not in _NOT_FORWARDED}
                    reply = client.request(self.command, self.path, content=body, headers=kept)
                    answer = answer or (reply.status_code, dict(reply.headers), proxy.reworded(reply.content))
            if effect.drop or answer is None:
                self._hang_up()
                return
            with contextlib.suppress(OSError):
                self._answer(*answer, cut=effect.cut)
            if effect.cut:
                self._hang_up()

        def _answer(self, status: int, headers: dict[str, str], content: bytes, *, cut: bool) -> None:
            self.send_response_only(status)
            for name, value in proxy.rewritten(headers).items():
                if name.lower() not in _NOT_FORWARDED:
                    self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content) + (9 if cut else 0)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            self.wfile.flush()

        def _await_hang_up(self) -> None:
            """Returns when the client has closed the connection: until its reply it has nothing more to send."""
            with contextlib.suppress(OSError):
                self.connection.recv(1, socket.MSG_PEEK)

        def _hang_up(self) -> None:
            """Closes the connection with a reset, so that nothing waits for more."""
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.wfile.flush()
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - http.server's names

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_: object) -> None:
            """A client that went away is what these tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    proxy = FaultProxy(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        client.close()
