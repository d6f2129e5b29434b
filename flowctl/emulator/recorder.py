"""A server that sends every request on, and gives back what comes: between a client and Experience Platform.

It listens on loopback only. What passes is handed to `keep`, once a reply is complete or it is known that none comes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from flowctl.emulator.browsers import Names
from flowctl.emulator.errors import Refusal, problem
from flowctl.emulator.http_server import (
    Connections,
    StoppableServer,
    listen,
    server_of,
    stopped_by_signals,
    url_of,
)
from flowctl.emulator.request_headers import RequestHeaders

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from flowctl.emulator.app import Receive, Scope, Send

LOOPBACK = "127.0.0.1"
REWRITTEN = 4 * 1024 * 1024
"""Bytes of a reply in which links are led through the recorder; a larger one is passed on as it comes."""
_HIGHEST_STATUS = 599
_JSON = ("application/json", "application/problem+json", "application/vnd.adobe.")


class Forwarded(Protocol):
    """A reply as it comes."""

    @property
    def status(self) -> int:
        """The status."""

    @property
    def headers(self) -> Sequence[tuple[bytes, bytes]]:
        """The headers, without those of the connection."""

    @property
    def content(self) -> AsyncIterator[bytes]:
        """The body, part by part."""


class Forward(Protocol):
    """Sends one request on. Raises an error with a `word` where no reply comes."""

    def __call__(
        self, method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]], content: AsyncIterable[bytes] | None
    ) -> AbstractAsyncContextManager[Forwarded]:
        """Give the reply, for as long as it is read."""


@dataclass(slots=True)
class Passed:
    """One request and what came back. A `failure` is there if no reply, or not all of it, came."""

    method: str
    target: str
    sent: list[tuple[bytes, bytes]]
    request: Kept
    status: int | None = None
    received: Sequence[tuple[bytes, bytes]] = ()
    reply: Kept = field(default_factory=lambda: Kept(0))
    failure: str = ""


class Kept:
    """The bytes of a body up to a size; of a larger one only the number."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self.size = 0

    def add(self, part: bytes) -> None:
        """Count bytes, and keep them while there is room."""
        self.size += len(part)
        if self.size <= self._most:
            self._parts.append(part)
        else:
            self._parts.clear()

    @property
    def content(self) -> bytes | None:
        """All bytes, or None if there were too many."""
        return b"".join(self._parts) if self.size <= self._most else None


