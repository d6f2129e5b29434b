"""Replies that no platform sends: every command that reads ends in time, in words, and with what is true."""

import gzip
import json
import re
import shutil
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hostile_server import Answer, Asked, Hostile, ask, hostile, places, reply, token, with_value
from surroundings import DEV, EXAMPLES, SCHEMAS, Result, Workspace

from flowctl import emulator
from flowctl.aep.raw_reply import received
from flowctl.engine.observe import paging
from flowctl.model.errors import Refused
from flowctl.model.request import Request

FILES = ("connections/hubspot.yaml", "schemas/crm-contact.yaml", "pipelines/hubspot-contacts.yaml")
QUICK = ("--retry-budget", "0", "--read-timeout", "2", "--parallelism", "4")
DEEP = b"[" * 50_000
VERY_DEEP = b"[" * 200_000
LESS_DEEP = b"[" * 600 + b"]" * 600

COMMANDS: dict[str, tuple[str, ...]] = {
    "plan": ("plan",),
    "plan as JSON": ("plan", "--format", "json"),
    "plan --destroy": ("plan", "--destroy"),
    "apply": ("apply", "--auto-approve"),
    "destroy": ("destroy", "--auto-approve"),
    "show a flow": ("show", "hubspot-contacts.flow"),
    "show a mapping set": ("show", "hubspot-contacts.mapping_set"),
    "drift": ("drift",),
    "accept drift": ("drift", "--accept"),
    "state show": ("state", "show", "hubspot-contacts.dataset"),
    "state repair": ("state", "repair", "--auto-approve"),
    "state orphans": ("state", "orphans"),
    "state settle": ("state", "settle", "hubspot.connection", "4cb0c374-d3bb-4557-b139-5712880adc55"),
    "import": ("import", "--dry-run"),
    "status": ("status",),
    "runs list": ("runs", "list"),
    "runs list of one": ("runs", "list", "hubspot-contacts", "--limit", "3"),
    "runs show": ("runs", "show", "4cb0c374-d3bb-4557-b139-5712880adc55"),
    "runs errors": ("runs", "errors", "4cb0c374-d3bb-4557-b139-5712880adc55"),
    "runs check": ("runs", "check"),
}
UNRECORDED = ("state repair", "import")
PENDING = ("state settle",)


@dataclass
class Site:
    """A workspace that is applied, a hostile server between it and the platform, and the record at that moment."""

    workspace: Workspace
    server: Hostile
    upstream: str
    records: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.workspace.root.glob("flowctl.dev.lock*")}

    def restore(self, name: str) -> None:
        for path in self.workspace.root.glob("flowctl.dev.lock*"):
            path.unlink()
        for file, content in self.records[name].items():
            (self.workspace.root / file).write_bytes(content)

    def run(self, command: str, answer: Callable[[Asked], Answer], *options: str) -> Result:
        record = "nothing" if command in UNRECORDED else "pending" if command in PENDING else "applied"
        self.restore(record)
        self.server.answer = answer
        started = time.monotonic()
        result = self.workspace.run(*COMMANDS[command], *(options or QUICK))
        assert time.monotonic() - started < 20
        return result


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[str, Hostile]]:
    with ExitStack() as stack:
        upstream = stack.enter_context(emulator.start(specs_dir=SCHEMAS)).url
        yield upstream, stack.enter_context(hostile(upstream))


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, bytes]]:
    return {}


@pytest.fixture
def site(
    tmp_path: Path,
    running: tuple[str, Hostile],
    records: dict[str, dict[str, bytes]],
    capsys: pytest.CaptureFixture[str],
) -> Site:
    site = _site(Workspace(root=tmp_path, capsys=capsys), *running, records)
    if not records:
        _record(site)
    return site


@pytest.fixture
def new_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Site]:
    """A workspace that was never applied, and a platform of its own."""
    with emulator.start(specs_dir=SCHEMAS) as upstream, hostile(upstream.url) as server:
        yield _site(Workspace(root=tmp_path, capsys=capsys), upstream.url, server, {})


