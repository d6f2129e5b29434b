"""The client against a platform that misbehaves: redirects, TLS, size, tokens, budgets, and what an error tells."""

import datetime
import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from fault_proxy import NONE, Asked, Effect, FaultProxy, answered, dropped_after, dropped_before, proxied, web_page
from surroundings import Platform

from flowctl.aep.auth import Credentials
from flowctl.aep.client import Client, ClientSettings
from flowctl.aep.retry import retry_policy
from flowctl.model.errors import PlatformError, Refused, Unreachable
from flowctl.model.request import Request
from flowctl.model.resource import Sensitive

READ = Request(method="GET", path="/data/foundation/flowservice/flows")
DELETE = Request(method="DELETE", path="/data/foundation/flowservice/flows/x")
CREATE = Request(method="POST", path="/data/foundation/flowservice/connections", body={}, repeatable=False)
_MIB = b"x" * 1024 * 1024


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.fixture
def connect(proxy: FaultProxy) -> Iterator[Callable[..., Client]]:
    opened: list[Client] = []

    def client(
        endpoint: str = "", *, budget: float = 1.0, run_budget: float = 60.0, read_timeout: float = 10.0
    ) -> Client:
        credentials = Credentials(
            token_url=f"{proxy.url}/ims/token/v3",
            client_id="local-client",
            client_secret=Sensitive(value="local-secret", variable=""),
            scopes=("openid",),
        )
        settings = ClientSettings(
            endpoint=endpoint or proxy.url,
            organization="LOCAL@AdobeOrg",
            sandbox="dev",
            credentials=credentials,
            read_timeout=read_timeout,
            retry=retry_policy(budget, run_budget),
        )
        opened.append(Client(settings))
        return opened[-1]

    yield client
    for one in opened:
        one.close()


def _data(effect: Effect, *, times: int = 1_000_000) -> tuple[Callable[[Asked], Effect], list[Asked]]:
    """A script that breaks the first requests for data, and the list of all that came."""
    asked: list[Asked] = []

    def script(one: Asked) -> Effect:
        if one.path.startswith("/ims/"):
            return NONE
        asked.append(one)
        return effect if len(asked) <= times else NONE

    return script, asked


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("request_", [READ, CREATE], ids=["GET", "POST"])
def test_redirects_are_refused(
    proxy: FaultProxy, connect: Callable[..., Client], status: int, request_: Request
) -> None:
    proxy.script, asked = _data(answered(status, Location="http://localhost:9/elsewhere"))
    with pytest.raises(Refused) as caught:
        connect().send(request_)
    assert caught.value.status == status
    assert caught.value.maybe_done, "a redirect does not say that nothing was done"
    assert "does not follow redirects" in caught.value.diagnostics[0].hint
    assert len(asked) == 1


def test_a_certificate_that_nobody_vouches_for_is_refused(connect: Callable[..., Client]) -> None:
    """Without a certificate at all the handshake fails too; what counts is that TLS is asked for and checked."""
    client = connect("https://127.0.0.1:9")
    transport = client._connections._transports["https", b"127.0.0.1:9"]
    context = transport._maker._ssl_context  # type: ignore[attr-defined]
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


@pytest.mark.parametrize("compressed", [False, True])
def test_the_size_of_a_reply_is_capped(proxy: FaultProxy, connect: Callable[..., Client], compressed: bool) -> None:
    body = b"".join(_MIB for _ in range(65))
    headers = {"Content-Type": "application/json"}
    if compressed:
        body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
    proxy.script, _ = _data(Effect(forwarded=False, answer=(200, headers, body)))
    with pytest.raises(Refused, match="larger than 64 MiB"):
        connect().send(READ)


