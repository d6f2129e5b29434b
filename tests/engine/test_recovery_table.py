"""What becomes of a write without a clear outcome: recorded intent x live objects -> outcome.

Every row runs the real settlement, creation and update over replies that the row gives.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from bench import Bench, lost, unsent
from kind_samples import World, client_of, edited
from surroundings import Platform

from flowctl.engine.execute.steps import steps_of
from flowctl.engine.observe.guards import blocked_deletions
from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_version
from flowctl.engine.recover.backoff import Backoff
from flowctl.kinds.kind import Update
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change, Reason
from flowctl.model.errors import OutcomeUnknown, PlatformError, Refused, StateError, UnclearReply, Unreachable
from flowctl.model.record import Intent, LockEntry
from flowctl.model.report import StepStatus
from flowctl.model.request import Reply, Request
from flowctl.model.resource import Lifecycle, OnDelete, RemoteObject, Sensitive
from flowctl.state.ledger import Ledger
from flowctl.state.local.journal_file import JournalFile
from flowctl.state.local.store import LocalStore
from flowctl.strict_json import NotJson, parse

NOW = 1_800_000_000_000
SENT = {"name": "a", "description": "d"}
OTHER = {"name": "a", "description": "another"}
ADDRESS = Address("it.connection")
HOUR = 3_600_000
MAPPING_SETS = KINDS["mapping_set"]


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@dataclass
class Shown:
    """A platform that holds these objects, and answers reads."""

    bodies: list[dict[str, Any]]
    date: bool = True

    asked: int = 0

    def __call__(self, request: Request) -> Reply:
        assert request.method == "GET", "settlement only reads"
        self.asked += 1
        headers = {"date": formatdate(NOW / 1000, usegmt=True)} if self.date else {}
        wanted = dict(request.query).get("property", "")
        ids = wanted.removeprefix("id==").split(",") if wanted.startswith("id==") else None
        found = [body for body in self.bodies if ids is None or body["id"] in ids]
        return Reply(
            status=200, headers=headers, body={"data": found} if "mappingSets" in request.path else {"items": found}
        )


def live(number: int, attributes: dict[str, Any] = SENT, *, ago: int = 0) -> dict[str, Any]:
    return {"id": uuid(number), "etag": f'"{number}"', "createdAt": NOW - ago, **attributes}


def entry(number: int | None, attributes: dict[str, Any] = SENT, **members: Any) -> LockEntry:
    return LockEntry(kind="connection", id=uuid(number) if number else "", applied=attributes, **members)


def opened(root: Path, platform: Send) -> Bench:
    """A bench whose ledger is new; its clock is not set yet."""
    return Bench(root, platform)


def outcome(bench: Bench) -> tuple[str, Any]:
    """In a word what settling did, and the ids that are recorded or named afterwards."""
    try:
        bench.settle()
    except StateError as error:
        text = " ".join(problem.detail for problem in error.diagnostics if problem.code == "ambiguous-creation")
        return "asks", [number for number in range(1, 9) if uuid(number) in text]
    assert bench.ledger.lockfile.pending == ()
    recorded = {address: found.id for address, found in bench.ledger.lockfile.entries.items()}
    return ("records", sorted(int(id_[-3:]) for id_ in recorded.values())) if recorded else ("forgets", [])


# how many equal creations were interrupted, what is live, whether the platform shows its time -> outcome
CREATIONS: dict[str, tuple[int, list[dict[str, Any]], bool, tuple[str, list[int]]]] = {
    "nothing": (1, [], True, ("forgets", [])),
    "one": (1, [live(1)], True, ("records", [1])),
    "one, without a clock": (1, [live(1)], False, ("records", [1])),
    "two": (1, [live(2), live(1)], True, ("asks", [1, 2])),
    "one of another content": (1, [live(1, OTHER)], True, ("forgets", [])),
    "one, and one of another content": (1, [live(2, OTHER), live(1)], True, ("records", [1])),
    "one that is older": (1, [live(1, ago=HOUR)], True, ("asks", [1])),
    "one that is older, without a clock": (1, [live(1, ago=HOUR)], False, ("asks", [1])),
    "one that is a little older": (1, [live(1, ago=HOUR // 10)], True, ("records", [1])),
    "one, and one that is older": (1, [live(2), live(1, ago=HOUR)], True, ("records", [2])),
    "one, and one that is older, without a clock": (1, [live(2), live(1, ago=HOUR)], False, ("asks", [1, 2])),
    "one, and one from the future": (1, [live(2, OTHER, ago=-HOUR), live(1, ago=HOUR)], True, ("asks", [1])),
    "one, one that is older, and one from the future": (
        1,
        [live(3, OTHER, ago=-HOUR), live(2), live(1, ago=HOUR)],
        True,
        ("asks", [1, 2]),
    ),
    "one that does not say when it was made": (1, [live(1) | {"createdAt": None}], True, ("records", [1])),
    "one that says nonsense": (1, [live(1) | {"createdAt": "yesterday"}], True, ("records", [1])),
    "nothing, two intents": (2, [], True, ("forgets", [])),
    "one, two intents": (2, [live(1)], True, ("records", [1])),
    "two, two intents": (2, [live(2), live(1)], True, ("records", [1, 2])),
    "three, two intents": (2, [live(3), live(2), live(1)], True, ("asks", [1, 2, 3])),
}


@pytest.mark.parametrize("row", CREATIONS)
def test_an_interrupted_creation(row: str, tmp_path: Path) -> None:
    intents, bodies, dated, expected = CREATIONS[row]
    bench = opened(tmp_path, Shown(bodies, date=dated))
    for number in range(intents):
        now = NOW if dated else None
        intent = bench.ledger.intend(Address(f"it-{number}.connection"), "create", entry(None), now=now)
        if not dated:
            assert not intent.measured
            _dated_back(bench, intent)
    assert outcome(bench) == expected


def _dated_back(bench: Bench, intent: Intent) -> None:
    """The journal's time is that of the machine, which is right here."""
    path = next(bench.root.glob("*.journal"))
    path.write_text(path.read_text().replace(f'"at": {intent.at}', f'"at": {NOW}'))