def _site(workspace: Workspace, upstream: str, server: Hostile, records: dict[str, dict[str, bytes]]) -> Site:
    server.answer = lambda _: None
    for name in FILES:
        (workspace.root / name).parent.mkdir()
        shutil.copy(EXAMPLES / name, workspace.root / name)
    workspace.write("flowctl.yaml", DEV.format(url=server.url).replace("datasets, ", ""))
    return Site(workspace=workspace, server=server, upstream=upstream, records=records)


def _record(site: Site) -> None:
    """Applies once for all tests, after a first creation of which nobody knows what became of it."""

    posted: list[Asked] = []

    def lost(asked: Asked) -> Answer:
        # The plan may look for duplicates; what the creation led to cannot be read.
        if asked.path.endswith("/connections") and (posted or asked.method == "POST"):
            posted.append(asked)
            return reply(b"not JSON")
        return None

    site.records["nothing"] = {}
    site.server.answer = lost
    site.workspace.run("apply", "--auto-approve", *QUICK)
    site.records["pending"] = site.files()
    assert json.loads(site.records["pending"]["flowctl.dev.lock"])["pending"]
    site.restore("nothing")
    assert ask(site.upstream, Asked("POST", "/_emulator/reset", {}, b""))[0] < 300
    site.server.answer = lambda _: None
    site.workspace.apply()
    site.records["applied"] = site.files()


def _to_data(answer: Answer) -> Callable[[Asked], Answer]:
    return lambda asked: token() if asked.is_for_a_token else answer


def _packed(coding: bytes, content: bytes) -> bytes:
    return reply(content, b"Content-Encoding: " + coding)


def _status(status: bytes, body: bytes = b"{}", *headers: bytes) -> bytes:
    return reply(body, *headers, status=status)


