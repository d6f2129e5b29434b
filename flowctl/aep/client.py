"""The client: sends Request values with the platform's headers, retries, and answers Reply values."""

import json
import logging
import ssl
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from flowctl import __version__
from flowctl.aep.auth import Credentials, TokenSource
from flowctl.aep.concurrency import AdaptiveLimit
from flowctl.aep.errors import Masked, refused, unreachable, wrong_shape
from flowctl.aep.reply_size import read_capped
from flowctl.aep.retry import Budget, RetryPolicy, is_broken, wait_before_retry
from flowctl.masking.secret_values import SecretValues
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.request import Reply, Request

_log = logging.getLogger("flowctl.http")
_QUIET = 3.0
"""Seconds that a request may wait for retries before that is told without -v."""
_TRIES_AT_NONSENSE = 3
"""How often a request is sent that is answered with success and an unreadable body: a login page will stay."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSettings:
    """Where and as whom to speak; time-outs in seconds. `secrets` learns the client secret and every token."""

    endpoint: str
    organization: str
    sandbox: str
    credentials: Credentials
    parallelism: int = 10
    connect_timeout: float = 10.0
    read_timeout: float = 60.0
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    secrets: SecretValues = field(default_factory=SecretValues, repr=False)


class Client:
    """One organization and sandbox of the platform. Threads may share it."""

    def __init__(self, settings: ClientSettings, stop: threading.Event | None = None) -> None:
        self._settings = settings
        self._stop = stop or threading.Event()
        self._limit = AdaptiveLimit(settings.parallelism)
        self._budget = Budget(settings.retry.run_budget)
        limits = httpx.Limits(max_connections=settings.parallelism, max_keepalive_connections=settings.parallelism)
        timeout = httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout, pool=None)
        self._http = httpx.Client(
            base_url=settings.endpoint,
            limits=limits,
            timeout=timeout,
            verify=_trust(settings),
            headers={"User-Agent": f"flowctl/{__version__}"},
        )
        self._headers = {
            "x-api-key": settings.credentials.client_id,
            "x-gw-ims-org-id": settings.organization,
            "x-sandbox-name": settings.sandbox,
        }
        self._secrets = settings.secrets
        self._tokens = TokenSource(settings.credentials, self._http, settings.retry, self.pause, self._secrets)

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def pause(self, seconds: float) -> bool:
        """Waits as a retry does; False where the run is to stop or has waited as long as it may."""
        return self._budget.take(seconds) and not self._stop.wait(seconds)

    def authenticate(self) -> None:
        """Fetches a token where there is none; raises PlatformError where none can be had."""
        self._tokens.token()

    def send(self, request: Request) -> Reply:
        """The successful reply to a request.

        Raises Refused for an error status or a body that is not JSON, Unreachable where no reply came, after the
        retries that are safe for this request; the error tells whether the request may have been done. A refused token
        is renewed once.
        """
        waited, attempt, renewed, maybe_done = 0.0, 0, False, False
        while True:
            attempt += 1
            token = self._token(maybe_done)
            with self._limit.slot():
                reply, failure = self._try(request, token)
            if reply is not None:
                if reply.is_success:
                    self._limit.succeeded()
                    try:
                        return _decoded(request, reply, self._secrets.masked)
                    except Refused:
                        if not request.repeatable or attempt >= _TRIES_AT_NONSENSE:
                            raise
                if reply.status_code == 401 and not renewed:
                    self._renew(token, maybe_done)
                    renewed = True
                    continue
                if reply.status_code in (429, 503):
                    self._limit.throttled()
            maybe_done = maybe_done or _maybe_done(reply, failure)
            wait = self._wait(request, reply, failure, attempt, waited)
            if wait is None or not self.pause(wait):
                raise _error(request, reply, failure, self._secrets.masked, maybe_done=maybe_done)
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
        reply: httpx.Response | None,
        failure: httpx.RequestError | None,
        attempt: int,
        waited: float,
    ) -> float | None:
        wait = wait_before_retry(
            request,
            self._settings.retry,
            attempt=attempt,
            waited=waited,
            status=_status(reply),
            retry_after=reply.headers.get("retry-after") if reply is not None else None,
            sent=not isinstance(failure, _NOT_SENT),
            now=time.time(),
        )
        if wait is not None:
            why = reply.status_code if reply is not None else type(failure).__name__
            level = logging.WARNING if waited + wait >= _QUIET else logging.INFO
            _log.log(level, "%s %s: %s, again in %.1f s", request.method, request.path, why, wait)
        return wait

    def _try(self, request: Request, token: str) -> tuple[httpx.Response, None] | tuple[None, httpx.RequestError]:
        headers = {"Authorization": f"Bearer {token}", **self._headers, **request.headers}
        content = None
        if request.body is not None:
            headers.setdefault("Content-Type", "application/json")
            content = json.dumps(request.body, ensure_ascii=False).encode()
        started = time.monotonic()
        try:
            with self._http.stream(
                request.method, request.path, params=list(request.query), headers=headers, content=content
            ) as streamed:
                reply = read_capped(request, streamed)
        except httpx.RequestError as error:
            _log.debug("%s %s: %s", request.method, request.path, type(error).__name__)
            return None, error
        elapsed = (time.monotonic() - started) * 1000
        _log.debug("%s %s: %d in %.0f ms", request.method, request.path, reply.status_code, elapsed)
        return reply, None


def _trust(settings: ClientSettings) -> ssl.SSLContext | bool:
    """Whom to trust: reading the list of authorities takes long, and plain HTTP (a loopback address) needs none."""
    if settings.endpoint.startswith("http:") and settings.credentials.token_url.startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return True


def _known(failure: httpx.RequestError | None) -> httpx.RequestError:
    return failure or httpx.RequestError("no reply")


_UNREADABLE = 502
"""What a reply of success without a readable body is taken for: a bad gateway."""


def _status(reply: httpx.Response | None) -> int | None:
    if reply is None:
        return None
    return _UNREADABLE if reply.is_success else reply.status_code


def _error(
    request: Request,
    reply: httpx.Response | None,
    failure: httpx.RequestError | None,
    masked: Masked,
    *,
    maybe_done: bool,
) -> PlatformError:
    error: PlatformError
    if reply is None:
        error = unreachable(request, _known(failure))
    elif reply.is_success:
        error = wrong_shape(request, reply, masked, "JSON")
    else:
        error = refused(request, reply, masked)
    error.maybe_done = maybe_done
    return error


def _maybe_done(reply: httpx.Response | None, failure: httpx.RequestError | None) -> bool:
    if reply is not None:
        return reply.is_success or is_broken(reply.status_code)
    return not isinstance(failure, _NOT_SENT)


def _decoded(request: Request, reply: httpx.Response, masked: Masked) -> Reply:
    body: Any = None
    if reply.content:
        try:
            body = reply.json()
        except (ValueError, RecursionError) as error:
            raise wrong_shape(request, reply, masked, "JSON") from error
    return Reply(status=reply.status_code, headers=dict(reply.headers), body=body, masked=masked)