@pytest.mark.parametrize("where", ["recorded", "an old object of another address", "made by another kind's address"])
def test_what_is_recorded_is_not_what_an_intent_made(where: str, tmp_path: Path) -> None:
    bench = opened(tmp_path, Shown([live(1)]))
    if where == "recorded":
        bench.ledger.record(Address("else.connection"), entry(1))
    elif where == "an old object of another address":
        bench.ledger.record(Address("else.connection"), entry(2, deposed=(uuid(1),)))
    else:
        bench.ledger.record(Address("else.flow"), LockEntry(kind="flow", id=uuid(1)))
    bench.ledger.intend(ADDRESS, "create", entry(None), now=NOW)
    bench.settle()
    assert ADDRESS not in bench.ledger.lockfile.entries
    assert bench.ledger.lockfile.pending == ()


@pytest.mark.parametrize("gone_back", [0, 300_000])
def test_a_clock_that_has_gone_back_is_not_known(gone_back: int, tmp_path: Path) -> None:
    bench = opened(tmp_path, Shown([live(2, ago=-gone_back), live(1, ago=HOUR)]))
    bench.ledger.intend(ADDRESS, "create", entry(None), now=NOW + gone_back)
    assert outcome(bench) == (("records", [2]) if not gone_back else ("asks", [1, 2]))


@pytest.mark.parametrize(
    ("made", "expected"), [([], None), ([0], 1), ([0, 0], 2), ([HOUR], 1), ([24 * HOUR, 48 * HOUR], 2)]
)
def test_versions_of_mapping_sets_are_as_good_as_each_other(
    made: list[int], expected: int | None, tmp_path: Path
) -> None:
    mappings = [{"source": "a", "destination": "_id"}]
    sent = {"xdmSchema": "https://ns.adobe.com/local/schemas/1", "mappings": mappings}
    bodies = [
        {"id": f"{number:032}", "version": 0, "createdDate": NOW - ago, **sent}
        for number, ago in sorted(enumerate(made, start=1), reverse=True)
    ]
    bench = opened(tmp_path, Shown(bodies))
    address = Address("it.mapping_set")
    bench.ledger.intend(address, "create", LockEntry(kind="mapping_set", id="", applied=sent), now=NOW)
    bench.settle()
    found = bench.ledger.lockfile.entries.get(address)
    assert (int(found.id) if found else None) == expected


def test_a_settled_creation_keeps_old_objects_that_are_still_there(tmp_path: Path) -> None:
    bench = opened(tmp_path, Shown([live(3)]))
    bench.ledger.record(ADDRESS, entry(1, OTHER))
    bench.ledger.intend(ADDRESS, "create", entry(None, deposed=(uuid(1), uuid(2))), now=NOW)
    bench.settle()
    assert bench.ledger.lockfile.entries[ADDRESS].deposed == (uuid(1),)


