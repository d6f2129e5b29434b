"""Requests that a web page of another site sends through a developer's browser are refused on every path."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from flowctl.emulator import http_server, start

from .conftest import CATALOG, FLOW, PREP, REGISTRY, SPECS
from .test_page_in_browser import QUIET, VARIABLE

PATHS = (
    "/",
    "/_emulator/requests",
    "/ims/token/v3",
    "/nothing",
    f"{FLOW}/flows",
    f"{REGISTRY}/tenant/schemas",
    f"{CATALOG}/dataSets",
    f"{PREP}/mappingSets",
    "/data/foundation/sandbox-management/sandboxes",
    "/data/foundation/export/batches/x/meta",
    "/data/core/idnamespace/identities",
)


def status(url, path="/_emulator/settings", method="GET", **headers):
    return httpx.request(method, url + path, headers=headers, verify=False).status_code


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_path_refuses_another_site_and_a_foreign_name(client, path, method):
    refused = client.request(method, path, headers={"Origin": "https://evil.example"})
    assert (refused.status_code, refused.json()["title"]) == (403, "Forbidden")
    refused = client.request(method, path, headers={"Host": "evil.example:8080"})
    assert (refused.status_code, refused.json()["title"]) == (403, "Forbidden")
    assert client.get("/_emulator/requests").json() == {"requests": []}


def test_a_refused_request_does_nothing(client):
    flow = client.flow()
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        assert client.post("/_emulator/reset", headers=headers).status_code == 403
        assert client.delete(f"{FLOW}/flows/{flow['id']}", headers=headers).status_code == 403
    assert client.one("flows", flow["id"])


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://localhost:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://evil.example:{port}",
        "http://user@127.0.0.1:{port}",
        "http://127.0.0.1:99999999",
        "file://",
        "http://127.0.0.1:{port}#",
        "http://127.0.0.1:{port}?",
        "http://127.0.0.1:{port}/",
    ],
)
def test_only_the_emulator_itself_is_an_origin(emulator, origin):
    port = emulator.url.rpartition(":")[2]
    assert status(emulator.url, Origin=origin.format(port=port)) == 403
    assert status(emulator.url, Origin=emulator.url) == 200
    assert status(emulator.url, Origin=f"http://localhost:{port}", Host=f"LOCALHOST:{port}") == 200


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:9", "localhost", "localhost.:8080", "LocalHost", "127.8.9.1", "[::1]:80"]
)
def test_loopback_is_known_by_all_its_names_and_any_forwarded_port(emulator, host):
    assert status(emulator.url, Host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "[::2]",
        "x@y",
        "a/b",
        ":",
        "localhost#x",
        "[localhost]",
        "",
    ],
)
def test_other_names_are_foreign(emulator, host):
    assert status(emulator.url, Host=host) == 403


def test_a_name_that_was_given_with_host_is_known():
    with start(specs_dir=SPECS, host="localhost") as running:
        assert status(running.url) == status(running.url, Host="localhost") == 200
        assert status(running.url, Host="emulator") == 403


def test_on_all_addresses_this_machine_is_known_by_its_own_name_and_address():
    with start(specs_dir=SPECS, host="0.0.0.0") as running:
        local = f"http://127.0.0.1:{running.url.rpartition(':')[2]}"
        assert status(local) == status(local, Host=socket.gethostname()) == 200
        assert status(local, Host="evil.example") == 403
        assert status(local, Host="0.0.0.0") == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_page_of_another_site_shows_or_runs_is_refused_and_links_are_followed(emulator, site):
    for path in ("/", "/_emulator/settings", f"{FLOW}/flows"):
        for destination in ("image", "script", "iframe", "empty", ""):
            headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": destination}
            assert status(emulator.url, path, **headers) == 403
    assert status(emulator.url, "/", **{"Sec-Fetch-Site": site, "Sec-Fetch-Dest": "document"}) == 200
    for own in ("none", "same-origin"):
        assert status(emulator.url, "/", **{"Sec-Fetch-Site": own, "Sec-Fetch-Dest": "image"}) == 200


def raw(url, *parts, wait=10):
    """What the server sends until it closes the connection, or until the time is over."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port)) as connection:
        for part in parts:
            connection.sendall(part)
        connection.settimeout(wait)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize(
    "head",
    [
        "GET http://evil.example/_emulator/settings HTTP/1.1\r\nHost: evil.example",
        "GET /_emulator/settings HTTP/1.1\r\nHost: localhost\r\nHost: evil.example",
        "GET /_emulator/settings HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost",
        "GET /_emulator/settings HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nOrigin: http://evil.example",
        "GET /_emulator/settings HTTP/1.0\r\nOrigin: http://evil.example",
        "GET /_emulator/settings HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: http://evil.example",
    ],
)
def test_odd_requests_of_others_are_refused(emulator, head):
    received = raw(emulator.url, f"{head}\r\nConnection: close\r\n\r\n".encode())
    assert received.startswith((b"HTTP/1.1 403", b"HTTP/1.1 400")), received
    assert b"schedule" not in received