_BOMB = gzip.compress(gzip.compress(bytes(50_000_000)))
BODIES: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"ok",
    "null": b"null",
    "a number": b"7",
    "a text": b'"ok"',
    "a list": b"[]",
    "a list of nulls": b"[null, null]",
    "null items": b'{"items": null, "results": null, "data": null}',
    "items that are null": b'{"items": [null], "results": [null], "data": [null]}',
    "items that are numbers": b'{"items": [1], "results": [1], "data": [1]}',
    "items that are an object": b'{"items": {"a": 1}, "results": {"a": 1}, "data": {"a": 1}}',
    "items without anything": b'{"items": [{}], "results": [{}], "data": [{}]}',
    "50,000 brackets": DEEP,
    "200,000 brackets": VERY_DEEP,
    "600 closed brackets": LESS_DEEP,
    "deep objects": b'{"a":' * 50_000,
    "NaN": b'{"items": [{"id": NaN}]}',
    "Infinity": b'{"items": [{"id": "a", "createdAt": -Infinity}]}',
    "a float beyond floats": b'{"items": [{"id": "a", "createdAt": 1e400}]}',
    "an integer of 10,000 digits": b'{"items": [{"id": "a", "createdAt": ' + b"9" * 10_000 + b"}]}",
    "an integer of 4,000 digits": b'{"items": [{"id": "a", "createdAt": ' + b"9" * 4_000 + b"}]}",
    "bytes outside UTF-8": b'{"items": [{"id": "\xff\xfe"}]}',
    "broken UTF-16": b"\xff\xfe{\x00\xd8",
    "NUL": b'{"items": \x00}',
    "half a surrogate pair": b'{"items": [{"id": "\\ud800", "name": "\\udfff"}]}',
    "two names alike": b'{"items": [], "items": 5}',
    "next that is a number": b'{"items": [], "_links": {"next": 7}, "_page": {"next": {}}}',
    "next that is no address": b'{"items": [], "_links": {"next": {"href": "http://[::1"}}, "_page": {"next": []}}',
}
RAW: dict[str, Answer] = {
    "nothing": b"",
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00",
    "HTTP/0.9": b"hello",
    "a status line of bytes": b"HTTP/1.1 2\xff0 \xff\r\n\r\n",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    "a header without a colon": b"HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 2\r\n\r\n{}",
    "NUL in a header": reply(b"{}", b"X-A: \x00"),
    "a header of 200,000 bytes": reply(b"{}", b"X-A: " + b"a" * 200_000),
    "50,000 headers": reply(b"{}", *[b"X-A: a"] * 50_000),
    "two lengths": reply(b"{}", b"Content-Length: 5"),
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
    "a length in words": b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    "a length beyond the body": lambda talk: talk.send(reply(b"{}", length=99)) and None,
    "chunks of nonsense": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk beyond measure": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
    "an unknown transfer coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: weird\r\n\r\n{}",
    "only 100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "101": b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "205": _status(b"205 Reset Content", b""),
    "304": b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "999": _status(b"999 Odd"),
    "a redirect to nowhere": _status(b"302 Found", b"", b"Location: http://\xff["),
    "a redirect to another host": _status(b"307 Go", b"", b"Location: http://127.0.0.2:9/"),
    "gzip that is none": _packed(b"gzip", b"{}"),
    "gzip that ends early": _packed(b"gzip", gzip.compress(b'{"items": []}')[:-6]),
    "deflate that is none": _packed(b"deflate", b"\xff\xff"),
    "gzip in gzip": _packed(b"gzip, gzip", _BOMB),
    "br": _packed(b"br", b"{}"),
    "a coding of bytes": _packed(b"\xff", b"{}"),
    "403 with 50,000 brackets": _status(b"403 Forbidden", DEEP),
    "404 with 50,000 brackets": _status(b"404 Not Found", DEEP),
    "404 of a web page": _status(b"404 Not Found", b"<html>", b"Content-Type: text/html"),
    "404 of another server": _status(b"404 Not Found", b"404 page not found", b"Content-Type: text/plain"),
    "400 with a deep message": _status(b"400 No", b'{"message": ' + LESS_DEEP + b', "error_code": ' + LESS_DEEP + b"}"),
    "500 with a list": _status(b"500 Oh", b"[1]"),
    "500 of bytes": _status(b"500 \xff", b"\xff\xfe\xfd", b"Content-Type: text/plain; charset=utf-16"),
    "503 to come back never": _status(b"503 Later", b"{}", b"Retry-After: inf"),
    "503 to come back at no time": _status(b"503 Later", b"{}", b"Retry-After: nan"),
    "429 in the year 9999": _status(b"429 Slow", b"{}", b"Retry-After: Fri, 31 Dec 9999 23:59:59 -2359"),
    "429 in the year 1": _status(b"429 Slow", b"{}", b"Retry-After: Mon, 01 Jan 0001 00:00:00 +2359"),
    "429 in bytes": _status(b"429 Slow", b"{}", b"Retry-After: \xff"),
}
REPLIES: dict[str, Answer] = {**{name: reply(body) for name, body in BODIES.items()}, **RAW}
TELLING = ("status", "runs list", "runs list of one", "runs check")
"""Commands that go on with other objects, and name the one that cannot be read."""
SOUND = {"an integer of 4,000 digits", "half a surrogate pair"}
"""What is odd and still a list of objects."""

every_command = pytest.mark.parametrize("command", COMMANDS)


def _is_in_words(result: Result) -> None:
    """What holds of every run: an exit code of ours, no trace, and a diagnostic where it failed."""
    told = result.out + result.err
    assert result.code in (0, 1, 3), told
    assert "Traceback" not in told
    assert "internal-error" not in told
    assert "hostile-token" not in told
    assert result.code in (0, 3) or re.search(
        r"error: |\"severity\": \"error\"| failed|unknown|cannot be read|is not found|` differs in `", told
    ), told
    told.encode()