def _backoff(waited: list[float]) -> Backoff:
    return Backoff(pause=lambda seconds: waited.append(seconds) is None, first=0.5, late=10.0, restart=3.0)


@pytest.mark.parametrize(
    ("measured", "elapsed", "wait"),
    [
        (True, 0, 3.0),
        (True, 1_500, 2.5),
        (True, 3_900, 0.1),
        (True, 4_000, None),
        (True, 24 * HOUR, None),
        (True, -24 * HOUR, 3.0),
        (False, 24 * HOUR, 3.0),
    ],
)
def test_a_young_write_of_an_interrupted_run_gets_its_time(measured: bool, elapsed: int, wait: float | None) -> None:
    """By the platform's clock; if that was not measured, by no clock at all."""
    waited: list[float] = []
    intent = Intent(nonce="n", address=ADDRESS, operation="create", entry=entry(None), at=NOW, measured=measured)
    assert _backoff(waited).since(intent, NOW + elapsed) is (wait is not None)
    assert waited == pytest.approx([] if wait is None else [wait])


def test_without_the_platforms_clock_a_write_gets_all_its_time() -> None:
    waited: list[float] = []
    intent = Intent(nonce="n", address=ADDRESS, operation="create", entry=entry(None), at=NOW, measured=True)
    assert _backoff(waited).since(intent, None)
    assert waited == [3.0]


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (UnclearReply([]), 10.0),
        (Unreachable([], timed_out=True), 10.0),
        (Unreachable([]), 0.5),
        (Refused([], status=504), 10.0),
        (Refused([], status=500), 0.5),
        (Refused([], status=429, retry_after=2.0), 2.0),
    ],
)
def test_what_may_still_be_at_work_gets_more_time_than_what_has_failed(error: PlatformError, wait: float) -> None:
    waited: list[float] = []
    assert _backoff(waited).after(error, 1)
    assert waited == [wait]


# --- Interrupted updates and deletions

OLD = {"auth.params.password": "old digest"}
NEW = {"auth.params.password": "new digest"}
# what is live of the object -> the attributes, secret digests and etag recorded afterwards
UPDATES: dict[str, tuple[list[dict[str, Any]], tuple[dict[str, Any], dict[str, str], str]]] = {
    "as it was": ([live(1, OTHER)], (OTHER, OLD, '"0"')),
    "as it was sent": ([live(1, SENT)], (SENT, OLD, '"1"')),
    "as neither": ([live(1, {"name": "c"})], (OTHER, OLD, '"0"')),
    "gone": ([], (OTHER, OLD, '"0"')),
}


@pytest.mark.parametrize("row", UPDATES)
def test_an_interrupted_update(row: str, tmp_path: Path) -> None:
    """A secret cannot be read back, so it keeps its old digest and is sent again by the next apply."""
    bodies, expected = UPDATES[row]
    bench = opened(tmp_path, Shown(bodies))
    bench.ledger.record(ADDRESS, entry(1, OTHER, secret_digests=OLD, etag='"0"'))
    bench.ledger.intend(ADDRESS, "update", entry(1, SENT, secret_digests=NEW, etag='"0"'), now=NOW)
    bench.settle()
    found = bench.ledger.lockfile.entries[ADDRESS]
    assert (found.applied, found.secret_digests, found.etag) == expected
    assert bench.ledger.lockfile.pending == ()


# the recorded id and old ids, the id that was being deleted, what is live -> the recorded id and old ids afterwards
DELETIONS: dict[str, tuple[tuple[int, tuple[int, ...]], int, list[int], tuple[int, tuple[int, ...]] | None]] = {
    "done": ((1, ()), 1, [], None),
    "not done": ((1, ()), 1, [1], (1, ())),
    "done to an old object": ((1, (2, 3)), 2, [1, 3], (1, (3,))),
    "not done to an old object": ((1, (2, 3)), 2, [1, 2, 3], (1, (2, 3))),
}