def test_each_of_several_requests_on_one_connection_is_checked(emulator):
    heads = ("Host: localhost", "Host: evil.example", "Host: localhost\r\nConnection: close")
    received = raw(emulator.url, *(f"GET /_emulator/clock HTTP/1.1\r\n{head}\r\n\r\n".encode() for head in heads))
    assert [part[:3] for part in received.split(b"HTTP/1.1 ")[1:]] == [b"405", b"403", b"405"]


def test_a_client_elsewhere_does_not_pass_for_one_of_this_machine(monkeypatch):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this machine has loopback only")
        own = probe.getsockname()[0]
    with start(specs_dir=SPECS, host="0.0.0.0") as running:
        url = f"http://{own}:{running.url.rpartition(':')[2]}"
        assert status(url) == status(url, **{"X-Forwarded-For": "127.0.0.1"}) == 403
        assert status(url.replace(own, "127.0.0.1")) == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_a_proxy_of_this_machine_passes_on_is_not_of_this_machine(host):
    with start(specs_dir=SPECS, host=host) as running:
        assert status(running.url) == 200
        assert status(running.url, **{"X-Forwarded-For": "192.0.2.7"}) == 403
        assert status(running.url, **{"X-Forwarded-For": "127.0.0.1, 192.0.2.7"}) == 403


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: local",
        b"POST /_emulator/settings HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        b"POST /_emulator/settings HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ],
)
def test_a_request_that_does_not_go_on_is_given_up(emulator, monkeypatch, begin):
    monkeypatch.setattr(http_server, "_KEEP_ALIVE_SECONDS", 0.3)
    with contextlib.suppress(ConnectionResetError):
        assert raw(emulator.url, begin) == b""


def test_a_request_that_goes_on_or_is_worked_on_is_not_given_up(client, monkeypatch):
    monkeypatch.setattr(http_server, "_KEEP_ALIVE_SECONDS", 0.4)
    client.post("/_emulator/load", json={"latency_ms": 1000})

    def slowly():
        for part in (b"{", b'"secr', b'ets": ', b'"echo"', b"}"):
            yield part
            time.sleep(0.15)

    with httpx.Client(base_url=client.url) as slow:
        sent = slow.post("/_emulator/settings", content=slowly(), headers={"Content-Type": "application/json"})
        assert sent.json()["secrets"] == "echo"
        assert slow.get("/nothing").status_code == 404


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
@pytest.mark.parametrize("name", ["settings", "faults", "load", "clock", "organizations", "runs", "reset"])
def test_a_body_of_the_control_plane_is_json(client, name, media_type):
    refused = client.post(f"/_emulator/{name}", content=b'{"secrets": "echo"}', headers={"Content-Type": media_type})
    assert refused.status_code == 400
    assert "application/json" in refused.json()["detail"]
    assert client.get("/_emulator/settings").json()["secrets"] == "mask"


