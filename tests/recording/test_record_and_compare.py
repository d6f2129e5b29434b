"""A recorder between a client and the platform, and its record compared with the emulator."""

import errno
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from surroundings import DEV, Platform, Workspace
from trust.hostile_server import certified, hostile, reply

from flowctl.cli.main import main
from flowctl.model.errors import FlowctlError
from flowctl.operations.recording import compare
from flowctl.recording.exchanges import LARGEST_LINE
from flowctl.recording.record_file import RecordFile

from .recorders import HEADERS, recording

FLOW = "/data/foundation/flowservice"
REGISTRY = "/data/foundation/schemaregistry"
CANARIES = ("hush-canary-4711", "eva.weber@acme.example", "Weberknecht", "20c115bc-46e3-40f3-bfe9-fb25abe4ba76")
S3 = {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"}
HUBSPOT = {"id": "cc6a4487-9e91-433e-a3a3-9cf6626c1806", "version": "1.0"}
BASE = {
    "name": f"Account of {CANARIES[2]}",
    "description": f"Ask {CANARIES[1]}, ticket {CANARIES[3]}",
    "connectionSpec": HUBSPOT,
    "auth": {
        "specName": "Basic Authentication",
        "params": {"clientId": CANARIES[0], "clientSecret": CANARIES[0], "accessToken": "a", "refreshToken": "b"},
    },
}


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "record.jsonl"


def test_an_apply_is_recorded_without_its_values_and_compares_equal(
    examples: Workspace, platform: Platform, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    secrets = {"SHOP_DATABASE_PASSWORD": CANARIES[0], "SHOP_DB_PASSWORD": CANARIES[0]}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    with recording(platform.url, file) as recorder:
        examples.write("flowctl.yaml", DEV.format(url=recorder.url))
        examples.apply("-e", "dev")
        assert examples.run("-e", "dev", "plan", "--detailed-exitcode").code == 0
        assert recorder.http.post(f"{FLOW}/connections", json=BASE).status_code == 201
        assert recorder.http.get(f"{FLOW}/flows?property=name=={CANARIES[2]}").status_code == 200
        live = platform.request("GET", f"{FLOW}/flows").text
    text = file.read_text()
    assert [each for each in CANARIES if each in text] == []
    for item in json.loads(live)["items"]:
        assert item["id"] not in text
        assert item["name"] not in text
    assert "LOCAL@AdobeOrg" not in text
    assert not any(exchange.get("withheld") for exchange in map(json.loads, text.splitlines()[1:]))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code, out, _ = run(capsys, "emulator", "compare", str(file))
    total = len(text.splitlines()) - 1
    assert (code, out) == (0, f"Compared {total} of {total} exchanges: no difference.\n")


def test_changes_on_condition_of_an_etag_compare_equal(
    platform: Platform, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with recording(platform.url, file) as recorder:
        path = f"{FLOW}/connections/{recorder.http.post(f'{FLOW}/connections', json=BASE).json()['id']}"
        stale = etag = recorder.http.get(path).json()["items"][0]["etag"]
        for name in ("Shop", "Orders"):
            change = [{"op": "replace", "path": "/name", "value": name}]
            changed = recorder.http.patch(path, json=change, headers={"If-Match": etag})
            assert changed.status_code == 200, changed.text
            etag = changed.json()["etag"]
        assert recorder.http.patch(path, json=change, headers={"If-Match": stale}).status_code == 412
    code, out, _ = run(capsys, "emulator", "compare", str(file))
    assert (code, out) == (0, "Compared 5 of 5 exchanges: no difference.\n")


def test_an_etag_that_a_change_has_kept_is_the_last_one_of_the_emulator(
    platform: Platform, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with recording(platform.url, file) as recorder:
        made = recorder.http.post(f"{FLOW}/connections", json=BASE).json()
        for name in ("Shop", "Orders"):
            change = [{"op": "replace", "path": "/name", "value": name}]
            path, condition = f"{FLOW}/connections/{made['id']}", {"If-Match": made["etag"]}
            made = recorder.http.patch(path, json=change, headers=condition).raise_for_status().json()
    text = file.read_text()
    first, second, _ = dict.fromkeys(re.findall(r'"etag":"\\"([^"]+)\\""', text))
    file.write_text(text.replace(second, first))
    code, out, _ = run(capsys, "emulator", "compare", str(file))
    assert (code, out) == (0, "Compared 3 of 3 exchanges: no difference.\n")


def test_actions_and_modes_compare_equal(platform: Platform, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sandbox = "/data/foundation/sandbox-management/sandboxes/dev"
    with recording(platform.url, file) as recorder:
        auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
        body = {"name": "Files", "connectionSpec": S3, "auth": auth}
        draft = recorder.http.post(f"{FLOW}/connections?mode=draft", json=body).raise_for_status().json()
        path = f"{FLOW}/connections/{draft['id']}"
        actions = ("publish", "enable", "disable", "re-trigger", "RE_TRIGGER")
        for action in actions:
            recorder.http.post(f"{path}/action?op={action}")
        queries = [exchange["request"]["query"] for exchange in recorder.exchanges[1:]]
        assert queries == [f"op={action}" for action in actions]
        explored = recorder.http.get(f"{path}/explore?objectType=root")
        assert explored.status_code == 200, explored.text
        assert recorder.http.put(sandbox, json={"action": "reset"}).status_code == 202
    code, out, _ = run(capsys, "emulator", "compare", str(file))
    assert (code, out) == (0, "Compared 8 of 8 exchanges: no difference.\n")


def test_a_changed_setting_is_the_difference(
    platform: Platform, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    platform.http.post("/_emulator/settings", json={"deletes": "202"}).raise_for_status()
    with recording(platform.url, file) as recorder:
        made = recorder.http.post(f"{FLOW}/connections", json=BASE).json()
        assert recorder.http.get(f"{FLOW}/connections/{made['id']}").status_code == 200
        assert recorder.http.delete(f"{FLOW}/connections/{made['id']}").status_code == 202
    code, out, _ = run(capsys, "emulator", "compare", str(file), "--format", "json")
    document = json.loads(out)
    (difference,) = [each for each in document["differences"] if each["kind"] == "status"]
    assert code == 3
    assert (difference["exchange"], difference["method"]) == (3, "DELETE")
    assert (difference["recorded"], difference["emulator"]) == (202, 204)
    assert {each["exchange"] for each in document["differences"]} == {3}
    assert (document["compared"], document["exchanges"], document["skipped"]) == (3, 3, [])
    assert (document["formatVersion"], document["diagnostics"]) == ("1", [])
    code, out, _ = run(capsys, "emulator", "compare", str(file))
    assert code == 3
    assert "3. DELETE /data/foundation/flowservice/connections/" in out
    assert "   status: recorded 202, emulator 204\n" in out
    assert out.endswith("Compared 3 of 3 exchanges: 1 differs.\n")
    # The emulator that was recorded has no difference to itself.
    assert run(capsys, "emulator", "compare", str(file), "--url", platform.url)[0] == 0


@pytest.mark.parametrize(
    ("setting", "kind", "at"),
    [
        ({"secrets": "drop"}, "additional", "/items/0/auth/params/"),
        ({"secrets": "echo"}, "value", "/items/0/auth/params/"),
    ],
)
def test_members_and_values_are_compared(
    platform: Platform, file: Path, setting: dict[str, str], kind: str, at: str
) -> None:
    platform.http.post("/_emulator/settings", json=setting).raise_for_status()
    with recording(platform.url, file) as recorder:
        made = recorder.http.post(f"{FLOW}/connections", json=BASE).json()
        recorder.http.get(f"{FLOW}/connections/{made['id']}")
    (exchange,) = compare(file, None).differing
    assert exchange.exchange == 2
    assert all(difference.at.startswith(at) for difference in exchange.differences)
    assert kind in {difference.kind for difference in exchange.differences} | {"value"}


def test_what_was_there_before_is_not_compared(platform: Platform, file: Path) -> None:
    before = platform.request("POST", f"{FLOW}/connections", json=BASE).json()["id"]
    with recording(platform.url, file) as recorder:
        recorder.http.get(f"{FLOW}/connections/{before}")
        recorder.http.get(f"{FLOW}/connections")
    report = compare(file, None)
    (skipped,) = report.skipped
    assert skipped.reason == "it needs an object that was there before the record, or was not created here"
    assert (report.compared, report.differing) == (1, ())


def test_files_of_batches_are_not_compared(platform: Platform, file: Path) -> None:
    """Their rows are not in the record, so the emulator cannot have them."""
    foundation = "/data/foundation"
    schema = {"title": "S", "type": "object", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}]}
    with recording(platform.url, file) as recorder:
        id_ = recorder.http.post(f"{REGISTRY}/tenant/schemas", json=schema).json()["$id"]
        reference = {"id": id_, "contentType": "application/vnd.adobe.xed+json;version=1"}
        (link,) = recorder.http.post(
            f"{foundation}/catalog/dataSets", json={"name": "d", "schemaRef": reference}
        ).json()
        dataset = link.rpartition("/")[2]
        body = {"datasetId": dataset, "inputFormat": {"format": "json"}}
        batch = recorder.http.post(f"{foundation}/import/batches", json=body).json()["id"]
        upload = f"{foundation}/import/batches/{batch}/datasets/{dataset}/files/rows.json"
        binary = {"Content-Type": "application/octet-stream"}
        assert recorder.http.put(upload, content=b'{"_id":"1"}', headers=binary).is_success
        assert recorder.http.post(f"{foundation}/import/batches/{batch}?action=COMPLETE").json()["status"] == "success"
        (listed,) = recorder.http.get(f"{foundation}/export/batches/{batch}/files").json()["data"]
        path = f"{foundation}/export/files/{listed['dataSetFileId']}"
        (part,) = recorder.http.get(path).json()["data"]
        assert recorder.http.get(f"{path}?path={part['name']}").is_success
        recorder.http.get(f"{foundation}/catalog/dataSetFiles")
    report = compare(file, None)
    needed = "it needs an object that was there before the record, or was not created here"
    assert [each.reason for each in report.skipped if "/export/files/" in each.path] == [needed] * 2
    assert report.differing == ()


def test_what_an_organization_has_already_is_not_compared(platform: Platform, file: Path) -> None:
    schema = {"title": "S", "type": "object", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/experienceevent"}]}
    platform.request("POST", f"{REGISTRY}/tenant/schemas", json=schema)
    with recording(platform.url, file) as recorder:
        recorder.http.post(f"{REGISTRY}/tenant/schemas", json=schema | {"title": "T"})
        accept = {"Accept": "application/vnd.adobe.xed+json"}
        assert recorder.http.get(f"{REGISTRY}/stats", headers=accept).json()["classUsage"]
    assert compare(file, None).differing == ()


def test_a_refused_token_is_refused_again(platform: Platform, file: Path) -> None:
    with recording(platform.url, file) as recorder:
        assert recorder.http.get(f"{FLOW}/flows", headers={"Authorization": "Bearer x"}).status_code == 401
        assert recorder.http.get(f"{FLOW}/flows", headers={"x-sandbox-name": "acme"}).status_code in (400, 403, 404)
    report = compare(file, None)
    assert (report.compared, report.differing) == (2, ())


def test_foreign_names_and_targets_are_refused(platform: Platform, file: Path) -> None:
    with recording(platform.url, file) as recorder:
        for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            assert recorder.http.get(f"{FLOW}/flows", headers=headers).status_code == 403
        port = httpx.URL(recorder.url).port
        with socket.create_connection(("127.0.0.1", port or 0)) as sock:
            sock.sendall(b"GET http://evil.example/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            assert sock.recv(100).startswith(b"HTTP/1.1 400")
        assert recorder.exchanges == []
    assert platform.log() == []


def said(url: str, head: bytes, rest: bytes = b"") -> tuple[int, dict[str, Any]]:
    """Send a request as it is; return the status and the JSON of the reply."""
    port = httpx.URL(url).port or 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sock:
        sock.sendall(b"%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s" % (head, port, rest or b"\r\n"))
        whole = b"".join(iter(lambda: sock.recv(65_536), b""))
    begin, _, body = whole.partition(b"\r\n\r\n")
    return int(begin.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    ("head", "rest", "detail"),
    [
        (b"GET /data/x#frag?x", b"", "The target of a request has no fragment."),
        (b"GET /data/x?y#frag", b"", "The target of a request has no fragment."),
        (b"GET /data/../../etc/passwd", b"", "The path of a request has no segment `.` or `..`."),
        (b"GET /data/./x?y", b"", "The path of a request has no segment `.` or `..`."),
        (b"GET /data/%2e%2E/x", b"", "The path of a request has no segment `.` or `..`."),
        (b"GET /data/x%2f..%2fy", b"", "The path of a request has no segment `.` or `..`."),
        (b"GET /data/x\\..\\y", b"", "The path of a request has no segment `.` or `..`."),
        (
            b"POST /data/x",
            b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "A request has either Content-Length or Transfer-Encoding.",
        ),
    ],
)
def test_a_request_that_cannot_be_passed_on_is_refused_in_words(
    head: bytes, rest: bytes, detail: str, file: Path
) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        status, body = said(recorder.url, head, rest)
        assert (status, body["detail"]) == (400, detail)
        assert (server.asked, recorder.exchanges, recorder.told) == ([], [], [])


def test_a_method_in_lowercase_is_refused(file: Path) -> None:
    """It would arrive in capitals."""
    with hostile() as server, recording(server.url, file) as recorder:
        status, body = said(recorder.url, b"get /data/x")
        assert (status, body["detail"]) == (400, "The method of a request is in capitals.")
        assert (server.asked, recorder.exchanges) == ([], [])


def test_the_head_of_a_reply_keeps_its_length(file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4711\r\n\r\n"
        server.answer = lambda asked: head
        answer = recorder.http.head(f"{FLOW}/flows")
        assert (answer.headers["content-length"], answer.headers.get("transfer-encoding")) == ("4711", None)


def test_dots_that_are_no_segment_are_passed_on(file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        server.answer = lambda asked: reply(b"{}")
        assert said(recorder.url, b"GET /data/v1.0/..x/x..?a=../b")[0] == 200
        assert [asked.target for asked in server.asked] == ["/data/v1.0/..x/x..?a=../b"]


@pytest.mark.parametrize("status", [b"999 X", b"600 X"])
def test_a_status_that_http_does_not_have_is_told(status: bytes, file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        server.answer = lambda asked: reply(b"{}", status=status)
        number, body = said(recorder.url, b"GET /data/x")
        assert number == 502
        assert body["detail"] == f"flowctl emulator record: The endpoint replied with status {status[:3].decode()}."
        (exchange,) = recorder.exchanges
        assert exchange["failure"] == "broken"
        assert recorder.told == ["GET had no reply (broken)."]


def test_any_other_error_is_told_and_recorded_once(file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        status, body = said(recorder.url, b"GET /" + b"x" * 65_600)
        assert (status, body["detail"]) == (
            502,
            "flowctl emulator record: The request cannot be passed on (InvalidURL).",
        )
        assert [exchange["failure"] for exchange in recorder.exchanges] == ["broken"]
        assert recorder.told == ["GET had no reply (broken)."]
        assert server.asked == []


def test_an_exchange_that_cannot_be_written_is_tried_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[dict[str, Any]] = []

    def full(_: RecordFile, exchange: dict[str, Any]) -> None:
        tried.append(exchange)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RecordFile, "add", full)
    with hostile() as server, recording(server.url, file) as recorder:
        server.answer = lambda asked: reply(b"{}")
        assert recorder.http.get(f"{FLOW}/flows").status_code == 200
    (exchange,) = tried
    assert exchange["reply"]["status"] == 200


def test_a_full_disk_ends_the_record_and_not_the_reply(
    platform: Platform, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line that did not fit is removed, and what was recorded before can be compared."""
    with recording(platform.url, file) as recorder:
        assert recorder.http.get("/data/foundation/catalog/dataSets").status_code == 200
        before = recorder.text
        monkeypatch.setattr("os.write", _full_after(file, 10))
        reply = recorder.http.get("/data/foundation/catalog/dataSets")
        assert (reply.status_code, reply.json()) == (200, {})
        recorder.thread.join(20)
        assert not recorder.thread.is_alive()
    (failure,) = recorder.failures
    assert isinstance(failure, FlowctlError)
    assert re.search("No space left on device; the record ends after 1 exchange(?!s)", str(failure))
    assert recorder.text == before
    assert compare(file, platform.url).compared == 1


def _recording(platform: Platform, file: Path) -> list[str]:
    """The command that records. Without -B, a limited file size cuts bytecode too, and every later process reads it."""
    record = ["-m", "flowctl", "emulator", "record", "--endpoint", platform.url, "--out", str(file)]
    return [sys.executable, "-B", *record]


def test_a_process_whose_file_cannot_grow_ends_with_a_record(platform: Platform, file: Path) -> None:
    """From outside: the operating system refuses the write, as it does on a full disk."""
    command = _recording(platform, file)
    limited = [sys.executable, "-c", f"{_LIMITED}; os.execv({command[0]!r}, {command!r})"]
    with subprocess.Popen(limited, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stderr is not None
        url = process.stderr.readline().split()[-1]
        with httpx.Client(headers=HEADERS) as client:
            replies = [client.get(url + "/data/foundation/catalog/dataSets") for _ in range(_FITTING + 1)]
        rest = process.stderr.read()
        assert process.wait(30) == 1
    assert [(reply.status_code, reply.json()) for reply in replies] == [(200, {})] * (_FITTING + 1)
    assert "File too large; the record ends after" in rest
    assert "[output-unwritable]" in rest
    assert file.stat().st_size <= 4096
    assert file.read_text().endswith("}\n")
    report = compare(file, platform.url)
    assert 0 < report.compared < _FITTING + 1
    assert not report.is_cut


_LIMITED = "import os, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
_FITTING = 11
"""Exchanges that fit: each has about 340 bytes, and the head 50."""


def test_a_full_disk_leaves_no_record_without_a_head(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.write", _full_after(file, 0))
    with pytest.raises(FlowctlError, match="No space left on device"), recording("http://127.0.0.1:9", file):
        pass
    assert not file.exists()


def _full_after(file: Path, room: int) -> Callable[[int, Any], int]:
    """Return an os.write for which the disk of a file has so many bytes left."""
    write, left = os.write, [room]

    def limited(descriptor: int, content: Any) -> int:
        if not file.exists() or not os.path.samestat(os.fstat(descriptor), file.stat()):
            return write(descriptor, content)
        if not left[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        done = write(descriptor, content[: left[0]])
        left[0] -= done
        return done

    return limited


def test_a_reply_with_two_lengths_is_passed_on(file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        server.answer = lambda asked: head + b"5\r\nhello\r\n0\r\n\r\n"
        assert recorder.http.get(f"{FLOW}/flows").text == "hello"


def test_links_lead_through_the_recorder(platform: Platform, file: Path) -> None:
    with hostile() as server:
        body = f'{{"href": "{server.url}/data/foundation/flowservice/flows?limit=2", "x": 1}}'.encode()
        location = b"Location: " + server.url.encode() + b"/data/foundation/flowservice/flows"
        server.answer = lambda asked: reply(body, location)
        with recording(server.url, file) as recorder:
            answer = recorder.http.get("/data/foundation/flowservice/flows", headers={"Accept-Encoding": "br, gzip"})
            assert answer.json()["href"] == f"{recorder.url}/data/foundation/flowservice/flows?limit=2"
            assert answer.headers["location"] == f"{recorder.url}/data/foundation/flowservice/flows"
            (exchange,) = recorder.exchanges
        assert exchange["reply"]["body"]["json"]["href"] == "{endpoint}/data/foundation/flowservice/flows?limit=2"
        (asked,) = server.asked
        assert asked.headers["accept-encoding"] == "gzip"
        assert asked.headers["host"] == server.url.partition("://")[2]
        assert asked.headers["authorization"] == HEADERS["Authorization"]


def test_a_redirect_leads_through_the_recorder_and_is_not_followed(file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        location = b"Location: " + server.url.encode() + b"/data/foundation/flowservice/flows"
        server.answer = lambda asked: reply(b"gone", b"Content-Type: text/plain", location, status=b"302 Found")
        answer = recorder.http.get("/data/foundation/flowservice/runs", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (302, f"{recorder.url}{FLOW}/flows")
        assert len(server.asked) == 1
        (exchange,) = recorder.exchanges
    assert exchange["reply"]["headers"]["location"] == f"{{endpoint}}{FLOW}/flows"


def test_chunked_and_large_bodies_pass(platform: Platform, file: Path) -> None:
    large = b'{"name": "' + b"x" * 5_000_000 + b'"}'
    with hostile() as server, recording(server.url, file) as recorder:
        server.answer = lambda asked: reply(large)
        sent = iter([b'{"state": ', b'"enabled"}'])
        assert recorder.http.get(f"{FLOW}/flows").content == large
        server.answer = lambda asked: reply(b"{}")
        headers = {"Content-Type": "application/json", "Content-Length": "20"}
        assert recorder.http.post(f"{FLOW}/flows", content=sent, headers=headers).status_code == 200
        assert server.asked[-1].body == b'{"state": "enabled"}'
        first, second = recorder.exchanges
    assert first["reply"]["body"] == {"bytes": len(large), "why": "too large"}
    assert second["request"]["body"] == {"json": {"state": "enabled"}}


def test_an_endpoint_that_does_not_answer(file: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with recording(f"http://127.0.0.1:{port}", file, read_timeout=0.2, connect_timeout=0.2) as recorder:
            answer = recorder.http.get(f"{FLOW}/flows")
            assert (answer.status_code, answer.json()["title"]) == (504, "GatewayTimeout")
    with recording(f"http://127.0.0.1:{port}", file.with_name("two")) as recorder:
        answer = recorder.http.get(f"{FLOW}/flows")
        assert (answer.status_code, answer.json()["detail"]) == (
            502,
            "flowctl emulator record: 127.0.0.1 cannot be reached.",
        )
        (exchange,) = recorder.exchanges
    assert exchange["failure"] == "unreachable"
    report = compare(file.with_name("two"), None)
    assert (report.compared, report.skipped[0].reason) == (0, "there is no reply (unreachable)")


def test_a_certificate_that_is_not_trusted(file: Path) -> None:
    with hostile(context=certified()) as server, recording(server.url, file) as recorder:
        answer = recorder.http.get(f"{FLOW}/flows")
        assert (answer.status_code, "is not trusted" in answer.json()["detail"]) == (502, True)
        assert server.asked == []


def test_a_broken_reply_is_broken_for_the_client_too(file: Path) -> None:
    with hostile() as server, recording(server.url, file) as recorder:
        server.answer = lambda asked: (
            lambda talk: talk.sock.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 100\r\n\r\nxxx"
            )
        )
        with pytest.raises(httpx.RemoteProtocolError):
            recorder.http.get(f"{FLOW}/flows")
        server.answer = lambda asked: reply(b"{}")
        assert recorder.http.get(f"{FLOW}/flows").status_code == 200
        assert recorder.told == ["GET had no reply (broken)."]
        first, second = recorder.exchanges
    assert first["failure"] == "broken"
    assert second["reply"]["status"] == 200


def test_two_clients_at_once(platform: Platform, file: Path) -> None:
    with recording(platform.url, file) as recorder:

        def many() -> None:
            with httpx.Client(base_url=recorder.url, headers=HEADERS, verify=False) as http:
                for _ in range(10):
                    assert http.get(f"{FLOW}/flows").status_code == 200

        threads = [threading.Thread(target=many) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [exchange["exchange"] for exchange in recorder.exchanges] == list(range(1, 21))


def test_control_c_leaves_a_complete_record(platform: Platform, file: Path) -> None:
    command = _recording(platform, file)
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("listening on http://127.0.0.1:")
        httpx.get(line.split()[-1] + f"{FLOW}/flows", headers=HEADERS).raise_for_status()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(30) == 0
    assert rest.endswith(f"Recorded 1 exchange in {file}. Read the file before you share it.\n")
    assert compare(file, None).compared == 1


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("http://platform.adobe.io", "plain http would send the credentials unencrypted"),
        ("https://platform.adobe.io/data", "it must be a host alone"),
        ("https://eva:hush@platform.adobe.io", "it must be a host alone"),
        ("platform.adobe.io", "it is not an address that begins with https://"),
        ("https://[", "it is not an address that begins with https://"),
    ],
)
def test_an_endpoint_that_cannot_be_used(
    endpoint: str, words: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "emulator", "record", "--endpoint", endpoint, "--out", str(file))
    assert (code, out) == (1, "")
    assert words in err
    assert "hush" not in err
    assert not file.exists()


def test_a_file_that_exists_is_left_alone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("mine")
    code, _, err = run(capsys, "emulator", "record", "--endpoint", "https://platform.adobe.io", "--out", str(file))
    assert (code, file.read_text()) == (1, "mine")
    assert "the file exists" in err


HEAD = '{"recordVersion":"1"}\n'
REQUEST = '"request":{"method":"GET","path":"/x","query":"","headers":{},"body":null}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is empty"),
        ("{}\n", "its first line has no recordVersion"),
        ('{"recordVersion":"2"}\n', "a newer release of flowctl wrote it"),
        (HEAD + "{\n", "line 2, column 2"),
        (HEAD + "{}\n", "line 2 has no request"),
        (HEAD + f"{{{REQUEST}}}\n", "line 2 has no reply"),
        (HEAD + f'{{{REQUEST},"reply":{{"status":"200","headers":{{}},"body":null}}}}\n', "line 2 has no reply"),
        (HEAD + f'{{{REQUEST.replace("GET", "HACK")},"failure":"x"}}\n', "line 2 has no request"),
        (HEAD + f'{{{REQUEST.replace("/x", "http://evil.example/")},"failure":"x"}}\n', "line 2 has no request"),
        (HEAD + f'{{{REQUEST.replace("/x", "/x y HTTP/1.1")},"failure":"x"}}\n', "line 2 has no request"),
        (
            HEAD + f'{{{REQUEST.replace("{}", json.dumps({"a": "b" + chr(10)}))},"failure":"x"}}\n',
            "line 2 has no request",
        ),
        (
            HEAD + f'{{{REQUEST.replace("{}", json.dumps({"transfer-encoding": "chunked"}))},"failure":"x"}}\n',
            "line 2 has no request",
        ),
    ],
)
def test_a_damaged_record_is_told(text: str, words: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(text)
    code, _, err = run(capsys, "emulator", "compare", str(file))
    assert code == 1
    assert words in err


def test_a_line_that_no_exchange_has_is_refused_at_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = f'{{{REQUEST.replace("/x", "/" + "x" * LARGEST_LINE)},"failure":"x"}}'
    file.write_text(f"{HEAD}{line}\n")
    code, _, err = run(capsys, "emulator", "compare", str(file))
    assert code == 1
    assert "is not a record: line 2 has more than 16,000,000 characters, which no exchange has" in err


def test_an_address_that_no_server_takes_is_not_sent(file: Path) -> None:
    reply = '"reply":{"status":200,"headers":{},"body":null}'
    lines = [f"{{{REQUEST.replace('/x', '/' + 'x' * length)},{reply}}}\n" for length in (31_999, 32_000)]
    file.write_text(HEAD + "".join(lines))
    report = compare(file, None)
    assert report.compared == 1
    assert [(each.exchange, each.reason) for each in report.skipped] == [(2, "its URL is longer than a server accepts")]


def test_a_cut_last_line_is_left_out(platform: Platform, file: Path) -> None:
    with recording(platform.url, file) as recorder:
        recorder.http.get(f"{FLOW}/flows")
        recorder.http.get(f"{FLOW}/flows")
    file.write_text(file.read_text()[:-20])
    report = compare(file, None)
    assert (report.exchanges, report.compared, report.is_cut) == (1, 1, True)


@pytest.mark.parametrize("url", ["https://platform.adobe.io", "http://platform.adobe.io", "http://[", "x"])
def test_a_record_is_sent_to_an_emulator_only(url: str, file: Path) -> None:
    file.write_text(HEAD)
    with pytest.raises(FlowctlError, match="it is not an address of this machine"):
        compare(file, url)


def test_a_record_is_not_sent_to_another_server(file: Path) -> None:
    file.write_text(HEAD)
    with hostile() as server:
        server.answer = lambda asked: reply(b"{}", status=b"404 Not Found")
        with pytest.raises(FlowctlError, match="no emulator answers there"):
            compare(file, server.url)
        assert [asked.method for asked in server.asked] == ["GET"]