@pytest.mark.parametrize("row", DELETIONS)
def test_an_interrupted_deletion(row: str, tmp_path: Path) -> None:
    (current, old), deleted, there, expected = DELETIONS[row]
    bench = opened(tmp_path, Shown([live(number) for number in there]))
    bench.ledger.record(ADDRESS, entry(current, deposed=tuple(map(uuid, old))))
    bench.ledger.intend(ADDRESS, "delete", entry(deleted, {}), now=NOW)
    bench.settle()
    found = bench.ledger.lockfile.entries.get(ADDRESS)
    assert (found and (int(found.id[-3:]), tuple(int(id_[-3:]) for id_ in found.deposed))) == expected
    assert bench.ledger.lockfile.pending == ()


# --- Lost replies within a run


@pytest.fixture
def world(platform: Platform) -> Iterator[World]:
    with client_of(platform.url) as client:
        yield World(send=client.send)


@pytest.fixture
def bench(world: World, tmp_path: Path) -> Bench:
    return Bench(tmp_path, world.send)


every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_a_creation_whose_reply_is_lost_is_found_and_not_sent_again(kind: str, bench: Bench, world: World) -> None:
    wanted, address = world.attributes(kind), Address.of("it", kind)
    bench.answers = [lost]
    (end,) = bench.apply({address: wanted})
    assert end.status is StepStatus.DONE
    assert len(bench.writes) == 1
    assert bench.plan({address: wanted}) == ()


@every_kind
def test_a_creation_that_did_not_arrive_is_sent_again(kind: str, bench: Bench, world: World) -> None:
    wanted, address = world.attributes(kind), Address.of("it", kind)
    bench.answers = [unsent, unsent]
    (end,) = bench.apply({address: wanted})
    assert end.status is StepStatus.DONE
    assert len(bench.writes) == 3
    assert bench.plan({address: wanted}) == ()


@pytest.mark.parametrize("kind", ["connection", "source_connection", "target_connection", "dataset"])
def test_a_creation_that_two_objects_may_be_is_not_sent_again(kind: str, bench: Bench, world: World) -> None:
    wanted, address = world.attributes(kind), Address.of("it", kind)

    def twice(request: Request, send: Send) -> Reply:
        send(request)
        return lost(request, send)

    bench.answers = [twice]
    with pytest.raises(OutcomeUnknown) as caught:
        bench.apply({address: wanted})
    assert caught.value.diagnostics[0].code == "ambiguous-creation"
    assert len(bench.writes) == 1
    bench.open()
    assert len(bench.ledger.lockfile.pending) == 1


def test_a_refusal_leaves_no_trace(bench: Bench, world: World) -> None:
    def refuse(_request: Request, _send: Send) -> Reply:
        error = Refused.because("http-400", "no")
        error.maybe_done = False
        raise error

    bench.answers = [refuse]
    with pytest.raises(Refused):
        bench.apply({ADDRESS: world.attributes("connection")})
    bench.open()
    assert bench.ledger.lockfile.pending == ()
    assert bench.ledger.lockfile.entries == {}


@pytest.mark.parametrize("kind", ["connection", "dataset", "mapping_set"])
def test_equal_creations_are_never_in_flight_at_once(kind: str, bench: Bench, world: World) -> None:
    """Otherwise the first look-up would see two objects, and neither could be told from the other."""
    same = world.attributes(kind)
    wanted = {Address.of(name, kind): same for name in ("first", "second")}
    came = threading.Event()
    overlapped = []

    def slowly_lost(request: Request, send: Send) -> Reply:
        send(request)
        overlapped.append(came.wait(0.5))
        return lost(request, send=lambda _request: Reply(status=200))

    def second(request: Request, send: Send) -> Reply:
        came.set()
        return send(request)

    bench.answers = [slowly_lost, second]
    steps, runner = bench.steps(wanted), bench.runner(wanted)
    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(runner.run, steps))
    assert overlapped == [False]
    assert [end.status for end in ends] == [StepStatus.DONE] * 2
    assert len({end.id for end in ends}) == 2
    assert bench.plan(wanted) == ()


def test_different_creations_do_not_wait_for_each_other(bench: Bench, world: World) -> None:
    wanted = {Address.of(name, "connection"): world.attributes("connection") for name in ("first", "second")}
    both = threading.Barrier(2, timeout=5)

    def together(request: Request, send: Send) -> Reply:
        both.wait()
        return send(request)

    bench.answers = [together, together]
    steps, runner = bench.steps(wanted), bench.runner(wanted)
    with ThreadPoolExecutor(2) as pool:
        assert [end.status for end in pool.map(runner.run, steps)] == [StepStatus.DONE] * 2


