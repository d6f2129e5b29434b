"""uvicorn as the emulator needs it: connections that a fault can close, and a stop without waiting for a tick."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import Server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from uvicorn.config import Config


class Connections:
    """The open connections by peer address, so that a fault can close one without a reply."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}

    def protocol(self) -> type[H11Protocol]:
        """Return uvicorn's HTTP protocol, made to report its connections here."""
        opened = self._open

        class TrackedProtocol(H11Protocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
                super().connection_made(transport)
                if self.client is not None:
                    opened[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
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
