"""A reply as it came, whole: status, headers and body, whatever bytes are in them."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx

from flowctl.aep.json_body import decoded
from flowctl.aep.request_words import what
from flowctl.model.errors import Refused
from flowctl.model.request import Request

LARGEST = 64 * 1024 * 1024
"""Bytes of a reply's body after decompression; the largest page of a list is far below it."""
_STEP = 1024 * 1024
_WINDOWS = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_GZIP = b"\x1f"
"""The first byte of a member of gzip."""


@dataclass(frozen=True, kw_only=True)
class RawReply:
    """One reply; `headers` by lower-case name, those that came twice joined by commas."""

    status: int
    reason: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def is_success(self) -> bool:
        """Whether the status says that the request was done."""
        return 200 <= self.status < 300

    @property
    def is_web_page(self) -> bool:
        """Whether it says of itself that it is one."""
        return "html" in self.headers.get("content-type", "").lower()

    @property
    def text(self) -> str:
        """The body for a person to read, whatever its charset says."""
        return self.content.decode("utf-8", "replace")

    @cached_property
    def body(self) -> Any:
        """The body as JSON; raises ValueError where it is not."""
        return decoded(self.content)

    @property
    def lines(self) -> list[Any]:
        """The body as JSON values, one a line; raises ValueError where a line is not JSON."""
        return [decoded(line) for line in self.content.splitlines() if line.strip()]


def received(request: Request, streamed: httpx.Response, largest: int = LARGEST) -> RawReply:
    """A streamed reply with its whole body.

    Bytes are counted after decompression: that is what a small compressed body can grow to. Raises Refused where there
    are more than `largest`, httpx.DecodingError where the body cannot be unpacked.
    """
    parts: list[bytes] = []
    size = 0
    for part in _unpacked(streamed):
        size += len(part)
        if size > largest:
            raise Refused.because(
                "reply-too-large",
                f"the reply to {what(request)} is larger than {largest // 1024 // 1024} MiB",
                hint="Check `endpoint` of the environment in flowctl.yaml, and that no proxy replies in its place.",
            )
        parts.append(part)
    return RawReply(
        status=streamed.status_code,
        reason=_text(streamed.extensions.get("reason_phrase", b"")),
        headers=_headers(streamed),
        content=b"".join(parts),
    )


def _unpacked(streamed: httpx.Response) -> Iterator[bytes]:
    """The body in parts of at most a step, so that none grows beyond measure before it is counted."""
    coding = _headers(streamed).get("content-encoding", "").strip().lower()
    if coding in ("", "identity"):
        yield from streamed.iter_raw()
        return
    if coding not in _WINDOWS:
        # What it says is not shown: it may be anything.
        raise httpx.DecodingError("its body has a coding that was not asked for", request=streamed.request)
    window = _WINDOWS[coding]
    unpack, begun = zlib.decompressobj(window), False
    try:
        for packed in streamed.iter_raw():
            if not begun and coding == "deflate" and packed and packed[0] & 0x0F != 8:
                unpack = zlib.decompressobj(-zlib.MAX_WBITS)
            begun = begun or bool(packed)
            while packed:
                if unpack.eof:
                    # A gzip body may have several members, one after the other; what else follows is padding.
                    if coding == "deflate" or packed[:1] != _GZIP:
                        break
                    unpack = zlib.decompressobj(window)
                yield unpack.decompress(packed, _STEP)
                packed = unpack.unused_data if unpack.eof else unpack.unconsumed_tail
    except zlib.error:
        raise httpx.DecodingError("its body cannot be unpacked", request=streamed.request) from None
    if begun and not unpack.eof:
        raise httpx.DecodingError("its packed body ends early", request=streamed.request)


def _headers(streamed: httpx.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in streamed.headers.raw:
        key, text = _text(name).lower(), _text(value)
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _text(raw: bytes) -> str:
    """Headers are ASCII; other bytes in them are for nobody to rely on, but a person may have to read them."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