@every_command
@pytest.mark.parametrize("name", REPLIES)
def test_a_hostile_reply_gives_a_diagnostic(site: Site, command: str, name: str) -> None:
    result = site.run(command, _to_data(REPLIES[name]))
    _is_in_words(result)
    is_told = command in TELLING and re.search("cannot be read|is not found", result.out + result.err)
    assert result.code == 1 or is_told or (command == "state orphans" and name in SOUND), result.out


@pytest.mark.parametrize("name", ["50,000 brackets", "null", "garbage", "404 of another server"])
def test_the_request_is_named(site: Site, name: str) -> None:
    assert "/data/foundation/" in site.run("plan", _to_data(REPLIES[name])).err


@pytest.mark.parametrize("name", ["404 of a web page", "404 of another server"])
def test_a_404_that_is_not_the_platforms_makes_nothing_count_as_missing(site: Site, name: str) -> None:
    def answer(asked: Asked) -> Answer:
        return REPLIES[name] if re.search("/(flows|dataSets|connections)", asked.target) else None

    result = site.run("plan", answer)
    assert (result.code, "will be created" in result.out) == (1, False)


def test_batches_that_cannot_be_read_are_not_none(site: Site) -> None:
    """A dataset is deleted only where the platform says that it is empty."""
    for body in ("", "null", "[]", "7", '"x"'):

        def answer(asked: Asked, body: str = body) -> Answer:
            return reply(body) if asked.path.endswith("/batches") else None

        result = site.run("plan --destroy", answer)
        assert (result.code, "unexpected-reply" in result.err) == (1, True), body


# Headers on replies that are good: nothing is lost by them.

HEADERS: dict[str, bytes] = {
    "Via in Latin-1": "Via: 1.1 Société-proxy".encode("latin-1"),
    "Via in UTF-8": "Via: 1.1 Société-proxy".encode(),
    "an etag of bytes": b"ETag: \xff\xfe",
    "an unknown charset": b"Content-Type: application/json; charset=\xff\xfe",
    "a charset that is no charset": b"Content-Type: application/json; charset=zlib",
    "a content type of bytes": b"Content-Type: \xff",
    "Retry-After on success": b"Retry-After: 1e400",
    "a date that is none": b"Date: \xff",
    "the year 9999": b"Date: Fri, 31 Dec 9999 23:59:59 GMT",
    "a cookie of bytes": b"Set-Cookie: \xff=\xff; expires=Fri, 99 Dec 99999",
    "a location": b"Location: http://[",
    "a name of signs": b"X!#$%&'*+-.^_`|~: 1",
    "a thousand headers": b"\r\n".join([b"X-A: a"] * 1000),
}


def _with(header: bytes, upstream: str) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        status, reason, _, content = ask(upstream, asked)
        return reply(content, header, status=f"{status} {reason}".encode())

    return answer


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_of_any_bytes_does_no_harm(site: Site, name: str) -> None:
    result = site.run("plan as JSON", _with(HEADERS[name], site.upstream))
    assert (result.code, result.json["changes"]) == (0, [])


@pytest.mark.parametrize("padding", [b"", bytes(512)], ids=["alone", "padded"])
@pytest.mark.parametrize("members", [1, 2, 50])
def test_a_gzip_body_of_several_members_is_read_whole(site: Site, members: int, padding: bytes) -> None:
    def answer(asked: Asked) -> Answer:
        status, _, _, content = ask(site.upstream, asked)
        size = len(content) // members + 1
        parts = [content[start : start + size] for start in range(0, len(content), size)]
        packed = b"".join(map(gzip.compress, parts)) + padding
        return reply(packed, b"Content-Encoding: gzip", status=b"%d Done" % status)

    assert site.run("plan as JSON", answer).json["changes"] == []


