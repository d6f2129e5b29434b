"""What holds for every kind, on a served platform: what is sent is read back, and an update arrives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kind_samples import EDITS, World, client_of, edited, revealed
from openapi_descriptions import Descriptions

from flowctl.engine.observe.reading import find_objects, read_object, read_objects
from flowctl.engine.plan import diff
from flowctl.engine.plan.replacement import forced_paths
from flowctl.kinds.kind import Kind, Update
from flowctl.kinds.registry import KINDS
from flowctl.model.attribute_path import Path as AttributePath
from flowctl.model.attribute_path import value_at
from flowctl.model.change import AttributeChange
from flowctl.model.request import Request
from flowctl.model.resource import RemoteObject
from flowctl.model.values import without_secrets

_NEVER_MADE = {
    "dataset": "0123456789abcdef01234567",
    "class": "https://ns.adobe.com/local/classes/0123456789abcdef",
    "data_type": "https://ns.adobe.com/local/datatypes/0123456789abcdef",
    "field_group": "https://ns.adobe.com/local/mixins/0123456789abcdef",
    "descriptor": "0123456789abcdef0123456789abcdef01234567",
    "namespace": "99999999",
    "profile": "_local.schemas.0123456789abcdef",
    "schema": "https://ns.adobe.com/local/schemas/0123456789abcdef",
}
_NO_LOOK_UP = ("mapping_set", "descriptor", "profile")
_NO_TITLES = ("mapping_set", "namespace", "descriptor", "profile")
"""The kinds whose objects have no title that may be any text."""
_UNORDERED = "all mappings in another order"


@pytest.fixture
def world(platform: Any) -> Iterator[World]:
    with client_of(platform.url) as client:
        yield World(send=client.send)


every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
every_changing_kind = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.update is not None], ids=lambda kind: kind.name
)
every_edit = pytest.mark.parametrize(
    ("kind", "edit"), [pytest.param(KINDS[name], edit, id=f"{name}-{edit}") for name in KINDS for edit in EDITS[name]]
)


def _changes(kind: Kind, wanted: Any, live: RemoteObject, applied: Any) -> tuple[AttributeChange, ...]:
    return diff.changes(
        desired=wanted,
        observed=live.attributes,
        applied=without_secrets(applied),
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda path, secret: secret != value_at(applied, path, {}),
    )


def _drift(kind: Kind, applied: Any, live: RemoteObject) -> list[AttributePath]:
    found = diff.drift(
        applied=without_secrets(applied), observed=live.attributes, keyed_lists=kind.keyed_lists, forms=kind.forms
    )
    return [place.steps for place in found]


def test_every_kind_has_samples_and_edits() -> None:
    assert EDITS.keys() == KINDS.keys()


@every_kind
def test_a_new_object_is_as_it_was_wanted(world: World, kind: Kind) -> None:
    wanted = world.attributes(kind.name)
    live = world.read(kind, world.make(kind, wanted))
    assert _changes(kind, wanted, live, applied=wanted) == ()


@every_kind
def test_a_new_object_has_not_drifted(world: World, kind: Kind) -> None:
    wanted = world.attributes(kind.name)
    assert _drift(kind, wanted, world.read(kind, world.make(kind, wanted))) == []


@every_edit
def test_an_edit_is_made_in_place_and_arrives(world: World, kind: Kind, edit: str) -> None:
    before = world.attributes(kind.name)
    after = edited(before, EDITS[kind.name][edit])
    assert _drift(kind, after, _updated(world, kind, before, after)) == []


@every_edit
def test_after_an_edit_nothing_is_left_to_do(world: World, kind: Kind, edit: str) -> None:
    before = world.attributes(kind.name)
    after = edited(before, EDITS[kind.name][edit])
    assert _changes(kind, after, _updated(world, kind, before, after), applied=after) == ()


@every_changing_kind
def test_several_edits_at_once_arrive(world: World, kind: Kind) -> None:
    before = world.attributes(kind.name)
    after = edited(before, *(list(EDITS[kind.name].values())[place] for place in (0, 1, -1)))
    assert _changes(kind, after, _updated(world, kind, before, after), applied=after) == ()


@every_edit
def test_an_update_says_nothing_about_what_stays(world: World, kind: Kind, edit: str) -> None:
    """A patch names changed members only; a kind without patches sends its whole body."""
    before = world.attributes(kind.name)
    after = edited(before, EDITS[kind.name][edit])
    live = world.read(kind, world.make(kind, before))
    changes = _changes(kind, after, live, applied=before)
    request = _update(kind, live, after, changes)
    if request is not None and request.method == "PATCH":
        changed = {change.steps[0] for change in changes} | ({"allOf"} if kind.name == "schema" else set())
        assert {operation["path"].split("/")[1] for operation in request.body} <= changed


def _updated(world: World, kind: Kind, before: Any, after: Any) -> RemoteObject:
    """The live object after the update from one to the other."""
    created = world.make(kind, before)
    live = world.read(kind, created)
    changes = _changes(kind, after, live, applied=before)
    assert forced_paths(kind, changes, live, now=0) == frozenset()
    request = _update(kind, live, after, changes)
    return live if request is None else world.read(kind, kind.written(world.send(request)))


def _update(kind: Kind, live: RemoteObject, after: Any, changes: tuple[AttributeChange, ...]) -> Request | None:
    assert kind.update is not None
    return kind.update(Update(live=live, desired=revealed(after), changes=changes)) if changes else None


@every_edit
def test_an_update_never_sends_null(world: World, kind: Kind, edit: str) -> None:
    """What is no longer wanted is removed, or set to what the platform takes for nothing."""
    before = world.attributes(kind.name)
    after = edited(before, EDITS[kind.name][edit])
    live = world.read(kind, world.make(kind, before))
    request = _update(kind, live, after, _changes(kind, after, live, applied=before))
    if request is not None and request.method == "PATCH":
        assert None not in [operation.get("value", "") for operation in request.body]


def test_mappings_in_another_order_are_no_change(world: World) -> None:
    kind = KINDS["mapping_set"]
    before = world.attributes(kind.name)
    live = world.read(kind, world.make(kind, before))
    assert _changes(kind, edited(before, EDITS[kind.name][_UNORDERED]), live, applied=before) == ()


@every_changing_kind
def test_an_update_answers_the_id_of_the_object(world: World, kind: Kind) -> None:
    before = world.attributes(kind.name)
    created = world.make(kind, before)
    live = world.read(kind, created)
    after = edited(before, *[*EDITS[kind.name].values()][:1])
    request = _update(kind, live, after, _changes(kind, after, live, applied=before))
    assert request is not None
    assert kind.written(world.send(request)).id == created.id


@every_kind
def test_an_object_that_was_never_made_is_missing(world: World, kind: Kind) -> None:
    missing = _NEVER_MADE.get(kind.name, "00000000-0000-4000-8000-000000000000")
    assert read_object(kind, missing, world.send) is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.batch_size > 1], ids=lambda kind: kind.name)
def test_a_batch_finds_what_is_there_and_leaves_out_what_is_not(world: World, kind: Kind) -> None:
    made = [world.make(kind, world.attributes(kind.name)).id for _ in range(2)]
    missing = _NEVER_MADE.get(kind.name, "00000000-0000-4000-8000-000000000000")
    assert read_objects(kind, [*made, missing], world.send).keys() == set(made)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.batch_size > 1], ids=lambda kind: kind.name)
def test_a_batch_leaves_out_what_was_not_asked_for(world: World, kind: Kind) -> None:
    *asked, _other = [world.make(kind, world.attributes(kind.name)).id for _ in range(3)]
    assert read_objects(kind, asked, world.send).keys() == set(asked)


@pytest.mark.parametrize(
    "kind",
    [kind for kind in KINDS.values() if kind.name not in _NO_LOOK_UP],
    ids=lambda k: k.name,
)
def test_an_object_is_found_by_its_title(world: World, kind: Kind) -> None:
    wanted = world.attributes(kind.name)
    created = world.make(kind, wanted)
    assert [live.id for live in find_objects(kind, wanted[kind.label], world.send)] == [created.id]


@pytest.mark.parametrize("title", ['with "quotes"', "with, comma", "with * star", "!bang", "ü & = + % #", "a==b"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.name not in _NO_TITLES], ids=lambda k: k.name)
def test_an_object_with_an_odd_title_is_found(world: World, kind: Kind, title: str) -> None:
    wanted = {**world.attributes(kind.name), kind.label: title}
    created = world.make(kind, wanted)
    assert [live.id for live in find_objects(kind, title, world.send)] == [created.id]


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.delete], ids=lambda kind: kind.name)
def test_a_deleted_object_is_missing(world: World, kind: Kind) -> None:
    created = world.make(kind, world.attributes(kind.name))
    assert kind.delete is not None
    world.send(kind.delete(created.id))
    assert read_object(kind, created.id, world.send) is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if not kind.delete], ids=lambda kind: kind.name)
def test_a_kind_without_deletion_says_why(kind: Kind) -> None:
    assert kind.kept_because


@every_kind
def test_a_creation_is_not_repeatable(world: World, kind: Kind) -> None:
    assert not kind.create(world.attributes(kind.name)).repeatable


@pytest.mark.contract
@every_kind
def test_every_endpoint_is_one_of_the_api_descriptions(world: World, kind: Kind, descriptions_folder: Path) -> None:
    descriptions = Descriptions(descriptions_folder)
    unknown = [
        f"{request.method} {request.path}"
        for request in _requests(world, kind)
        if descriptions.operation(request.method, request.path) is None
    ]
    assert unknown == []


def _requests(world: World, kind: Kind) -> Iterator[Request]:
    before = world.attributes(kind.name)
    live = world.read(kind, world.make(kind, before))
    yield from (kind.create(before), kind.read_many([live.id]), kind.find("title"), kind.recall(before))
    if kind.update is not None:
        after = edited(before, next(iter(EDITS[kind.name].values())))
        update = _update(kind, live, after, _changes(kind, after, live, applied=before))
        assert update is not None
        yield update
    if kind.batch_size > 1:
        yield kind.read_many([live.id, live.id])
    if kind.delete is not None:
        yield kind.delete(live.id)
    if kind.deletion_guard is not None:
        yield kind.deletion_guard.request(live.id)
