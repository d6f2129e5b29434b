"""When a token is fetched: at first use, some minutes before it ends, and after it was refused."""

import json
from typing import Any

import httpx
import pytest

from flowctl.aep.auth import Credentials, TokenSource
from flowctl.aep.exchange import Exchange
from flowctl.aep.retry import RetryPolicy
from flowctl.aep.transport import Connections
from flowctl.aep.wire import Wire
from flowctl.masking.secret_values import SecretValues
from flowctl.model.resource import Sensitive


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _source(lifetime: Any, clock: _Clock) -> TokenSource:
    issued = iter(range(1, 100))

    def answer(_request: httpx.Request) -> httpx.Response:
        body = json.dumps({"access_token": f"token-{next(issued)}", "expires_in": lifetime}).encode()
        return httpx.Response(200, stream=httpx.ByteStream(body))

    credentials = Credentials(
        token_url="http://127.0.0.1/ims/token/v3",
        client_id="id",
        client_secret=Sensitive("secret"),
        scopes=("openid",),
    )
    here = {("http", b"127.0.0.1"): httpx.MockTransport(answer)}
    connections = Connections("http://127.0.0.1", here, httpx.Timeout(60.0))
    exchange = Exchange(connections=connections, wire=Wire(), seconds=60.0, connect_seconds=10.0, proxied={})
    return TokenSource(credentials, exchange, RetryPolicy(), lambda _seconds: True, SecretValues(), clock)


@pytest.mark.parametrize(
    ("lifetime", "kept_for"), [(3600, 3300), (86_400, 86_100), (600, 300), (400, 200), (10, 5), ("3600", 3300)]
)
def test_a_token_is_renewed_minutes_before_it_ends_but_not_at_once(lifetime: Any, kept_for: int) -> None:
    clock = _Clock()
    source = _source(lifetime, clock)
    assert source.token() == "token-1"
    clock.now += kept_for - 1
    assert source.token() == "token-1"
    clock.now += 2
    assert source.token() == "token-2"


def test_a_refused_token_is_renewed_once_for_all_who_were_refused() -> None:
    source = _source(3600, _Clock())
    first = source.token()
    assert source.renew(first) == "token-2"
    assert source.renew(first) == "token-2"
