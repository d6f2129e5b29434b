"""Connections: in clear, with TLS, and with TLS inside the TLS of a proxy."""

import selectors
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final, TypeVar

import httpcore

from flowctl.aep.waits import CONNECTING, READING, WRITING, Limits, Wait, is_ready, tls_failure

T = TypeVar("T")
_PART: Final = 256 * 1024
"""Bytes that are received at once, if there are so many: a page of a list has more than the 64 KB that httpcore asks
for. TLS gives no more than 16 KB at once."""


class Stream(httpcore.NetworkStream):
    """One connection, in clear or with TLS."""

    def __init__(self, limits: Limits, sock: socket.socket) -> None:
        self._limits = limits
        self._sock = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none where the other side has closed."""
        most = max_bytes if isinstance(self._sock, ssl.SSLSocket) else max(max_bytes, _PART)
        return Wait(self._limits, timeout, READING).until(self._sock, lambda: self._sock.recv(most))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of the buffer."""
        wait = Wait(self._limits, timeout, WRITING)
        left = memoryview(buffer)
        while left:
            left = left[wait.until(self._sock, lambda rest=left: self._sock.send(rest)) :]  # type: ignore[misc]

    def close(self) -> None:
        """Close the connection."""
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection with TLS, through that of a proxy too."""
        wait = Wait(self._limits, timeout, CONNECTING)
        try:
            if isinstance(self._sock, ssl.SSLSocket):
                return _Tunnel(self, ssl_context, server_hostname, timeout)
            # The handshake comes afterwards: it is the part that waits.
            self._sock = sock = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            wait.until(sock, sock.do_handshake)
        except (OSError, ValueError) as error:
            self.close()
            raise httpcore.ConnectError("TLS cannot begin") from error
        except BaseException:
            self.close()
            raise
        return Stream(self._limits, sock)

    def get_extra_info(self, info: str) -> Any:
        """What the pool of connections asks about this one."""
        if info == "socket":
            return self._sock
        if info == "is_readable":
            return is_ready(self._sock, selectors.EVENT_READ, 0.0)
        if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket):
            return self._sock
        return None


class _Tunnel(httpcore.NetworkStream):
    """TLS inside the TLS of a proxy."""

    def __init__(
        self, outer: Stream, ssl_context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
    ) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._inner = ssl_context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        try:
            self._exchange(self._inner.do_handshake, timeout)
        except ssl.SSLError as error:
            raise tls_failure(error, httpcore.ConnectError) from error

    def _exchange(self, operation: Callable[[], T], timeout: float | None) -> T:
        while True:
            try:
                done = operation()
            except ssl.SSLWantReadError:
                self._outer.write(self._outgoing.read(), timeout)
                received = self._outer.read(65_536, timeout)
                if received:
                    self._incoming.write(received)
                else:
                    self._incoming.write_eof()
            else:
                self._outer.write(self._outgoing.read(), timeout)
                return done

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none where the other side has closed."""
        try:
            return self._exchange(lambda: self._inner.read(max_bytes), timeout)
        except ssl.SSLError as error:
            raise tls_failure(error, httpcore.ReadError) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of the buffer."""
        try:
            while buffer:
                buffer = buffer[self._exchange(lambda rest=buffer: self._inner.write(rest), timeout) :]  # type: ignore[misc]
        except ssl.SSLError as error:
            raise tls_failure(error, httpcore.WriteError) from error

    def close(self) -> None:
        """Close the connection."""
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        """What the pool of connections asks about this one."""
        return self._inner if info == "ssl_object" else self._outer.get_extra_info(info)
