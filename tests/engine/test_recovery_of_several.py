"""Recovery of several writes at once, and of writes whose entry is gone: recorded x intents x live -> record."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from bench import Bench

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry
from flowctl.model.request import Reply, Request

NOW = 1_800_000_000_000
SHOP, TWIN, DESK = {"name": "Shop"}, {"name": "Twin"}, {"name": "Desk"}


def _id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@dataclass(frozen=True)
class Write:
    """An intent: what was sent for an address, and the number of the object if it was there before."""

    name: str
    operation: str
    sent: Mapping[str, Any]
    number: int = 0
    kind: str = "connection"


def _platform(live: Mapping[int, Mapping[str, Any]]) -> Any:
    """Holds these objects and replies to reads; those from 50 on are source connections."""

    def send(request: Request) -> Reply:
        wanted = dict(request.query).get("property", "")
        ids = wanted.removeprefix("id==").split(",") if wanted.startswith("id==") else None
        is_source = request.path.endswith("sourceConnections")
        found = [
            {"id": _id(number), "etag": f'"{number}"', "createdAt": NOW, **body}
            for number, body in live.items()
            if (ids is None or _id(number) in ids) and (number >= 50) == is_source
        ]
        return Reply(status=200, headers={"date": formatdate(NOW / 1000, usegmt=True)}, body={"items": found})

    return send


# what is recorded, the writes, what is live -> what is recorded then; the addresses that a person has to settle
ROWS: dict[str, tuple[dict[str, int], list[Write], dict[int, Any], dict[str, int], list[str]]] = {
    "one done, one not": (
        {},
        [Write("shop", "create", SHOP), Write("desk", "create", DESK)],
        {1: SHOP},
        {"shop.connection": 1},
        [],
    ),
    "two of different content, each its own": (
        {},
        [Write("shop", "create", SHOP), Write("desk", "create", DESK)],
        {1: DESK, 2: SHOP},
        {"desk.connection": 1, "shop.connection": 2},
        [],
    ),
    "another content does not make a second candidate right": (
        {},
        [Write("shop", "create", SHOP), Write("desk", "create", DESK)],
        {1: SHOP, 2: SHOP},
        {},
        ["shop.connection"],
    ),
    "another kind does not make a second candidate right": (
        {},
        [Write("shop", "create", SHOP), Write("shop", "create", SHOP, kind="source_connection")],
        {1: SHOP, 2: SHOP},
        {},
        ["shop.connection"],
    ),
    "an update of the same content does not either": (
        {"desk.connection": 3},
        [Write("shop", "create", SHOP), Write("desk", "update", SHOP, 3)],
        {1: SHOP, 2: SHOP, 3: DESK},
        {"desk.connection": 3},
        ["shop.connection"],
    ),
    "what is settled first counts as recorded for the next": (
        {},
        [Write("shop", "create", SHOP), Write("desk", "create", SHOP)],
        {1: SHOP},
        {"shop.connection": 1},
        [],
    ),
    "what can be told is recorded, whatever a person has to settle": (
        {},
        [Write("twin", "create", TWIN), Write("shop", "create", SHOP)],
        {1: TWIN, 2: TWIN, 3: SHOP},
        {"shop.connection": 3},
        ["twin.connection"],
    ),
    "two for a person": (
        {},
        [Write("twin", "create", TWIN), Write("shop", "create", SHOP)],
        {1: TWIN, 2: TWIN, 3: SHOP, 4: SHOP},
        {},
        ["twin.connection", "shop.connection"],
    ),
    "an update whose entry is gone": ({}, [Write("shop", "update", SHOP, 1)], {1: SHOP}, {"shop.connection": 1}, []),
    "an update that was not done, whose entry is gone": ({}, [Write("shop", "update", SHOP, 1)], {1: DESK}, {}, []),
    "a deletion whose entry is gone": ({}, [Write("shop", "delete", {}, 1)], {}, {}, []),
    "a deletion whose entry is of another object": (
        {"shop.connection": 2},
        [Write("shop", "delete", {}, 1)],
        {2: SHOP},
        {"shop.connection": 2},
        [],
    ),
    "a creation in place of what is being deleted": (
        {"shop.connection": 1},
        [Write("shop", "create", SHOP), Write("shop", "delete", {}, 1)],
        {2: SHOP},
        {"shop.connection": 2},
        [],
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_recovery(row: str, tmp_path: Path) -> None:
    recorded, writes, live, expected, asked = ROWS[row]
    bench = Bench(tmp_path, _platform(live))
    for address, number in recorded.items():
        bench.ledger.record(Address(address), LockEntry(kind="connection", id=_id(number)))
    for write in writes:
        entry = LockEntry(kind=write.kind, id=_id(write.number) if write.number else "", applied=write.sent)
        bench.ledger.intend(Address.of(write.name, write.kind), write.operation, entry, now=NOW)
    problems: list[str] = []
    try:
        bench.settle()
    except StateError as error:
        problems = [str(problem.address) for problem in error.diagnostics]
    lockfile = bench.ledger.lockfile
    assert problems == asked
    assert {str(address): int(entry.id[-3:]) for address, entry in lockfile.entries.items()} == expected
    assert [str(intent.address) for intent in lockfile.pending] == asked


def test_each_write_is_told_in_a_sentence(tmp_path: Path) -> None:
    bench = Bench(tmp_path, _platform({1: SHOP, 3: DESK}))
    for name, operation, sent, number in (
        ("shop", "create", SHOP, 0),
        ("twin", "create", TWIN, 0),
        ("desk", "update", DESK, 3),
        ("old", "update", TWIN, 3),
        ("kept", "delete", {}, 3),
        ("gone", "delete", {}, 4),
    ):
        entry = LockEntry(kind="connection", id=_id(number) if number else "", applied=sent)
        bench.ledger.intend(Address.of(name, "connection"), operation, entry, now=NOW)
    assert bench.settle() == [
        f"shop.connection: the interrupted run created {_id(1)}; recorded in the lockfile",
        "twin.connection: the interrupted run did not create the object",
        "desk.connection: the interrupted run updated the object; recorded in the lockfile",
        "old.connection: the interrupted run did not update the object",
        "kept.connection: the interrupted run did not delete the object",
        f"gone.connection: the interrupted run deleted {_id(4)}; removed from the lockfile",
    ]
