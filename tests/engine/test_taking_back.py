"""Which old objects are recorded again in place of their successors: what is live and desired to an entry."""

from collections.abc import Mapping
from typing import Any

from flowctl.engine.plan.taking_back import taken_back
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.resource import Lookup, Reference, RemoteObject, Resource, Sensitive

SOURCE, TARGET, FLOW = (Address(f"p.{kind}") for kind in ("source_connection", "target_connection", "flow"))
OLD, NEW = {"name": "old"}, {"name": "new"}


def _entry(address: Address, applied: Mapping[str, Any] = NEW, **members: Any) -> LockEntry:
    return LockEntry(kind=address.kind, id="new", etag='"n"', applied=applied, deposed=("older", "old"), **members)


def _live(object_id: str, attributes: Mapping[str, Any], **members: Any) -> RemoteObject:
    return RemoteObject(id=object_id, etag='"o"', attributes=attributes, **{"body": {}, **members})


def _resource(address: Address, attributes: Mapping[str, Any] = OLD, **members: Any) -> Resource:
    return Resource(address=address, attributes=attributes, **members)


def _taken(
    *desired: Resource,
    old: Mapping[Address, RemoteObject],
    present: Mapping[Address, RemoteObject] | None = None,
    entries: Mapping[Address, LockEntry] | None = None,
    lookups: Mapping[Lookup, str] | None = None,
) -> dict[Address, LockEntry]:
    return taken_back(
        {resource.address: resource for resource in desired},
        {resource.address: _entry(resource.address) for resource in desired} if entries is None else entries,
        {resource.address: _live("new", NEW) for resource in desired} if present is None else present,
        {address: [_live("older", {"name": "older"}), live] for address, live in old.items()},
        lookups or {},
        KINDS,
    )


def test_an_old_object_that_is_as_desired_changes_places_with_its_successor() -> None:
    old = _live("old", OLD, outputs={"version": "1"})
    entries = {SOURCE: _entry(SOURCE, outputs={"version": "2"}, instead_of={"name": "x"})}
    assert _taken(_resource(SOURCE), old={SOURCE: old}, entries=entries) == {
        SOURCE: LockEntry(
            kind="source_connection",
            id="old",
            etag='"o"',
            applied=OLD,
            outputs={"version": "1"},
            deposed=("new", "older"),
        )
    }


def test_a_successor_that_is_as_desired_stays() -> None:
    assert _taken(_resource(SOURCE, NEW), old={SOURCE: _live("old", NEW)}) == {}


def test_an_old_object_that_is_not_as_desired_stays_old() -> None:
    assert _taken(_resource(SOURCE, {"name": "third"}), old={SOURCE: _live("old", OLD)}) == {}


def test_an_old_object_takes_the_place_of_a_successor_that_is_gone() -> None:
    assert _taken(_resource(SOURCE), old={SOURCE: _live("old", OLD)}, present={})[SOURCE].id == "old"


def test_what_holds_a_secret_cannot_be_compared_and_stays() -> None:
    desired = _resource(SOURCE, {**OLD, "password": Sensitive("x", "PASSWORD")})
    assert _taken(desired, old={SOURCE: _live("old", {**OLD, "password": "*****"})}) == {}


def test_what_refers_to_something_that_is_not_recorded_stays() -> None:
    desired = _resource(SOURCE, {**OLD, "of": Reference(Address("p.connection"), "id")})
    assert _taken(desired, old={SOURCE: _live("old", OLD)}) == {}


def test_a_lookup_counts_as_what_was_found() -> None:
    lookup = Lookup(kind="dataset", by="title", value="Customers", output="id")
    desired = _resource(SOURCE, {"name": lookup})
    assert _taken(desired, old={SOURCE: _live("old", OLD)}, lookups={lookup: "old"})[SOURCE].applied == OLD
    assert _taken(desired, old={SOURCE: _live("old", OLD)}, lookups={lookup: "other"}) == {}


def test_a_partner_is_taken_back_although_its_successor_is_as_desired() -> None:
    both = {"name": "same"}
    source = _resource(SOURCE, replaced_with=frozenset({TARGET}))
    target = _resource(TARGET, both, replaced_with=frozenset({SOURCE}))
    present = {SOURCE: _live("new", NEW), TARGET: _live("new", both)}
    old = {SOURCE: _live("old", OLD), TARGET: _live("old", both)}
    found = _taken(source, target, old=old, present=present)
    assert {address: entry.id for address, entry in found.items()} == {SOURCE: "old", TARGET: "old"}
    assert _taken(_resource(TARGET, both), old={TARGET: _live("old", both)}, present=present) == {}


def test_a_partner_without_an_old_object_stays() -> None:
    source = _resource(SOURCE, replaced_with=frozenset({TARGET}))
    found = _taken(source, _resource(TARGET), old={SOURCE: _live("old", OLD)})
    assert found.keys() == {SOURCE}


def test_a_reference_leads_to_what_was_taken_back_before() -> None:
    flow = _resource(FLOW, {"sourceConnectionIds": [Reference(SOURCE, "id")]}, depends_on=frozenset({SOURCE}))
    old = {
        FLOW: _live("old", {"sourceConnectionIds": ["old"]}, body={"state": "enabled"}),
        SOURCE: _live("old", OLD),
    }
    found = _taken(flow, _resource(SOURCE), old=old)
    assert {address: entry.id for address, entry in found.items()} == {FLOW: "old", SOURCE: "old"}
    assert found[FLOW].applied == {"sourceConnectionIds": ["old"]}


def test_an_old_flow_that_was_stopped_is_recorded_as_that() -> None:
    for state, suspended in {"disabled": True, "enabled": False}.items():
        found = _taken(_resource(FLOW), old={FLOW: _live("old", OLD, body={"state": state})})
        assert found[FLOW].suspended is suspended