class Recorder:
    """The ASGI application. `own` is the address of the recorder itself, `origin` that of the endpoint."""

    def __init__(
        self,
        forward: Forward,
        failures: type[Exception],
        keep: Callable[[Passed], None],
        names: Names,
        *,
        origin: str,
        most: int,
        hang_up: Callable[[tuple[str, int] | None], None],
    ) -> None:
        self._forward = forward
        self._failures = failures
        self._keep = keep
        self._names = names
        self._origin = origin.encode()
        self._most = most
        self._hang_up = hang_up
        self.own = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and its reply back."""
        try:
            self._names.check(RequestHeaders(scope["headers"]), (scope.get("server") or ("",))[0])
            _check(scope)
        except Refusal as refusal:
            await _send_json(send, refusal.status, refusal.body)
            return
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        passed = Passed(scope["method"], target.decode("latin-1"), list(scope["headers"]), Kept(self._most))
        passed.reply = Kept(self._most)
        state = _State()
        try:
            await self._pass(passed, target, receive, send, state)
        except _ClientGone:
            return
        except (self._failures, _NoStatus) as error:
            await self._fail(passed, getattr(error, "word", "broken"), str(error), scope, send, state)
        except Exception as error:
            # Whatever it is, the client and the record are told.
            sentence = f"The request cannot be passed on ({type(error).__name__})."
            await self._fail(passed, "broken", sentence, scope, send, state)

    async def _fail(self, passed: Passed, word: str, sentence: str, scope: Scope, send: Send, state: _State) -> None:
        """Record a request without a reply, and tell the client in words, or by the end of its connection."""
        if not state.is_kept:
            passed.failure = word
            self._keep(passed)
        if state.has_begun:
            self._hang_up(scope.get("client"))
            return
        title = "GatewayTimeout" if word == "timed-out" else "BadGateway"
        status = 504 if word == "timed-out" else 502
        await _send_json(send, status, problem(status, title, f"flowctl emulator record: {sentence}").body)

    async def _pass(self, passed: Passed, target: bytes, receive: Receive, send: Send, state: _State) -> None:
        has_body = any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in passed.sent)
        content = self._request(passed, receive) if has_body else None
        async with self._forward(passed.method, target, passed.sent, content) as reply:
            if reply.status > _HIGHEST_STATUS:
                raise _NoStatus(f"The endpoint replied with status {reply.status}.")
            passed.received = reply.headers
            length = next((value for name, value in reply.headers if name.lower() == b"content-length"), b"")
            links = self._leads_elsewhere(reply.headers) and length.isdigit() and int(length) <= REWRITTEN
            if links or (self._leads_elsewhere(reply.headers) and not length):
                last = await self._pass_json(passed, reply, send, state)
            else:
                state.has_begun = True
                await _begin(send, reply.status, self._located(reply.headers))
                last = b""
                async for part in reply.content:
                    passed.reply.add(part)
                    if last:
                        await send({"type": "http.response.body", "body": last, "more_body": True})
                    last = part
            passed.status = reply.status
            # Before the client has the end of its reply: whoever has it finds it in the record.
            state.is_kept = True
            self._keep(passed)
            await send({"type": "http.response.body", "body": last, "more_body": False})

    async def _pass_json(self, passed: Passed, reply: Forwarded, send: Send, state: _State) -> bytes:
        """Pass on a reply in JSON whose links lead to the endpoint: they lead through the recorder afterwards.

        Returns what is still to be sent.
        """
        parts: list[bytes] = []
        waiting = 0
        async for part in reply.content:
            passed.reply.add(part)
            parts.append(part)
            waiting += len(part)
            if waiting > REWRITTEN:
                if not state.has_begun:
                    state.has_begun = True
                    await _begin(send, reply.status, self._located(reply.headers))
                await send({"type": "http.response.body", "body": b"".join(parts), "more_body": True})
                parts, waiting = [], 0
        whole = b"".join(parts)
        if not state.has_begun:
            whole = self._led_here(whole)
            headers = list(reply.headers)
            if passed.method != "HEAD" and reply.status not in (204, 304):
                headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
                headers.append((b"content-length", str(len(whole)).encode()))
            state.has_begun = True
            await _begin(send, reply.status, self._located(headers))
        return whole

    async def _request(self, passed: Passed, receive: Receive) -> AsyncIterator[bytes]:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _ClientGone
            part = message.get("body", b"")
            passed.request.add(part)
            if part:
                yield part
            if not message.get("more_body", False):
                return

    def _leads_elsewhere(self, headers: Sequence[tuple[bytes, bytes]]) -> bool:
        named = {name.lower(): value.decode("latin-1").lower() for name, value in headers}
        return named.get(b"content-type", "").startswith(_JSON) and b"content-encoding" not in named

    def _led_here(self, text: bytes) -> bytes:
        """Return a text in which every link to the endpoint leads through the recorder."""
        text = text.replace(self._origin + b"/", self.own + b"/")
        return text.replace((self._origin + b"/").replace(b"/", b"\\/"), (self.own + b"/").replace(b"/", b"\\/"))

    def _located(self, headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        links = (b"location", b"link")
        return [(name, self._led_here(value) if name.lower() in links else value) for name, value in headers]


class _ClientGone(Exception):  # noqa: N818 - reads as what happened
    """The client broke its request off: nothing was sent on as a whole."""


class _NoStatus(Exception):  # noqa: N818 - reads as what happened
    """A reply whose status no server can send."""


@dataclass(slots=True)
class _State:
    has_begun: bool = False
    is_kept: bool = False


def _check(scope: Scope) -> None:
    """Raise `Refusal` for a request that would not arrive as it is recorded."""
    path: bytes = scope["raw_path"]
    if not scope["method"].isupper():
        raise problem(400, "BadRequest", "The method of a request is in capitals.")
    if not path.startswith(b"/"):
        raise problem(400, "BadRequest", "The target of a request is a path.")
    if b"#" in path or b"#" in scope["query_string"]:
        raise problem(400, "BadRequest", "The target of a request has no fragment.")
    if any(part in (".", "..") for part in re.split(r"[/\\]", unquote(path.decode("latin-1")))):
        raise problem(400, "BadRequest", "The path of a request has no segment `.` or `..`.")
    named = {name.lower() for name, _ in scope["headers"]}
    if {b"content-length", b"transfer-encoding"} <= named:
        raise problem(400, "BadRequest", "A request has either Content-Length or Transfer-Encoding.")


async def _begin(send: Send, status: int, headers: Sequence[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})


async def _send_json(send: Send, status: int, body: object) -> None:
    content = json.dumps(body).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    await _begin(send, status, headers)
    await send({"type": "http.response.body", "body": content})


def serve_recorder(
    forward: Forward,
    failures: type[Exception],
    keep: Callable[[Passed], None],
    *,
    origin: str,
    port: int,
    most: int,
    on_ready: Callable[[str], None],
    on_end: Callable[[], Any],
    give_up: threading.Event,
    stop: threading.Event | None = None,
) -> None:
    """Record until Ctrl-C or SIGTERM, or, with `stop`, until it is set; in any case until `give_up` is set.

    Raises `CannotListen`.

    `on_end` returns what is awaited at the end, to close the connections.
    """
    listener = listen(LOOPBACK, port)
    with contextlib.closing(listener):
        connections = Connections()
        app = Recorder(forward, failures, keep, Names(LOOPBACK), origin=origin, most=most, hang_up=connections.hang_up)
        app.own = url_of(listener).encode()
        server = server_of(app, connections, lambda: on_ready(url_of(listener)))
        asyncio.run(_served(server, listener, on_end, give_up, stop))


def _stop_when(stop: threading.Event, server: StoppableServer) -> None:
    stop.wait()
    server.stop()


async def _served(
    server: StoppableServer,
    listener: Any,
    on_end: Callable[[], Any],
    give_up: threading.Event,
    stop: threading.Event | None,
) -> None:
    with contextlib.ExitStack() as release:
        if stop is None:
            release.enter_context(stopped_by_signals(server))
        for event in (give_up, *([] if stop is None else [stop])):
            threading.Thread(target=_stop_when, args=(event, server), daemon=True).start()
        try:
            await server.serve(sockets=[listener])
        finally:
            await on_end()