@pytest.mark.parametrize("coding", [b"gzip", b"deflate", b"x-gzip", b"raw deflate", b"identity", b"GZIP"])
def test_a_packed_reply_is_read(site: Site, coding: bytes) -> None:
    def answer(asked: Asked) -> Answer:
        status, _, _, content = ask(site.upstream, asked)
        raw = zlib.compressobj(wbits=-15)
        packed = {
            b"deflate": zlib.compress(content),
            b"raw deflate": raw.compress(content) + raw.flush(),
            b"identity": content,
        }.get(coding, gzip.compress(content))
        return reply(packed, b"Content-Encoding: " + coding.removeprefix(b"raw "), status=b"%d Done" % status)

    assert site.run("plan as JSON", answer).json["changes"] == []


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-32"])
def test_json_in_another_encoding_of_unicode_is_read(site: Site, coding: str) -> None:
    def answer(asked: Asked) -> Answer:
        status, _, _, content = ask(site.upstream, asked)
        return reply(content.decode().encode(coding), status=b"%d Done" % status)

    assert site.run("plan as JSON", answer).json["changes"] == []


@pytest.mark.parametrize("name", ["Via in Latin-1", "an unknown charset", "a cookie of bytes"])
def test_a_write_whose_reply_has_odd_headers_is_done_and_recorded(new_site: Site, name: str) -> None:
    new_site.server.answer = _with(HEADERS[name], new_site.upstream)
    result = new_site.workspace.run("apply", "--auto-approve", *QUICK)
    assert (result.code, "unknown" in result.out) == (0, False), result.out


@pytest.mark.parametrize("name", ["not JSON", "50,000 brackets", "garbage", "gzip that is none", "br", "204", "null"])
def test_a_creation_with_an_unreadable_reply_is_looked_up(new_site: Site, name: str) -> None:
    """The platform does the work, and its reply is lost to nonsense once: it is found and recorded, and made once."""
    garbled: list[str] = []

    def answer(asked: Asked) -> Answer:
        if asked.method == "POST" and asked.path.endswith("/sourceConnections") and not garbled:
            garbled.append(asked.path)
            ask(new_site.upstream, asked)
            return REPLIES[name]
        return None

    new_site.server.answer = answer
    result = new_site.workspace.run("apply", "--auto-approve", "--read-timeout", "1", "--retry-budget", "2")
    assert (result.code, garbled) == (0, ["/data/foundation/flowservice/sourceConnections"]), result.out + result.err
    new_site.server.answer = lambda _: None
    assert new_site.workspace.run("state", "orphans", "--format", "json").json["orphans"] == []
    assert new_site.workspace.plan().json["changes"] == []


# Values inside replies that are good otherwise.

_NESTED: Any = None
for _ in range(300):
    _NESTED = [_NESTED]
ODD = (None, 0, "", [], {}, "x", True, [None], {"a": None}, _NESTED, "\x00\n\x1b[31m", "\ud800", 10**300, ["a", "b"])


@every_command
@pytest.mark.parametrize("turn", range(5))
def test_an_odd_value_anywhere_is_no_crash(site: Site, command: str, turn: int) -> None:
    """Every reply of the run has another value somewhere; which one follows from the numbers of turn and request."""
    numbers = count(turn * 37 + len(command))

    def answer(asked: Asked) -> Answer:
        number = next(numbers)
        if asked.is_for_a_token or asked.is_a_write or number % 4 == 3:
            return None
        status, _, headers, content = ask(site.upstream, asked)
        body = json.loads(content)
        inside = sorted(places(body), key=len)
        place = inside[number * 7919 % len(inside)]
        etag = headers.get("ETag", "").encode()
        changed = json.dumps(with_value(body, place, ODD[(number + turn) % len(ODD)]))
        return reply(changed, *([b"ETag: " + etag] if etag else []), status=b"%d Done" % status)

    # Only what reads: an apply of odd values could do what they say.
    read = {"apply": "plan", "destroy": "plan --destroy"}.get(command, command)
    _is_in_words(site.run(read, answer))


