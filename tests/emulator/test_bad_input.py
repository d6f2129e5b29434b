"""What must never break it: malformed, huge, deep and hostile requests. Each is a 4xx, and nothing changes."""

from __future__ import annotations

import json
import socket
import struct
import time
from urllib.parse import urlsplit

import pytest

from .conftest import CATALOG, FLOW, HEADERS, PREP, REGISTRY, code_of

BODIES = {
    "nothing": b"",
    "not JSON": b"{name: 1}",
    "trailing comma": b'{"name": "x",}',
    "half": b'{"name": "x"',
    "NaN": b'{"name": NaN}',
    "bad UTF-8": b'{"name": "\xff"}',
    "lone surrogate": b'{"name": "\\ud800", "title": "\\ud800"}',
    "array": b"[]",
    "number": b"7",
    "null": b"null",
    "text": b'"x"',
    "deep array": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "a little deep": b'{"allOf":' * 99 + b"1" + b"}" * 99,
    "huge number": b'{"name": ' + b"9" * 5000 + b"}",
    "large exponent": b'{"name": 1e999, "params": {"a": 1e999}}',
    "wrong types": json.dumps(
        {key: {"x": [1]} for key in ("title", "allOf", "name", "schemaRef", "mappings", "auth", "data", "tags")}
    ).encode(),
    "objects inside": json.dumps(
        {
            "name": "x",
            "title": "x",
            "connectionSpec": {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"},
            "auth": {"specName": {}, "params": {}},
            "data": {"format": {}, "properties": 7},
            "relatedObjects": [{"type": {}, "id": []}],
            "status": {},
            "schemaRef": {"id": "x", "contentType": {}},
            "outputSchema": {"schemaRef": {"id": {}}},
            "flowSpec": {"id": [], "version": {}},
            "allOf": [{"$ref": {}}],
            "@type": {},
        }
    ).encode(),
    "lists": json.dumps(
        {key: [[1], None] for key in ("title", "allOf", "name", "schemaRef", "mappings", "auth", "data", "definitions")}
    ).encode(),
}
POSTS = [
    f"{FLOW}/connections",
    f"{FLOW}/sourceConnections",
    f"{FLOW}/targetConnections",
    f"{FLOW}/flows",
    f"{FLOW}/runs",
    f"{FLOW}/flows/search",
    f"{REGISTRY}/tenant/schemas",
    f"{REGISTRY}/tenant/fieldgroups",
    f"{REGISTRY}/tenant/classes",
    f"{REGISTRY}/tenant/datatypes",
    f"{REGISTRY}/tenant/descriptors",
    f"{REGISTRY}/rpc/import",
    f"{CATALOG}/dataSets",
    f"{CATALOG}/batches",
    f"{PREP}/mappingSets",
    f"{PREP}/mappingSets/validate",
    f"{PREP}/mappingSets/preview",
    f"{PREP}/languages/el/validate",
]


def is_refused(response):
    return 400 <= response.status_code < 500


@pytest.mark.parametrize("path", POSTS)
def test_bad_bodies(client, path):
    for name, content in BODIES.items():
        response = client.post(path, content=content, headers={"Content-Type": "application/json"})
        harmless = path.endswith(("/batches", "/dataSets", "/import", "/search")) and response.status_code < 300
        assert is_refused(response) or harmless, f"{name}: {response.status_code} {response.text[:200]}"
    assert client.get(f"{FLOW}/connections?count=true").json() == {"count": 0}
    assert client.get(f"{REGISTRY}/stats").json()["counts"]["schemas"] == 0


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_a_body_has_at_most_a_hundred_levels(client, opening, closing):
    for levels, is_told in ((100, False), (101, True)):
        content = b'{"a":' + opening * (levels - 1) + b"1" + closing * (levels - 1) + b"}"
        response = client.post(f"{FLOW}/connections", content=content, headers={"Content-Type": "application/json"})
        assert response.status_code == 400
        assert ("nested too deeply" in response.text) is is_told


def test_a_byte_order_mark_is_named(client):
    content = b'\xef\xbb\xbf{"name": "x"}'
    response = client.post(f"{FLOW}/flows", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    words = response.json()["report"]["detailed-message"]
    assert words == "The body is not valid JSON: it begins with a byte order mark."
    other = client.post(f"{FLOW}/flows", content=b"{]", headers={"Content-Type": "application/json"})
    assert "byte order mark" not in other.text


def test_a_body_of_fifty_megabytes(client):
    content = b'{"name": "' + b"x" * 50_000_000 + b'"}'
    response = client.post(f"{FLOW}/connections", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert client.get(f"{FLOW}/connections").status_code == 200


HOSTILE = ["'", '"', "'; DROP TABLE object; --", "a' OR '1'='1", "%", "*", "\\", "\x00", "é" * 500, "${x}", "a\nb"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_texts(client, text):
    base = client.base(name=text)
    assert client.one("connections", base["id"])["name"] == text
    for params in (
        {"property": f"name=={text}"},
        {"property": f"{text}==1"},
        {"orderby": text},
        {"continuationToken": text},
        {"limit": text},
    ):
        assert client.get(f"{FLOW}/connections", params=params).status_code < 500
    for path in (f"{CATALOG}/dataSets", f"{CATALOG}/batches"):
        for name in ("name", "tags", "property", "orderBy", "status", "dataSet", "start", "properties"):
            assert client.get(path, params={name: text}).status_code < 500
    headers = {"Accept": "application/vnd.adobe.xed+json"}
    for name in ("property", "orderby", "start", "limit"):
        assert client.get(f"{REGISTRY}/tenant/schemas", params={name: text}, headers=headers).status_code < 500
    for name in ("name", "orderBy", "version"):
        params = {"limit": 5, "start": 0, name: text}
        assert client.get(f"{PREP}/mappingSets", params=params).status_code < 500
    assert len(client.get(f"{FLOW}/connections").json()["items"]) == 1


@pytest.mark.parametrize(
    "path", ["/data/foundation/flowservice/flows/%zz", "/%", "/data/%2e%2e/_emulator/reset", "//", "/%ff%fe"]
)
def test_malformed_paths(client, path):
    target = urlsplit(client.url)
    lines = [f"GET {path} HTTP/1.1", f"Host: {target.netloc}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in HEADERS.items()]
    with socket.create_connection((target.hostname, target.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        status = int(connection.recv(64).split()[1])
    assert 400 <= status < 500


def test_a_header_cannot_be_injected(client):
    response = client.get(f"{FLOW}/flows/a%0d%0aX-Injected:%201")
    assert code_of(response) == "FLOW-1439-404"
    assert "x-injected" not in response.headers
    assert client.post(f"{CATALOG}/batches/a%0d%0aX-Injected:%201", json={}).status_code < 500


def test_a_broken_request_does_not_stop_it(client):
    target = urlsplit(client.url)
    for data in (
        b"\x00\x01\x02\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"G",
    ):
        with socket.create_connection((target.hostname, target.port), timeout=10) as connection:
            connection.sendall(data)
    assert client.get(f"{FLOW}/flows").status_code == 200


@pytest.mark.parametrize("how", ["half-closed", "closed", "reset", "a broken chunk"])
@pytest.mark.parametrize("path", [f"{CATALOG}/dataSets", "/_emulator/settings"])
def test_a_request_that_is_broken_off_is_not_done(client, path, how):
    """What has arrived of its body may look like a whole one."""
    target = urlsplit(client.url)
    lines = [f"{name}: {value}" for name, value in HEADERS.items()] + [f"Host: {target.netloc}"]
    body = b'{"name": "cut"}' if path.endswith("dataSets") else b'{"deletes": "202"}'
    is_chunked = how == "a broken chunk"
    lines += ["Content-Type: application/json", "Transfer-Encoding: chunked" if is_chunked else "Content-Length: 99"]
    head = "\r\n".join([f"POST {path} HTTP/1.1", *lines, "", ""]).encode()
    with socket.create_connection((target.hostname, target.port), timeout=10) as connection:
        connection.sendall(head + (b"%x\r\n%b\r\nzz\r\n" % (len(body), body) if is_chunked else body))
        time.sleep(0.05)  # the server has begun to read
        if how == "half-closed":
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(100) == b""
        elif is_chunked:
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
        elif how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    time.sleep(0.05)
    assert client.get(f"{CATALOG}/dataSets").json() == {}
    assert client.get("/_emulator/settings").json()["deletes"] == "204"
    assert [each for each in client.get("/_emulator/requests").json()["requests"] if each["method"] == "POST"] == []


@pytest.mark.parametrize(
    ("requests", "version", "more", "replies"),
    [(1, "1.1", b"", 1), (1, "1.0", b"", 1), (3, "1.1", b"", 3), (2, "1.1", b"GET /x", 2)],
)
def test_a_client_that_sends_no_more_gets_its_replies(client, requests, version, more, replies):
    """As `nc -N` does: it closes its side of the connection once it has sent its requests."""
    client.post("/_emulator/load", json={"latency_ms": 50}).raise_for_status()
    target = urlsplit(client.url)
    lines = [f"{name}: {value}" for name, value in HEADERS.items()] + [f"Host: {target.netloc}"]
    head = "\r\n".join([f"GET {FLOW}/flows HTTP/{version}", *lines, "", ""]).encode()
    with socket.create_connection((target.hostname, target.port), timeout=10) as connection:
        connection.sendall(head * requests + more)
        connection.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.count(b"HTTP/1.1 200 OK") == received.count(b'{"items":[]') == replies


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://{host}{flows}", 200),
        ("HTTP://{host}{flows}?limit=1", 200),
        ("http://{host}", 200),
        ("http://{host}/nothing", 404),
        ("http://evil.example{flows}", 403),
        ("http://{flows}", 403),
        ("http://a@{host}{flows}", 403),
        ("ftp://{host}{flows}", 404),
        ("*", 404),
    ],
)
def test_a_target_may_be_an_address(client, target, status):
    """Clients that take the emulator for a proxy send it so; the host of the address counts, not `Host`."""
    place = urlsplit(client.url)
    lines = [f"{name}: {value}" for name, value in HEADERS.items()]
    lines += [f"Host: {place.netloc}", "Connection: close"]
    asked = target.format(host=place.netloc, flows=f"{FLOW}/flows")
    with socket.create_connection((place.hostname, place.port), timeout=10) as connection:
        connection.sendall("\r\n".join([f"GET {asked} HTTP/1.1", *lines, "", ""]).encode())
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    assert received.startswith(b"HTTP/1.1 %d" % status), received


def test_a_patch_cannot_make_an_invalid_object(client):
    base = client.base()
    for operation in (
        {"op": "add", "path": "/auth/specName", "value": {}},
        {"op": "replace", "path": "/auth/params", "value": []},
        {"op": "replace", "path": "/auth", "value": 7},
        {"op": "add", "path": "/auth/params/clientId/x", "value": 1},
        {"op": "replace", "path": "/name", "value": {"a": 1}},
        {"op": ["add"], "path": "/name", "value": 1},
        {"op": "add", "path": ["x"], "value": 1},
        {"op": "add", "path": "/" + "a/" * 5000, "value": 1},
    ):
        response = client.patched("connections", base, operation)
        assert is_refused(response), f"{operation}: {response.status_code}"
    flow = client.flow()
    for path, value in (
        ("/transformations", 7),
        ("/transformations", [7]),
        ("/transformations/0", {"name": "Mapping"}),
        ("/transformations/0/params", None),
        ("/transformations/99999999999999999999", {}),
        ("/scheduleParams", []),
        ("/scheduleParams/startTime", {}),
        ("/options", [1]),
        ("/options/partialIngestionPercent", "many"),
    ):
        response = client.patched("flows", flow, {"op": "replace", "path": path, "value": value})
        assert is_refused(response), f"{path}: {response.status_code} {response.text}"


@pytest.mark.parametrize(
    "definition",
    [
        {"$ref": "#/definitions/own"},
        {"properties": {"_local": {"$ref": "#/definitions/own"}}},
        {"properties": {"_local": 7}},
        {"properties": 7},
        {"allOf": [{"$ref": "#/definitions/own"}]},
        {"properties": {"_local": {"type": "object", "properties": {"a": {"items": {"$ref": "#/nowhere"}}}}}},
        {"properties": {"_local": {"required": 7, "enum": 7, "minimum": "x"}}},
    ],
)
def test_resources_that_refer_to_themselves_or_are_nonsense(client, definition):
    body = {
        "title": "x",
        "type": "object",
        "meta:intendedToExtend": ["https://ns.adobe.com/xdm/context/profile"],
        "definitions": {"own": definition},
        "allOf": [{"$ref": "#/definitions/own"}],
    }
    response = client.post(f"{REGISTRY}/tenant/fieldgroups", json=body)
    assert response.status_code in (201, 400), response.text


def test_data_types_that_refer_to_each_other(client):
    path = f"{REGISTRY}/tenant/datatypes"
    first = client.made(path, {"title": "a", "type": "object", "properties": {"x": {"type": "string"}}})
    second = client.made(path, {"title": "b", "type": "object", "properties": {"a": {"$ref": first["$id"]}}})
    change = [{"op": "add", "path": "/properties/b", "value": {"$ref": second["$id"]}}]
    alt_id = first["meta:altId"]
    assert client.patch(f"{path}/{alt_id}", json=change).status_code in (200, 400)
    headers = {"Accept": "application/vnd.adobe.xed-full+json; version=1"}
    assert client.get(f"{path}/{alt_id}", headers=headers).status_code in (200, 400)
