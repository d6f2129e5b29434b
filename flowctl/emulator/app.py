"""The ASGI application: one request from the socket through faults, gateway and service to the reply."""

from __future__ import annotations

import asyncio
import logging
import time
from email.utils import formatdate
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from starlette.datastructures import QueryParams

from flowctl.emulator import gateway
from flowctl.emulator.control import operations as control
from flowctl.emulator.data_error import DataError
from flowctl.emulator.database import hindrance
from flowctl.emulator.errors import Refusal, gateway_refusal, problem
from flowctl.emulator.json_text import JsonTextError
from flowctl.emulator.message import Call, Caller, Incoming, Reply
from flowctl.emulator.overview import PAGE_HEADERS, overview
from flowctl.emulator.request_headers import RequestHeaders
from flowctl.emulator.request_target import without_address
from flowctl.emulator.routing import LARGEST_BODY, Router
from flowctl.emulator.services import SERVICES
from flowctl.emulator.services.audit.trail import audited
from flowctl.emulator.soundness import is_busy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from flowctl.emulator.browsers import Names
    from flowctl.emulator.platform import Platform

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    Hangup = Callable[[tuple[str, int] | None], None]

HTML = "text/html; charset=utf-8"
_SECONDS_BETWEEN_LOOKS = 0.005
NO_ONE = Caller("", "", "", "", frozenset({"read", "write"}))
_LOG = logging.getLogger("flowctl.emulator")


