"""uvicorn as the emulator and the recorder need it: connections that can be closed, and a stop without waiting."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONGEST_REQUEST_HEAD = 256 * 1024
_KEEP_ALIVE_SECONDS = 75
_PROXIES = "127.0.0.1,::1"
"""The proxies whose `X-Forwarded-For` gives the address of the client. Without this, uvicorn reads them from the
environment, and a client elsewhere could pass for one of this machine."""
_STOP_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name))


class Connections:
    """The open connections by peer address, so that a fault can close one without a reply."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """Return uvicorn's HTTP protocol, made to report its connections here."""
        opened = self._open

        class TrackedProtocol(H11Protocol):
            _heard = 0.0
            _sends_no_more = False

            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    opened[self.client] = transport
                self._heard = self.loop.time()
                self._wait(_KEEP_ALIVE_SECONDS)

            def data_received(self, data: bytes) -> None:
                self._heard = self.loop.time()
                super().data_received(data)

            def eof_received(self) -> bool:  # type: ignore[override]
                """Keep a connection on which the client only waits for replies: uvicorn alone would close it."""
                is_whole = self.conn.their_state in (h11.DONE, h11.MUST_CLOSE)
                self._sends_no_more = is_whole and not self.cycle.response_complete
                return self._sends_no_more

            def on_response_complete(self) -> None:
                super().on_response_complete()
                if self._sends_no_more and self.cycle.response_complete:
                    self.transport.close()

            def _wait(self, seconds: float) -> None:
                self._waiting = self.loop.call_later(seconds, self._give_up)

            def _give_up(self) -> None:
                """Close a connection that sends no more of its request: uvicorn alone would wait forever."""
                left = self._heard + _KEEP_ALIVE_SECONDS - self.loop.time()
                if left > 0:
                    self._wait(left)
                elif self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
                    self.transport.abort()
                else:
                    self._wait(_KEEP_ALIVE_SECONDS)

            def connection_lost(self, exc: Exception | None) -> None:
                self._waiting.cancel()
                if self.client is not None:
                    opened.pop(self.client, None)
                super().connection_lost(exc)

        return TrackedProtocol

    def hang_up(self, peer: tuple[str, int] | None) -> None:
        """Close the connection of a peer at once; what was not sent is lost."""
        transport = self._open.get(peer) if peer else None
        if transport is not None:
            transport.abort()


class StoppableServer(Server):
    """uvicorn's server that tells when it accepts connections and stops without waiting for its next tick."""

    def __init__(self, config: Config, on_accepting: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_accepting = on_accepting
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`: uvicorn would raise them once more at the end."""
        yield

    async def main_loop(self) -> None:
        """Wait for `stop`, with a tick of uvicorn once a second."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self._on_accepting()
        while not self.should_exit and not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), timeout=1.0)
            await self.on_tick(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the requests in work finish, then close."""
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=5.0)

    def stop(self) -> None:
        """Ask the server to end; may be called from any thread."""
        self.should_exit = True
        if self._loop is not None and self._stop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)


def server_of(app: Any, connections: Connections, on_accepting: Callable[[], None]) -> StoppableServer:
    """Return a server of an ASGI application, whose connections are known to `connections`."""
    config = Config(
        app,
        http=connections.protocol(),
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        forwarded_allow_ips=_PROXIES,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=_LONGEST_REQUEST_HEAD,
    )
    return StoppableServer(config, on_accepting)


@contextlib.contextmanager
def stopped_by_signals(server: StoppableServer) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and Windows' Ctrl-Break stop a server; afterwards they do what they did before."""
    with contextlib.ExitStack() as release:
        for number in _STOP_SIGNALS:
            previous = signal.signal(number, lambda *_: server.stop())
            release.callback(signal.signal, number, previous)
        yield


class CannotListen(OSError):  # noqa: N818 - reads as what happened
    """The address is not one of this machine, or its port is taken."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Naming the protocol makes asyncio turn Nagle's algorithm off, which otherwise costs 40 ms a reply.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows SO_REUSEADDR would let two processes listen on one port.
        listener.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR), 1)
        listener.bind((host, port))
        listener.listen(1024)
    except (OSError, ValueError, TypeError) as error:
        listener.close()
        raise CannotListen(getattr(error, "strerror", None) or str(error)) from error
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address at which it listens."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
