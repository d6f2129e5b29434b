"""The query of a request: it reaches the platform as httpx would write it, with a proxy and without."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import httpx
import pytest

from flowctl import __version__
from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.aep.exchange import Exchange
from flowctl.aep.retry import RetryPolicy
from flowctl.aep.transport import Connections
from flowctl.aep.wire import Wire
from flowctl.masking.secret_values import SecretValues
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

QUERIES = [
    (),
    (("limit", "100"),),
    (("property", "id==a,b-c,d_e.f~g"), ("limit", "100")),
    (("property", 'name=="Ärzte & Söhne + 100% / #1?"'), ("property", "")),
    (("a b", "c=d;e"), ("x", "\U0001f600'()*!")),
]
seen: list[str] = []
told: list[dict[str, str]] = []


class _Platform(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        seen.append(self.path)
        told.append({name.lower(): value for name, value in self.headers.items()})
        body = b'{"access_token": "t", "expires_in": 3600}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 - the names are http.server's

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), _Platform) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("base", ["", "/base"])
@pytest.mark.parametrize("query", QUERIES)
def test_a_query_is_sent_as_httpx_writes_it(endpoint: str, base: str, query: tuple[tuple[str, str], ...]) -> None:
    settings = ClientSettings(
        endpoint=endpoint + base,
        organization="o",
        sandbox="s",
        credentials=Credentials(
            token_url=f"{endpoint}/token", client_id="id", client_secret=Sensitive("secret"), scopes=("openid",)
        ),
        parallelism=1,
        connect_timeout=5.0,
        read_timeout=5.0,
        retry=RetryPolicy(),
        secrets=SecretValues(),
    )
    with Client(settings, Event(), {}) as client:
        client.send(Request(method="GET", path="/flows/a%2Fb", query=query))
    expected = httpx.Request("GET", f"{endpoint}{base}/flows/a%2Fb", params=list(query) or None)
    assert seen[-1].encode() == expected.url.raw_path


def test_every_request_says_what_flowctl_is_and_accepts(endpoint: str) -> None:
    credentials = Credentials(
        token_url=f"{endpoint}/token", client_id="id", client_secret=Sensitive("secret"), scopes=("openid",)
    )
    settings = ClientSettings(endpoint=endpoint, organization="o", sandbox="s", credentials=credentials)
    with Client(settings, Event(), {}) as client:
        client.send(Request(method="GET", path="/flows"))
        client.send(Request(method="GET", path="/schemas", headers={"Accept": "application/vnd.adobe.xed+json"}))
    token, flows, schemas = told[-3:]
    assert {each["user-agent"] for each in (token, flows, schemas)} == {f"flowctl/{__version__}"}
    assert {each["accept-encoding"] for each in (token, flows, schemas)} == {"gzip, deflate"}
    assert [each["accept"] for each in (token, flows, schemas)] == ["*/*", "*/*", "application/vnd.adobe.xed+json"]


@pytest.mark.parametrize("proxied", [{}, {"platform.example": "HTTPS_PROXY"}])
def test_a_proxy_is_told_nothing_but_the_address(proxied: dict[str, str]) -> None:
    """httpcore would take the target of a request for that of the CONNECT before it."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200, stream=httpx.ByteStream(b""))

    here = {("https", b"platform.example"): httpx.MockTransport(answer)}
    connections = Connections("https://platform.example", here, httpx.Timeout(60.0))
    request = Request(method="GET", path="/flows", query=(("limit", "1"),))
    exchange = Exchange(connections=connections, wire=Wire(), seconds=60.0, connect_seconds=10.0, proxied=proxied)
    exchange.send(request, headers={})
    assert ("target" in sent[0].extensions) is not bool(proxied)
    assert sent[0].url.query == (b"limit=1" if proxied else b"")
