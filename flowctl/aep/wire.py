"""The wire: opens connections on which every wait has an end.

httpx limits each read on its own, so a server that sends a byte now and then keeps a request for ever. Here everything
that one request waits for (name, connection, TLS, each read and write) shares one deadline, and a client that is closed
ends every wait within a moment.
"""

import os
import selectors
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EAGAIN, EINPROGRESS, EWOULDBLOCK
from ipaddress import ip_address
from typing import Any

import httpcore

from flowctl.aep.streams import Stream
from flowctl.aep.waits import CONNECTING, SLICE, Wait, is_ready

_UNDER_WAY = frozenset({0, EINPROGRESS, EWOULDBLOCK, EAGAIN, 10035})
"""Codes of a connection that is being made; 10035 is that of Windows."""


class Wire(httpcore.NetworkBackend):
    """Opens connections; threads may share it, each with a deadline of its own."""

    def __init__(self) -> None:
        self._closed = threading.Event()
        self._limits = threading.local()

    def close(self) -> None:
        """End every wait, those of other threads too."""
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
        wait = Wait(self, timeout, CONNECTING)
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
                return Stream(self, sock)
        raise httpcore.ConnectError(reason.strerror or str(reason)) from reason

    def _addresses(self, host: str, port: int, wait: Wait) -> list[Any]:
        """A name server may never answer and cannot be interrupted, so a thread calls it that nobody waits for."""
        found: list[list[Any]] = []
        failed: list[Exception] = []

        def look_up() -> None:
            try:
                found.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                failed.append(error)

        if _is_address(host):
            look_up()
        else:
            lookup = threading.Thread(target=look_up, name="resolve", daemon=True)
            lookup.start()
            while lookup.is_alive():
                lookup.join(min(wait.left(), SLICE))
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


def _connect(sock: socket.socket, address: Any, wait: Wait) -> None:
    """Connect in slices: another thread cannot end one long wait on every system."""
    sock.setblocking(False)
    code = sock.connect_ex(address)
    if code not in _UNDER_WAY:
        raise OSError(code, os.strerror(code))
    while not is_ready(sock, selectors.EVENT_WRITE, min(wait.left(), SLICE)):
        pass
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
