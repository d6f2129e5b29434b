"""Why a resource does not describe its live object exactly: the difference, what no key says, a replacement."""

from collections.abc import Mapping
from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.record import LockEntry, Lockfile
from flowctl.model.resource import Reference, RemoteObject, Resource
from flowctl.operations.importing.proof import unproven
from flowctl.operations.importing.sandbox import Part, Sandbox

CONNECTION, SOURCE, TARGET = (Address(f"p.{kind}") for kind in ("connection", "source_connection", "target_connection"))
NAMED = {"name": "a", "data": {"schema": {"id": "x", "version": "y"}}}


def _unproven(
    desired: Mapping[Address, Resource],
    live: Mapping[Address, Mapping[str, Any]],
    recorded: Mapping[Address, Mapping[str, Any]] | None = None,
) -> dict[Address, str]:
    parts = {
        address: Part(
            kind=KINDS[address.kind], live=RemoteObject(id=f"id of {address}", etag=None, attributes=value, body={})
        )
        for address, value in live.items()
    }
    entries = {
        address: LockEntry(kind=address.kind, id=f"id of {address}", applied=applied)
        for address, applied in (recorded or {}).items()
    }
    lockfile = Lockfile(organization="o", sandbox="s", lineage="l", salt="00" * 16, entries=entries)
    return unproven(desired, parts, lockfile, Sandbox(flows=(), parts={}), 1_800_000_000.0)


def _resource(address: Address, attributes: Mapping[str, Any], **members: Any) -> Resource:
    return Resource(address=address, attributes=attributes, **members)


def test_what_describes_its_object_exactly_is_proven() -> None:
    assert _unproven({TARGET: _resource(TARGET, NAMED)}, {TARGET: NAMED}) == {}


@pytest.mark.parametrize(
    ("desired", "live", "why"),
    [
        (
            {**NAMED, "name": "b"},
            NAMED,
            "`name` of its target connection cannot be reproduced: it is a, and a manifest can say b",
        ),
        (
            {**NAMED, "description": "d" * 61},
            NAMED,
            "`description` of its target connection cannot be reproduced: it is (none), and a manifest can say "
            f"{'d' * 59}…",
        ),
        (
            {**NAMED, "description": "d" * 60},
            NAMED,
            "`description` of its target connection cannot be reproduced: it is (none), and a manifest can say "
            f"{'d' * 60}",
        ),
        (
            NAMED,
            {**NAMED, "description": "of somebody"},
            "no key of a manifest describes `description` of its target connection",
        ),
    ],
)
def test_what_differs_or_is_not_said(desired: Any, live: Any, why: str) -> None:
    assert _unproven({TARGET: _resource(TARGET, desired)}, {TARGET: live}) == {TARGET: why}


def test_of_what_follows_from_another_difference_the_cause_is_told() -> None:
    source = _resource(SOURCE, {**NAMED, "params": {"tableName": "t"}}, replaced_with=frozenset({TARGET}))
    target = _resource(TARGET, NAMED, replaced_with=frozenset({SOURCE}))
    live = {SOURCE: {**NAMED, "params": {"tableName": "u"}}, TARGET: NAMED}
    assert _unproven({SOURCE: source, TARGET: target}, live) == {
        SOURCE: "`params.tableName` of its source connection cannot be reproduced: it is u, and a manifest can say t"
    }


def test_what_would_be_replaced_with_something_recorded_is_not_proven() -> None:
    source = _resource(SOURCE, {**NAMED, "params": {"tableName": "t"}}, replaced_with=frozenset({TARGET}))
    target = _resource(TARGET, NAMED, replaced_with=frozenset({SOURCE}))
    recorded = {SOURCE: {**NAMED, "params": {"tableName": "u"}}}
    assert _unproven({SOURCE: source, TARGET: target}, {TARGET: NAMED}, recorded) == {
        TARGET: "its target connection could only be replaced"
    }


def test_what_is_recorded_is_taken_as_it_is() -> None:
    reference = {"baseConnectionId": Reference(CONNECTION, "id")}
    source = _resource(SOURCE, {**NAMED, **reference}, depends_on=frozenset({CONNECTION}))
    desired = {CONNECTION: _resource(CONNECTION, NAMED), SOURCE: source}
    live = {SOURCE: {**NAMED, "baseConnectionId": f"id of {CONNECTION}"}}
    assert _unproven(desired, live, {CONNECTION: NAMED}) == {}
    assert _unproven(desired, live, {CONNECTION: {"name": "not applied yet"}}) == {}
    elsewhere = {SOURCE: {**NAMED, "baseConnectionId": "another"}}
    assert _unproven(desired, elsewhere, {CONNECTION: NAMED}).keys() == {SOURCE}
