"""The text of a lockfile is what the standard library makes of its members, and what is read of it is the lockfile."""

import json
from typing import Any

import pytest

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.state.lockfile_format import from_bytes, from_known_bytes, to_bytes

HEAD: dict[str, Any] = {"organization": "o", "sandbox": "s", "lineage": "l", "salt": "ab", "serial": 7}
ENTRY = LockEntry(kind="flow", id="1", etag='"e"', applied={"title": "Ä \u2028", "list": [], "deep": {"a": [1, {}]}})
KEYED = LockEntry(
    kind="descriptor", id="2", depends_on=frozenset({Address("b.flow"), Address("a.flow")}), deposed=("3", "4")
)
REPLACED = LockEntry(kind="flow", id="5", suspended=True, instead_of={"scheduleParams.backfill": True, "a.b": None})
ENTRIES = {Address("b.flow"): ENTRY, Address('a.descriptor[a "b"]'): KEYED, Address("r.flow"): REPLACED}
INTENT = Intent(nonce="n", address=Address("c.flow"), operation="create", entry=LockEntry(kind="flow", id=""), at=5)


@pytest.mark.parametrize(
    "lockfile",
    [
        Lockfile(**HEAD),
        Lockfile(**HEAD, entries={Address("b.flow"): ENTRY}),
        Lockfile(**HEAD, entries=ENTRIES),
        Lockfile(**HEAD, pending=(INTENT,)),
        Lockfile(**HEAD, entries=ENTRIES, pending=(INTENT,)),
    ],
)
def test_the_text_of_a_lockfile(lockfile: Lockfile) -> None:
    text = to_bytes(lockfile).decode()
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert from_bytes(text.encode(), "x") == lockfile
    assert from_known_bytes(text.encode()) == lockfile


def _entry(**members: Any) -> dict[str, Any]:
    return {"kind": "flow", "id": "1", **members}


def _data(**entries: dict[str, Any]) -> bytes:
    named = {f"{name}.flow": entry for name, entry in entries.items()}
    return json.dumps({"version": 2, **HEAD, "entries": named}).encode()


@pytest.mark.parametrize("read", [lambda data: from_bytes(data, "x"), from_known_bytes])
def test_entries_share_the_addresses_that_they_depend_on(read: Any) -> None:
    found = read(_data(a=_entry(), b=_entry(id="2", dependsOn=["a.flow"]))).entries
    (needed,) = found["b.flow"].depends_on
    assert needed is next(iter(found))


@pytest.mark.parametrize(
    "depends_on", [{"a.flow": 1}, "a.flow", [["a.flow"]], [{"a.flow": 1}], ["a.flow", 1], ["a.flow", "a"], None]
)
def test_what_an_entry_depends_on_is_a_list_of_addresses(depends_on: Any) -> None:
    with pytest.raises(StateError, match=r"dependsOn of b\.flow must be a list of"):
        from_bytes(_data(a=_entry(), b=_entry(id="2", dependsOn=depends_on)), "x")


@pytest.mark.parametrize(
    "others", [{"c": _entry()}, {"c": _entry(id="2", deposed=["1"])}, {"b": _entry(id="2", deposed=["3", "1"])}]
)
def test_no_two_addresses_have_the_same_object(others: dict[str, dict[str, Any]]) -> None:
    with pytest.raises(StateError, match="have the same id"):
        from_bytes(_data(a=_entry(), **others), "x")


@pytest.mark.parametrize("start", ["", "a\n"])
def test_a_merge_conflict_is_told(start: str) -> None:
    with pytest.raises(StateError, match="has a merge conflict"):
        from_bytes(f"{start}<<<<<<< HEAD\n".encode(), "x")
