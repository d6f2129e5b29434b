"""A server of raw bytes: what no well-behaved library would send, as fast or slow as a test wants."""

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CERTIFICATES = Path(__file__).parent / "certificates"
TOKEN_PATH = "/ims/token/v3"
_HOP = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def is_for_a_token(self) -> bool:
        return self.path == TOKEN_PATH

    @property
    def is_a_write(self) -> bool:
        return self.method != "GET" and not self.is_for_a_token


@dataclass(frozen=True)
class Talk:
    """A connection on which a request waits for its reply."""

    asked: Asked
    sock: socket.socket = field(repr=False)
    ending: threading.Event = field(repr=False)

    def send(self, data: bytes) -> bool:
        """Sends bytes; False where nobody takes them any longer."""
        try:
            self.sock.sendall(data)
        except OSError:
            return False
        return not self.ending.is_set()

    def drip(self, data: bytes, pause: float = 0.02) -> None:
        """Sends a byte at a time."""
        for place in range(len(data)):
            if not self.send(data[place : place + 1]) or self.ending.wait(pause):
                return

    def stall(self) -> None:
        """Says nothing until the test ends or the client leaves."""
        self.sock.settimeout(0.02)
        while not self.ending.is_set():
            try:
                if not self.sock.recv(65_536):
                    return
            except TimeoutError:
                continue
            except OSError:
                return


Answer = bytes | Callable[[Talk], None] | None
"""Bytes as they are, a function that speaks, or None: what the platform behind says."""


def reply(body: bytes | str = b"{}", *headers: bytes, status: bytes = b"200 OK", length: int | None = None) -> bytes:
    """A reply in HTTP/1.1, with headers of any bytes."""
    content = body if isinstance(body, bytes) else body.encode()
    if not any(header.lower().startswith(b"content-type") for header in headers):
        headers = (b"Content-Type: application/json", *headers)
    size = len(content) if length is None else length
    return b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % size, b"", content])


def token(value: str = "hostile-token", lifetime: str = "86399") -> bytes:
    return reply(f'{{"access_token": {json.dumps(value)}, "expires_in": {lifetime}}}')


@dataclass
class Hostile:
    """A running server. `answer` says what each request gets; it is asked by many threads."""

    url: str
    answer: Callable[[Asked], Answer] = lambda asked: token() if asked.is_for_a_token else reply()
    asked: list[Asked] = field(default_factory=list)

    def data(self, answer: Answer) -> None:
        """Gives tokens, and this answer to everything else."""
        self.answer = lambda asked: token() if asked.is_for_a_token else answer


def certified() -> ssl.SSLContext:
    """The context of a server for which only the authority of these tests vouches."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    return context


@contextmanager
def listening(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A port on which each connection is served by a thread; leaves no thread and no socket behind."""
    ending = threading.Event()
    threads: list[threading.Thread] = []

    def run(sock: socket.socket) -> None:
        with sock, suppress(OSError):
            serve(sock, ending)

    def accept() -> None:
        while not ending.is_set():
            try:
                sock, _ = door.accept()
            except TimeoutError:
                continue
            threads.append(threading.Thread(target=run, args=(sock,), name="hostile"))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0), backlog=256) as door:
        door.settimeout(0.05)
        accepting = threading.Thread(target=accept, name="hostile")
        accepting.start()
        try:
            yield door.getsockname()[1]
        finally:
            ending.set()
            accepting.join()
            for thread in threads:
                thread.join()


@dataclass
class Tunnel:
    """A running proxy: what it was asked, and every byte that it was given to carry."""

    port: int = 0
    heads: list[bytes] = field(default_factory=list)
    carried: list[bytes] = field(default_factory=list)


@contextmanager
def tunnel(target: str, answer: bytes = b"", *, context: ssl.SSLContext | None = None) -> Iterator[Tunnel]:
    """An HTTP proxy that carries everything to one server, or gives this answer to everybody."""
    proxy = Tunnel()

    def serve(sock: socket.socket, ending: threading.Event) -> None:
        sock.settimeout(5)
        sock = context.wrap_socket(sock, server_side=True) if context else sock
        with sock:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                received = sock.recv(1)
                if not received:
                    return
                head += received
            proxy.heads.append(head)
            if answer or not head.startswith(b"CONNECT "):
                sock.sendall(answer or reply(status=b"400 Bad"))
                return
            sock.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            with socket.create_connection(("127.0.0.1", urlsplit(target).port or 0)) as other:
                _carry(sock, other, ending, proxy.carried)

    with listening(serve) as port:
        proxy.port = port
        yield proxy


def _carry(one: socket.socket, other: socket.socket, ending: threading.Event, carried: list[bytes]) -> None:
    one.settimeout(0.01)
    other.settimeout(0.01)
    while not ending.is_set():
        for source, sink in ((one, other), (other, one)):
            try:
                data = source.recv(65_536)
            except TimeoutError:
                continue
            if not data:
                return
            carried.append(data)
            sink.sendall(data)


@contextmanager
def hostile(upstream: str = "", *, context: ssl.SSLContext | None = None) -> Iterator[Hostile]:
    """A hostile server before the platform at `upstream`, with TLS where there is a context."""
    server = Hostile(url="")

    def serve(sock: socket.socket, ending: threading.Event) -> None:
        sock.settimeout(5)
        with context.wrap_socket(sock, server_side=True) if context else sock as sock:
            sock.settimeout(0.02)
            while (asked := _read(sock, ending)) is not None:
                server.asked.append(asked)
                answer = server.answer(asked)
                sock.settimeout(5)
                if callable(answer):
                    answer(Talk(asked, sock, ending))
                    return
                sock.sendall(_forwarded(upstream, asked) if answer is None else answer)
                sock.settimeout(0.02)
                if answer is not None and b"Content-Length" not in answer:
                    return

    with listening(serve) as port:
        server.url = f"http{'s' if context else ''}://127.0.0.1:{port}"
        yield server


def _read(sock: socket.socket, ending: threading.Event) -> Asked | None:
    """The next request; None where the client has left or the test ends."""
    data = b""
    while True:
        head, blank, body = data.partition(b"\r\n\r\n")
        if blank:
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            if len(body) >= int(headers.get("content-length", 0)):
                method, target, _ = lines[0].split(" ")
                return Asked(method, target, headers, body)
        try:
            received = sock.recv(65_536)
        except TimeoutError:
            if ending.is_set():
                return None
            continue
        if not received:
            return None
        data += received


def _forwarded(upstream: str, asked: Asked) -> bytes:
    status, reason, headers, content = ask(upstream, asked)
    named = [f"{name}: {value}".encode() for name, value in headers.items() if name.lower() not in _HOP]
    return reply(content, *named, status=f"{status} {reason}".encode())


def ask(upstream: str, asked: Asked) -> tuple[int, str, dict[str, str], bytes]:
    """What the platform behind says."""
    connection = http.client.HTTPConnection(urlsplit(upstream).netloc, timeout=10)
    try:
        headers = {name: value for name, value in asked.headers.items() if name not in _HOP}
        connection.request(asked.method, asked.target, asked.body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.reason, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The place of every value inside a JSON value, the whole one included."""
    yield path
    for step, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(part, (*path, step))


def with_value(whole: Any, path: tuple[str | int, ...], value: Any) -> Any:
    """A JSON value with another value at one place."""
    if not path:
        return value
    copied = dict(whole) if isinstance(whole, dict) else list(whole)
    copied[path[0]] = with_value(whole[path[0]], path[1:], value)
    return copied
