"""Tokens of OAuth server-to-server credentials (IMS `/ims/token/v3`), one for all threads."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from flowctl.aep.errors import refused, unreachable, wrong_shape
from flowctl.model.errors import PlatformError
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

_EARLY = 300.0
"""Seconds before its end at which a token is renewed."""


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
        self, credentials: Credentials, http: httpx.Client, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._credentials = credentials
        self._http = http
        self._clock = clock
        self._lock = threading.Lock()
        self._token = ""
        self._expires = 0.0

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
        credentials = self._credentials
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret.value or "",
            "scope": ",".join(credentials.scopes),
        }
        request = Request(method="POST", path=credentials.token_url)
        try:
            reply = self._http.post(credentials.token_url, data=form)
        except httpx.TransportError as error:
            raise unreachable(request, error) from error
        if reply.status_code != 200:
            raise _credentials_refused(reply, request)
        try:
            body = reply.json()
            self._token = str(body["access_token"])
            lifetime = float(body.get("expires_in", 3600))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise wrong_shape(request, reply, "a JSON object with access_token") from error
        self._expires = self._clock() + max(lifetime - _EARLY, lifetime / 2)


def _credentials_refused(reply: httpx.Response, request: Request) -> PlatformError:
    return refused(
        request,
        reply,
        code="credentials-refused" if reply.status_code in (400, 401, 403) else "",
        hint="Check clientId, clientSecret, scopes and tokenUrl of the environment in flowctl.yaml.",
    )
