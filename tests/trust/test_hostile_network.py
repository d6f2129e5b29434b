"""The way to the platform: proxies, certificates, deadlines, and what may go over it at all."""

import gzip
import os
import re
import shutil
import socket
import ssl
import time
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hostile_server import (
    CERTIFICATES,
    Answer,
    Asked,
    Hostile,
    Talk,
    Tunnel,
    ask,
    certified,
    hostile,
    listening,
    reply,
    tunnel,
)
from surroundings import DEV, Platform, Result, Workspace

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.aep.proxies import proxy_for
from flowctl.model.errors import PlatformError
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

SCHEMA = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: a}\nclass: https://ns.adobe.com/xdm/context/profile\n"
VARIABLES = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
AWAY = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: away
environments:
  away:
    endpoint: {url}
    organization: LOCAL@AdobeOrg
    sandbox: dev
    auth: {{tokenUrl: "{url}/ims/token/v3", clientId: local-client, clientSecret: local-secret}}
"""
QUICK = ("--retry-budget", "0")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    workspace = Workspace(root=tmp_path / "small", capsys=capsys)
    workspace.write("a.yaml", SCHEMA)
    workspace.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\n")
    return workspace


def _away(small: Workspace, url: str) -> None:
    small.write("flowctl.yaml", AWAY.format(url=url))


def _served(small: Workspace, url: str) -> None:
    small.write("flowctl.yaml", DEV.format(url=url).replace("[connections, schemas, datasets, pipelines]", "[.]"))


def _plan(small: Workspace, *options: str) -> Result:
    started = time.monotonic()
    result = small.run("plan", *options)
    assert time.monotonic() - started < 10
    assert "Traceback" not in result.err
    assert "internal-error" not in result.err
    return result


# Proxies.


@pytest.fixture
def proxy() -> Iterator[Tunnel]:
    with tunnel("", reply(status=b"502 Spy")) as running:
        yield running


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_this_machine_is_never_reached_through_a_proxy(
    examples: Workspace, platform: Platform, proxy: Tunnel, monkeypatch: pytest.MonkeyPatch, variable: str, host: str
) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
    examples.write("flowctl.yaml", DEV.format(url=platform.url.replace("127.0.0.1", host)))
    result = examples.run("plan", *QUICK)
    assert (result.code, proxy.heads) == (0, []), result.err


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_embedded_platform_is_never_reached_through_a_proxy(
    small: Workspace, proxy: Tunnel, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, f"http://127.0.0.1:{proxy.port}")
    assert (small.run("apply", "--auto-approve").code, proxy.heads) == (0, [])


@pytest.mark.parametrize("host", ["127.8.9.10", "[::1]", "localhost", "127.0.0.1"])
def test_every_address_of_this_machine_is_reached_directly(host: str) -> None:
    everything = dict.fromkeys(VARIABLES, "http://proxy:1")
    assert proxy_for(f"http://{host}:8080", everything) is None
    assert proxy_for(f"https://{host}:8080", everything) is None


@pytest.mark.parametrize("host", ["127.evil.example", "localhost.evil.example", "1.127.0.0", "platform.adobe.io"])
def test_other_addresses_are_not(host: str) -> None:
    assert proxy_for(f"https://{host}", {"HTTPS_PROXY": "http://proxy:1"}) is not None


PW = "pw-canary"
UNUSABLE = {
    "SOCKS 5": f"socks5://user:{PW}@127.0.0.1:1",
    "SOCKS 5h": "socks5h://127.0.0.1:1",
    "SOCKS 4": "SOCKS4://127.0.0.1:1",
    "another scheme": f"ftp://{PW}:1",
    "no host": f"http://user:{PW}@",
    "only a scheme": "http://",
    "only slashes": "://",
    "half an IPv6 address": f"http://user:{PW}@[::1",
    "a port beyond ports": f"http://user:{PW}@host:99999",
    "port 0": "http://host:0",
    "a port in words": f"http://host:{PW}",
    "a password with a slash": f"http://user:{PW}/x@host:1",
    "a path": f"http://host/{PW}",
    "a query": f"http://host?{PW}",
    "an empty label": "http://a..b:1",
    "a long label": f"http://{'a' * 64}:1",
    "outside ASCII": "http://pröxy:1",
    "a control character": "http://ho\x01st:1",
    "a blank": f"http://host {PW}:1",
    "a colon in the user": f"http://us%3Aer:{PW}@host:1",
    "half a surrogate pair": "http://ho\udcffst:1",
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_proxy_variable_that_cannot_be_used_is_named_and_not_shown(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", UNUSABLE[name])
    _away(small, "https://platform.test")
    result = _plan(small)
    assert (result.code, "HTTPS_PROXY" in result.err, "[invalid-proxy]" in result.err) == (1, True, True)
    assert PW not in result.err


@pytest.mark.parametrize("name", UNUSABLE)
def test_on_this_machine_it_does_not_matter(small: Workspace, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable in VARIABLES:
        monkeypatch.setenv(variable, UNUSABLE[name])
    assert _plan(small).code == 0


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_the_platform_is_reached_through_the_proxy_in_secret(
    small: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    with hostile(platform.url, context=certified()) as server, tunnel(server.url) as proxy:
        server.answer = lambda _: None
        monkeypatch.setenv(variable, f"http://us%C3%A9r:p%40ss@127.0.0.1:{proxy.port}")
        _away(small, "https://platform.test:8443")
        assert _plan(small).code == 0
    heads = b"".join(proxy.heads)
    assert heads.startswith(b"CONNECT platform.test:8443 HTTP/1.1\r\n")
    assert b64encode("usér:p@ss".encode()) in heads
    seen = heads + b"".join(proxy.carried)
    assert len(proxy.carried) > 2
    assert not any(secret in seen for secret in (b"Bearer", b"local-secret", b"client_secret"))


def test_the_proxy_itself_may_speak_tls(small: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    with (
        hostile(platform.url, context=certified()) as server,
        tunnel(server.url, context=certified()) as proxy,
    ):
        server.answer = lambda _: None
        monkeypatch.setenv("HTTPS_PROXY", f"https://localhost:{proxy.port}")
        _away(small, "https://platform.test")
        assert _plan(small).code == 0
    assert proxy.heads[0].startswith(b"CONNECT platform.test:443 ")


@pytest.mark.parametrize("answer", [b"HTTP/1.1 407 Who are you \xff\r\n\r\n", b"HTTP/1.1 403 No\r\n\r\n"])
def test_a_proxy_that_refuses_is_told_at_once(small: Workspace, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    with tunnel("", answer) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PW}@127.0.0.1:{proxy.port}")
        _away(small, "https://platform.test")
        result = _plan(small)
    assert (result.code, "proxy of HTTPS_PROXY" in result.err, PW in result.err) == (1, True, False), result.err
    assert len(proxy.heads) == 1


def test_a_proxy_that_refuses_has_let_nothing_through(monkeypatch: pytest.MonkeyPatch) -> None:
    create = Request(method="POST", path="/data/a", body={}, repeatable=False)
    with hostile() as server, tunnel("", b"HTTP/1.1 407 Who\r\n\r\n") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        client = _client("https://platform.test", token_url=f"{server.url}/ims/token/v3")
        with client, pytest.raises(PlatformError) as caught:
            client.send(create)
    assert (caught.value.maybe_done, len(proxy.heads)) == (False, 1)


@pytest.mark.parametrize("answer", [b"\xff\xfe\r\n\r\n", b"HTTP/1.1 502 Bad\r\n\r\n", b"HTTP/0.9\r\n\r\n"])
def test_a_proxy_that_speaks_nonsense_is_named(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with tunnel("", answer) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        _away(small, "https://platform.test")
        result = _plan(small, *QUICK)
    assert (result.code, "HTTPS_PROXY" in result.err) == (1, True), result.err


@pytest.mark.parametrize(
    ("exceptions", "proxied"),
    [
        ("", True),
        ("other.example", True),
        ("adobe.io", False),
        (".adobe.io", False),
        ("*.adobe.io", False),
        ("platform.adobe.io", False),
        ("PLATFORM.ADOBE.IO", False),
        ("platform.adobe.io:443", False),
        ("platform.adobe.io:8443", True),
        ("form.adobe.io", True),
        ("*", False),
        ("a, *", False),
        (" , adobe.io ,", False),
        ("[::1], :, //, [", True),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_no_proxy_names_hosts_that_are_reached_directly(variable: str, exceptions: str, proxied: bool) -> None:
    environ = {"HTTPS_PROXY": "http://proxy:1", variable: exceptions}
    assert (proxy_for("https://platform.adobe.io", environ) is not None) is proxied


@pytest.mark.parametrize(
    ("exceptions", "proxied"),
    [("10.0.0.0/8", False), ("10.1.2.3", False), ("10.1.2.3:443", False), ("10.2.0.0/16", True), ("10.1.2.0/99", True)],
)
def test_no_proxy_names_addresses_and_networks(exceptions: str, proxied: bool) -> None:
    environ = {"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": exceptions}
    assert (proxy_for("https://10.1.2.3", environ) is not None) is proxied


@pytest.mark.parametrize("lowercase", ["", " "])
def test_an_empty_no_proxy_counts_as_not_set(lowercase: str) -> None:
    environ = {"HTTPS_PROXY": "http://proxy:1", "no_proxy": lowercase, "NO_PROXY": "adobe.io"}
    assert proxy_for("https://platform.adobe.io", environ) is None


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("proxy", "proxy", 80),
        ("proxy:3128", "proxy", 3128),
        ("http://[fd00::1]:3128/", "fd00::1", 3128),
        ("HTTP://Proxy.Example", "proxy.example", 80),
        (" https://proxy ", "proxy", 443),
    ],
)
def test_a_proxy_is_an_address_with_or_without_a_scheme(text: str, host: str, port: int) -> None:
    found = proxy_for("https://platform.adobe.io", {"HTTPS_PROXY": text})
    assert found is not None
    assert (found.host, found.port) == (host, port)


def test_small_letters_win_and_an_empty_variable_counts_as_unset() -> None:
    found = proxy_for("https://a.b", {"https_proxy": "small:1", "HTTPS_PROXY": "large:1", "ALL_PROXY": "all:1"})
    assert found is not None
    assert found.variable == "https_proxy"
    found = proxy_for("https://a.b", {"https_proxy": " ", "HTTPS_PROXY": "", "ALL_PROXY": "all:1"})
    assert found is not None
    assert found.variable == "ALL_PROXY"


# Certificates.


def _hashed(folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(CERTIFICATES / "authority.pem", folder / "f20e0b1e.0")
    return folder


def _with_text(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


WRONG_TRUST: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "file that is not there": ("SSL_CERT_FILE", lambda tmp: tmp / "nothing.pem"),
    "file that is a folder": ("SSL_CERT_FILE", lambda tmp: _folder(tmp / "folder")),
    "file that is empty": ("SSL_CERT_FILE", lambda tmp: _with_text(tmp / "empty.pem", b"")),
    "file of words": ("SSL_CERT_FILE", lambda tmp: _with_text(tmp / "words.pem", b"trust me")),
    "file of bytes": ("SSL_CERT_FILE", lambda tmp: _with_text(tmp / "bytes.pem", bytes(range(256)))),
    "file with half a certificate": (
        "SSL_CERT_FILE",
        lambda tmp: _with_text(tmp / "half.pem", (CERTIFICATES / "authority.pem").read_bytes()[:400]),
    ),
    "file in DER": (
        "SSL_CERT_FILE",
        lambda tmp: _with_text(
            tmp / "ca.der",
            ssl.PEM_cert_to_DER_cert((CERTIFICATES / "authority.pem").read_text().partition("\n")[2]),
        ),
    ),
    "file that is a pipe": ("SSL_CERT_FILE", lambda tmp: _pipe(tmp / "pipe")),
    "file that is a device": ("SSL_CERT_FILE", lambda _: Path("/dev/zero")),
    "file with a long name": ("SSL_CERT_FILE", lambda tmp: tmp / ("a" * 5000)),
    "folder that is not there": ("SSL_CERT_DIR", lambda tmp: tmp / "nothing"),
    "folder that is a file": ("SSL_CERT_DIR", lambda tmp: _with_text(tmp / "file", b"")),
    "folder that is empty": ("SSL_CERT_DIR", lambda tmp: _folder(tmp / "empty")),
    "folder that nobody has hashed": (
        "SSL_CERT_DIR",
        lambda tmp: _with_text(_folder(tmp / "certs") / "ca.pem", b"x").parent,
    ),
    "key log that is a folder": ("SSLKEYLOGFILE", lambda tmp: _folder(tmp / "log")),
}


@pytest.mark.parametrize("name", WRONG_TRUST)
def test_a_certificate_variable_that_cannot_be_used_is_named(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    variable, make = WRONG_TRUST[name]
    monkeypatch.setenv(variable, str(make(tmp_path)))
    _away(small, "https://127.0.0.1:9")
    result = _plan(small, *QUICK)
    assert (result.code, variable in result.err, "[invalid-certificates]" in result.err) == (1, True, True), result.err


@pytest.mark.parametrize("name", WRONG_TRUST)
def test_on_this_machine_no_certificates_are_read(
    small: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    variable, make = WRONG_TRUST[name]
    monkeypatch.setenv(variable, str(make(tmp_path)))
    assert _plan(small).code == 0


@pytest.fixture
def private(platform: Platform) -> Iterator[Hostile]:
    """A platform with a certificate of an authority of its own."""
    with hostile(platform.url, context=certified()) as server:
        server.answer = lambda _: None
        yield server


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_an_authority_of_ones_own_is_trusted(
    small: Workspace, private: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    where = CERTIFICATES / "authority.pem" if variable == "SSL_CERT_FILE" else _hashed(tmp_path / "certs")
    monkeypatch.setenv(variable, str(where))
    _away(small, private.url)
    assert _plan(small).code == 0


def test_an_authority_that_nobody_knows_is_told_once_and_at_once(small: Workspace, private: Hostile) -> None:
    _away(small, private.url)
    started = time.monotonic()
    result = _plan(small)
    assert time.monotonic() - started < 3
    assert (result.code, "is not trusted (" in result.err) == (1, True)
    assert re.search("SSL_CERT_FILE.*REQUESTS_CA_BUNDLE", result.err)
    assert private.asked == []


def test_an_authority_replaces_the_usual_ones(
    small: Workspace, private: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import certifi

    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    _away(small, private.url)
    assert "is not trusted (" in _plan(small).err


def test_a_certificate_for_another_host_is_refused(
    small: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    with hostile(platform.url, context=certified()) as server, tunnel(server.url) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.port}")
        _away(small, "https://other.test")
        result = _plan(small)
    assert (result.code, "is not trusted (" in result.err, server.asked) == (1, True, [])


def test_a_server_that_speaks_no_tls_is_told(small: Workspace, platform: Platform) -> None:
    _away(small, platform.url.replace("http:", "https:"))
    result = _plan(small, *QUICK)
    assert (result.code, "cannot connect to" in result.err) == (1, True)


# Plain http.


@pytest.mark.parametrize(
    "url", ["http://platform.adobe.io", "HTTP://10.0.0.1", "http://127.0.0.1.nip.io", "http://[::ffff:127.0.0.1]"]
)
@pytest.mark.parametrize("setting", ["endpoint", "tokenUrl"])
def test_plain_http_is_for_this_machine_only(small: Workspace, url: str, setting: str) -> None:
    text = AWAY.format(url="https://platform.test")
    old = "https://platform.test\n" if setting == "endpoint" else "https://platform.test/ims"
    small.write("flowctl.yaml", text.replace(old, old.replace("https://platform.test", url)))
    result = _plan(small)
    assert (result.code, "invalid-url" in result.err, setting in result.err) == (1, True, True)


@pytest.mark.parametrize("url", [f"https://user:{PW}@h", f"https://h:{PW}", f"https://user:{PW}℀@h", f"https://[{PW}"])
def test_a_wrong_address_is_not_shown(small: Workspace, url: str) -> None:
    small.write("flowctl.yaml", AWAY.format(url=url))
    result = _plan(small)
    assert (result.code, "invalid-url" in result.err, PW in result.err) == (1, True, False)


def _client(url: str, *, token_url: str = "", read_timeout: float = 10.0) -> Client:
    credentials = Credentials(
        token_url=token_url or f"{url}/ims/token/v3",
        client_id="local-client",
        client_secret=Sensitive(value="local-secret", variable=""),
        scopes=("openid",),
    )
    return Client(
        ClientSettings(
            endpoint=url,
            organization="LOCAL@AdobeOrg",
            sandbox="dev",
            credentials=credentials,
            read_timeout=read_timeout,
        )
    )


@pytest.mark.parametrize(("url", "token_url"), [("http://10.0.0.1", ""), ("http://127.0.0.1:9", "http://10.0.0.1/")])
def test_the_client_itself_refuses_plain_http(url: str, token_url: str) -> None:
    with pytest.raises(PlatformError, match="plain http"):
        _client(url, token_url=token_url)


@pytest.mark.parametrize(
    "request_",
    [
        Request(method="POST", path="/data/a", body={"a": "canary\udcff"}, repeatable=False),
        Request(method="GET", path="/data/a", headers={"If-Match": "canary\n"}),
        Request(method="GET", path="/data/a", headers={"If-Match": ""}),
        Request(method="GET", path="/data/canary\x00"),
        Request(method="GET", path="/data/canaré"),
        Request(method="GET", path="/data/" + "canary" * 10_000),
    ],
    ids=["half a surrogate pair", "line break", "empty", "NUL", "outside ASCII", "long"],
)
def test_a_request_that_http_cannot_carry_is_refused_unsent_and_unshown(platform: Platform, request_: Request) -> None:
    with _client(platform.url) as client, pytest.raises(PlatformError) as caught:
        client.send(request_)
    assert caught.value.diagnostics[0].code == "unsendable-request"
    assert caught.value.maybe_done is False
    assert len(str(caught.value)) < 500
    assert "canary" not in str(caught.value) or "canar" in request_.path
    assert platform.log() == []


UNSENDABLE = ["canary\n", "can\x00ary", "canäry", " canary", "canary\x7f", "canary" * 5_000, "canary\udcff", " "]


@pytest.mark.parametrize("setting", ["organization", "sandbox", "clientId", "clientSecret", "scopes"])
@pytest.mark.parametrize("value", UNSENDABLE, ids=range(len(UNSENDABLE)))
def test_a_setting_that_a_request_cannot_carry_is_refused_and_not_shown(
    small: Workspace, monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    if "\x00" not in value:
        monkeypatch.setenv("FLOWCTL_TEST_ODD", value)
    odd = '"can\\0ary"' if "\x00" in value else '"${env:FLOWCTL_TEST_ODD}"'
    text = AWAY.format(url="https://127.0.0.1:9")
    if setting == "scopes":
        text = text.replace("clientId:", f"scopes: [openid, {odd}], clientId:")
    else:
        text = re.sub(rf"{setting}: [^,\n}}]+", lambda _: f"{setting}: {odd}", text)
    small.write("flowctl.yaml", text)
    result = _plan(small)
    if value.isprintable() or "\udcff" not in value:
        assert (result.code, "[invalid-setting]" in result.err, setting in result.err) == (1, True, True), result.err
    else:
        assert (result.code, "[variable-not-utf-8]" in result.err) == (1, True), result.err
    assert "canary" not in result.err


# Deadlines.

LIMIT = 0.3


def _endless(start: bytes, part: bytes, pause: float = 0.01) -> Callable[[Talk], None]:
    """Begins, and goes on with the same until nobody listens."""

    def speak(talk: Talk) -> None:
        alive = talk.send(start)
        while alive and not talk.ending.wait(pause):
            alive = talk.send(part)

    return speak


def _slow_gzip(talk: Talk) -> None:
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n\r\n")
    talk.drip(gzip.compress(b'{"items": []}' + b" " * 100_000))
    talk.stall()


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SLOW: dict[str, Answer] = {
    "silence": Talk.stall,
    "a status line a byte at a time": lambda talk: talk.drip(b"HTTP/1.1 200 OK" + b" " * 999),
    "headers a byte at a time": lambda talk: talk.drip(_OK + b"X-A: " + b"a" * 999),
    "endless headers": _endless(_OK, b"X-A: a\r\n"),
    "endless 100": _endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.0),
    "endless 102": _endless(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "headers and then silence": lambda talk: talk.send(_OK + b"Content-Length: 9\r\n\r\n") and talk.stall(),
    "a body a byte at a time": lambda talk: talk.drip(_OK + b"Content-Length: 999\r\n\r\n" + b" " * 999),
    "an endless body": _endless(_OK + b"\r\n", b" "),
    "endless chunks": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "an endless chunk head": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n1", b";a=b"),
    "endless trailers": _endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n", b"X: a\r\n"),
    "a packed body a byte at a time": _slow_gzip,
    "an empty packed body without an end": _endless(
        _OK + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"{}")[:-4], b""
    ),
}


@pytest.mark.parametrize(
    ("phase", "name"), [*(("data", name) for name in SLOW), ("token", "silence"), ("token", "endless 102")]
)
def test_a_reply_has_a_deadline_as_a_whole(small: Workspace, phase: str, name: str) -> None:
    with hostile() as server:
        if phase == "token":
            server.answer = lambda _: SLOW[name]
        else:
            server.data(SLOW[name])
        _served(small, server.url)
        started = time.monotonic()
        result = _plan(small, *QUICK, "--read-timeout", str(LIMIT))
        elapsed = time.monotonic() - started
    assert (result.code, "[timed-out]" in result.err) == (1, True), result.err
    assert "--read-timeout" in result.err
    assert LIMIT <= elapsed < LIMIT * 5 + 1


@pytest.mark.parametrize("name", ["silence", "endless 102", "a body a byte at a time"])
def test_a_write_whose_reply_takes_too_long_may_have_been_done(small: Workspace, platform: Platform, name: str) -> None:
    """It was: it is looked up, recorded and not sent again."""
    with hostile(platform.url) as server:
        slow: list[Asked] = []

        def answer(asked: Asked) -> Answer:
            if not asked.is_a_write or slow:
                return None
            slow.append(asked)
            ask(platform.url, asked)
            return SLOW[name]

        server.answer = answer
        _served(small, server.url)
        result = small.run("apply", "--auto-approve", "--read-timeout", str(LIMIT), "--retry-budget", "5")
    assert (result.code, len(slow)) == (0, 1), result.out + result.err
    assert len(platform.writes()) == 1
    assert list(small.lockfile["entries"]) == ["a.schema"]


def test_a_slow_reply_within_the_limit_is_read(small: Workspace, platform: Platform) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.is_for_a_token:
            return None
        status, _, _, content = ask(platform.url, asked)
        return lambda talk: talk.drip(reply(content, status=b"%d Slow" % status), 0.0)

    with hostile(platform.url) as server:
        server.answer = answer
        _served(small, server.url)
        assert small.run("plan", "--read-timeout", "30").code == 0


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--connect-timeout", "0.3"), "--connect-timeout"),
        (("--read-timeout", "0.3"), "--connect-timeout"),
    ],
)
def test_a_handshake_has_a_deadline(small: Workspace, options: tuple[str, ...], named: str) -> None:
    with listening(lambda sock, ending: Talk(Asked("", "", {}, b""), sock, ending).stall()) as port:
        _away(small, f"https://127.0.0.1:{port}")
        started = time.monotonic()
        result = _plan(small, *QUICK, *options)
    assert (result.code, "[timed-out]" in result.err, named in result.err) == (1, True, True), result.err
    assert time.monotonic() - started < 2


def test_a_proxy_that_never_answers_has_a_deadline(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening(lambda sock, ending: Talk(Asked("", "", {}, b""), sock, ending).stall()) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        _away(small, "https://platform.test")
        started = time.monotonic()
        result = _plan(small, *QUICK, "--read-timeout", "0.3")
    assert (result.code, "[timed-out]" in result.err, "HTTPS_PROXY" in result.err) == (1, True, True), result.err
    assert time.monotonic() - started < 2


def test_a_connection_that_nobody_accepts_has_a_deadline(small: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        first.connect(full.getsockname())
        second.setblocking(False)
        second.connect_ex(full.getsockname())
        _served(small, f"http://127.0.0.1:{full.getsockname()[1]}")
        started = time.monotonic()
        result = _plan(small, *QUICK, "--connect-timeout", "0.3", "--read-timeout", "0.6")
    assert (result.code, "[timed-out]" in result.err) == (1, True), result.err
    assert time.monotonic() - started < 2


def test_a_name_that_nobody_resolves_has_a_deadline(small: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def getaddrinfo(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        time.sleep(1)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    _away(small, "https://platform.test")
    started = time.monotonic()
    result = _plan(small, *QUICK, "--connect-timeout", "0.3")
    assert (result.code, "[timed-out]" in result.err, asked) == (1, True, ["platform.test"]), result.err
    assert time.monotonic() - started < 0.9


def test_a_name_that_is_unknown_is_told(small: Workspace) -> None:
    _away(small, "https://platform.invalid")
    result = _plan(small, *QUICK, "--connect-timeout", "5")
    assert (result.code, "cannot connect to platform.invalid" in result.err) == (1, True), result.err


def test_a_request_that_nobody_reads_has_a_deadline() -> None:
    large = Request(method="POST", path="/data/a", body={"a": "b" * 20_000_000}, repeatable=False)
    with hostile() as server, listening(lambda _, ending: ending.wait(5) and None) as port:
        url = f"http://127.0.0.1:{port}"
        with _client(url, token_url=f"{server.url}/ims/token/v3", read_timeout=0.5) as client:
            started = time.monotonic()
            with pytest.raises(PlatformError) as caught:
                client.send(large)
            assert time.monotonic() - started < 3
    assert (caught.value.diagnostics[0].code, caught.value.maybe_done) == ("timed-out", True)
