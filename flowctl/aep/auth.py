"""Tokens of OAuth server-to-server credentials (IMS `/ims/token/v3`), one for all threads."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx

from flowctl.aep.errors import refused, unreachable, wrong_shape
from flowctl.aep.reply_size import read_capped
from flowctl.aep.retry import RetryPolicy, wait_before_retry
from flowctl.masking.secret_values import SecretValues
from flowctl.model.errors import PlatformError
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

_EARLY = 300.0
"""Seconds before its end at which a token is renewed."""

_REFUSALS = (400, 401, 403)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An OAuth server-to-server credential and where its tokens come from."""

    token_url: str
    client_id: str
    client_secret: Sensitive
    scopes: tuple[str, ...]


class TokenSource:
    """Gives the current token; fetches one at first use, before it expires, and after it was refused."""

    def __init__(
        self,
        credentials: Credentials,
        http: httpx.Client,
        retry: RetryPolicy,
        pause: Callable[[float], bool],
        secrets: SecretValues,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._credentials = credentials
        self._http = http
        self._retry = retry
        self._pause = pause
        self._secrets = secrets
        secrets.add(credentials.client_secret.value)
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._expires = 0.0
        self._refusal: tuple[httpx.Response, Request] | None = None

    def token(self) -> str:
        """The current token; raises PlatformError where none can be had."""
        with self._lock:
            if not self._token or self._clock() >= self._expires:
                self._fetch()
            return self._token

    def renew(self, refused_token: str) -> str:
        """The token after `refused_token` was refused; many threads that were refused at once renew it once."""
        with self._lock:
            if self._token == refused_token:
                self._fetch()
            return self._token

    def _fetch(self) -> None:
        if self._refusal is not None:
            # Many threads may ask; the answer to refused credentials stays the same.
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
        if reply.status_code != 200:
            self._refusal = (reply, request) if reply.status_code in _REFUSALS else None
            raise self._refused(reply, request)
        try:
            body = reply.json()
            token = body["access_token"]
            self._secrets.add(token)
            if not isinstance(token, str) or not token:
                raise TypeError(type(token).__name__)
            lifetime = float(body.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise wrong_shape(
                request, reply, self._secrets.masked, "a JSON object with access_token", shown=False
            ) from error
        self._token = token
        self._expires = self._clock() + max(lifetime - _EARLY, lifetime / 2)

    def _post(self, request: Request, form: Mapping[str, str]) -> httpx.Response:
        """The reply to a request for a token, after retries: asking twice does no harm."""
        waited, attempt = 0.0, 0
        while True:
            attempt += 1
            reply, failure = None, None
            try:
                with self._http.stream("POST", request.path, data=form) as streamed:
                    reply = read_capped(request, streamed)
            except httpx.RequestError as error:
                failure = error
            wait = wait_before_retry(
                request,
                self._retry,
                attempt=attempt,
                waited=waited,
                status=reply.status_code if reply is not None else None,
                retry_after=reply.headers.get("retry-after") if reply is not None else None,
                sent=True,
                now=time.time(),
            )
            done = reply is not None and reply.is_success
            if done or wait is None or not self._pause(wait):
                if failure is not None:
                    raise unreachable(request, failure) from failure
                if reply is not None:
                    return reply
            else:
                waited += wait

    def _refused(self, reply: httpx.Response, request: Request) -> PlatformError:
        return refused(
            request,
            reply,
            self._secrets.masked,
            code="credentials-refused" if reply.status_code in _REFUSALS else "",
            hint="Check clientId, clientSecret, scopes and tokenUrl of the environment in flowctl.yaml.",
            shown=False,
        )
