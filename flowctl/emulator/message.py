"""What an operation gets (`Call`) and what it gives back (`Reply`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flowctl.emulator.json_text import dump

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.datastructures import QueryParams

    from flowctl.emulator.platform import Platform
    from flowctl.emulator.request_headers import RequestHeaders

LOOPBACK = ("127.", "::1", "::ffff:127.")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One HTTP request. `path` is raw: still percent-encoded, as Schema Registry IDs need it."""

    method: str
    path: str
    query_string: str
    query: QueryParams
    headers: RequestHeaders
    body: bytes
    client_host: str
    base_url: str

    @property
    def from_loopback(self) -> bool:
        """Whether the peer is this machine."""
        return self.client_host.startswith(LOOPBACK)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and in which organization and sandbox. `scope` is the key of all that the sandbox holds."""

    client_id: str
    org: str
    tenant: str
    user: str
    permissions: frozenset[str]
    scope: int = 0
    sandbox_name: str = ""
    sandbox_id: str = ""
    sandbox_type: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One request that passed the gateway. `parameters` are the decoded parts of the path."""

    incoming: Incoming
    parameters: Mapping[str, str]
    caller: Caller
    platform: Platform

    @property
    def now_ms(self) -> int:
        """The platform's time in epoch milliseconds."""
        return self.platform.clock.now_ms()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `text` is a body that is JSON already and `raw` one of bytes, else `body` is written as JSON.

    None means no body. `later` gives the reply anew, for as long as it is there and the time `until` has not come
    (in seconds of the monotonic clock); other requests are answered between.
    """

    status: int = 200
    body: object = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    raw: bytes | None = None
    later: Callable[[], Reply] | None = None
    until: float = 0.0

    def content(self) -> bytes:
        """Return the bytes to send."""
        if self.raw is not None:
            return self.raw
        if self.text is not None:
            return self.text.encode()
        return b"" if self.body is None else dump(self.body).encode()


Document = dict[str, Any]
