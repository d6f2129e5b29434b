"""Kept connections: one thread at a time, and what becomes of a request if the other side has closed one."""

import selectors
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpcore
import pytest

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.aep.retry import RetryPolicy
from flowctl.model.errors import Unreachable
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

FIRST, READ = Request(method="GET", path="/first"), Request(method="GET", path="/read")
CREATE = Request(method="POST", path="/create", body={}, repeatable=False)
LONG = 10.0
"""Seconds that nothing here takes."""
Selector: Any = getattr(selectors, "PollSelector", selectors.SelectSelector)


class Platform:
    """A server that keeps connections. `before_body` is called between the head and the body of each reply.

    It closes the connection of the requests in `unanswered`, by their number, without a reply.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.connections: set[Any] = set()
        self.unanswered: tuple[int, ...] = ()
        self.closes_after_reply = False
        self.is_closed = threading.Event()
        self.before_body: Callable[[str], None] = lambda _path: None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        platform = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                if self.path != "/token":
                    platform.asked.append(self.path)
                    platform.connections.add(self.client_address)
                    if len(platform.asked) in platform.unanswered:
                        self.close_connection = True
                        return
                body = b'{"access_token": "t", "expires_in": 3600}'
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.flush()
                platform.before_body(self.path)
                self.wfile.write(body)
                self.close_connection = self.close_connection or platform.closes_after_reply

            do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names are http.server's

            def finish(self) -> None:
                super().finish()
                platform.is_closed.set()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform()
    yield platform
    platform.close()


@pytest.fixture
def client(platform: Platform) -> Iterator[Client]:
    """A client whose first wait for a retry is longer than it may wait."""
    credentials = Credentials(
        token_url=f"{platform.url}/token", client_id="id", client_secret=Sensitive("secret"), scopes=("openid",)
    )
    settings = ClientSettings(
        endpoint=platform.url,
        organization="o",
        sandbox="s",
        credentials=credentials,
        retry=RetryPolicy(base=LONG, budget=LONG / 2, jitter=lambda: 1.0),
    )
    with Client(settings, environ={}) as client:
        yield client


class Interleaving:
    """Two threads in the worst order: one has begun to look for a connection when the other begins to use one.

    What the first sees is the reply to the other; the rest of that reply comes once the first has made up its mind.
    """

    def __init__(self, platform: Platform, patch: pytest.MonkeyPatch) -> None:
        self.is_chosen, self.is_looked_at = threading.Event(), threading.Event()
        self.is_decided = threading.Event()
        self._user: threading.Thread | None = None
        send, select = httpcore.HTTP11Connection.handle_request, Selector.select

        def handle_request(connection: Any, request: Any) -> Any:
            if request.url.target == b"/read":
                self._user = threading.current_thread()
                self.is_chosen.set()
                self.is_looked_at.wait(LONG)
            return send(connection, request)

        def look(selector: Any, timeout: float | None = None) -> Any:
            if timeout == 0.0 and self.is_chosen.is_set() and threading.current_thread() is not self._user:
                self.is_looked_at.set()
                timeout = LONG
            return select(selector, timeout)

        def before_body(path: str) -> None:
            if path == "/first":
                self.is_looked_at.set()  # if nobody looked, nobody will
                self.is_decided.set()
            else:
                self.is_decided.wait(LONG)

        patch.setattr(httpcore.HTTP11Connection, "handle_request", handle_request)
        patch.setattr(Selector, "select", look)
        platform.before_body = before_body


def test_no_thread_closes_a_connection_that_another_has_begun_to_use(
    platform: Platform, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.send(FIRST)
    order = Interleaving(platform, monkeypatch)
    failed: list[BaseException] = []

    def read() -> None:
        try:
            client.send(READ)
        except BaseException as error:
            failed.append(error)

    user = threading.Thread(target=read)
    user.start()
    assert order.is_chosen.wait(LONG)
    client.send(FIRST)
    user.join()
    assert failed == []
    assert sorted(platform.asked) == ["/first", "/first", "/read"]


@pytest.mark.parametrize("request_", [READ, Request(method="DELETE", path="/delete")], ids=["GET", "DELETE"])
def test_a_request_takes_another_connection_at_once_if_the_kept_one_has_ended(
    platform: Platform, client: Client, caplog: pytest.LogCaptureFixture, request_: Request
) -> None:
    platform.unanswered = (2,)
    client.send(FIRST)
    with caplog.at_level("INFO", "flowctl.http"):
        assert client.send(request_).status == 200
    assert platform.asked == ["/first", request_.path, request_.path]
    assert len(platform.connections) == 2
    assert caplog.messages == [], "it is no retry"


def test_a_new_connection_that_ends_is_a_failure(platform: Platform, client: Client) -> None:
    platform.unanswered = (2, 3)
    client.send(FIRST)
    with pytest.raises(Unreachable, match="closed the connection without a reply") as caught:
        client.send(READ)
    assert caught.value.maybe_done
    assert platform.asked == ["/first", "/read", "/read"]


def test_a_creation_is_not_sent_again_on_another_connection(platform: Platform, client: Client) -> None:
    platform.unanswered = (2,)
    client.send(FIRST)
    with pytest.raises(Unreachable) as caught:
        client.send(CREATE)
    assert caught.value.maybe_done
    assert platform.asked == ["/first", "/create"]


def test_a_connection_that_is_known_to_have_ended_is_not_used(platform: Platform, client: Client) -> None:
    client.authenticate()
    platform.closes_after_reply = True
    client.send(FIRST)
    assert platform.is_closed.wait(LONG)
    client.send(CREATE)
    assert platform.asked == ["/first", "/create"]
    assert len(platform.connections) == 2


def test_a_failure_is_told_with_its_reason(
    platform: Platform, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    platform.unanswered = (1, 2)
    with caplog.at_level("DEBUG", "flowctl.http"), pytest.raises(Unreachable):
        client.send(READ)
    host = platform.url.removeprefix("http://")
    assert caplog.messages == [f"GET /read: {host} closed the connection without a reply"] * 2