def _items_with(site: Site, collection: str, **members: Any) -> Callable[[Asked], Answer]:
    """What the platform says, but for these members of the items of one collection."""

    def answer(asked: Asked) -> Answer:
        if asked.is_for_a_token or asked.is_a_write or not asked.path.endswith(f"/{collection}"):
            return None
        body = json.loads(ask(site.upstream, asked)[3])
        return reply(json.dumps({**body, "items": [{**item, **members} for item in body["items"]]}))

    return answer


@pytest.mark.parametrize("command", ["plan", "plan as JSON", "show a flow"])
def test_half_a_surrogate_pair_is_replaced_and_can_be_printed(site: Site, command: str) -> None:
    result = site.run(command, _items_with(site, "flows", description="half \ud800 a pair"))
    assert result.code == 0
    result.out.encode()
    assert "half \ufffd a pair" in result.out or "half \\ufffd a pair" in result.out


@pytest.mark.parametrize("command", ["plan", "plan as JSON", "plan --destroy"])
def test_a_value_nested_too_deep_is_told_with_its_request(site: Site, command: str) -> None:
    nested: Any = "end"
    for _ in range(150):
        nested = {"a": [nested]}
    result = site.run(command, _items_with(site, "sourceConnections", params={"path": nested}))
    assert (result.code, "/sourceConnections is not what Adobe's API describes" in result.out + result.err) == (1, True)


def test_a_small_body_that_unpacks_to_a_large_one_is_never_held_whole() -> None:
    packed = gzip.compress(bytes(200 * 2**20), compresslevel=9)
    streamed = httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(packed))
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            received(Request(method="GET", path="/data/a"), streamed, largest=2**20)
        assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    finally:
        tracemalloc.stop()


# Tokens.

TOKENS: dict[str, Answer] = {
    "200,000 brackets": reply(VERY_DEEP),
    "expires_in beyond a float": reply(b'{"access_token": "hostile-token", "expires_in": 1e400}'),
    "expires_in of 400 digits": reply(b'{"access_token": "hostile-token", "expires_in": ' + b"9" * 400 + b"}"),
    "expires_in of 10,000 digits": reply(b'{"access_token": "hostile-token", "expires_in": ' + b"9" * 10_000 + b"}"),
    "expires_in NaN": reply(b'{"access_token": "hostile-token", "expires_in": NaN}'),
    "expires_in negative": token("hostile-token", "-1"),
    "expires_in null": token("hostile-token", "null"),
    "expires_in true": token("hostile-token", "true"),
    "expires_in in words": token("hostile-token", '"soon"'),
    "expires_in nan in words": token("hostile-token", '"nan"'),
    "expires_in a list": token("hostile-token", "[]"),
    "a list": reply(b"[]"),
    "null": reply(b"null"),
    "no JSON": reply(b"hostile-token"),
    "an empty token": token(""),
    "a token with a line break": token("hostile-token\n"),
    "a token with a header in it": token("hostile-token\r\nX-A: b"),
    "a token with a control character": token("hostile-\x00token"),
    "a token outside ASCII": token("hostile-tökén"),
    "half a surrogate pair": reply(b'{"access_token": "hostile-token\\ud800"}'),
    "a token with blanks": token(" hostile-token "),
    "a token of two words": token("hostile token"),
    "a token of a megabyte": token("hostile-token" * 80_000),
    "a token that is a number": reply(b'{"access_token": 7}'),
    "bytes in a header": reply(b"[]", b"Via: \xff"),
    "garbage": b"hostile-token",
    "gzip that is none": reply(b"hostile-token", b"Content-Encoding: gzip"),
}


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize("command", ["plan", "state orphans", "apply"])
def test_a_token_that_cannot_be_used_is_refused_and_not_shown(site: Site, command: str, name: str) -> None:
    result = site.run(command, lambda asked: TOKENS[name] if asked.is_for_a_token else reply())
    _is_in_words(result)
    assert (result.code, "ims/token/v3" in result.err) == (1, True), result.err
    assert "hostile" not in result.out + result.err


