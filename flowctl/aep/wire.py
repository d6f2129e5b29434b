"""Sockets whose every wait has an end: that of the request, and that of the client.

httpx limits each read by itself, so a server that sends a byte now and then keeps a request for ever. Here all that one
request waits for (name, connection, TLS, each read and write) shares one deadline, and a client that is closed ends
every wait within a moment.
"""

import os
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from errno import EAGAIN, EINPROGRESS, EWOULDBLOCK
from ipaddress import ip_address
from typing import Any, TypeVar

import httpcore

T = TypeVar("T")
_SLICE = 0.1
"""Seconds after which a wait looks whether the client was closed."""
_UNDER_WAY = frozenset({0, EINPROGRESS, EWOULDBLOCK, EAGAIN, 10035})
"""Codes of a connection that is being made; 10035 is that of Windows."""
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
_LATE = "the time limit for the whole reply is over"
_CLOSED = "the command ends"

_Errors = tuple[type[httpcore.TimeoutException], type[httpcore.NetworkError]]
_CONNECTING: _Errors = (httpcore.ConnectTimeout, httpcore.ConnectError)
_READING: _Errors = (httpcore.ReadTimeout, httpcore.ReadError)
_WRITING: _Errors = (httpcore.WriteTimeout, httpcore.WriteError)


class Untrusted(httpcore.ConnectError):
    """Nobody that is trusted vouches for the certificate of the other side."""


class Wire(httpcore.NetworkBackend):
    """Opens connections; threads may share it, each with a deadline of its own."""

    def __init__(self) -> None:
        self._closed = threading.Event()
        self._limits = threading.local()

    def close(self) -> None:
        """Ends every wait, those of other threads too."""
        self._closed.set()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Everything that this thread sends and receives meanwhile has to be done in that time."""
        self._limits.deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._limits.deadline = None

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - the signature is httpcore's
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """A connection to the first address of a name that accepts one."""
        wait = _Wait(self, timeout, _CONNECTING)
        reason: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in self._addresses(host, port, wait):
            sock = socket.socket(family, kind, protocol)
            try:
                _connect(sock, address, wait)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                reason = error
                sock.close()
            except BaseException:
                sock.close()
                raise
            else:
                return _Stream(self, sock)
        raise httpcore.ConnectError(reason.strerror or str(reason)) from reason

    def _addresses(self, host: str, port: int, wait: "_Wait") -> list[Any]:
        """A name server may never answer and cannot be interrupted, so a thread asks it that nobody waits for."""
        found: list[list[Any]] = []
        failed: list[Exception] = []

        def ask() -> None:
            try:
                found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                failed.append(error)

        if _is_address(host):
            ask()
        else:
            asking = threading.Thread(target=ask, name="resolve", daemon=True)
            asking.start()
            while asking.is_alive():
                asking.join(min(wait.left(), _SLICE))
        if failed:
            reason = getattr(failed[0], "strerror", None) or "it is not a host name"
            raise httpcore.ConnectError(reason) from failed[0]
        return found[0]

    def ends_at(self, timeout: float | None) -> float:
        """The end of a wait of at most `timeout` seconds, in the seconds of time.monotonic."""
        deadline: float | None = getattr(self._limits, "deadline", None)
        ends = [time.monotonic() + timeout] if timeout is not None else []
        return min([*ends, *([deadline] if deadline is not None else [])], default=float("inf"))

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed."""
        return self._closed.is_set()


class _Wait:
    """One wait: how much of it is left, and what to raise where it is over."""

    def __init__(self, wire: Wire, timeout: float | None, errors: _Errors) -> None:
        self._wire = wire
        self._ends = wire.ends_at(timeout)
        self._late, self._broken = errors

    def left(self) -> float:
        """Seconds left; raises where there are none, or the client was closed."""
        if self._wire.is_closed:
            raise self._broken(_CLOSED)
        left = self._ends - time.monotonic()
        if left <= 0:
            raise self._late(_LATE)
        return left

    def until(self, sock: socket.socket, operation: Callable[[], T]) -> T:
        """What the operation gives, which is begun again after each slice of the wait."""
        while True:
            try:
                sock.settimeout(min(self.left(), _SLICE))
                return operation()
            except TimeoutError:
                continue
            except ssl.SSLError as error:
                raise _tls_failure(error, self._broken) from error
            except (OSError, ValueError) as error:
                raise self._broken(getattr(error, "strerror", None) or "the connection broke") from error


class _Stream(httpcore.NetworkStream):
    """One connection, in clear or with TLS."""

    def __init__(self, wire: Wire, sock: socket.socket) -> None:
        self._wire = wire
        self._sock = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """The next bytes; none where the other side has closed."""
        return _Wait(self._wire, timeout, _READING).until(self._sock, lambda: self._sock.recv(max_bytes))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all of the buffer."""
        wait = _Wait(self._wire, timeout, _WRITING)
        left = memoryview(buffer)
        while left:
            left = left[wait.until(self._sock, lambda rest=left: self._sock.send(rest)) :]  # type: ignore[misc]

    def close(self) -> None:
        """Closes the connection."""
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """The same connection with TLS, through that of a proxy too."""
        wait = _Wait(self._wire, timeout, _CONNECTING)
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
        return _Stream(self._wire, sock)

    def get_extra_info(self, info: str) -> Any:
        """What the pool of connections asks about this one."""
        if info == "socket":
            return self._sock
        if info == "is_readable":
            return _is_ready(self._sock, selectors.EVENT_READ, 0.0)
        if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket):
            return self._sock
        return None


class _Tunnel(httpcore.NetworkStream):
    """TLS inside the TLS of a proxy."""

    def __init__(
        self, outer: _Stream, ssl_context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
    ) -> None:
        self._outer = outer
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._inner = ssl_context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)
        try:
            self._exchange(self._inner.do_handshake, timeout)
        except ssl.SSLError as error:
            raise _tls_failure(error, httpcore.ConnectError) from error

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
            raise _tls_failure(error, httpcore.ReadError) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Sends all of the buffer."""
        try:
            while buffer:
                buffer = buffer[self._exchange(lambda rest=buffer: self._inner.write(rest), timeout) :]  # type: ignore[misc]
        except ssl.SSLError as error:
            raise _tls_failure(error, httpcore.WriteError) from error

    def close(self) -> None:
        """Closes the connection."""
        self._outer.close()

    def get_extra_info(self, info: str) -> Any:
        """What the pool of connections asks about this one."""
        return self._inner if info == "ssl_object" else self._outer.get_extra_info(info)


def _tls_failure(error: ssl.SSLError, kind: type[httpcore.NetworkError]) -> httpcore.NetworkError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Untrusted(error.verify_message)
    return kind(str(error.reason or type(error).__name__))


def _connect(sock: socket.socket, address: Any, wait: _Wait) -> None:
    """Connects in slices: another thread cannot end one long wait on every system."""
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code not in _UNDER_WAY:
        raise OSError(code, os.strerror(code))
    while not _is_ready(sock, selectors.EVENT_WRITE, min(wait.left(), _SLICE)):
        pass
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _is_ready(sock: socket.socket, event: int, seconds: float) -> bool:
    with suppress(OSError, ValueError), _Selector() as selector:
        selector.register(sock, event)
        return bool(selector.select(seconds))
    return True


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
