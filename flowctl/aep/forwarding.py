"""Requests of another program, sent on to one endpoint as they are, and replies as they come."""

import re
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from flowctl.aep.certificates import trusted
from flowctl.aep.exchange import NOT_SENT
from flowctl.aep.proxies import proxy_for
from flowctl.model.errors import PlatformError
from flowctl.model.loopback import is_loopback

Headers = Sequence[tuple[bytes, bytes]]
_CONNECTION: Final = frozenset(
    {
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te"),
        *(b"trailer", b"transfer-encoding", b"upgrade", b"expect", b"host"),
    }
)
"""Headers that belong to one connection, and not to the request."""
_HOST: Final = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
_CODINGS: Final = frozenset({"gzip", "deflate", "identity"})


class NoReply(Exception):  # noqa: N818 - reads as what happened
    """No reply came, or not all of it. `word` is `unreachable`, `untrusted`, `timed-out` or `broken`."""

    def __init__(self, word: str, sentence: str) -> None:
        super().__init__(sentence)
        self.word = word


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A reply: its status, its headers without those of the connection, and its bytes as they come."""

    status: int
    headers: Headers
    content: AsyncIterator[bytes]


class Forwarder:
    """Sends requests to one endpoint and to nothing else: no redirect is followed, no cookie kept."""

    def __init__(
        self, endpoint: str, environ: Mapping[str, str], *, connect_timeout: float = 10.0, read_timeout: float = 60.0
    ) -> None:
        """Look for proxies and authorities in `environ`. Raise PlatformError if one or `endpoint` is not usable."""
        self._url = endpoint_url(endpoint)
        context = trusted(environ) if self._url.scheme == "https" else False
        proxy = proxy_for(endpoint, environ)
        through = None
        if proxy is not None:
            account = None if proxy.user is None else (proxy.user, proxy.password)
            through = httpx.Proxy(f"{proxy.scheme}://{proxy.host}:{proxy.port}", auth=account)
        self._http = httpx.AsyncClient(
            verify=context,
            proxy=through,
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout),
            trust_env=False,
            follow_redirects=False,
        )

    @property
    def origin(self) -> str:
        """The endpoint as links name it."""
        return f"{self._url.scheme}://{self._url.netloc.decode()}"

    @asynccontextmanager
    async def sent(
        self, method: str, target: bytes, headers: Headers, content: AsyncIterable[bytes] | None
    ) -> AsyncIterator[Forwarded]:
        """The reply to a request. Raises NoReply, from reading its content too."""
        # The client's own jar would answer one program's cookies with another's.
        self._http.cookies.clear()
        request = httpx.Request(
            method, self._url.copy_with(raw_path=target), headers=[*_of_the_request(headers)], content=content
        )
        try:
            reply = await self._http.send(request, stream=True)
        except httpx.HTTPError as error:
            raise _no_reply(error, self._url.host) from error
        try:
            yield Forwarded(reply.status_code, _own(reply.headers.raw), self._content(reply))
        finally:
            await reply.aclose()

    async def _content(self, reply: httpx.Response) -> AsyncIterator[bytes]:
        try:
            async for part in reply.aiter_raw():
                yield part
        except httpx.HTTPError as error:
            raise _no_reply(error, self._url.host) from error

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def endpoint_url(endpoint: str) -> httpx.URL:
    """Return the address of an endpoint. Raises PlatformError for one that is none, or that is plain http elsewhere."""
    try:
        url = httpx.URL(endpoint)
    except (httpx.InvalidURL, ValueError):
        raise _not_an_endpoint("it is not an address") from None
    if url.scheme not in ("http", "https") or not _HOST.fullmatch(url.host):
        raise _not_an_endpoint("it is not an address that begins with https://")
    if url.userinfo or url.path not in ("", "/") or url.query or url.fragment:
        raise _not_an_endpoint("it must be a host alone, without user, path and query")
    if url.scheme == "http" and not is_loopback(endpoint):
        raise _not_an_endpoint("plain http would send the credentials unencrypted")
    return url


def _not_an_endpoint(why: str) -> PlatformError:
    return PlatformError.because(
        "invalid-url",
        f"the endpoint cannot be used: {why}",
        hint="Use an address such as https://platform.adobe.io. Plain http is accepted only for this machine.",
    )


def _own(headers: Headers) -> Headers:
    """The headers without those of the connection. A length beside chunks is not that of the body."""
    is_chunked = any(name.lower() == b"transfer-encoding" for name, _ in headers)
    left_out = _CONNECTION | {b"content-length"} if is_chunked else _CONNECTION
    return [(name, value) for name, value in headers if name.lower() not in left_out]


def _of_the_request(headers: Headers) -> Headers:
    """The headers to send: codings of replies that cannot be read later are not asked for."""
    sent = [(name, value) for name, value in _own(headers) if name.lower() != b"accept-encoding"]
    asked = b",".join(value for name, value in headers if name.lower() == b"accept-encoding").decode("latin-1")
    known = [each.strip() for each in asked.split(",") if each.partition(";")[0].strip().lower() in _CODINGS]
    return [*sent, (b"accept-encoding", ", ".join(known).encode("latin-1") or b"identity")]


def _no_reply(error: httpx.HTTPError, host: str) -> NoReply:
    text = " ".join(str(each) for each in (error, error.__cause__, getattr(error.__cause__, "__cause__", "")))
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate" in text.lower():
        return NoReply("untrusted", f"The certificate of {host} is not trusted.")
    if isinstance(error, httpx.TimeoutException):
        return NoReply("timed-out", f"{host} did not answer in time.")
    if isinstance(error, NOT_SENT):
        return NoReply("unreachable", f"{host} cannot be reached.")
    return NoReply("broken", f"The connection to {host} broke.")