# --- Secrets of updates


def _without_its_variable(attributes: dict[str, Any]) -> dict[str, Any]:
    wanted = edited(attributes, lambda changed: changed.update(description="second"))
    wanted["auth"]["params"]["connectionString"] = Sensitive(None, "NOT_SET")
    return wanted


def test_an_update_with_an_unset_secret_keeps_what_is_recorded_of_it(bench: Bench, world: World) -> None:
    wanted = world.attributes("connection")
    bench.apply({ADDRESS: wanted})
    before = bench.ledger.lockfile.entries[ADDRESS].secret_digests
    assert before
    bench.apply({ADDRESS: _without_its_variable(wanted)})
    assert bench.ledger.lockfile.entries[ADDRESS].secret_digests == before
    assert bench.plan({ADDRESS: wanted | {"description": "second"}}) == ()


def test_after_a_crash_in_an_update_a_new_secret_is_sent_again(bench: Bench, world: World) -> None:
    wanted = world.attributes("connection")
    bench.apply({ADDRESS: wanted})
    second = edited(wanted, lambda changed: changed.update(description="second"))
    second["auth"]["params"]["connectionString"] = Sensitive("Server=db;Password=second")
    runner, (step,) = bench.runner({ADDRESS: second}), bench.steps({ADDRESS: second})

    class Killed(BaseException):
        """The process ends here."""

    def die(_request: Request, _send: Send) -> Reply:
        raise Killed

    bench.answers = [die]
    with pytest.raises(Killed):
        runner.run(step)
    kind = KINDS["connection"]
    found = bench.ledger.lockfile.entries[ADDRESS]
    path = kind.read_many([found.id])
    etag = world.send(path).body["items"][0]["etag"]
    patch = [{"op": "replace", "path": "/description", "value": "second"}]
    target = f"/data/foundation/flowservice/connections/{found.id}"
    world.send(Request(method="PATCH", path=target, headers={"If-Match": etag}, body=patch))
    bench.settle()
    (change,) = bench.plan({ADDRESS: second})
    assert [(attribute.path, attribute.sensitive) for attribute in change.attributes] == [
        ("auth.params.connectionString", True)
    ]


# --- What somebody else changed in the meantime


@pytest.mark.parametrize(("value", "sent"), [("wanted", False), ("unwanted", None), ("first", True)])
def test_an_outside_edit_after_the_plan(value: str, sent: bool | None, bench: Bench, world: World) -> None:
    """To what is wanted: there is nothing to do. To something else: the step stops."""
    before = edited(world.attributes("connection"), lambda changed: changed.update(description="first"))
    wanted = edited(before, lambda changed: changed.update(description="wanted"))
    bench.apply({ADDRESS: before})
    found = bench.ledger.lockfile.entries[ADDRESS]
    target = f"/data/foundation/flowservice/connections/{found.id}"

    def edit() -> None:
        etag = world.send(KINDS["connection"].read_many([found.id])).body["items"][0]["etag"]
        patch = [{"op": "replace", "path": "/description", "value": value}]
        world.send(Request(method="PATCH", path=target, headers={"If-Match": etag}, body=patch))

    bench.between, bench.writes = edit, []
    if sent is None:
        with pytest.raises(PlatformError) as caught:
            bench.apply({ADDRESS: wanted})
        assert caught.value.diagnostics[0].code == "changed-since-plan"
    else:
        (end,) = bench.apply({ADDRESS: wanted})
        assert end.status is StepStatus.DONE
        assert bool(bench.writes) is sent
        assert bench.plan({ADDRESS: wanted}) == ()


def test_a_newer_version_that_nothing_uses_does_not_stop_an_update_of_a_mapping_set(bench: Bench, world: World) -> None:
    """The recorded version never changes, so there is nothing that somebody else could have changed in it."""
    wanted, address = world.attributes("mapping_set"), Address("it.mapping_set")
    bench.apply({address: wanted})
    second = edited(wanted, lambda changed: changed["mappings"].pop())
    (step,), runner = bench.steps({address: second}), bench.runner({address: second})
    other = edited(wanted, lambda changed: changed["mappings"].clear())
    _changed_by_someone(_live_set(bench, address, world), other, world)
    bench.writes = []
    assert runner.run(step).status is StepStatus.DONE
    assert len(bench.writes) == 1
    after = bench.ledger.entry(address)
    assert after is not None
    assert after.outputs == {"version": "2"}