class Application:
    """Serves one `Platform`. The work of an operation runs on the event loop, so requests never interleave in it.

    Runs that read files, and batches of files, are worked on in threads of their own. They take their turn with the
    requests where they read or write what is stored.
    """

    def __init__(self, platform: Platform, names: Names, hang_up: Hangup) -> None:
        self._platform = platform
        self._names = names
        self._hang_up = hang_up
        self._routers = [(service.prefix, Router(service)) for service in SERVICES]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope = without_address(scope)
        router = self._router(scope["raw_path"].decode("ascii", "replace"))
        largest = router.service.largest_body if router else LARGEST_BODY
        body = await _read_body(receive, largest)
        if body is None:
            return
        incoming = _incoming(scope, body)
        try:
            self._names.check(incoming.headers, (scope.get("server") or ("",))[0])
        except Refusal as refusal:
            await self._send(send, Reply(refusal.status, refusal.body))
            return
        if incoming.path == control.PREFIX or incoming.path.startswith(control.PREFIX + "/"):
            await self._send(send, self._attempt(lambda: control.answer(incoming, self._platform)))
            return
        if incoming.path == "/" and incoming.from_loopback:
            await self._send(send, self._attempt(lambda: self._page(incoming)))
            return
        effect = self._platform.faults.effect_on(incoming.method, incoming.path)
        delay = self._platform.load.delay_seconds() + (effect.delay_ms / 1000 if effect else 0)
        if delay:
            await asyncio.sleep(delay)
        drop = effect.drop if effect else None
        if effect is not None and effect.status is not None:
            reply = Reply(effect.status, effect.body or {"message": "An injected fault."}, headers=effect.headers)
        elif drop == "before":
            reply = Reply(204)
        else:
            reply = await self._awaited(self._attempt(lambda: self._answer(router, largest, incoming)))
        log = self._platform.requests
        log.add(incoming.method, incoming.path, incoming.query_string, None if drop else reply.status)
        if drop:
            self._hang_up(scope.get("client"))
            await asyncio.sleep(0)
            return
        await self._send(send, reply)

    def _router(self, path: str) -> Router | None:
        """Return the router of the service that a path belongs to."""
        for prefix, router in self._routers:
            if path.startswith(prefix) and path[len(prefix) : len(prefix) + 1] in ("", "/"):
                return router
        return None

    def _page(self, incoming: Incoming) -> Reply:
        return Reply(text=overview(incoming, self._platform), media_type=HTML, headers=PAGE_HEADERS)

    async def _send(self, send: Send, reply: Reply) -> None:
        """Send a reply; its `Date` is the platform's time, unless a fault gives another."""
        content = reply.content()
        date = _date(self._platform.clock.now_ms() // 1000)
        named = {"date": date} | {name.lower(): value for name, value in reply.headers.items()}
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
        if content and "content-type" not in named:
            headers.append((b"content-type", reply.media_type.encode("latin-1")))
        if reply.status != 204:
            headers.append((b"content-length", str(len(content)).encode("ascii")))
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _attempt(self, work: Callable[[], Reply]) -> Reply:
        try:
            with self._platform.turn:
                return work()
        except Refusal as refusal:
            return Reply(refusal.status, refusal.body, headers=refusal.headers)
        except Exception as error:
            _LOG.error("An operation failed: %s", type(error).__name__, exc_info=_LOG.isEnabledFor(logging.DEBUG))
            return _failed(error)

    async def _awaited(self, reply: Reply) -> Reply:
        while reply.later is not None and time.monotonic() < reply.until:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            reply = self._attempt(reply.later)
        return reply

    def _answer(self, router: Router | None, largest: int, incoming: Incoming) -> Reply:
        load = self._platform.load
        if not load.admits(self._platform.clock.now_ms()):
            headers = {} if load.retry_after is None else {"Retry-After": str(load.retry_after)}
            raise Refusal(429, {"error_code": "429050", "message": "Too many requests"}, headers)
        if len(incoming.body) > largest:
            raise problem(413, "PayloadTooLarge", f"A body holds at most {largest} bytes.")
        if router is None:
            raise gateway_refusal(404, "404000", "The requested resource does not exist.")
        return self._in_service(router, incoming)

    def _in_service(self, router: Router, incoming: Incoming) -> Reply:
        service = router.service
        caller = gateway.admit(incoming, service, self._platform) if service.gateway else NO_ONE
        operation, parameters, allowed = router.find(incoming.method, incoming.path[len(service.prefix) :])
        if operation is None:
            if allowed:
                raise problem(405, "MethodNotAllowed", "The method is not allowed.", {"Allow": ", ".join(allowed)})
            raise problem(404, "NotFoundError", "The requested resource does not exist.")
        needed = "write" if operation.writes else "read"
        if needed not in caller.permissions:
            raise service.refusals.not_permitted(needed)
        call = Call(incoming, parameters, caller, self._platform)
        try:
            if not operation.writes:
                return operation.answer(call)
            if service.validates_only(incoming):
                with self._platform.database.writing(keep=False):
                    return operation.answer(call)
            with self._platform.database.writing():
                return audited(operation, service.prefix, call)
        except JsonTextError as error:
            raise service.refusals.bad_json(str(error)) from None


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def _failed(error: Exception) -> Reply:
    """Return the reply to a request that met an error of the emulator's own: 503 while its data is locked, else 500."""
    reason = hindrance(error)
    detail = "The emulator failed. If its data is damaged, flowctl emulator reset gives it fresh data."
    if reason is not None:
        detail = f"The data of the emulator cannot be read or written: {reason}."
    elif isinstance(error, DataError):
        detail = f"The data of the emulator cannot be used: {error}."
    status, title = (503, "ServiceUnavailable") if is_busy(error) else (500, "InternalError")
    return Reply(status, {"type": "/placeholder/type/uri", "status": status, "title": title, "detail": detail})


async def _read_body(receive: Receive, largest: int) -> bytes | None:
    """Read the whole body, but keep no more of it than shows that it is too large.

    Returns None if the client breaks off: what has arrived is not the request, even where it looks like one.
    """
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk: bytes = message.get("body", b"")
        if size <= largest:
            chunks.append(chunk)
        size += len(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _incoming(scope: Scope, body: bytes) -> Incoming:
    headers = RequestHeaders(scope["headers"])
    client, server = scope.get("client"), scope.get("server") or ("127.0.0.1", 80)
    host = headers.get("host") or f"{server[0]}:{server[1]}"
    return Incoming(
        method=scope["method"],
        path=scope["raw_path"].decode("ascii", "replace"),
        query_string=scope["query_string"].decode("ascii", "replace"),
        query=QueryParams(scope["query_string"]),
        headers=headers,
        body=body,
        client_host=client[0] if client else "",
        base_url=f"http://{host}",
    )
