"""What differs, place by place: desired x live x applied -> changes, and recorded x live -> drift."""

from typing import Any

import pytest

from flowctl.engine.plan.diff import changes, drift
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.resource import Sensitive, Unknown

KEYED: dict[Path, str] = {("items",): "id"}
NUMBER = {"id": "n", "type": "number"}
TEXT = {"id": "t", "type": "text"}
UNKNOWN = Unknown(address=Address("other.connection"))


def _case_does_not_count(first: Any, second: Any) -> bool:
    return str(first).lower() == str(second).lower()


FORMS = {("unit",): _case_does_not_count}
Row = tuple[dict[str, Any], dict[str, Any], dict[str, Any], list[tuple[str, Any, Any]]]

# desired, live, applied -> the changed places, each with the live and the desired value
CHANGES: dict[str, Row] = {
    "the same everywhere": ({"a": 1}, {"a": 1}, {"a": 1}, []),
    "nothing desired, nothing live": ({}, {}, {}, []),
    "a value differs": ({"a": 1}, {"a": 2}, {"a": 1}, [("a", 2, 1)]),
    "a value differs, and was never applied": ({"a": 1}, {"a": 2}, {}, [("a", 2, 1)]),
    "a value is missing": ({"a": 1}, {}, {"a": 1}, [("a", None, 1)]),
    "a value is of the platform only": ({"a": 1}, {"a": 1, "b": 2}, {"a": 1}, []),
    "live already, and applied otherwise": ({"a": 1}, {"a": 1}, {"a": 2}, []),
    "a number as text": ({"a": 15}, {"a": "15"}, {}, []),
    "empty and missing": ({"a": ""}, {}, {}, []),
    "one member of an object": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, {}, [("a.c", 3, 2)]),
    "two members": ({"a": 1, "b": 1}, {"a": 2, "b": 2}, {}, [("a", 2, 1), ("b", 2, 1)]),
    "an object in place of a text": ({"a": {"b": 1}}, {"a": "x"}, {}, [("a.b", None, 1)]),
    "no longer desired": ({}, {"a": 1}, {"a": 1}, [("a", 1, None)]),
    "no longer desired, changed outside": ({}, {"a": 2}, {"a": 1}, [("a", 2, None)]),
    "no longer desired, gone already": ({}, {}, {"a": 1}, []),
    "no longer desired, emptied already": ({}, {"a": ""}, {"a": 1}, []),
    "no longer desired, never applied": ({}, {"a": 1}, {}, []),
    "a member of an object is no longer desired": (
        {"a": {"b": 1}},
        {"a": {"b": 1, "c": 2}},
        {"a": {"b": 1, "c": 2}},
        [("a.c", 2, None)],
    ),
    "one item of a list": ({"a": [1, 2, 3]}, {"a": [1, 9, 3]}, {}, [("a.[1]", 9, 2)]),
    "one member of an item": ({"a": [{"b": 1, "c": 2}]}, {"a": [{"b": 1, "c": 3}]}, {}, [("a.[0].c", 3, 2)]),
    "an item more": ({"a": [1, 2]}, {"a": [1]}, {}, [("a.[1]", None, 2)]),
    "an item less": ({"a": [1]}, {"a": [1, 2]}, {}, [("a.[1]", 2, None)]),
    "a list where there is none": ({"a": [1]}, {}, {}, [("a", None, [1])]),
    "a list in place of a text": ({"a": [1]}, {"a": "x"}, {}, [("a", "x", [1])]),
    "a list of what is known later": ({"a": [UNKNOWN]}, {"a": ["x"]}, {}, [("a", ["x"], [UNKNOWN])]),
    "known later": ({"a": UNKNOWN}, {"a": "x"}, {"a": "x"}, [("a", "x", UNKNOWN)]),
    "another order of a keyed list": ({"items": [TEXT, NUMBER]}, {"items": [NUMBER, TEXT]}, {}, []),
    "a member of a keyed item": (
        {"items": [NUMBER, TEXT]},
        {"items": [TEXT | {"type": "date"}, NUMBER]},
        {},
        [("items.[t].type", "date", "text")],
    ),
    "a new keyed item, once": (
        {"items": [NUMBER, TEXT]},
        {"items": [NUMBER]},
        {},
        [("items.[t]", None, TEXT)],
    ),
    "a keyed item of somebody else": ({"items": [NUMBER]}, {"items": [TEXT, NUMBER]}, {}, [("items.[t]", TEXT, None)]),
    "a keyed item that is no longer desired, once": (
        {"items": [NUMBER]},
        {"items": [NUMBER, TEXT]},
        {"items": [NUMBER, TEXT]},
        [("items.[t]", TEXT, None)],
    ),
    "a keyed list that nobody declares": ({"a": 1}, {"a": 1, "items": [TEXT]}, {}, []),
    "keyed items that share a key": (
        {"items": [NUMBER, NUMBER]},
        {"items": [NUMBER, TEXT]},
        {},
        [("items.[1].id", "t", "n"), ("items.[1].type", "text", "number")],
    ),
    "another way to write it": ({"unit": "DAY"}, {"unit": "day"}, {}, []),
    "another way to write what has one way": ({"a": "DAY"}, {"a": "day"}, {}, [("a", "day", "DAY")]),
}