@pytest.mark.parametrize("asked", ["the newest", "the first"])
def test_an_update_of_a_mapping_set_starts_from_the_newest_version(asked: str, bench: Bench, world: World) -> None:
    """Adobe's description and its samples differ in what a read without a version returns."""
    wanted, address = world.attributes("mapping_set"), Address("it.mapping_set")
    bench.apply({address: wanted})
    live = _live_set(bench, address, world)
    noted = {**live.body, "tags": [{"name": "team", "values": ["crm"]}]}
    made = _changed_by_someone(replace(live, body=noted), wanted, world)
    entry = bench.ledger.entry(address)
    assert entry is not None
    bench.ledger.record(address, replace(entry, outputs={"version": str(made.body["version"])}))
    second = edited(wanted, lambda changed: changed["mappings"].pop())
    (step,), runner = bench.steps({address: second}), bench.runner({address: second})

    def first(request: Request) -> Reply:
        if request.method == "GET" and not request.query:
            return world.send(replace(request, query=(("version", "0"),)))
        return real(request)

    real = bench.real
    bench.real = first if asked == "the first" else real
    bench.writes = []
    assert runner.run(step).status is StepStatus.DONE
    assert bench.writes[0].body["tags"] == noted["tags"]


def _live_set(bench: Bench, address: Address, world: World) -> RemoteObject:
    entry = bench.ledger.entry(address)
    live = read_version(MAPPING_SETS, entry.id, "", world.send) if entry else None
    assert live is not None
    return live


def _changed_by_someone(live: RemoteObject, wanted: dict[str, Any], world: World) -> Reply:
    assert MAPPING_SETS.update is not None
    return world.send(MAPPING_SETS.update(Update(live=live, desired=wanted, changes=())))


# --- Waiting for a new base connection


def _without_etag(request: Request, send: Send) -> Reply:
    reply = send(request)
    return replace(reply, body={"id": reply.body["id"]})


def _in_states(states: list[str], send: Send) -> tuple[Send, list[str]]:
    """Reads of a connection show these states in turn, the last one for ever."""
    shown: list[str] = []

    def real(request: Request) -> Reply:
        reply = send(request)
        if request.method == "GET" and "id==" in dict(request.query).get("property", ""):
            shown.append(states[min(len(shown), len(states) - 1)])
            items = [{**item, "state": shown[-1]} for item in reply.body["items"]]
            reply = replace(reply, body={"items": items})
        return reply

    return real, shown


@pytest.mark.parametrize("states", [["enabled"], ["initializing", "enabled"], ["initializing"] * 3 + ["enabled"]])
def test_a_new_base_connection_is_waited_for_while_it_is_initializing(
    states: list[str], world: World, tmp_path: Path
) -> None:
    real, shown = _in_states(states, world.send)
    bench = Bench(tmp_path, real)
    bench.answers = [_without_etag]
    (end,) = bench.apply({ADDRESS: world.attributes("connection")})
    assert end.status is StepStatus.DONE
    assert shown == states


def test_a_base_connection_that_stays_initializing_is_told_and_recorded(world: World, tmp_path: Path) -> None:
    real, _shown = _in_states(["initializing"], world.send)
    bench = Bench(tmp_path, real)
    bench.answers = [_without_etag]
    with pytest.raises(PlatformError) as caught:
        bench.apply({ADDRESS: world.attributes("connection")})
    assert caught.value.diagnostics[0].code == "not-ready"
    bench.open()
    assert ADDRESS in bench.ledger.lockfile.entries
    assert bench.ledger.lockfile.pending == ()


# --- What goes before what


def _change(action: Action, number: int, address: Address = ADDRESS) -> Change:
    return Change(address=address, action=action, reason=Reason.NOT_IN_MANIFEST, remote_id=uuid(number))


@pytest.mark.parametrize("action", [Action.DELETE, Action.FORGET])
def test_old_objects_go_before_the_entry_that_tells_of_them(action: Action) -> None:
    changes = [_change(action, 1), _change(Action.DELETE, 2), _change(Action.DELETE, 3)]
    entries = {ADDRESS: entry(1, deposed=(uuid(2), uuid(3)))}
    needs = {step.remote_id: step.depends_on for step in steps_of(changes, entries, KINDS)}
    assert needs == {
        uuid(1): {f"{ADDRESS}#{uuid(2)}", f"{ADDRESS}#{uuid(3)}"},
        uuid(2): set(),
        uuid(3): set(),
    }


