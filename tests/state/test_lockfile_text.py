"""The text of a lockfile is what the standard library makes of its members, and what is read of it is the lockfile."""

import json
from typing import Any

import pytest

from flowctl.model.address import Address
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