@pytest.mark.parametrize(("desired", "live", "applied", "expected"), CHANGES.values(), ids=CHANGES)
def test_changes(desired: Any, live: Any, applied: Any, expected: list[tuple[str, Any, Any]]) -> None:
    found = changes(
        desired=desired,
        observed=live,
        applied=applied,
        keyed_lists=KEYED,
        forms=lambda _attributes: FORMS,
        secret_changed=lambda _path, _secret: pytest.fail("there is no secret"),
    )
    assert [(".".join(change.steps), change.before, change.after) for change in found] == expected
    assert not any(change.sensitive for change in found)


@pytest.mark.parametrize("has_changed", [True, False])
@pytest.mark.parametrize("live", [{}, {"auth": {"password": "x", "user": "u"}}])
def test_a_secret_differs_by_its_digest_and_by_nothing_live(live: Any, has_changed: bool) -> None:
    secret = Sensitive(value="x", variable="PASSWORD")
    asked: list[tuple[Path, Sensitive]] = []

    def secret_changed(path: Path, wanted: Sensitive) -> bool:
        asked.append((path, wanted))
        return has_changed

    found = changes(
        desired={"auth": {"password": secret}},
        observed=live,
        applied={},
        keyed_lists={},
        forms=lambda _attributes: {},
        secret_changed=secret_changed,
    )
    assert asked == [(("auth", "password"), secret)]
    said = [(change.steps, change.before, change.after, change.sensitive) for change in found]
    assert said == ([(("auth", "password"), None, secret, True)] if has_changed else [])


# recorded, live -> the drifted places, each with the recorded and the live value
DRIFT: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[str, Any, Any]]]] = {
    "none": ({"a": 1}, {"a": 1}, []),
    "a value": ({"a": 1}, {"a": 2}, [("a", 1, 2)]),
    "a value that is gone": ({"a": 1}, {}, [("a", 1, None)]),
    "a value that was never recorded": ({"a": 1}, {"a": 1, "b": 2}, []),
    "a number as text": ({"a": 1}, {"a": "1"}, []),
    "another way to write it": ({"unit": "DAY"}, {"unit": "day"}, []),
    "a list is one place": ({"a": [1, 2]}, {"a": [1, 3]}, [("a", [1, 2], [1, 3])]),
    "a member of an object": ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [("a.c", 2, 3)]),
    "a member of a keyed item": (
        {"items": [TEXT]},
        {"items": [TEXT | {"type": "date"}]},
        [("items.[t].type", "text", "date")],
    ),
    "a keyed item more": ({"items": [TEXT]}, {"items": [NUMBER, TEXT]}, [("items.[n]", None, NUMBER)]),
    "another order of a keyed list": ({"items": [TEXT, NUMBER]}, {"items": [NUMBER, TEXT]}, []),
    "a keyed item less": ({"items": [TEXT, NUMBER]}, {"items": [NUMBER]}, [("items.[t]", TEXT, None)]),
    "a member of a keyed item takes the place of another": (
        {"items": [TEXT]},
        {"items": [{"id": "t", "kind": "text"}]},
        [("items.[t].type", "text", None), ("items.[t].kind", None, "text")],
    ),
    "a member more of a keyed item": ({"items": [TEXT]}, {"items": [TEXT | {"kind": "text"}]}, []),
}


@pytest.mark.parametrize(("recorded", "live", "expected"), DRIFT.values(), ids=DRIFT)
def test_drift(recorded: Any, live: Any, expected: list[tuple[str, Any, Any]]) -> None:
    found = drift(applied=recorded, observed=live, keyed_lists=KEYED, forms=lambda _attributes: FORMS)
    assert [(".".join(place.steps), place.recorded, place.observed) for place in found] == expected


@pytest.mark.parametrize(
    ("path", "expected"), [(("items", "[t]", "type"), "text"), (("items", "[x]", "type"), None), (("items",), [TEXT])]
)
def test_a_place_of_a_keyed_list_is_found_by_key(path: Path, expected: Any) -> None:
    assert value_at({"items": [TEXT]}, path, KEYED) == expected


def test_a_secret_hides_no_later_difference() -> None:
    found = changes(
        desired={"a": Sensitive(value="x", variable="PASSWORD"), "b": 2},
        observed={"b": 1},
        applied={},
        keyed_lists={},
        forms=lambda _attributes: {},
        secret_changed=lambda _path, _secret: False,
    )
    assert [(change.path, change.before, change.after) for change in found] == [("b", 1, 2)]
