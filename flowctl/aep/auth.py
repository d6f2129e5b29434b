"""Tokens of OAuth server-to-server credentials (IMS `/ims/token/v3`), one for all threads."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from flowctl.aep.errors import refused, wrong_shape
from flowctl.aep.exchange import NOT_SENT, Exchange, is_final
from flowctl.aep.no_reply import unreachable
from flowctl.aep.outgoing import unsendable
from flowctl.aep.raw_reply import RawReply
from flowctl.aep.retry import RetryPolicy, wait_before_retry
from flowctl.masking.secret_values import SecretValues
from flowctl.model.errors import PlatformError
from flowctl.model.header_value import is_sendable
from flowctl.model.reply_time import reply_time
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

_EARLY = 300.0
"""Seconds before its end at which a token is renewed."""

_USUAL = 3600.0
"""Seconds that a token is assumed to last if the reply does not say."""

_REFUSALS = (400, 401, 403)
_TROUBLED = (408, 425, 429, 500, 502, 503, 504)
"""Statuses of an address that is right, as far as anyone can tell, and does not work now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An OAuth server-to-server credential and where its tokens come from."""

    token_url: str
    client_id: str
    client_secret: Sensitive
    scopes: tuple[str, ...]


class TokenSource:
    """The current token, fetched at first use, before it expires, and after it was refused."""

    def __init__(
        self,
        credentials: Credentials,
        exchange: Exchange,
        retry: RetryPolicy,
        pause: Callable[[float], bool],
        secrets: SecretValues,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._exchange = exchange
        self._retry = retry
        self._pause = pause
        self._secrets = secrets
        secrets.add(credentials.client_secret.value)
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._expires = 0.0
        self._refusal: tuple[RawReply, Request] | None = None

    def token(self) -> str:
        """The current token. Raises PlatformError if there is none."""
        with self._lock:
            if not self._token or self._clock() >= self._expires:
                self._fetch()
            return self._token

    def renew(self, refused_token: str) -> str:
        """A new token in place of a rejected one; many threads that were rejected at once renew it once."""
        with self._lock:
            if self._token == refused_token:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        if self._refusal is not None:
            # Many threads may come here; the reply to refused credentials stays the same.
            raise self._refused(*self._refusal)
        credentials = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret.value or "",
            "scope": ",".join(credentials.scopes),
        }
        request = Request(method="POST", path=credentials.token_url)
        reply = self._post(request, form)
        if reply.status != 200:
            self._refusal = (reply, request) if reply.status in _REFUSALS else None
            raise self._refused(reply, request)
        self._token, lifetime = self._token_of(request, reply)
        self._expires = self._clock() + max(lifetime - _EARLY, lifetime / 2)

    def _post(self, request: Request, form: Mapping[str, str]) -> RawReply:
        """The reply to a request for a token, after retries: asking twice does no harm."""
        try:
            content = urlencode(form).encode()
        except UnicodeError:
            raise unsendable(request, "the credentials have characters that cannot be sent") from None
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        waited, attempt = 0.0, 0
        while True:
            attempt += 1
            reply, failure = None, None
            try:
                reply = self._exchange.send(request, headers=headers, content=content)
            except httpx.RequestError as error:
                failure = error
            wait = wait_before_retry(
                request,
                self._retry,
                attempt=attempt,
                waited=waited,
                status=reply.status if reply is not None else None,
                retry_after=reply.headers.get("retry-after") if reply is not None else None,
                sent=not isinstance(failure, NOT_SENT),
                now=(reply_time(reply.headers) if reply is not None else None) or time.time(),
            )
            done = reply is not None and reply.is_success
            if done or is_final(failure) or wait is None or not self._pause(wait):
                if failure is not None:
                    raise unreachable(request, failure, self._exchange) from failure
                if reply is not None:
                    return reply
            else:
                waited += wait

    def _token_of(self, request: Request, reply: RawReply) -> tuple[str, float]:
        """The token and its lifetime in seconds; neither is shown where it cannot be used."""
        body: Any = None
        with suppress(ValueError):
            body = reply.body
        token = body.get("access_token") if isinstance(body, Mapping) else None
        self._secrets.add(token)
        lifetime = _seconds(body.get("expires_in", _USUAL)) if isinstance(body, Mapping) else None
        masked = self._secrets.masked
        if not isinstance(token, str) or lifetime is None:
            expected = "a JSON object with `access_token` and a number of seconds as `expires_in`"
            raise wrong_shape(request, reply, masked, expected, shown=False)
        if not is_sendable(token) or " " in token:
            raise wrong_shape(request, reply, masked, "an `access_token` that fits into a header", shown=False)
        return token, lifetime

    def _refused(self, reply: RawReply, request: Request) -> PlatformError:
        """The error for a reply without a token: some statuses are about the credentials, others about the address."""
        masked = self._secrets.masked
        if reply.status in _REFUSALS:
            return refused(
                request,
                reply,
                masked,
                code="credentials-refused",
                summary=f"the credential of the environment was rejected (HTTP {reply.status})",
                hint="Check `auth.clientId`, `auth.clientSecret`, `auth.scopes` and `auth.tokenUrl` in flowctl.yaml.",
                shown=False,
            )
        if reply.status in _TROUBLED:
            summary = f"the token service is unavailable (HTTP {reply.status})"
            hint = f"Run the command again later. If this persists, check `auth.tokenUrl`: {request.path}."
        else:
            summary = f"{request.path} does not issue tokens (HTTP {reply.status})"
            hint = "Correct `auth.tokenUrl` of the environment in flowctl.yaml."
        return refused(request, reply, masked, summary=summary, hint=hint, shown=False)


def _seconds(value: object) -> float | None:
    """A lifetime as a number, also where it is written as text; None for anything that no clock can count."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if 0 < seconds < float("inf") else None
