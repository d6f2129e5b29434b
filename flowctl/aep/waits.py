"""One wait on a socket: never longer than its request may take, and over when the client is closed."""

import selectors
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, TypeVar

import httpcore

T = TypeVar("T")
SLICE = 0.1
"""Seconds after which a wait looks whether the client was closed."""
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)
_LATE = "the time limit for the reply has passed"
_CLOSED = "the command was stopped"

Errors = tuple[type[httpcore.TimeoutException], type[httpcore.NetworkError]]
CONNECTING: Errors = (httpcore.ConnectTimeout, httpcore.ConnectError)
READING: Errors = (httpcore.ReadTimeout, httpcore.ReadError)
WRITING: Errors = (httpcore.WriteTimeout, httpcore.WriteError)


class Limits(Protocol):
    """What bounds a wait."""

    @property
    def is_closed(self) -> bool:
        """Whether the client was closed."""

    def ends_at(self, timeout: float | None) -> float:
        """The end of a wait of at most `timeout` seconds, in the seconds of time.monotonic."""


class Untrusted(httpcore.ConnectError):
    """Nobody that is trusted vouches for the certificate of the other side."""


class Wait:
    """One wait: how much of it is left, and what to raise where it is over."""

    def __init__(self, limits: Limits, timeout: float | None, errors: Errors) -> None:
        self._limits = limits
        self._ends = limits.ends_at(timeout)
        self._late, self._broken = errors

    def left(self) -> float:
        """Seconds left. Raises if there are none, or the client was closed."""
        if self._limits.is_closed:
            raise self._broken(_CLOSED)
        left = self._ends - time.monotonic()
        if left <= 0:
            raise self._late(_LATE)
        return left

    def until(self, sock: socket.socket, operation: Callable[[], T]) -> T:
        """What the operation gives, which is begun again after each slice of the wait."""
        while True:
            try:
                sock.settimeout(min(self.left(), SLICE))
                return operation()
            except TimeoutError:
                continue
            except ssl.SSLError as error:
                raise tls_failure(error, self._broken) from error
            except (OSError, ValueError) as error:
                raise self._broken(getattr(error, "strerror", None) or "the connection broke") from error


def tls_failure(error: ssl.SSLError, kind: type[httpcore.NetworkError]) -> httpcore.NetworkError:
    """The failure of this kind, or that of a certificate."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Untrusted(error.verify_message)
    return kind(str(error.reason or type(error).__name__))


def is_ready(sock: socket.socket, event: int, seconds: float) -> bool:
    """Whether a socket can be read or written within that time, or has failed."""
    with suppress(OSError, ValueError), _Selector() as selector:
        selector.register(sock, event)
        return bool(selector.select(seconds))
    return True
