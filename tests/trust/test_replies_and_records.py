"""Replies that name no object or another one: nothing is lost, nothing is created twice, own writes are known."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench import Answer, Bench, lost, replying, replying_only
from fault_cells import COLLECTIONS
from fault_proxy import NONE, Asked, Effect, FaultProxy, proxied
from fault_workspace import FaultWorkspace, Pipeline, Seen, counted, what_is_wrong
from kind_samples import EDITS, World, client_of, edited
from surroundings import Platform, Workspace

from flowctl.engine.observe.guards import why_blocked
from flowctl.engine.observe.reading import find_objects, read_object, read_objects, read_version
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.errors import OutcomeUnknown, PlatformError, UnclearReply
from flowctl.model.report import StepStatus
from flowctl.model.request import Reply, Request

UUID = "11111111-aaaa-4bbb-8ccc-000000000001"
IDS = {
    "dataset": "0123456789abcdef01234567",
    "mapping_set": "0123456789abcdef0123456789abcdef",
    "namespace": "10099991",
    "descriptor": "0123456789abcdef0123456789abcdef01234567",
    "profile": "_local.schemas.0123456789abcdef",
    "class": "https://ns.adobe.com/local/classes/0123456789abcdef",
    "data_type": "https://ns.adobe.com/local/datatypes/0123456789abcdef",
    "field_group": "https://ns.adobe.com/local/mixins/0123456789abcdef",
    "schema": "https://ns.adobe.com/local/schemas/0123456789abcdef",
}
REGISTRY = ("schema", "field_group", "data_type", "class")
FLOW_SERVICE = tuple(name for name in KINDS if name not in IDS)
NO_IDS: dict[str, Any] = {
    "empty": "",
    "blank": " ",
    "null": None,
    "an object": {"a": 1},
    "a list": ["a"],
    "a number": 5,
    "a fraction": 1.5,
    "true": True,
    "a path upwards": "../../x",
    "two dots": "..",
    "one dot": ".",
    "with a slash": f"{UUID}/x",
    "with a query": f"{UUID}?a=b",
    "with a fragment": f"{UUID}#a",
    "with a comma": f"{UUID},{UUID}",
    "with a line break": f"{UUID}\n",
    "with a null character": f"{UUID}\0",
    "with a blank": f" {UUID}",
    "percent-encoded": UUID.replace("-", "%2D"),
    "in other digits": UUID.replace("1", "\u0661"),
    "very long": "a" * 10_000,
    "a long hexadecimal number": "a" * 64,
    "a word": "undefined",
    "the text null": "null",
}


def id_of(kind: str) -> str:
    return IDS.get(kind, UUID)


def told(kind: str, object_id: Any) -> Any:
    """The body of a reply to a write that names this id."""
    if kind == "dataset":
        return [f"@/dataSets/{object_id}" if isinstance(object_id, str) else object_id]
    if kind == "namespace":
        return {"id": int(object_id) if object_id == IDS[kind] else object_id}
    if kind == "descriptor":
        return {"@id": object_id}
    if kind == "profile":
        return {"meta:altId": object_id}
    if kind in REGISTRY:
        return {"$id": object_id, "title": "t", "allOf": []}
    return {"id": object_id, "version": 7} if kind == "mapping_set" else {"id": object_id, "etag": '"1"'}


def listed(kind: str, object_id: Any) -> Any:
    """The body of a reply to a read that holds one object of this id."""
    if kind == "dataset":
        return {object_id if isinstance(object_id, str) else json.dumps(object_id): {"name": "d", "version": "1.0.0"}}
    if kind == "namespace":
        return [{"id": int(object_id) if object_id == IDS[kind] else object_id}]
    if kind == "descriptor":
        return {"results": [{"@id": object_id}]}
    if kind == "profile":
        return {"results": [{"$id": IDS["schema"], "meta:altId": object_id, "meta:immutableTags": ["union"]}]}
    if kind in REGISTRY:
        return {"results": [{"$id": object_id, "title": "t", "allOf": []}]}
    return {"data": [{"id": object_id, "version": 0}]} if kind == "mapping_set" else {"items": [{"id": object_id}]}


def unusable(kind: str) -> dict[str, Any]:
    """Bodies of replies to a write of which none names one object of the kind."""
    other = IDS["dataset"] if kind in FLOW_SERVICE else UUID
    bodies = {f"id is {name}": told(kind, value) for name, value in NO_IDS.items()}
    if kind == "namespace":
        del bodies["id is a number"]
    bodies |= {"id of another kind": told(kind, "x" if kind == "mapping_set" else other)}
    bodies |= {"no body": None, "an empty object": {}, "an empty list": [], "text": "done", "true": True, "a number": 7}
    good = told(kind, id_of(kind))
    bodies["in a list"] = [good, good] if kind != "dataset" else good * 2
    if kind in FLOW_SERVICE:
        bodies["two items"] = {"items": [good, good]}
        bodies["no items"] = {"items": []}
        for name, value in {
            "a number": 5,
            "an object": {},
            "with a line break": '"1"\r\nX: y',
            "Cyrillic": "ж",
        }.items():
            bodies[f"etag is {name}"] = {**good, "etag": value or {"a": 1}}
    if kind == "mapping_set":
        for value in (None, "banana", -1, 1.5, True, {"a": 1}, "", "9" * 40):
            bodies[f"version is {value}"] = {**good, "version": value}
        bodies["no version"] = {"id": good["id"]}
    if kind == "dataset":
        bodies["a batch"] = [f"@/batches/{IDS['dataset']}"]
        bodies["an address elsewhere"] = [f"https://example.com/{IDS['dataset']}"]
    return bodies


every_kind = pytest.mark.parametrize("kind", KINDS)
every_unusable = pytest.mark.parametrize(
    ("kind", "body"),
    [pytest.param(kind, body, id=f"{kind}-{name}") for kind in KINDS for name, body in unusable(kind).items()],
)


@pytest.fixture
def world(platform: Platform) -> Iterator[World]:
    with client_of(platform.url) as client:
        yield World(send=client.send)


@pytest.fixture
def bench(world: World, tmp_path: Path) -> Bench:
    return Bench(tmp_path, world.send)


def address_of(kind: str) -> Address:
    return Address.of("it", kind)


# --- What a reply to a write tells


@every_unusable
def test_a_reply_that_names_no_object_of_the_kind_is_unclear(kind: str, body: Any, bench: Bench, world: World) -> None:
    if kind in IDS and body == told(kind, id_of(kind)):
        pytest.skip("it is one")
    wanted = world.attributes(kind)
    bench.answers = [replying(body, 202 if body is None else 201)]
    (end,) = bench.apply({address_of(kind): wanted})
    (only,) = bench.all_live(KINDS[kind], wanted)
    assert (end.status, end.id) == (StepStatus.DONE, only)
    assert len(bench.writes) == 1, "what was made is looked up, not made again"
    bench.open()
    entry = bench.ledger.lockfile.entries[address_of(kind)]
    assert entry.id == only
    assert bench.ledger.lockfile.pending == ()
    assert bench.plan({address_of(kind): wanted}) == ()


@pytest.mark.parametrize("body", [None, {}, "id is empty"])
@pytest.mark.parametrize("status", [200, 201, 202, 204])
@every_kind
def test_a_success_that_made_nothing_is_not_recorded(
    kind: str, status: int, body: Any, bench: Bench, world: World
) -> None:
    wanted = world.attributes(kind)
    bench.answers = [replying_only(told(kind, "") if isinstance(body, str) else body, status)]
    bench.apply({address_of(kind): wanted})
    (only,) = bench.all_live(KINDS[kind], wanted)
    assert bench.ledger.lockfile.entries[address_of(kind)].id == only


@every_kind
def test_where_no_reply_is_ever_clear_nothing_is_recorded_and_the_intent_stays(
    kind: str, bench: Bench, world: World
) -> None:
    wanted = world.attributes(kind)
    bench.answers = [replying_only({})] * 10
    with pytest.raises(OutcomeUnknown):
        bench.apply({address_of(kind): wanted})
    bench.open()
    assert bench.ledger.lockfile.entries == {}
    assert len(bench.ledger.lockfile.pending) == 1
    bench.answers.clear()
    bench.settle()
    bench.apply({address_of(kind): wanted})
    assert len(bench.all_live(KINDS[kind], wanted)) == 1


@every_unusable
def test_an_update_with_an_unclear_reply_is_read_again(kind: str, body: Any, bench: Bench, world: World) -> None:
    if not EDITS[kind]:
        pytest.skip("nothing of it changes in place")
    before = world.attributes(kind)
    address = address_of(kind)
    bench.apply({address: before})
    made = bench.ledger.lockfile.entries[address].id
    wanted = edited(before, next(iter(EDITS[kind].values())))
    bench.answers = [replying(body, 204 if body is None else 200)]
    (end,) = bench.apply({address: wanted})
    assert (end.status, end.id) == (StepStatus.DONE, made)
    assert bench.ledger.lockfile.entries[address].id == made
    assert bench.plan({address: wanted}) == ()


@every_kind
def test_an_update_answered_with_another_object_is_read_again(kind: str, bench: Bench, world: World) -> None:
    if not EDITS[kind]:
        pytest.skip("nothing of it changes in place")
    before = world.attributes(kind)
    address = address_of(kind)
    bench.apply({address: before})
    made = bench.ledger.lockfile.entries[address].id
    wanted = edited(before, next(iter(EDITS[kind].values())))
    bench.answers = [replying(told(kind, id_of(kind)))]
    bench.apply({address: wanted})
    assert bench.ledger.lockfile.entries[address].id == made
    assert bench.plan({address: wanted}) == ()


def test_an_update_answered_with_the_version_before_it_is_sent_again(bench: Bench, world: World) -> None:
    before = world.attributes("mapping_set")
    address = address_of("mapping_set")
    bench.apply({address: before})
    made = bench.ledger.lockfile.entries[address]
    wanted = edited(before, EDITS["mapping_set"]["another source"])
    bench.answers = [replying({"id": made.id, "version": int(made.outputs["version"])})]
    bench.apply({address: wanted})
    assert int(bench.ledger.lockfile.entries[address].outputs["version"]) > int(made.outputs["version"])
    assert bench.plan({address: wanted}) == ()


@every_kind
def test_the_id_of_a_recorded_object_is_not_that_of_a_new_one(kind: str, bench: Bench, world: World) -> None:
    first, second = Address.of("first", kind), Address.of("second", kind)
    one, two = world.attributes(kind), world.attributes(kind)
    bench.apply({first: one})
    taken = bench.ledger.lockfile.entries[first].id
    bench.answers = [replying(told(kind, taken))]
    bench.apply({first: one, second: two})
    assert bench.ledger.lockfile.entries[second].id != taken
    assert bench.plan({first: one, second: two}) == ()


@every_kind
def test_the_id_of_an_object_made_in_the_same_run_is_not_that_of_another(kind: str, bench: Bench, world: World) -> None:
    addresses = [Address.of(name, kind) for name in ("first", "second")]
    wanted = {address: world.attributes(kind) for address in addresses}
    replies: list[Reply] = []

    def kept(request: Request, send: Callable[[Request], Reply]) -> Reply:
        replies.append(send(request))
        return replies[0]

    bench.answers = [kept, kept]
    bench.apply(wanted)
    ids = {bench.ledger.lockfile.entries[address].id for address in addresses}
    assert len(ids) == 2
    assert bench.plan(wanted) == ()


@every_kind
def test_the_id_of_an_old_object_awaiting_deletion_is_not_that_of_a_new_one(
    kind: str, bench: Bench, world: World
) -> None:
    first, second = Address.of("first", kind), Address.of("second", kind)
    one, two = world.attributes(kind), world.attributes(kind)
    bench.apply({first: one})
    entry = bench.ledger.lockfile.entries[first]
    old = world.make(KINDS[kind], world.attributes(kind)).id
    bench.ledger.record(first, replace(entry, deposed=(old,)))
    steps, runner = bench.steps({first: one, second: two}), bench.runner({first: one, second: two})
    bench.answers = [replying(told(kind, old))]
    (making,) = [step for step in steps if step.change.address == second]
    runner.run(making)
    assert bench.ledger.lockfile.entries[second].id != old


@pytest.mark.parametrize("location", ["/{}", "https://platform.adobe.io/data/foundation/x/{}/", "{}"])
@every_kind
def test_a_location_that_names_another_object_makes_a_reply_unclear(
    kind: str, location: str, bench: Bench, world: World
) -> None:
    from urllib.parse import quote

    wanted = world.attributes(kind)
    elsewhere = location.format(quote(id_of(kind), safe=""))

    def answer(request: Request, send: Callable[[Request], Reply]) -> Reply:
        reply = send(request)
        return Reply(status=201, headers={"location": elsewhere}, body=told(kind, _other(kind, reply)))

    bench.answers = [answer]
    bench.apply({address_of(kind): wanted})
    (only,) = bench.all_live(KINDS[kind], wanted)
    assert bench.ledger.lockfile.entries[address_of(kind)].id == only


def _other(kind: str, reply: Reply) -> str:
    """An id that is well formed, and neither that of the object nor that of its Location."""
    made = KINDS[kind].written(Reply(status=201, body=reply.body)).id
    return made[:-1] + ("0" if made[-1] != "0" else "1")


@pytest.mark.parametrize("location", ["", "/flows", "/", "%", "https://platform.adobe.io", "/flows/x", "//", "é"])
@every_kind
def test_a_location_that_names_nothing_does_not_matter(kind: str, location: str) -> None:
    reply = Reply(status=201, headers={"location": location}, body=told(kind, id_of(kind)))
    assert KINDS[kind].written(reply).id == id_of(kind)


# --- What a reply to a read tells


@pytest.mark.parametrize("name", [name for name in NO_IDS if name != "null"])
@every_kind
def test_a_list_with_an_item_that_has_no_id_says_nothing_about_the_others(kind: str, name: str) -> None:
    if kind == "namespace" and name == "a number":
        pytest.skip("its IDs are numbers")
    with pytest.raises(UnclearReply) as caught:
        find_objects(KINDS[kind], "t", lambda _request: Reply(status=200, body=listed(kind, NO_IDS[name])))
    assert caught.value.diagnostics[0].code == "unexpected-reply"


@pytest.mark.parametrize(
    "body",
    [None, 5, "text", True, [], {"items": None}, {"items": {}}, {"items": [None]}, {"items": [5]}, {"items": [{}]}],
)
@pytest.mark.parametrize("kind", FLOW_SERVICE)
def test_a_read_of_flow_service_of_the_wrong_shape_is_unclear(kind: str, body: Any) -> None:
    with pytest.raises(UnclearReply):
        read_object(KINDS[kind], UUID, lambda _request: Reply(status=200, body=body))


@pytest.mark.parametrize("kind", IDS)
@pytest.mark.parametrize(
    "body",
    [
        None,
        5,
        "text",
        True,
        [5],
        {"x": 1},
        {"data": 5},
        {"data": ""},
        {"data": {}, "results": {}},
        {"data": [{}], "results": [{}]},
    ],
)
def test_a_read_of_the_wrong_shape_is_unclear(kind: str, body: Any) -> None:
    with pytest.raises(UnclearReply):
        read_object(KINDS[kind], id_of(kind), lambda _request: Reply(status=200, body=body))


def _wrongly_answered(kind: str, world: World) -> Callable[[Request], Reply]:
    """Every read is answered with another object than was asked for."""
    made = world.make(KINDS[kind], world.attributes(kind))
    versions = KINDS[kind].versions
    good = world.send(versions.read(made.id, "0") if versions else KINDS[kind].read_many([made.id]))
    return lambda _request: good


@every_kind
def test_an_object_that_was_not_asked_for_does_not_make_the_other_missing(kind: str, world: World) -> None:
    send = _wrongly_answered(kind, world)
    with pytest.raises(UnclearReply):
        read_object(KINDS[kind], id_of(kind), send)


@pytest.mark.parametrize(
    "kind", [name for name, kind in KINDS.items() if kind.batch_size > 1 and not kind.reads_whole_list]
)
def test_an_object_beside_those_that_were_asked_for_is_unclear(kind: str, world: World) -> None:
    send = _wrongly_answered(kind, world)
    with pytest.raises(UnclearReply):
        read_objects(KINDS[kind], [id_of(kind), id_of(kind)[:-1] + "2"], send)


@pytest.mark.parametrize("body", [{"data": []}, {"data": [{}, {}]}, {"id": IDS["mapping_set"], "version": 1}])
def test_another_version_than_was_asked_for_is_unclear(body: Any) -> None:
    with pytest.raises(UnclearReply):
        read_version(KINDS["mapping_set"], IDS["mapping_set"], "2", lambda _request: Reply(status=200, body=body))


@pytest.mark.parametrize("name", NO_IDS)
@every_kind
def test_what_is_not_an_id_is_never_asked_for(kind: str, name: str) -> None:
    def send(_request: Request) -> Reply:
        raise AssertionError("nothing is sent")

    assert read_object(KINDS[kind], NO_IDS[name], send) is None
    if KINDS[kind].versioned:
        assert read_version(KINDS[kind], NO_IDS[name], "1", send) is None


@pytest.mark.parametrize("body", [None, [], False, 0, "", "x"])
def test_a_look_for_data_that_is_not_answered_does_not_free_a_dataset(body: Any) -> None:
    guard = KINDS["dataset"].deletion_guard
    assert guard is not None
    with pytest.raises(UnclearReply):
        why_blocked(guard, IDS["dataset"], lambda _request: Reply(status=200, body=body))


@pytest.mark.parametrize("body", [None, [], "", {"x": 5}, {"x": {"schemaRef": 5}}])
def test_a_look_for_datasets_that_is_not_answered_does_not_free_a_schema(body: Any) -> None:
    guard = KINDS["schema"].deletion_guard
    assert guard is not None
    with pytest.raises(UnclearReply):
        why_blocked(guard, IDS["schema"], lambda _request: Reply(status=200, body=body))


# --- Own writes


_SECRETS = ("mask", "echo", "drop", "hash")


def _shown(kind: str) -> tuple[str, ...]:
    """The ways in which the platform may show an object of a kind; only base connections hold secrets."""
    return _SECRETS if kind == "connection" else _SECRETS[:1]


@pytest.mark.parametrize("loss", [lost, replying(None, 204), replying({"id": ""})], ids=["lost", "empty", "unclear"])
@pytest.mark.parametrize(
    ("kind", "edit", "secrets"),
    [(kind, edit, secrets) for kind in EDITS for edit in (*EDITS[kind], "several") for secrets in _shown(kind)],
)
def test_an_own_update_is_known_after_its_reply_was_lost(
    kind: str, edit: str, loss: Answer, secrets: str, platform: Platform, bench: Bench, world: World
) -> None:
    if not EDITS[kind]:
        pytest.skip("nothing of it changes in place")
    platform.http.post("/_emulator/settings", json={"secrets": secrets}).raise_for_status()
    before = world.attributes(kind)
    address = address_of(kind)
    bench.apply({address: before})
    several = (list(EDITS[kind].values())[place] for place in (0, 1, -1))
    wanted = edited(before, *(several if edit == "several" else [EDITS[kind][edit]]))
    bench.answers = [loss]
    assert [end.status for end in bench.apply({address: wanted})] in ([StepStatus.DONE], [])
    assert bench.plan({address: wanted}) == ()


_PLACES = {"connection": "connections", "source_connection": "sourceConnections", "flow": "flows"}


@pytest.mark.parametrize("when", ["after the plan", "after the update whose reply is lost"])
@pytest.mark.parametrize(("kind", "secrets"), [(kind, secrets) for kind in _PLACES for secrets in _shown(kind)])
def test_an_edit_by_somebody_else_is_still_told(
    kind: str, when: str, secrets: str, platform: Platform, bench: Bench, world: World
) -> None:
    platform.http.post("/_emulator/settings", json={"secrets": secrets}).raise_for_status()
    before = world.attributes(kind)
    address = address_of(kind)
    bench.apply({address: before})
    wanted = edited(before, *list(EDITS[kind].values())[:2])
    path = f"/data/foundation/flowservice/{_PLACES[kind]}/{bench.ledger.lockfile.entries[address].id}"

    def outside() -> None:
        etag = platform.request("GET", path).json()["items"][0]["etag"]
        edit = [{"op": "replace", "path": "/description", "value": "by somebody else"}]
        platform.request("PATCH", path, headers={"If-Match": etag}, json=edit).raise_for_status()

    def lost_and_edited(request: Request, send: Callable[[Request], Reply]) -> Reply:
        send(request)
        outside()
        return Reply(status=204)

    if when == "after the plan":
        bench.between = outside
    else:
        bench.answers = [lost_and_edited]
    with pytest.raises(PlatformError) as caught:
        bench.apply({address: wanted})
    (problem,) = caught.value.diagnostics
    assert problem.code == "changed-since-plan"
    assert problem.detail == "Changed: `description`."


# --- Through the command line


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as proxy:
        yield proxy


_LATE = 0.3
"""Seconds that late work gets: in these tests nothing is done late."""
_REPLIES: dict[str, tuple[int, Any]] = {
    "an empty id": (202, ""),
    "null for an id": (201, None),
    "an object for an id": (201, {"a": 1}),
    "a path for an id": (201, "../../_emulator/reset"),
    "a very long id": (201, "a" * 10_000),
    "a foreign id": (200, "00000000-0000-4000-8000-000000000000\u202e"),
}


def _answered(status: int, object_id: Any, *, done: bool) -> Callable[[Asked], Effect]:
    kinds = {collection: kind for kind, collection in COLLECTIONS.items()}
    waiting = set(kinds)

    def script(asked: Asked) -> Effect:
        if not asked.is_write or asked.collection not in waiting:
            return NONE
        waiting.discard(asked.collection)
        body = json.dumps(told(kinds[asked.collection], object_id)).encode()
        return Effect(forwarded=done, answer=(status, {"Content-Type": "application/json"}, body))

    return script


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("reply", _REPLIES)
def test_an_apply_survives_replies_without_an_id(
    reply: str, done: bool, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    seen = Seen(platform.http)
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    status, object_id = _REPLIES[reply]
    proxy.script = _answered(status, object_id, done=done)
    ended = workspace.patiently("apply", "--auto-approve", late=_LATE)
    assert "Traceback" not in ended.text
    assert ended.code == 0, ended.text
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []
    assert max(counted(seen).values()) == 1
    assert workspace.run("state", "list").code == 0


@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308, 600, 999])
def test_a_write_that_is_neither_done_nor_refused_is_looked_for(
    status: int, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    seen = Seen(platform.http)
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    waiting = set(COLLECTIONS.values())

    def script(asked: Asked) -> Effect:
        if not asked.is_write or asked.collection not in waiting:
            return NONE
        waiting.discard(asked.collection)
        return Effect(answer=(status, {"Location": "/elsewhere"}, b""))

    proxy.script = script
    ended = workspace.patiently("apply", "--auto-approve", late=_LATE)
    assert ended.code == 0, ended.text
    assert not waiting
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []
    assert max(counted(seen).values()) == 1


def _deletions_answered(status: int, *, done: bool) -> Callable[[Asked], Effect]:
    def script(asked: Asked) -> Effect:
        return Effect(forwarded=done, answer=(status, {}, b"")) if asked.method == "DELETE" else NONE

    return script


@pytest.mark.parametrize("status", [201, 202, 207])
def test_a_deletion_that_was_accepted_and_not_done_is_not_forgotten(
    status: int, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    seen = Seen(platform.http)
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    assert workspace.patiently("apply", "--auto-approve", late=_LATE).code == 0
    entries = workspace.entries
    proxy.script = _deletions_answered(status, done=False)
    ended = workspace.patiently("destroy", "--auto-approve", "--run-retry-budget", "1", late=_LATE)
    assert ended.code == 1, ended.text
    assert "still exists" in ended.text
    proxy.script = lambda _asked: NONE
    assert workspace.patiently("apply", "--auto-approve", late=_LATE).code == 0
    assert what_is_wrong(workspace, seen) == []
    assert workspace.entries["only.flow"]["id"] == entries["only.flow"]["id"]


@pytest.mark.parametrize("status", [201, 202, 207])
def test_a_deletion_that_was_accepted_and_done_is_recorded(
    status: int, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    seen = Seen(platform.http)
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    assert workspace.patiently("apply", "--auto-approve", late=_LATE).code == 0
    proxy.script = _deletions_answered(status, done=True)
    ended = workspace.patiently("destroy", "--auto-approve", late=_LATE)
    assert ended.code == 0, ended.text
    assert {kind for kind, count in counted(seen).items() if count} <= {"mapping_set"}


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b"[]", b"7"])
@pytest.mark.parametrize("status", [200, 201, 202])
def test_an_update_survives_replies_without_an_id(
    status: int, body: bytes, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    seen = Seen(platform.http)
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    assert workspace.patiently("apply", "--auto-approve", late=_LATE).code == 0
    workspace.password = "another-password"
    pipeline = workspace.pipelines["only"]
    pipeline.description = pipeline.schema_description = pipeline.dataset_description = "second"
    pipeline.expression = "upper(email)"
    workspace.save()
    waiting = set(COLLECTIONS.values())

    def script(asked: Asked) -> Effect:
        if asked.method not in ("PATCH", "PUT") or asked.collection not in waiting:
            return NONE
        waiting.discard(asked.collection)
        return Effect(answer=(status, {"Content-Type": "application/json"}, body))

    proxy.script = script
    ended = workspace.patiently("apply", "--auto-approve", late=_LATE)
    assert ended.code == 0, ended.text
    proxy.script = lambda _asked: NONE
    assert what_is_wrong(workspace, seen) == []


@pytest.mark.parametrize("bad", ["../../dataSets", "", "a/b", "x\n", "a" * 10_000, "undefined"])
@every_kind
def test_an_id_that_was_put_into_the_lockfile_by_hand_is_refused(
    kind: str, bad: str, examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    lockfile = examples.lockfile
    entries = lockfile["entries"]
    address = next((address for address, entry in entries.items() if entry["kind"] == kind), f"it.{kind}")
    entries.setdefault(address, {"kind": kind})["id"] = bad
    examples.write("flowctl.dev.lock", json.dumps(lockfile, indent=2))
    platform.clear_log()
    for command in (["plan"], ["apply", "--auto-approve"], ["destroy", "--auto-approve"], ["state", "repair"]):
        ended = examples.run(*command)
        assert ended.code == 1
        assert "lockfile-unreadable" in ended.err
        assert address in ended.err
    assert platform.writes() == []


def test_an_old_id_in_the_lockfile_that_is_none_is_refused(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    lockfile = examples.lockfile
    address = next(address for address, entry in lockfile["entries"].items() if entry["kind"] == "flow")
    lockfile["entries"][address]["deposed"] = [".."]
    examples.write("flowctl.dev.lock", json.dumps(lockfile, indent=2))
    platform.clear_log()
    ended = examples.run("destroy", "--auto-approve")
    assert ended.code == 1
    assert "lockfile-unreadable" in ended.err
    assert platform.writes() == []


@pytest.mark.parametrize("collection", ["flows", "sourceConnections", "targetConnections"])
@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        "{}",
        '{"items": {}}',
        '{"items": [{}]}',
        '{"items": [{"id": ""}]}',
        f'{{"items": [{{"id": "{UUID}", "sourceConnectionIds": 5, "targetConnectionIds": {{"a": 1}}}}]}}',
    ],
)
def test_orphans_are_not_looked_for_in_a_list_that_cannot_be_read(
    body: str, collection: str, platform: Platform, proxy: FaultProxy, tmp_path: Path
) -> None:
    workspace = FaultWorkspace(tmp_path, proxy.url, {"only": Pipeline("only")})
    workspace.save()
    answer = Effect(answer=(200, {"Content-Type": "application/json"}, body.encode()))
    proxy.script = lambda asked: answer if asked.collection == collection else NONE
    ended = workspace.run("state", "orphans")
    assert ended.code == 1, ended.text
    assert "unexpected-reply" in ended.err
