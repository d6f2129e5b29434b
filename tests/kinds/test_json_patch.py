"""JSON Patches from changed places: against a live body that holds more, in another order, or less than was sent."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowctl.engine.plan import diff
from flowctl.kinds.json_patch import operations

KEYED = {("transformations",): "name"}
COPY = {"name": "Copy", "params": {"deltaColumn": {"name": "updated_at"}}}
MAPPING = {"name": "Mapping", "params": {"mappingId": "m", "mappingVersion": "0"}}
NEXT = {"name": "Mapping", "params": {"mappingId": "m", "mappingVersion": "1"}}


def _patch(paths: list[tuple[str, ...]], live: Any, desired: Any) -> list[Any]:
    return list(operations(paths, live=live, desired=desired, keyed_lists=KEYED))


def test_a_member_that_is_there_is_replaced() -> None:
    found = _patch([("name",)], {"name": "old"}, {"name": "new"})
    assert found == [{"op": "replace", "path": "/name", "value": "new"}]


def test_a_member_that_is_not_there_is_added() -> None:
    assert _patch([("description",)], {}, {"description": "x"}) == [{"op": "add", "path": "/description", "value": "x"}]


def test_a_member_that_is_null_is_replaced() -> None:
    found = _patch([("description",)], {"description": None}, {"description": "x"})
    assert found == [{"op": "replace", "path": "/description", "value": "x"}]


def test_a_member_that_is_not_wanted_is_removed_without_a_value() -> None:
    assert _patch([("description",)], {"description": "x"}, {}) == [{"op": "remove", "path": "/description"}]


def test_a_member_of_a_missing_parent_brings_the_whole_parent() -> None:
    wanted = {"options": {"a": 1, "b": 2}}
    assert _patch([("options", "a")], {}, wanted) == [{"op": "add", "path": "/options", "value": {"a": 1, "b": 2}}]


def test_a_member_of_a_null_parent_replaces_the_whole_parent() -> None:
    found = _patch([("options", "a")], {"options": None}, {"options": {"a": 1}})
    assert found == [{"op": "replace", "path": "/options", "value": {"a": 1}}]


def test_two_members_of_a_missing_parent_are_one_operation() -> None:
    wanted = {"options": {"a": 1, "b": 2}}
    assert len(_patch([("options", "a"), ("options", "b")], {}, wanted)) == 1


def test_an_item_is_found_by_its_name_and_not_by_its_place_in_the_manifest() -> None:
    found = _patch(
        [("transformations", "[Mapping]", "params", "mappingVersion")],
        {"transformations": [COPY, MAPPING]},
        {"transformations": [NEXT]},
    )
    assert found == [{"op": "replace", "path": "/transformations/1", "value": NEXT}]


def test_an_item_is_replaced_whole_with_what_it_has_besides() -> None:
    (found,) = _patch(
        [("transformations", "[Mapping]", "params", "mappingVersion")],
        {"transformations": [{**MAPPING, "of the platform": True}]},
        {"transformations": [NEXT]},
    )
    assert found["value"] == {**NEXT, "of the platform": True}


def test_members_of_an_item_that_are_to_go_go_and_others_stay() -> None:
    keys = {"name": "Encryption", "params": {"publicKeyId": "a", "signVerificationKeyId": "b", "more": 1}}
    (found,) = _patch(
        [("transformations", "[Encryption]", "params", "signVerificationKeyId")],
        {"transformations": [keys]},
        {"transformations": [{"name": "Encryption", "params": {"publicKeyId": "a"}}]},
    )
    assert found["value"] == {"name": "Encryption", "params": {"publicKeyId": "a", "more": 1}}


def test_a_whole_member_of_an_item_that_is_to_go_goes() -> None:
    (found,) = _patch(
        [("transformations", "[Mapping]", "note")],
        {"transformations": [{**MAPPING, "note": "x"}]},
        {"transformations": [MAPPING]},
    )
    assert found["value"] == MAPPING


def test_an_item_that_is_not_there_is_added_at_the_end() -> None:
    found = _patch(
        [("transformations", "[Mapping]")], {"transformations": [COPY]}, {"transformations": [COPY, MAPPING]}
    )
    assert found == [{"op": "add", "path": "/transformations/-", "value": MAPPING}]


def test_an_item_of_a_list_that_is_not_there_brings_the_whole_list() -> None:
    found = _patch([("transformations", "[Mapping]")], {}, {"transformations": [COPY, MAPPING]})
    assert found == [{"op": "add", "path": "/transformations", "value": [COPY, MAPPING]}]


def test_items_are_removed_from_the_last_to_the_first() -> None:
    """Each removal moves what stands behind it."""
    items = [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    found = _patch(
        [("transformations", "[a]"), ("transformations", "[b]")],
        {"transformations": items},
        {"transformations": items[2:]},
    )
    assert [operation["path"] for operation in found] == ["/transformations/1", "/transformations/0"]


def test_items_are_replaced_before_others_are_removed() -> None:
    found = _patch(
        [("transformations", "[Copy]"), ("transformations", "[Mapping]")],
        {"transformations": [COPY, MAPPING]},
        {"transformations": [NEXT]},
    )
    assert [(operation["op"], operation["path"]) for operation in found] == [
        ("replace", "/transformations/1"),
        ("remove", "/transformations/0"),
    ]


def test_a_place_in_a_list_without_names_replaces_the_whole_list() -> None:
    found = _patch([("params", "columns", "[1]")], {"params": {"columns": [1, 2]}}, {"params": {"columns": [1, 3]}})
    assert found == [{"op": "replace", "path": "/params/columns", "value": [1, 3]}]


@pytest.mark.parametrize(("name", "pointer"), [("a/b", "/tags/a~1b"), ("a~b", "/tags/a~0b"), ("~1", "/tags/~01")])
def test_names_are_escaped_in_pointers(name: str, pointer: str) -> None:
    (found,) = _patch([("tags", name)], {"tags": {name: ["x"]}}, {"tags": {name: ["y"]}})
    assert found["path"] == pointer


def test_false_and_zero_are_values() -> None:
    found = _patch(
        [("options", "a"), ("options", "b")], {"options": {"a": True, "b": 1}}, {"options": {"a": False, "b": 0}}
    )
    assert [operation.get("value") for operation in found] == [False, 0]


_SCALARS = st.one_of(st.integers(0, 3), st.booleans(), st.sampled_from(["x", "1", "true"]))
_MEMBERS = st.dictionaries(st.sampled_from(["a", "b/c", "~d"]), _SCALARS, max_size=3)
_ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["one", "two"]),
        "options": _MEMBERS,
        "params": st.fixed_dictionaries({}, optional={"columns": st.lists(_MEMBERS, max_size=2), "deep": _MEMBERS}),
        "transformations": st.lists(
            st.fixed_dictionaries({"name": st.sampled_from("ABCD"), "params": _MEMBERS}),
            unique_by=lambda item: item["name"],
            max_size=4,
        ),
    },
)


@settings(deadline=None)
@given(before=_ATTRIBUTES, after=_ATTRIBUTES, nulls=st.sets(st.sampled_from(["name", "options", "params"])))
def test_the_patch_from_one_to_another_gives_the_other(before: Any, after: Any, nulls: set[str]) -> None:
    live = {**dict.fromkeys(nulls), **deepcopy(before), "id": "of the platform", "state": {"x": 1}}
    changes = _changes(after, live, before)
    paths = [change.steps for change in changes]
    patched = _applied(live, operations(paths, live=live, desired=after, keyed_lists=KEYED))
    assert _changes(after, patched, after) == ()
    assert set(_places(patched, before | after)) == set(_places(patched, after))
    assert patched["state"] == {"x": 1}


def _places(observed: Any, applied: Any) -> list[str]:
    """What is left of these attributes."""
    return [change.path for change in _changes({}, observed, applied)]


def _changes(desired: Any, observed: Any, applied: Any) -> Any:
    return diff.changes(
        desired=desired,
        observed=observed,
        applied=applied,
        keyed_lists=KEYED,
        forms=lambda _: {},
        secret_changed=lambda _p, _s: False,
    )


def _applied(document: Any, patch: Any) -> Any:
    """RFC 6902 add, replace and remove; a replaced or removed member must be there."""
    document = deepcopy(document)
    for operation in patch:
        *parents, last = [step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]]
        holder = document
        for step in parents:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        place: Any = last
        if isinstance(holder, list):
            place = len(holder) if last == "-" else int(last)
        if operation["op"] == "remove":
            del holder[place]
        elif operation["op"] == "add" and isinstance(holder, list):
            holder.insert(place, operation["value"])
        else:
            assert operation["op"] == "add" or place in (range(len(holder)) if isinstance(holder, list) else holder)
            holder[place] = operation["value"]
    return document
