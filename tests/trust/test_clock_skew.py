"""Clocks that are wrong, that jump or that nobody can read: a creation whose reply was lost is never made twice."""

import json
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path

import pytest
from fault_cells import COLLECTIONS, hit_once
from fault_proxy import NONE, Asked, Effect, FaultProxy, answered, dropped_after, proxied
from fault_workspace import PATIENCE, Ended, FaultWorkspace, Pipeline, Seen, counted, what_is_wrong
from surroundings import Platform

SKEWED = Path(__file__).parents[1] / "faults" / "skewed_driver.py"
OFFSETS = (-86_400, -900, 0, 900, 86_400)
_APPLY = ("apply", "--auto-approve")
_EVERY = tuple(COLLECTIONS.values())


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


@pytest.fixture
def seen(platform: Platform) -> Seen:
    return Seen(platform.http)


@pytest.fixture
def workspace(proxy: FaultProxy, tmp_path: Path) -> FaultWorkspace:
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    return workspace


def _moved(seen: Seen, seconds: int) -> None:
    seen.control("POST", "clock", advanceSeconds=seconds)


def _rewriting(*, date: str | None, **more: str) -> Callable[[dict[str, str]], dict[str, str]]:
    """Headers with this date, or with none."""

    def rewritten(headers: dict[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in headers.items() if name.lower() != "date"}
        return kept | ({"Date": date} if date is not None else {}) | more

    return rewritten


def _unanswered(proxy: FaultProxy, collection: str) -> None:
    """The POST to a collection is done and its reply lost, and after that nothing more is answered there."""
    gone = False

    def script(asked: Asked) -> Effect:
        nonlocal gone
        gone = gone or (asked.method == "POST" and asked.collection == collection)
        return dropped_after() if gone and asked.collection == collection else NONE

    proxy.script = script


# --- A clock that is off by the same all the time


@pytest.mark.parametrize("offset", OFFSETS)
def test_every_lost_reply_is_recovered_with_the_platforms_clock_off(
    offset: int, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    _moved(seen, offset)
    hits = hit_once(proxy, dropped_after(), ("POST",), _EVERY)
    ended = workspace.patiently(*_APPLY)
    assert hits() == len(_EVERY)
    assert ended.code == 0, ended.text
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []
    assert max(counted(seen).values()) == 1


@pytest.mark.parametrize("offset", OFFSETS)
def test_every_lost_reply_is_recovered_with_the_local_clock_off(
    offset: int, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    hit_once(proxy, dropped_after(), ("POST",), _EVERY)
    ended = workspace.ended(*_APPLY, *PATIENCE, program=SKEWED, LOCAL_CLOCK_SECONDS=str(offset))
    assert ended.code == 0, ended.text
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []


@pytest.mark.parametrize("offset", OFFSETS)
def test_the_smallest_case(offset: int, platform: Platform, tmp_path: Path, seen: Seen) -> None:
    """As it was found: the clock through the control plane, the lost reply through the emulator's own faults."""
    workspace = FaultWorkspace(tmp_path, platform.url, {"only": Pipeline("only")})
    workspace.save()
    _moved(seen, offset)
    flows = {"method": "POST", "path": "/data/foundation/flowservice/flows"}
    seen.control("POST", "faults", match=flows, nth=1, times=1, effect={"drop": "after"})
    assert workspace.run("apply", "--auto-approve").code == 0
    assert what_is_wrong(workspace, seen) == []


_OTHERS = tuple(collection for collection in _EVERY if collection != "flows")


@pytest.mark.parametrize(
    ("collection", "first", "then"),
    [
        *(("flows", first, then) for first in OFFSETS for then in (-86_400, 0, 86_400)),
        *((collection, *clocks) for collection in _OTHERS for clocks in ((86_400, -86_400), (-900, 0))),
    ],
)
def test_an_interrupted_run_is_resumed_on_a_machine_with_another_clock(
    first: int, then: int, collection: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    _unanswered(proxy, collection)
    ended = workspace.ended(*_APPLY, *PATIENCE, program=SKEWED, LOCAL_CLOCK_SECONDS=str(first))
    assert ended.code == 1, ended.text
    proxy.script = lambda _asked: NONE
    pending = json.loads(workspace.lockfile_path.read_text())["pending"]
    assert [intent["measured"] for intent in pending] == [True]
    again = workspace.ended(*_APPLY, *PATIENCE, program=SKEWED, LOCAL_CLOCK_SECONDS=str(then))
    assert again.code == 0, again.text
    assert "the interrupted run created" in again.err
    assert what_is_wrong(workspace, seen) == []


# --- A clock that jumps, or cannot be read


@pytest.mark.parametrize("collection", ["flows", "sourceConnections", "targetConnections", "connections", "dataSets"])
@pytest.mark.parametrize("jump", [-86_400, -900])
def test_a_clock_that_goes_back_during_the_run_stops_it(
    jump: int, collection: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    back = Effect(before=lambda _asked: _moved(seen, jump), drop=True)
    hit_once(proxy, back, ("POST",), [collection])
    ended = workspace.patiently(*_APPLY)
    _stopped_with_a_way_out(ended, workspace, proxy, seen, collection)


@pytest.mark.parametrize("collection", _EVERY)
@pytest.mark.parametrize("jump", [900, 86_400])
def test_a_clock_that_goes_forward_during_the_run_does_no_harm(
    jump: int, collection: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    forward = Effect(before=lambda _asked: _moved(seen, jump), drop=True)
    hit_once(proxy, forward, ("POST",), [collection])
    assert workspace.patiently(*_APPLY).code == 0
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []


def test_mapping_sets_that_are_equal_are_as_good_as_each_other(
    workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    back = Effect(before=lambda _asked: _moved(seen, -86_400), drop=True)
    hit_once(proxy, back, ("POST",), ["mappingSets"])
    assert workspace.patiently(*_APPLY).code == 0
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []


_UNREADABLE = {
    "no date": None,
    "an empty date": "",
    "a word": "yesterday",
    "a number": "1700000000",
    "a day that is none": "Mon, 32 Nov 2026 10:00:00 GMT",
    "a year that is none": "Mon, 01 Jan 99999 10:00:00 GMT",
}


@pytest.mark.parametrize("date", _UNREADABLE)
@pytest.mark.parametrize("offset", [-86_400, -900])
def test_a_platform_that_is_behind_and_shows_no_date_stops_the_run(
    offset: int, date: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    _moved(seen, offset)
    proxy.rewritten = _rewriting(date=_UNREADABLE[date])
    hit_once(proxy, dropped_after(), ("POST",), ["flows"])
    _stopped_with_a_way_out(workspace.patiently(*_APPLY), workspace, proxy, seen, "flows")


@pytest.mark.parametrize("date", _UNREADABLE)
@pytest.mark.parametrize("offset", [0, 900, 86_400])
def test_a_platform_that_shows_no_date_is_as_good_as_the_local_clock(
    offset: int, date: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    _moved(seen, offset)
    proxy.rewritten = _rewriting(date=_UNREADABLE[date])
    hit_once(proxy, dropped_after(), ("POST",), ["flows"])
    assert workspace.patiently(*_APPLY).code == 0
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []


def test_a_date_that_is_ahead_of_the_stamps_stops_the_run(
    workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    """A gateway with another clock than the service behind it."""
    proxy.rewritten = _rewriting(date="Sat, 01 Jan 2050 00:00:00 GMT")
    hit_once(proxy, dropped_after(), ("POST",), ["flows"])
    _stopped_with_a_way_out(workspace.patiently(*_APPLY), workspace, proxy, seen, "flows")


def test_a_reply_that_a_cache_has_kept_tells_the_time_with_its_age(
    workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    two_days_old = formatdate(_platform_seconds(seen) - 172_800, usegmt=True)
    proxy.rewritten = _rewriting(date=two_days_old, Age="172800")
    hit_once(proxy, _made_by_others(seen, -3_600, drop=True, forwarded=True), ("POST",), ["connections"])
    assert workspace.patiently(*_APPLY).code == 0
    newest = max(_items(seen, "connections"), key=lambda item: item["createdAt"])
    assert workspace.entries["only.connection"]["id"] == newest["id"]


# --- Equal objects that nothing records


@pytest.mark.parametrize("offset", OFFSETS)
@pytest.mark.parametrize("collection", ["flows", "connections", "sourceConnections"])
def test_an_equal_object_that_seems_older_stops_the_run(
    collection: str, offset: int, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    _moved(seen, offset)
    hit_once(proxy, _made_by_others(seen, -3_600, drop=True, forwarded=False), ("POST",), [collection])
    _stopped_with_a_way_out(workspace.patiently(*_APPLY), workspace, proxy, seen, collection)


def test_none_of_the_objects_may_be_the_answer(workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen) -> None:
    hit_once(proxy, _made_by_others(seen, -3_600, drop=True, forwarded=False), ("POST",), ["connections"])
    assert workspace.patiently(*_APPLY).code == 1
    proxy.script = lambda _asked: NONE
    (foreign,) = seen.objects()["connection"]
    assert workspace.run("state", "settle", "only.connection", "none").code == 0
    assert "only.connection" not in workspace.entries
    assert foreign not in workspace.lockfile_path.read_text()
    assert "pending" not in json.loads(workspace.lockfile_path.read_text())


@pytest.mark.parametrize("collection", ["connections", "sourceConnections"])
def test_the_clock_tells_an_own_object_from_an_older_equal_one(
    collection: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    _moved(seen, -900)
    hit_once(proxy, _made_by_others(seen, -3_600, drop=True, forwarded=True), ("POST",), [collection])
    assert workspace.patiently(*_APPLY).code == 0
    stamps = {item["id"]: item["createdAt"] for item in _items(seen, collection)}
    recorded = {entry["id"] for entry in workspace.entries.values()}
    assert len(stamps) == 2
    assert {id_ for id_ in stamps if id_ in recorded} == {max(stamps, key=stamps.__getitem__)}


@pytest.mark.parametrize("collection", ["connections", "sourceConnections"])
def test_without_a_clock_an_own_object_is_not_told_from_an_older_equal_one(
    collection: str, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen
) -> None:
    proxy.rewritten = _rewriting(date=None)
    hit_once(proxy, _made_by_others(seen, -3_600, drop=True, forwarded=True), ("POST",), [collection])
    ended = workspace.patiently(*_APPLY)
    assert ended.code == 1
    assert "ambiguous-creation" in ended.text
    for item in _items(seen, collection):
        assert item["id"] in ended.text


def _made_by_others(seen: Seen, seconds: int, *, drop: bool, forwarded: bool) -> Effect:
    """Somebody else has made an equal object, so many seconds ago by the platform's clock."""

    def make(asked: Asked) -> None:
        _moved(seen, seconds)
        path = asked.path.removeprefix("/data/foundation")
        seen.request("POST", path, json=json.loads(asked.body)).raise_for_status()
        _moved(seen, -seconds)

    return Effect(before=make, drop=drop, forwarded=forwarded)


def _stopped_with_a_way_out(
    ended: Ended, workspace: FaultWorkspace, proxy: FaultProxy, seen: Seen, collection: str
) -> None:
    """The run stops, names the one object, makes nothing twice; the command that it names resolves it."""
    proxy.script = lambda _asked: NONE
    kind = next(kind for kind, name in COLLECTIONS.items() if name == collection)
    assert proxy.problems == []
    assert ended.code == 1, ended.text
    assert "ambiguous-creation" in ended.text
    (only,) = seen.objects()[kind]
    assert only in ended.text
    assert f"flowctl state settle only.{kind} {only}" in ended.text
    again = workspace.patiently(*_APPLY)
    assert again.code == 1
    assert "ambiguous-creation" in again.text
    assert set(seen.objects()[kind]) == {only}, "nothing is made in the meantime"
    settled = workspace.run("state", "settle", f"only.{kind}", only)
    assert settled.code == 0, settled.text
    proxy.rewritten = lambda headers: headers
    finished = workspace.patiently(*_APPLY)
    assert finished.code == 0, finished.text
    assert workspace.entries[f"only.{kind}"]["id"] == only
    assert what_is_wrong(workspace, seen) == []


def _items(seen: Seen, collection: str) -> list[dict[str, int]]:
    items: list[dict[str, int]] = seen.request("GET", f"/flowservice/{collection}").json()["items"]
    return items


def _platform_seconds(seen: Seen) -> float:
    reply = seen.http.post("/_emulator/clock", json={"advanceSeconds": 0})
    return float(reply.raise_for_status().json()["now"]) / 1000


# --- What else depends on the time


@pytest.mark.parametrize("offset", [-86_400, 86_400])
def test_whether_a_start_has_passed_is_decided_by_the_platforms_clock(
    offset: int, workspace: FaultWorkspace, seen: Seen
) -> None:
    """A schedule that has not begun on the platform is changed in place, whatever the local clock says."""
    assert workspace.patiently(*_APPLY).code == 0
    manifest = workspace.root / "manifests" / "only.yaml"
    text = manifest.read_text()
    start = int(_platform_seconds(seen)) + 43_200
    manifest.write_text(text.replace("2036-12-01T00:00:00Z", str(start)))
    assert workspace.patiently(*_APPLY).code == 0
    manifest.write_text(text.replace("2036-12-01T00:00:00Z", str(start + 3_600)))
    ended = workspace.ended("plan", "--format", "json", program=SKEWED, LOCAL_CLOCK_SECONDS=str(offset))
    changes = {change["address"]: change["action"] for change in json.loads(ended.out)["changes"]}
    assert changes == {"only.flow": "update"}


@pytest.mark.parametrize("year", ["2000", "2050"])
@pytest.mark.parametrize("path", ["/data/foundation/flowservice/flowSpecs", "/ims/token/v3"])
def test_a_date_to_try_again_is_compared_with_the_date_of_the_same_reply(
    path: str, year: str, workspace: FaultWorkspace, proxy: FaultProxy
) -> None:
    wait = answered(503, Date=f"Sat, 01 Jan {year} 00:00:00 GMT", Retry_After=f"Sat, 01 Jan {year} 00:00:01 GMT")
    hits = 0

    def script(asked: Asked) -> Effect:
        nonlocal hits
        hits += asked.path == path
        return wait if asked.path == path and hits == 1 else NONE

    proxy.script = script
    started = time.monotonic()
    ended = workspace.run("plan", "--retry-budget", "5")
    assert hits > 1
    assert ended.code == 0, ended.text
    assert time.monotonic() - started >= 1
