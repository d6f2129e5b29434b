"""What is planned from what is recorded, observed and wanted: action, reason, and what goes along."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from flowctl.engine import resolve
from flowctl.engine.observe.observation import Observation
from flowctl.engine.plan.plan_input import PlanInput
from flowctl.engine.plan.planner import PlannedChanges, plan_changes
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.record import LockEntry, Lockfile
from flowctl.model.resource import Lifecycle, OnDelete, Reference, RemoteObject, Resource, Sensitive

SALT = "00" * 16
NOW = 1_800_000_000.0
A, B = {"name": "a"}, {"name": "b"}
ADDRESS = Address("x.target_connection")


def _resource(address: str, attributes: Mapping[str, Any], **members: Any) -> Resource:
    needed = [value.address for value in _references(attributes)]
    return Resource(address=Address(address), attributes=attributes, depends_on=frozenset(needed), **members)


def _references(value: Any) -> list[Reference]:
    if isinstance(value, Reference):
        return [value]
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return [found for member in members for found in _references(member)]


def _entry(address: str, applied: Mapping[str, Any], **members: Any) -> LockEntry:
    return LockEntry(kind=Address(address).kind, id=f"id of {address}", applied=applied, **members)


def _live(address: str, attributes: Mapping[str, Any], **members: Any) -> RemoteObject:
    return RemoteObject(id=f"id of {address}", etag='"1"', attributes=attributes, body={}, **members)


def _planned(
    desired: list[Resource],
    recorded: Mapping[str, LockEntry] | None = None,
    observed: Mapping[str, RemoteObject] | None = None,
    blocked: Mapping[Address, str] | None = None,
) -> PlannedChanges:
    entries = {Address(address): entry for address, entry in (recorded or {}).items()}
    objects = {Address(address): live for address, live in (observed or {}).items()}
    inputs = PlanInput(
        desired={resource.address: resource for resource in desired},
        recorded=Lockfile(organization="o", sandbox="s", lineage="l", salt=SALT, entries=entries),
        observed=Observation(objects=objects, blocked=blocked or {}),
        kinds=KINDS,
        now=NOW,
    )
    outcome = plan_changes(inputs)
    as_recorded = resolve.as_recorded(inputs.desired, entries)
    gaps = resolve.resource_gaps(inputs.desired, as_recorded)
    ahead = replace(inputs, gaps=gaps, as_recorded=as_recorded)
    assert plan_changes(ahead) == outcome, "what is known before the platform has replied decides nothing"
    changing = {change.address for change in outcome.changes if change.action is not Action.DELETE}
    kept = [change.address for change in outcome.kept]
    assert len(outcome.kept) == len(kept)
    assert sorted(kept) == sorted(inputs.desired.keys() - changing)
    return outcome


def _said(outcome: PlannedChanges) -> dict[str, tuple[str, str]]:
    return {change.address: (str(change.action), str(change.reason)) for change in outcome.changes}


# recorded, observed and desired of one target connection; None: there is none
TABLE = {
    "nothing anywhere": (None, None, None, None),
    "wanted only": (None, None, A, ("create", "not_recorded")),
    "wanted and recorded, and gone": (A, None, A, ("create", "missing_remotely")),
    "the same everywhere": (A, A, A, None),
    "wanted otherwise": (A, A, B, ("update", "attributes_changed")),
    "changed outside": (A, B, A, ("update", "drifted")),
    "changed outside to what is wanted": (A, B, B, None),
    "changed outside and wanted otherwise": (A, B, {"name": "c"}, ("update", "attributes_changed")),
    "no longer wanted": (A, A, None, ("delete", "not_in_manifest")),
    "no longer wanted, and gone": (A, None, None, ("delete", "not_in_manifest")),
    "no longer wanted, changed outside": (A, B, None, ("delete", "not_in_manifest")),
    "a member more": (A, A, {**A, "description": "d"}, ("update", "attributes_changed")),
    "a member less": ({**A, "description": "d"}, {**A, "description": "d"}, A, ("update", "attributes_changed")),
    "a member less, gone already": ({**A, "description": "d"}, A, A, None),
    "a member that was never applied": (A, {**A, "description": "of somebody"}, A, None),
    "a member emptied outside": (
        {**A, "description": "d"},
        {**A, "description": ""},
        {**A, "description": "d"},
        ("update", "drifted"),
    ),
    "a member that forces replacement": (
        {**A, "data": {"format": "x"}},
        {**A, "data": {"format": "x"}},
        {**A, "data": {"format": "y"}},
        ("replace", "forces_replacement"),
    ),
    "drift of a member that forces replacement": (
        {**A, "data": {"format": "x"}},
        {**A, "data": {"format": "z"}},
        {**A, "data": {"format": "x"}},
        ("replace", "forces_replacement"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("recorded", "observed", "desired", "said"), TABLE.values(), ids=TABLE)
def test_action_and_reason(recorded: Any, observed: Any, desired: Any, said: Any) -> None:
    outcome = _planned(
        [_resource(ADDRESS, desired)] if desired else [],
        {ADDRESS: _entry(ADDRESS, recorded)} if recorded else {},
        {ADDRESS: _live(ADDRESS, observed)} if observed else {},
    )
    assert _said(outcome).get(ADDRESS) == said


@pytest.mark.parametrize(
    ("applied", "live"),
    [(15, "15"), (True, "true"), ("", None), (None, []), ({}, None), (1.0, 1), ("0", 0)],
)
def test_values_that_mean_the_same_are_no_change(applied: Any, live: Any) -> None:
    wanted = {**A, "description": applied}
    outcome = _planned(
        [_resource(ADDRESS, wanted)],
        {ADDRESS: _entry(ADDRESS, wanted)},
        {ADDRESS: _live(ADDRESS, {**A, "description": live})},
    )
    assert (outcome.changes, outcome.drift) == ((), ())


def test_an_unchanged_resource_counts_as_kept() -> None:
    outcome = _planned([_resource(ADDRESS, A)], {ADDRESS: _entry(ADDRESS, A)}, {ADDRESS: _live(ADDRESS, A)})
    assert [change.address for change in outcome.kept] == [ADDRESS]


def test_drift_is_told_apart_from_what_is_wanted() -> None:
    outcome = _planned([_resource(ADDRESS, {"name": "c"})], {ADDRESS: _entry(ADDRESS, A)}, {ADDRESS: _live(ADDRESS, B)})
    ((place,),) = [drift.attributes for drift in outcome.drift]
    assert (place.path, place.recorded, place.observed) == ("name", "a", "b")


def test_a_missing_object_is_drift() -> None:
    outcome = _planned([_resource(ADDRESS, A)], {ADDRESS: _entry(ADDRESS, A)})
    assert [(drift.address, drift.missing) for drift in outcome.drift] == [(ADDRESS, True)]


def _change(outcome: PlannedChanges, address: str) -> Change:
    (found,) = [change for change in outcome.changes if change.address == address]
    return found


def test_a_missing_object_is_said_to_be_deleted_or_hidden() -> None:
    change = _change(_planned([_resource(ADDRESS, A)], {ADDRESS: _entry(ADDRESS, A)}), ADDRESS)
    assert "access labels hide it" in change.notes[0]


def test_a_deletion_is_of_the_recorded_object() -> None:
    change = _change(_planned([], {ADDRESS: _entry(ADDRESS, A)}, {ADDRESS: _live(ADDRESS, A)}), ADDRESS)
    assert change.remote_id == f"id of {ADDRESS}"


def test_an_update_has_the_live_etag() -> None:
    change = _change(
        _planned([_resource(ADDRESS, B)], {ADDRESS: _entry(ADDRESS, A, etag='"0"')}, {ADDRESS: _live(ADDRESS, A)}),
        ADDRESS,
    )
    assert change.etag == '"1"'


@pytest.mark.parametrize(
    ("address", "rule", "blocked", "said"),
    [
        ("d.dataset", OnDelete.AUTO, "", ("delete", "not_in_manifest")),
        ("d.dataset", OnDelete.AUTO, "it holds data", ("forget", "holds_data")),
        ("d.dataset", OnDelete.RETAIN, "", ("forget", "retained")),
        ("d.dataset", OnDelete.DELETE, "", ("delete", "not_in_manifest")),
        ("m.mapping_set", OnDelete.AUTO, "", ("forget", "not_deletable")),
        ("m.mapping_set", OnDelete.DELETE, "", ("forget", "not_deletable")),
    ],
)
def test_what_may_go_goes_and_what_may_not_is_forgotten(
    address: str, rule: OnDelete, blocked: str, said: tuple[str, str]
) -> None:
    outcome = _planned(
        [],
        {address: _entry(address, A, lifecycle=Lifecycle(on_delete=rule))},
        {address: _live(address, A)},
        {Address(address): blocked} if blocked else {},
    )
    assert _said(outcome) == {address: said}


def test_what_is_forgotten_says_why() -> None:
    outcome = _planned(
        [],
        {"d.dataset": _entry("d.dataset", A)},
        {"d.dataset": _live("d.dataset", A)},
        {Address("d.dataset"): "it holds data"},
    )
    assert _change(outcome, "d.dataset").notes == ("it holds data.",)


# A pipeline: connection <- source, dataset <- target, and a flow of both.

CONNECTION = {"name": "c", "auth": {"params": {"password": Sensitive("one", "PASSWORD")}}}
SCHEDULE = {"startTime": 1_700_000_000, "frequency": "day", "interval": 1}


def _pipeline(table: str = "t", version: str = "0", password: str | None = "one") -> list[Resource]:
    def reference(kind: str, output: str = "id") -> Reference:
        return Reference(Address(f"p.{kind}"), output)

    mapping = {"mappingId": reference("mapping_set"), "mappingVersion": reference("mapping_set", "version")}
    return [
        _resource("p.connection", {"name": "c", "auth": {"params": {"password": Sensitive(password, "PASSWORD")}}}),
        _resource(
            "p.source_connection",
            {"name": "s", "baseConnectionId": reference("connection"), "params": {"tableName": table}},
            replaced_with=frozenset({Address("p.target_connection")}),
        ),
        _resource("p.target_connection", {"name": "t"}, replaced_with=frozenset({Address("p.source_connection")})),
        _resource("p.mapping_set", {"mappings": [{"source": version, "destination": "_id"}]}),
        _resource(
            "p.flow",
            {
                "name": "f",
                "sourceConnectionIds": [reference("source_connection")],
                "targetConnectionIds": [reference("target_connection")],
                "transformations": [{"name": "Mapping", "params": mapping}],
                "scheduleParams": SCHEDULE,
            },
        ),
    ]


def _applied() -> dict[str, dict[str, Any]]:
    mapping = {"mappingId": "id of p.mapping_set", "mappingVersion": "0"}
    return {
        "p.connection": {"name": "c", "auth": {"params": {}}},
        "p.source_connection": {
            "name": "s",
            "baseConnectionId": "id of p.connection",
            "params": {"tableName": "t"},
        },
        "p.target_connection": {"name": "t"},
        "p.mapping_set": {"mappings": [{"source": "0", "destination": "_id"}]},
        "p.flow": {
            "name": "f",
            "sourceConnectionIds": ["id of p.source_connection"],
            "targetConnectionIds": ["id of p.target_connection"],
            "transformations": [{"name": "Mapping", "params": mapping}],
            "scheduleParams": SCHEDULE,
        },
    }


def _settled(desired: list[Resource], *, without: tuple[str, ...] = ()) -> PlannedChanges:
    """The plan where everything was applied as `_pipeline()` says."""
    depends = {resource.address: resource.depends_on for resource in _pipeline()}
    extra: dict[str, Any] = {
        "p.connection": {"secret_digests": {"auth.params.password": Sensitive("one").digest(SALT)}},
        "p.mapping_set": {"outputs": {"version": "0"}},
    }
    entries = {
        address: _entry(address, applied, depends_on=depends[Address(address)], **extra.get(address, {}))
        for address, applied in _applied().items()
    }
    objects = {address: _live(address, applied) for address, applied in _applied().items() if address not in without}
    if "p.connection" in objects:
        objects["p.connection"] = _live("p.connection", {"name": "c", "auth": {"params": {"password": "*****"}}})
    return _planned(desired, entries, objects)


def test_an_applied_pipeline_needs_nothing() -> None:
    assert _said(_settled(_pipeline())) == {}


def test_a_new_pipeline_refers_to_what_is_known_after_apply() -> None:
    change = _change(_planned(_pipeline()), "p.flow")
    assert [str(value) for value in change.desired["sourceConnectionIds"]] == ["(known after apply)"]


def test_another_table_replaces_both_connections_and_the_flow() -> None:
    assert _said(_settled(_pipeline(table="u"))) == {
        "p.source_connection": ("replace", "forces_replacement"),
        "p.target_connection": ("replace", "dependency_replaced"),
        "p.flow": ("replace", "dependency_replaced"),
    }


def test_another_table_is_the_one_attribute_that_forces_it() -> None:
    change = _change(_settled(_pipeline(table="u")), "p.source_connection")
    assert [place.path for place in change.attributes if place.forces_replacement] == ["params.tableName"]


def test_a_replaced_flow_says_what_becomes_of_history() -> None:
    assert any(
        "reads everything in the source again" in note
        for note in _change(_settled(_pipeline(table="u")), "p.flow").notes
    )


def test_another_mapping_updates_the_set_and_the_flow() -> None:
    assert _said(_settled(_pipeline(version="9"))) == {
        "p.mapping_set": ("update", "attributes_changed"),
        "p.flow": ("update", "attributes_changed"),
    }


def test_another_mapping_changes_nothing_of_the_flow_but_the_version() -> None:
    change = _change(_settled(_pipeline(version="9")), "p.flow")
    assert [place.path for place in change.attributes] == ["transformations[Mapping].params.mappingVersion"]


def test_another_secret_updates_only_the_connection() -> None:
    assert _said(_settled(_pipeline(password="two"))) == {"p.connection": ("update", "attributes_changed")}


def test_another_secret_is_sensitive() -> None:
    (place,) = _change(_settled(_pipeline(password="two")), "p.connection").attributes
    assert (place.path, place.sensitive, str(place.after)) == ("auth.params.password", True, "(sensitive)")


def test_a_secret_that_is_not_set_is_not_compared() -> None:
    assert _said(_settled(_pipeline(password=None))) == {}


def test_a_secret_that_is_not_set_is_noted_where_it_is_kept() -> None:
    kept = {change.address: change for change in _settled(_pipeline(password=None)).kept}
    assert "`PASSWORD` is not set" in kept[Address("p.connection")].notes[0]


def test_a_secret_that_is_no_longer_declared_is_removed() -> None:
    desired = [_resource("p.connection", {"name": "c", "auth": {"params": {}}}), *_pipeline()[1:]]
    assert _said(_settled(desired)) == {"p.connection": ("update", "attributes_changed")}
    (place,) = _change(_settled(desired), "p.connection").attributes
    assert (place.path, place.sensitive, place.before, place.after) == ("auth.params.password", True, None, None)


def test_a_missing_connection_is_made_again_with_all_that_refers_to_it() -> None:
    assert _said(_settled(_pipeline(), without=("p.connection",))) == {
        "p.connection": ("create", "missing_remotely"),
        "p.source_connection": ("replace", "dependency_replaced"),
        "p.target_connection": ("replace", "dependency_replaced"),
        "p.flow": ("replace", "dependency_replaced"),
    }


def test_a_missing_source_connection_draws_in_its_partner() -> None:
    assert _said(_settled(_pipeline(), without=("p.source_connection",))) == {
        "p.source_connection": ("create", "missing_remotely"),
        "p.target_connection": ("replace", "dependency_replaced"),
        "p.flow": ("replace", "dependency_replaced"),
    }


def test_a_missing_flow_is_made_again_alone() -> None:
    assert _said(_settled(_pipeline(), without=("p.flow",))) == {"p.flow": ("create", "missing_remotely")}


def test_changes_stand_in_an_order_in_which_they_can_run() -> None:
    order = [change.address for change in _planned(list(reversed(_pipeline()))).changes]
    assert all(
        order.index(needed) < order.index(resource.address)
        for resource in _pipeline()
        for needed in resource.depends_on
    )


def test_deletions_stand_in_the_reverse_order() -> None:
    order = [change.address for change in _settled([]).changes]
    assert all(
        order.index(resource.address) < order.index(needed)
        for resource in _pipeline()
        for needed in resource.depends_on
    )


def test_a_leftover_of_a_replacement_is_deleted() -> None:
    entry = _entry(ADDRESS, A, deposed=("old",))
    outcome = _planned([_resource(ADDRESS, A)], {ADDRESS: entry}, {ADDRESS: _live(ADDRESS, A)})
    assert [(change.action, change.remote_id) for change in outcome.changes] == [("delete", "old")]


def test_a_leftover_goes_beside_the_object_itself() -> None:
    outcome = _planned([], {ADDRESS: _entry(ADDRESS, A, deposed=("old",))}, {ADDRESS: _live(ADDRESS, A)})
    assert {change.remote_id for change in outcome.changes} == {"old", f"id of {ADDRESS}"}


def test_the_same_situation_has_the_same_plan() -> None:
    assert _settled(_pipeline(table="u")) == _settled(_pipeline(table="u"))


@pytest.mark.parametrize("rules", [Lifecycle(prevent_destroy=True), Lifecycle(on_delete=OnDelete.RETAIN)])
def test_changed_rules_are_recorded_where_nothing_else_moved(rules: Lifecycle) -> None:
    outcome = _planned(
        [_resource(ADDRESS, A, lifecycle=rules)], {ADDRESS: _entry(ADDRESS, A)}, {ADDRESS: _live(ADDRESS, A)}
    )
    assert _said(outcome) == {ADDRESS: ("update", "rules_changed")}
    assert outcome.changes[0].is_recorded_only


def _inputs(resource: Resource, entry: LockEntry, live: RemoteObject, **members: Any) -> PlanInput:
    address = resource.address
    return PlanInput(
        desired={address: resource},
        recorded=Lockfile(organization="o", sandbox="s", lineage="l", salt=SALT, entries={address: entry}),
        observed=Observation(objects={address: live}),
        kinds=KINDS,
        now=NOW,
        as_recorded=frozenset({address}),
        **members,
    )


def test_the_version_that_stands_is_the_one_of_the_change_though_it_equals_the_record() -> None:
    attributes = {"xdmSchema": "s", "mappings": []}
    resource = _resource("x.mapping_set", attributes, ignored=("mappings",))
    entry = _entry("x.mapping_set", attributes, outputs={"version": "1"})
    live = _live("x.mapping_set", attributes, outputs={"version": "2"})
    outcome = plan_changes(_inputs(resource, entry, live, standing=frozenset({resource.address})))
    assert [change.outputs for change in outcome.kept] == [{"version": "2"}]


@pytest.mark.parametrize(("is_the_record", "said"), [(True, {}), (False, {ADDRESS: ("update", "drifted")})])
def test_what_was_seen_when_an_object_was_read_counts_for_that_record_only(
    is_the_record: bool, said: dict[str, tuple[str, str]]
) -> None:
    entry = _entry(ADDRESS, A)
    live = _live(ADDRESS, B, known=entry.applied if is_the_record else dict(A))
    assert _said(plan_changes(_inputs(_resource(ADDRESS, A), entry, live))) == said