@pytest.mark.parametrize("lifetime", ["1", "0.001", "86399", '"86399"', "1e300", "9" * 300])
def test_a_lifetime_that_a_clock_can_count_is_taken(site: Site, lifetime: str) -> None:
    def answer(asked: Asked) -> Answer:
        return token("local-token", lifetime) if asked.is_for_a_token else None

    assert site.run("plan as JSON", answer).json["changes"] == []


@pytest.mark.parametrize("status", [b"404 Not Found", b"405 No", b"410 Gone", b"302 Found", b"204 Nothing", b"501 No"])
def test_a_wrong_token_address_does_not_blame_the_credentials(site: Site, status: bytes) -> None:
    body = b"" if status.startswith(b"204") else b'{"message": "odd"}'
    result = site.run("plan", lambda asked: reply(body, status=status) if asked.is_for_a_token else reply())
    assert (result.code, "credentials" in result.err, "clientSecret" in result.err) == (1, False, False), result.err
    assert re.search(r"tokenUrl|the endpoint", result.err)


def test_a_token_service_that_fails_is_not_blamed_on_the_credentials(site: Site) -> None:
    result = site.run("plan", lambda asked: reply(status=b"503 Down") if asked.is_for_a_token else reply())
    assert (result.code, "Run the command again later" in result.err, "clientSecret" in result.err) == (1, True, False)


# Lists.


def _query(asked: Asked) -> dict[str, list[str]]:
    return parse_qs(asked.target.partition("?")[2])


def _flows(*, items: str = "", link: str = "") -> bytes:
    linked = f'{{"next": {{"href": "{link}"}}}}' if link else "{}"
    return reply(f'{{"items": [{items}], "_links": {linked}}}')


def _item(number: int) -> str:
    return f'{{"id": "{number:08d}-0000-4000-8000-000000000000"}}'


_numbers = count()
LISTS: dict[str, Callable[[Asked], bytes]] = {
    "always a new token and no items": lambda _: _flows(link=f"/x?continuationToken={next(_numbers)}"),
    "the same token": lambda _: _flows(items=_item(next(_numbers)), link="/x?continuationToken=same"),
    "tokens in a circle": lambda asked: _flows(
        items=_item(next(_numbers)),
        link=f"/x?continuationToken={(int(_query(asked).get('continuationToken', ['0'])[0]) + 1) % 3}",
    ),
    "the same items under new tokens": lambda _: _flows(items=_item(1), link=f"/x?continuationToken={next(_numbers)}"),
    "always a new token and new items": lambda _: _flows(
        items=_item(next(_numbers)), link=f"/x?continuationToken={next(_numbers)}"
    ),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("command", ["state orphans", "state repair"])
def test_a_list_without_an_end_ends(site: Site, monkeypatch: pytest.MonkeyPatch, command: str, name: str) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 30)
    result = site.run(command, lambda asked: token() if asked.is_for_a_token else LISTS[name](asked))
    assert (result.code, "[endless-list]" in result.err) == (1, True), result.err
    assert "/data/foundation/flowservice/flows" in result.err


def test_the_bound_on_pages_is_far_above_any_list_and_below_for_ever() -> None:
    assert 500 <= paging.MOST_PAGES <= 5_000