def test_calls_of_the_control_plane_without_a_body_need_no_content_type(client):
    assert client.post("/_emulator/reset").status_code == 204
    assert client.delete("/_emulator/faults").status_code == 204
    accepted = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert client.post("/_emulator/settings", content=b"{}", headers=accepted).status_code == 200


def test_the_page_runs_no_script_and_loads_nothing(client):
    page = client.get("/")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy.pop("style-src").startswith("'sha256-")
    assert set(policy.values()) == {"'none'"}
    assert {"default-src", "base-uri", "form-action", "frame-ancestors"} == policy.keys()
    assert page.headers["x-content-type-options"] == "nosniff"


ATTACK = """<!doctype html><form id=f method=post enctype=text/plain action="%(url)s/_emulator/reset">
<input name=a></form><iframe name=frame></iframe><script>
const headers = {"Authorization": "Bearer local-token"};
const tries = [
  fetch("%(url)s/_emulator/reset", {method: "POST", mode: "no-cors", body: "{}"}),
  fetch("%(url)s/_emulator/settings", {method: "POST", mode: "no-cors", body: '{"secrets": "echo"}'}),
  fetch("%(url)s/_emulator/requests").then(reply => reply.text()),
  fetch("%(flow)s", {method: "DELETE", headers}),
  fetch("http://rebound.example:%(port)s/_emulator/reset", {method: "POST", mode: "no-cors"}),
];
f.target = "frame"; f.submit();
Promise.allSettled(tries).then(done => setTimeout(() => fetch("/done", {method: "POST",
  body: JSON.stringify(done.map(one => one.status + " " + (one.value && one.value.type || typeof one.value)))}), 500));
</script>"""


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_a_page_of_another_site_in_a_browser_reaches_nothing(client, tmp_path):
    flow = client.flow()
    address = f"{client.url}{FLOW}/flows/{flow['id']}"
    page = ATTACK % {"url": client.url, "flow": address, "port": client.url.rpartition(":")[2]}
    said = _in_browser(page, tmp_path, "--host-resolver-rules=MAP *.example 127.0.0.1")
    assert [one.split()[0] for one in said] == ["fulfilled", "fulfilled", "rejected", "rejected", "fulfilled"]
    assert client.one("flows", flow["id"])
    assert client.get("/_emulator/settings").json()["secrets"] == "mask"


@pytest.mark.skipif(VARIABLE not in os.environ, reason=f"{VARIABLE} is not set")
def test_a_name_that_leads_to_this_machine_shows_nothing_in_a_browser(client, tmp_path):
    """As after a rebinding: the browser believes that the emulator's port is the attacker's own site."""
    flow = client.flow()
    command = [os.environ[VARIABLE], *QUIET, f"--user-data-dir={tmp_path / 'profile'}"]
    rules = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    url = f"http://rebound.example:{client.url.rpartition(':')[2]}/"
    shown = subprocess.run(
        [*command, rules, "--dump-dom", url], capture_output=True, text=True, timeout=120, check=False
    )
    assert shown.returncode == 0, shown.stderr[-2000:]
    assert flow["id"] not in shown.stdout
    assert "Forbidden" in shown.stdout


def _in_browser(page, folder, *arguments):
    """Serve the page as another site, open it, and return what it reports to its own server."""
    said, done = [], threading.Event()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def do_POST(self):
            said.extend(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()
            done.set()

        def log_message(self, *_arguments):
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    command = [os.environ[VARIABLE], *QUIET, f"--user-data-dir={folder / 'profile'}", *arguments]
    browser = subprocess.Popen(
        [*command, "--remote-debugging-port=0", f"http://evil.example:{site.server_port}/"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert done.wait(90)
    finally:
        browser.terminate()
        browser.wait(30)
        site.shutdown()
        site.server_close()
    return said
