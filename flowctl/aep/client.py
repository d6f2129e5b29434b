"""The client: sends `Request` values with the headers of Experience Platform, retries, and returns `Reply` values."""

import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from flowctl.aep.auth import Credentials, TokenSource
from flowctl.aep.concurrency import AdaptiveLimit
from flowctl.aep.errors import Masked, refused, wrong_shape
from flowctl.aep.exchange import NOT_SENT, Exchange, had_ended, is_final
from flowctl.aep.no_reply import unreachable, what_happened
from flowctl.aep.outgoing import content_of
from flowctl.aep.proxies import proxy_for
from flowctl.aep.raw_reply import RawReply
from flowctl.aep.retry import Budget, RetryPolicy, Tried, is_broken, wait_before_retry
from flowctl.aep.transport import connections_to
from flowctl.aep.wire import Wire
from flowctl.masking.secret_values import SecretValues
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.reply_time import reply_time
from flowctl.model.request import Reply, Request
from flowctl.systems import wait_for

_log = logging.getLogger("flowctl.http")
_QUIET = 3.0
"""Seconds that a request may wait for retries before that is logged without -v."""
_TRIES_AT_NONSENSE = 3
"""How often a request is sent if the reply is a success with an unreadable body: a login page will not go away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """The endpoint, the credentials and the limits, in seconds. `secrets` learns the client secret and every token.

    `environment` is the path of the environment's settings in flowctl.yaml, such as `environments.dev.`.
    """

    endpoint: str
    organization: str
    sandbox: str
    credentials: Credentials
    parallelism: int = 10
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    environment: str = ""
    secrets: SecretValues = field(default_factory=SecretValues, repr=False)


class Client:
    """One organization and sandbox of Experience Platform. Threads may share it."""

    def __init__(
        self,
        settings: ClientSettings,
        stop: threading.Event | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """`environ` names proxies and authorities. Raises PlatformError if one of them cannot be used."""
        self._settings = settings
        self._stop = stop or threading.Event()
        self._limit = AdaptiveLimit(settings.parallelism)
        self._budget = Budget(settings.retry.run_budget)
        self._wire = Wire()
        urls = (settings.endpoint, settings.credentials.token_url)
        proxies = {url: proxy for url in urls if (proxy := proxy_for(url, environ)) is not None}
        self._connections = connections_to(
            *urls,
            proxies=proxies,
            wire=self._wire,
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            environ=environ,
        )
        self._exchange = Exchange(
            connections=self._connections,
            wire=self._wire,
            seconds=settings.read_timeout,
            connect_seconds=settings.connect_timeout,
            environment=settings.environment,
            proxied={httpx.URL(url).netloc.decode(): proxy.variable for url, proxy in proxies.items()},
        )
        self._headers = {
            "x-api-key": settings.credentials.client_id,
            "x-gw-ims-org-id": settings.organization,
            "x-sandbox-name": settings.sandbox,
        }
        self._secrets = settings.secrets
        self._tokens = TokenSource(settings.credentials, self._exchange, settings.retry, self.pause, self._secrets)

    def abandon(self) -> None:
        """End what other threads wait for: nothing that is still to come is of any use."""
        self._stop.set()
        self._wire.close()

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()
        self._connections.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pause(self, seconds: float) -> bool:
        """Wait as a retry does; False if the run is to stop or has waited as long as it may."""
        return self._budget.take(seconds) and not wait_for(self._stop.wait, seconds)

    def authenticate(self) -> None:
        """Fetch a token unless there is one. Raises PlatformError if none can be had."""
        self._tokens.token()

    def send(self, request: Request) -> Reply:
        """The successful reply to a request.

        Raises Refused for an error status or a body that is not JSON, Unreachable if no reply came, after the
        retries that are safe for this request; the error tells whether the request may have been done. A refused token
        is renewed once. A kept connection that had ended does not count as a try: a request that may be repeated
        takes another one at once, but only once.
        """
        waited, attempt, renewed, reconnected, maybe_done = 0.0, 0, False, False, False
        while True:
            attempt += 1
            token = self._token(maybe_done)
            with self._limit.slot():
                reply, failure = self._try(request, token, maybe_done)
            if reply is not None:
                if reply.is_success:
                    self._limit.succeeded()
                    try:
                        return _decoded(request, reply, self._secrets.masked)
                    except Refused:
                        if not request.repeatable or attempt >= _TRIES_AT_NONSENSE:
                            raise
                if reply.status == 401 and not renewed:
                    self._renew(token, maybe_done)
                    renewed = True
                    continue
                if reply.status in (429, 503):
                    self._limit.throttled("rate limiting" if reply.status == 429 else "overloaded")
            maybe_done = maybe_done or _maybe_done(reply, failure)
            if request.repeatable and not reconnected and had_ended(failure):
                reconnected = True
                continue
            wait = self._wait(request, reply, failure, attempt - reconnected, waited)
            if wait is None or not self.pause(wait):
                tried = Tried(times=attempt, waited=waited)
                raise self._error(request, reply, failure, tried, maybe_done=maybe_done)
            waited += wait

    def _token(self, maybe_done: bool) -> str:
        try:
            return self._tokens.token()
        except PlatformError as error:
            error.maybe_done = maybe_done
            raise

    def _renew(self, token: str, maybe_done: bool) -> None:
        try:
            self._tokens.renew(token)
        except PlatformError as error:
            error.maybe_done = maybe_done
            raise

    def _wait(
        self,
        request: Request,
        reply: RawReply | None,
        failure: httpx.RequestError | None,
        attempt: int,
        waited: float,
    ) -> float | None:
        if is_final(failure):
            return None
        wait = wait_before_retry(
            request,
            self._settings.retry,
            attempt=attempt,
            waited=waited,
            status=_status(reply),
            retry_after=reply.headers.get("retry-after") if reply is not None else None,
            sent=not isinstance(failure, NOT_SENT),
            now=(reply_time(reply.headers) if reply is not None else None) or time.time(),
        )
        if wait is not None:
            why = f"HTTP {reply.status}" if reply is not None else what_happened(_known(failure), self._exchange)
            level = logging.WARNING if waited + wait >= _QUIET else logging.INFO
            _log.log(level, "%s %s: %s, retrying in %.1f s", request.method, request.path, why, wait)
        return wait

    def _error(
        self,
        request: Request,
        reply: RawReply | None,
        failure: httpx.RequestError | None,
        tried: Tried,
        *,
        maybe_done: bool,
    ) -> PlatformError:
        masked = self._secrets.masked
        error: PlatformError
        if reply is None:
            error = unreachable(request, _known(failure), self._exchange)
        elif reply.is_success:
            error = wrong_shape(request, reply, masked, "JSON")
        else:
            error = refused(request, reply, masked, tried=tried, sandbox=self._settings.sandbox)
        error.maybe_done = maybe_done
        return error

    def _try(
        self, request: Request, token: str, maybe_done: bool
    ) -> tuple[RawReply, None] | tuple[None, httpx.RequestError]:
        headers = {"Authorization": f"Bearer {token}", **self._headers, **request.headers}
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            content = content_of(request, headers)
        except PlatformError as error:
            error.maybe_done = maybe_done
            raise
        started = time.monotonic()
        try:
            reply = self._exchange.send(request, headers=headers, content=content)
        except httpx.RequestError as error:
            _log.debug("%s %s: %s", request.method, request.path, what_happened(error, self._exchange))
            return None, error
        elapsed = (time.monotonic() - started) * 1000
        _log.debug("%s %s: %d in %.0f ms", request.method, request.path, reply.status, elapsed)
        return reply, None


def _known(failure: httpx.RequestError | None) -> httpx.RequestError:
    return failure or httpx.RequestError("no reply")


_UNREADABLE = 502
"""The status that stands for a reply of success without a readable body: a bad gateway."""


def _status(reply: RawReply | None) -> int | None:
    if reply is None:
        return None
    return _UNREADABLE if reply.is_success else reply.status


def _maybe_done(reply: RawReply | None, failure: httpx.RequestError | None) -> bool:
    if reply is not None:
        # Only a status of refusal says that nothing was done: a redirect, for one, does not.
        return not 400 <= reply.status < 500 or is_broken(reply.status)
    return not isinstance(failure, NOT_SENT)


def _decoded(request: Request, reply: RawReply, masked: Masked) -> Reply:
    try:
        body = reply.lines if request.lines else reply.body if reply.content else None
    except ValueError as error:
        raise wrong_shape(request, reply, masked, "JSON") from error
    return Reply(status=reply.status, headers=dict(reply.headers), body=body, masked=masked)
