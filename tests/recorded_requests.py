"""The requests that flowctl sends, recorded at the transport of httpx: nothing of flowctl is replaced for it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest


@dataclass(frozen=True)
class Sent:
    """One request as it left: header names in lower case, the body decoded from JSON where it is JSON."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    body: Any
    text: str = field(default="", repr=False)

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@contextmanager
def recorded() -> Iterator[list[Sent]]:
    """Requests with flowctl's User-Agent, in the order in which they leave; those of the tests are passed over."""
    sent: list[Sent] = []
    handle = httpx.HTTPTransport.handle_request

    def record(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        if request.headers.get("user-agent", "").startswith("flowctl/"):
            sent.append(_sent(request))
        return handle(self, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.HTTPTransport, "handle_request", record)
        yield sent


def _sent(request: httpx.Request) -> Sent:
    content = request.read()
    path, _, query = request.extensions.get("target", request.url.raw_path).decode().partition("?")
    is_json = b"json" in request.headers.get("content-type", "").encode()
    return Sent(
        method=request.method,
        path=path,
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=json.loads(content) if content and is_json else None,
        text=content.decode(),
    )