def test_the_size_of_a_token_reply_is_capped(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script = lambda _asked: Effect(forwarded=False, answer=(200, {}, b"".join(_MIB for _ in range(65))))
    with pytest.raises(Refused, match="larger than 64 MiB"):
        connect().send(READ)


def test_a_body_that_cannot_be_unpacked_is_no_crash(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    broken = (200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"not gzip")
    proxy.script, asked = _data(Effect(forwarded=False, answer=broken))
    with pytest.raises(Unreachable):
        connect(budget=0.1).send(READ)
    assert len(asked) > 1


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff\xfe", b"<html>"])
def test_a_body_that_is_no_json_is_told(proxy: FaultProxy, connect: Callable[..., Client], body: bytes) -> None:
    proxy.script, _ = _data(Effect(forwarded=False, answer=(200, {"Content-Type": "application/json"}, body)))
    with pytest.raises(Refused) as caught:
        connect().send(READ)
    assert caught.value.maybe_done


def test_a_body_that_is_no_json_is_shown(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    body = (200, {"Content-Type": "application/json"}, b"no luck today")
    proxy.script, _ = _data(Effect(forwarded=False, answer=body))
    with pytest.raises(Refused) as caught:
        connect().send(READ)
    (problem,) = caught.value.diagnostics
    assert "Expected JSON, found" in problem.detail
    assert "no luck today" in problem.detail


def test_a_refused_token_is_renewed_once_for_all_threads(
    proxy: FaultProxy, platform: Platform, connect: Callable[..., Client]
) -> None:
    tokens: list[str] = []
    mutex = threading.Lock()
    expired: set[str] = set()

    client = connect()
    client.send(READ)
    expired.add(client._tokens.token())
    platform.clear_log()
    barrier = threading.Barrier(8)

    def script(asked: Asked) -> Effect:
        if asked.path.startswith("/ims/"):
            with mutex:
                tokens.append(asked.path)
            return NONE
        with mutex:
            is_first = len(waiting) < 8
            waiting.append(asked)
        if is_first:
            barrier.wait(10)
            return answered(401)
        return NONE

    waiting: list[Asked] = []
    proxy.script = script
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: client.send(READ), range(8)))
    assert {reply.status for reply in replies} == {200}
    assert len(tokens) == 1


def test_a_token_that_stays_refused_is_an_error(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script, asked = _data(answered(401))
    with pytest.raises(Refused) as caught:
        connect().send(CREATE)
    assert caught.value.status == 401
    assert not caught.value.maybe_done
    assert len(asked) == 2


@pytest.mark.parametrize("effect", [answered(503), answered(429), dropped_before(), dropped_after()])
def test_a_token_is_asked_for_again(proxy: FaultProxy, connect: Callable[..., Client], effect: Effect) -> None:
    broken = iter([effect])
    proxy.script = lambda asked: next(broken, NONE) if asked.path.startswith("/ims/") else NONE
    assert connect().send(READ).status == 200


def test_without_a_token_nothing_was_done(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script = lambda _asked: answered(503)
    with pytest.raises(PlatformError) as caught:
        connect(budget=0.1).send(CREATE)
    assert not caught.value.maybe_done


def test_without_a_connection_nothing_was_done(connect: Callable[..., Client]) -> None:
    with pytest.raises(Unreachable) as caught:
        connect("http://127.0.0.1:9", budget=0.1).send(CREATE)
    assert not caught.value.maybe_done
    assert not caught.value.timed_out


@pytest.mark.parametrize(
    ("effect", "maybe_done"),
    [
        (answered(400), False),
        (answered(404), False),
        (answered(409), False),
        (answered(412), False),
        (answered(429), False),
        (answered(408), True),
        (answered(500), True),
        (answered(503), True),
        (answered(504), True),
        (web_page(), True),
        (dropped_before(), True),
        (dropped_after(), True),
        (Effect(cut=True), True),
    ],
)
def test_an_error_tells_whether_a_creation_may_have_been_done(
    proxy: FaultProxy, connect: Callable[..., Client], effect: Effect, maybe_done: bool
) -> None:
    proxy.script, asked = _data(effect)
    with pytest.raises(PlatformError) as caught:
        connect(budget=0.05).send(CREATE)
    assert caught.value.maybe_done is maybe_done
    status = effect.answer[0] if effect.answer else None
    assert len(asked) == 1 or status == 429, "a creation is never sent blindly again"


def test_a_refusal_after_a_lost_reply_does_not_say_that_nothing_was_done(
    proxy: FaultProxy, connect: Callable[..., Client]
) -> None:
    effects = iter([dropped_after(), answered(412)])
    proxy.script = lambda asked: NONE if asked.path.startswith("/ims/") else next(effects)
    with pytest.raises(Refused) as caught:
        connect().send(DELETE)
    assert caught.value.status == 412
    assert caught.value.maybe_done


def test_one_request_waits_no_longer_than_its_budget(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script, asked = _data(answered(503, Retry_After="2"))
    started = time.monotonic()
    with pytest.raises(Refused):
        connect(budget=1.0).send(READ)
    assert time.monotonic() - started < 1.0
    assert len(asked) == 1


def test_a_run_waits_no_longer_than_its_budget(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script, asked = _data(answered(503, Retry_After="0.2"))
    client = connect(budget=60.0, run_budget=0.5)
    for _ in range(2):
        with pytest.raises(Refused):
            client.send(READ)
    assert len(asked) == 3 + 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(proxy: FaultProxy, connect: Callable[..., Client], status: int) -> None:
    proxy.script, _ = _data(answered(status, Retry_After="0.4"), times=1)
    started = time.monotonic()
    connect(budget=5).send(READ)
    assert time.monotonic() - started >= 0.4


def test_retry_after_may_be_a_date(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    when = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)
    proxy.script, _ = _data(answered(503, Retry_After=when.strftime("%a, %d %b %Y %H:%M:%S GMT")), times=1)
    connect(budget=5).send(READ)
    assert datetime.datetime.now(datetime.UTC) >= when.replace(microsecond=0)


def test_a_slow_reply_is_a_time_out(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script, _ = _data(Effect(held=True))
    with pytest.raises(Unreachable) as caught:
        connect(read_timeout=0.2).send(CREATE)
    assert caught.value.timed_out
    assert caught.value.maybe_done


@pytest.mark.parametrize("effect", [web_page(), Effect(forwarded=False, answer=(200, {}, b"{"))], ids=["page", "cut"])
def test_a_read_that_is_answered_with_nonsense_is_repeated(
    proxy: FaultProxy, connect: Callable[..., Client], effect: Effect
) -> None:
    proxy.script, asked = _data(effect, times=1)
    assert connect().send(READ).status == 200
    assert len(asked) == 2


def test_a_login_page_that_stays_is_told_soon(proxy: FaultProxy, connect: Callable[..., Client]) -> None:
    proxy.script, asked = _data(web_page())
    with pytest.raises(Refused, match="is a web page"):
        connect().send(READ)
    assert len(asked) == 3