def test_an_old_object_that_stays_keeps_its_entry(bench: Bench, world: World) -> None:
    wanted = world.attributes("connection")
    bench.apply({ADDRESS: wanted})
    old = world.make(KINDS["connection"], world.attributes("connection")).id
    found = bench.ledger.lockfile.entries[ADDRESS]
    bench.ledger.record(ADDRESS, replace(found, deposed=(old,)))
    steps = {step.remote_id: step for step in bench.steps({})}
    assert steps[found.id].depends_on == {f"{ADDRESS}#{old}"}
    assert steps[old].depends_on == set()


@pytest.mark.parametrize(
    ("rule", "blocked"), [(OnDelete.RETAIN, True), (OnDelete.AUTO, False), (OnDelete.DELETE, False)]
)
def test_a_schema_stays_while_a_dataset_on_it_is_retained(rule: OnDelete, blocked: bool) -> None:
    schema_id, dataset_id = "https://ns.adobe.com/local/schemas/1", "0123456789abcdef01234567"
    schema, dataset = Address("it.schema"), Address("it.dataset")
    leaving = {
        schema: LockEntry(kind="schema", id=schema_id),
        dataset: LockEntry(
            kind="dataset", id=dataset_id, depends_on=frozenset({schema}), lifecycle=Lifecycle(on_delete=rule)
        ),
    }
    objects = {
        address: RemoteObject(id=found.id, etag=None, attributes={}, body={}) for address, found in leaving.items()
    }

    def send(request: Request) -> Reply:
        body = {} if "batches" in request.path else {dataset_id: {"name": "d", "schemaRef": {"id": schema_id}}}
        return Reply(status=200, body=body)

    with ThreadPoolExecutor(2) as pool:
        found = blocked_deletions(leaving, objects, KINDS, send, pool)
    assert (schema in found) is blocked


# --- What is on disk


def test_after_a_failed_flush_nothing_counts_as_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system reports a failed flush once; the next one may succeed without the lost part."""
    journal = JournalFile(tmp_path / "a.journal")
    failures = iter([OSError(5, "Input/output error")])

    def fail_once(_descriptor: int) -> None:
        for failure in failures:
            raise failure

    for flush in ("fdatasync", "fsync"):
        monkeypatch.setattr(os, flush, fail_once, raising=False)
    for event in ("intent", "entry"):
        with pytest.raises(OSError, match="Input/output"):
            journal.append(f"{event}\n".encode())
    journal.close()


def test_a_ledger_whose_flush_failed_records_nothing_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(LocalStore(tmp_path, "dev"), organization="o", sandbox="s")
    ledger.record(ADDRESS, entry(1))

    def fail(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    for flush in ("fdatasync", "fsync"):
        monkeypatch.setattr(os, flush, fail, raising=False)
    with pytest.raises(StateError):
        ledger.record(ADDRESS, entry(2))
    monkeypatch.undo()
    with pytest.raises(StateError):
        ledger.record(ADDRESS, entry(3))
    assert ledger.lockfile.entries[ADDRESS].id == uuid(1)


def test_a_key_that_stands_twice_is_named() -> None:
    with pytest.raises(NotJson, match="the key b stands twice"):
        parse('{"a": 1, "b": 2, "c": 3, "b": 4}')


def test_each_try_of_an_update_has_an_intent_of_its_own(bench: Bench, world: World) -> None:
    """The first try is clearly refused, which ends its intent; the second must not be sent without one."""
    wanted = world.attributes("connection")
    bench.apply({ADDRESS: wanted})
    pending: list[int] = []

    def refuse(_request: Request, _send: Send) -> Reply:
        pending.append(len(bench.ledger.lockfile.pending))
        raise refused(412)

    def update(request: Request, send: Send) -> Reply:
        pending.append(len(bench.ledger.lockfile.pending))
        return send(request)

    bench.answers = [refuse, update]
    (end,) = bench.apply({ADDRESS: edited(wanted, lambda changed: changed.update(description="second"))})
    assert end.status is StepStatus.DONE
    assert pending == [1, 1]
    assert bench.ledger.lockfile.pending == ()


def refused(status: int) -> Refused:
    """A clear refusal."""
    error = Refused.because("precondition-failed", "it was changed")
    error.status = status
    error.maybe_done = False
    return error
