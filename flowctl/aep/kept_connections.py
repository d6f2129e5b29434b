"""Connections that are kept between requests; each belongs to one thread at a time.

Threads that search one list of connections together can take the reply that one of them waits for for the end of an
idle connection, and close it. So whoever looks at a connection here has taken it out of the list before.
"""

import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Final

import httpcore

_NO_REPLY: Final = "Server disconnected"
"""How httpcore begins to say that a connection ended before the reply began."""


class Ended(httpcore.RemoteProtocolError):
    """A kept connection was closed by the other side before any reply: most likely before it had the request."""


class KeptConnections:
    """Sends over kept connections, the latest first, and over new ones. Threads may share it."""

    def __init__(self, connect: Callable[[httpcore.Origin], httpcore.ConnectionInterface]) -> None:
        self._connect = connect
        self._idle: list[httpcore.ConnectionInterface] = []
        self._mutex = threading.Lock()
        self._is_closed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """The reply, whose body is still to be read. Raises Ended only if a new connection may do better."""
        kept = self._taken()
        if kept is None:
            return self._sent(self._connect(request.url.origin), request)
        try:
            return self._sent(kept, request)
        except (httpcore.ReadError, httpcore.RemoteProtocolError) as error:
            if not _is_end(error):
                raise
            # Whatever ended this one may have ended all.
            self._close(self._all())
            raise Ended(f"{_NO_REPLY} without sending a response.") from error

    def close(self) -> None:
        """Close the connections: those in use by whoever uses them."""
        self._is_closed = True
        self._close(self._all())

    def _sent(self, connection: httpcore.ConnectionInterface, request: httpcore.Request) -> httpcore.Response:
        try:
            response = connection.handle_request(request)
        except BaseException:
            connection.close()
            raise
        return httpcore.Response(
            status=response.status,
            headers=response.headers,
            content=_Body(response, lambda: self._give_back(connection)),
            extensions=response.extensions,
        )

    def _taken(self) -> httpcore.ConnectionInterface | None:
        with self._mutex:
            ended = [connection for connection in self._idle if connection.has_expired()]
            self._idle = [connection for connection in self._idle if connection not in ended]
            taken = self._idle.pop() if self._idle else None
        self._close(ended)
        return taken

    def _give_back(self, connection: httpcore.ConnectionInterface) -> None:
        with self._mutex:
            is_kept = connection.is_idle() and not self._is_closed
            if is_kept:
                self._idle.append(connection)
        if not is_kept:
            connection.close()

    def _all(self) -> list[httpcore.ConnectionInterface]:
        with self._mutex:
            idle, self._idle = self._idle, []
        return idle

    @staticmethod
    def _close(connections: list[httpcore.ConnectionInterface]) -> None:
        for connection in connections:
            connection.close()


class _Body:
    """The body of a reply; its connection is given back once it is closed."""

    def __init__(self, response: httpcore.Response, give_back: Callable[[], None]) -> None:
        self._response = response
        self._give_back = give_back
        self._is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._response.iter_stream()

    def close(self) -> None:
        """End reading."""
        if not self._is_closed:
            self._is_closed = True
            self._response.close()
            self._give_back()


def _is_end(error: Exception) -> bool:
    """Whether the other side has closed the connection, and did not break it in another way or take too long."""
    if isinstance(error, httpcore.RemoteProtocolError):
        return str(error).startswith(_NO_REPLY)
    return isinstance(error.__cause__, ConnectionError | ssl.SSLEOFError)