@pytest.mark.parametrize("collection", ["dataSets", "schemas", "mappingSets"])
def test_a_list_by_offset_that_never_gets_shorter_ends(new_site: Site, collection: str) -> None:
    """Catalog, the registry and Data Prep page in three other ways; all give one full page again and again."""
    names = range(100)
    schemas = [{"$id": f"https://ns.adobe.com/local/schemas/{number:048x}", "allOf": []} for number in names]
    full = {
        "dataSets": json.dumps({f"{number:024x}": {"name": "x"} for number in names}),
        "schemas": json.dumps({"results": schemas, "_page": {"next": "x"}}),
        "mappingSets": json.dumps({"data": [{"id": f"{number:032x}", "version": 0} for number in names]}),
    }[collection]
    asked_for: list[str] = []

    def answer(asked: Asked) -> Answer:
        if asked.path.endswith(f"/{collection}") and asked.method == "GET":
            asked_for.append(asked.target)
            return reply(full)
        if asked.is_a_write and asked.path.endswith(f"/{collection}"):
            return reply(b"lost")
        return None

    new_site.workspace.edit("pipelines/hubspot-contacts.yaml", "  title: HubSpot contacts", "  title: 'A, B'")
    if collection == "schemas":
        new_site.workspace.edit("schemas/crm-contact.yaml", "title: ", "title: it's ")
    new_site.server.answer = answer
    command = "apply" if collection == "mappingSets" else "state repair"
    result = new_site.workspace.run(*COMMANDS[command], *QUICK)
    # What a look after a lost creation came upon is told in the words of that creation.
    assert (result.code, "endless-list" in result.err) == (1, collection != "mappingSets"), result.out + result.err
    assert 1 < len(asked_for) < 60


@pytest.mark.parametrize(
    "link", ["http://127.0.0.2:9/x?continuationToken=t", "https://evil.example/?continuationToken=t"]
)
def test_a_link_to_another_host_is_not_followed(site: Site, link: str) -> None:
    seen: list[str] = []

    def answer(asked: Asked) -> Answer:
        if asked.is_for_a_token:
            return token()
        seen.append(asked.headers["host"])
        return _flows(link="" if "continuationToken" in asked.target else link)

    assert site.run("state orphans", answer).code == 0
    assert set(seen) == {site.server.url.removeprefix("http://")}


def test_a_list_of_two_pages_is_read_whole(site: Site) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.is_for_a_token:
            return token()
        if asked.path.endswith("/sourceConnections"):
            second = "continuationToken" in asked.target
            return _flows(items=_item(2 if second else 1), link="" if second else "/x?continuationToken=t")
        return _flows()

    result = site.run("state orphans", answer, "--format", "json")
    assert len(result.json["orphans"]) == 2


# Values of replies that have to be sent back.


@pytest.mark.parametrize("etag", ['"a"\n', "\x00", "é", " a", "a" * 100_000, {"a": 1}, 7])
def test_an_etag_that_no_header_can_hold_is_refused(site: Site, etag: object) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/flows") and asked.method == "GET":
            _, _, _, content = ask(site.upstream, asked)
            body = json.loads(content)
            return reply(json.dumps({**body, "items": [{**item, "etag": etag} for item in body["items"]]}))
        return None

    result = site.run("plan", answer)
    assert (result.code, "unexpected-reply" in result.err) == (1, True)


# Live specs.


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "SERVER/schema.json"},
        {"$ref": "#"},
        {"$ref": "#/nowhere"},
        {"$schema": []},
        {"properties": {"startTime": {"multipleOf": 0}}},
        {"properties": {"startTime": {"pattern": "("}}},
        {"properties": 5},
        {"enum": {}},
    ],
    ids=str,
)
def test_a_schema_that_cannot_be_used_is_told(site: Site, schema: dict[str, object]) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path.endswith("/flowSpecs"):
            _, _, _, content = ask(site.upstream, asked)
            body = json.loads(content)
            for item in body["items"]:
                item["scheduleSpec"] = {"name": "x", "spec": schema}
            return reply(json.dumps(body).replace("SERVER", site.server.url))
        return None

    result = site.run("plan", answer)
    _is_in_words(result)
    assert not any("schema.json" in asked.target for asked in site.server.asked), "a reference was followed"
