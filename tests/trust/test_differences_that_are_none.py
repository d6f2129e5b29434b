"""Differences that are none: lists in another order, and values that the platform keeps in another form."""

from typing import Any

import pytest
from every_connector import connectors, write_all
from hypothesis import given, settings
from hypothesis import strategies as st
from surroundings import Platform, Workspace

from flowctl.engine.plan import diff
from flowctl.engine.plan.equivalence import alike
from flowctl.kinds.forms import form_at
from flowctl.kinds.registry import KINDS

FLOWS = "/data/foundation/flowservice"
PIPELINE = "pipelines/shop-customers.yaml"
FILES = "pipelines/partner-files.yaml"
COLUMNS = "      - {name: id, type: string}\n      - {name: first_name, type: string}\n"
SWAPPED = "      - {name: first_name, type: string}\n      - {name: id, type: string}\n"
CRM_SOURCE = {"connectionSpec": {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}}
FILE_SOURCE = {"connectionSpec": {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"}}
REST_SOURCE = {"connectionSpec": {"id": "4e98f16f-87d6-4ef0-bdc6-7a2b0fe76e62", "version": "1.0"}}
UNKNOWN_FOLDER = {"connectionSpec": {"id": "0", "version": "1.0"}, "params": {"type": "folder"}}


def changed(result: Any) -> dict[str, list[str]]:
    """The places of the plan's changes, by address."""
    return {
        change["address"]: [attribute["path"] for attribute in change["attributes"]]
        for change in result.json["changes"]
    }


def edit_live(platform: Platform, collection: str, name: str, *operations: dict[str, Any]) -> None:
    """An edit by another client."""
    live = platform.one(collection, name)
    reply = platform.request(
        "PATCH", f"{FLOWS}/{collection}/{live['id']}", json=list(operations), headers={"If-Match": live["etag"]}
    )
    reply.raise_for_status()


# Lists


def test_columns_in_another_order_are_no_change(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, COLUMNS, SWAPPED)
    assert examples.plan("--detailed-exitcode").code == 0


def test_a_changed_column_is_named(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, COLUMNS, SWAPPED.replace("{name: id, type: string}", "{name: id, type: integer}"))
    found = changed(examples.plan())
    assert found["shop-customers.source_connection"] == ["params.columns[id].type"]


def test_a_column_that_is_left_out_is_a_change(examples: Workspace) -> None:
    examples.begin_applied()
    examples.edit(PIPELINE, "      - {name: first_name, type: string}\n", "")
    assert changed(examples.plan())["shop-customers.source_connection"] == ["params.columns[first_name]"]


def test_a_column_that_somebody_added_is_seen(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    added = {"op": "add", "path": "/params/columns/-", "value": {"name": "phone", "type": "string"}}
    edit_live(platform, "sourceConnections", "shop-customers source connection", added)
    plan = examples.plan()
    assert changed(plan)["shop-customers.source_connection"] == ["params.columns[phone]"]
    (drift,) = plan.json["drift"]
    assert [(place["path"], place["recorded"]) for place in drift["attributes"]] == [("params.columns[phone]", None)]


def test_columns_that_somebody_reordered_are_no_drift(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    columns = platform.one("sourceConnections", "shop-customers source connection")["params"]["columns"]
    swap = {"op": "replace", "path": "/params/columns", "value": columns[::-1]}
    edit_live(platform, "sourceConnections", "shop-customers source connection", swap)
    plan = examples.plan("--detailed-exitcode")
    assert (plan.code, plan.json["drift"]) == (0, [])


def test_tags_in_another_order_are_no_change(examples: Workspace) -> None:
    tags = "tags: {team: [one, two, three]}\n"
    examples.edit("datasets/customers.yaml", "schema: customer\n", f"schema: customer\n{tags}")
    examples.apply()
    examples.edit("datasets/customers.yaml", "[one, two, three]", "[three, one, two]")
    assert examples.plan("--detailed-exitcode").code == 0
    examples.edit("datasets/customers.yaml", "[three, one, two]", "[three, one]")
    assert changed(examples.plan()) == {"customers.dataset": ["tags.team"]}


def test_field_groups_in_another_order_are_no_change(examples: Workspace) -> None:
    examples.begin_applied()
    groups = [f"  - https://ns.adobe.com/xdm/context/profile-{name}-details\n" for name in ("person", "personal")]
    examples.edit("schemas/customer.yaml", "".join(groups), "".join(groups[::-1]))
    assert examples.plan("--detailed-exitcode").code == 0


def test_lists_that_no_key_tells_apart_keep_their_order() -> None:
    for one, other in (
        (["a", "b"], ["b", "a"]),
        ([{"name": "a"}, {"name": "a", "type": "b"}], [{"name": "a", "type": "b"}, {"name": "a"}]),
        ([{"type": "a"}, {"type": "b"}], [{"type": "b"}, {"type": "a"}]),
    ):
        assert _source_changes({"params": {"columns": one}}, {"params": {"columns": other}})
        assert not _source_changes({"params": {"columns": one}}, {"params": {"columns": one}})


def test_filters_keep_their_order() -> None:
    one = {"params": {"filters": {"value": {"params": ["a", "b"]}}}}
    other = {"params": {"filters": {"value": {"params": ["b", "a"]}}}}
    assert _source_changes(one, other)


def _source_changes(wanted: Any, live: Any) -> Any:
    kind = KINDS["source_connection"]
    return diff.changes(
        desired={**CRM_SOURCE, **wanted},
        observed={**CRM_SOURCE, **live},
        applied={},
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )


# Forms


SAME = [
    ("flow", {}, "scheduleParams.startTime", 1796083200, "1796083200"),
    ("flow", {}, "scheduleParams.startTime", 1796083200, "2026-12-01T00:00:00Z"),
    ("flow", {}, "scheduleParams.startTime", "1796083200", "2026-12-01T01:00:00+01:00"),
    ("flow", {}, "scheduleParams.startTime", 1796083200, 1796083200.0),
    ("flow", {}, "scheduleParams.startTime", 1796083200, "01796083200"),
    ("flow", {}, "scheduleParams.interval", 24, "0024"),
    ("flow", {}, "scheduleParams.interval", 24, "24.0"),
    ("flow", {}, "scheduleParams.interval", "24", "0024"),
    ("flow", {}, "scheduleParams.backfill", True, "True"),
    ("flow", {}, "scheduleParams.backfill", "true", "TRUE"),
    ("flow", {}, "options.errorDiagnosticsEnabled", False, "False"),
    ("flow", {}, "options.partialIngestionPercent", 5, "5.0"),
    ("flow", {}, "options.partialIngestionPercent", 2.5, "2.50"),
    ("flow", {}, "flowSpec.id", "9753525B-82C7-4DCE-8A9B-5CCFCE2B9876", "9753525b-82c7-4dce-8a9b-5ccfce2b9876"),
    ("flow", {}, "flowSpec.version", "1.0", 1.0),
    ("source_connection", FILE_SOURCE, "params.path", "/in/people/", "/in/people"),
    ("source_connection", UNKNOWN_FOLDER, "params.path", "/in/people//", "/in/people"),
    ("source_connection", FILE_SOURCE, "params.recursive", True, "True"),
    ("source_connection", FILE_SOURCE, "data.format", "json", "JSON"),
    ("source_connection", FILE_SOURCE, "data.properties.encoding", "utf-8", "UTF-8"),
    ("source_connection", CRM_SOURCE, "data.format", "tabular", None),
    ("source_connection", CRM_SOURCE, "data.format", "Tabular", ""),
    ("source_connection", CRM_SOURCE, "name", None, "orders source connection"),
    ("target_connection", {}, "name", None, "orders target connection"),
    ("target_connection", {}, "data.schema.version", "a/b; version=1", "a/b;version=1.0"),
    ("connection", {}, "auth.params.folderPath", "in/people/", "in/people"),
    ("connection", {}, "auth.params.port", 22, "0022"),
    ("connection", {}, "connectionSpec.version", 1, "1.0"),
    ("dataset", {}, "tags.team", ["a", "b"], ["b", "a"]),
]
DIFFERENT = [
    ("flow", {}, "scheduleParams.startTime", 1796083200, 1796083200000),
    ("flow", {}, "scheduleParams.startTime", 1796083200, "2026-12-01"),
    ("flow", {}, "scheduleParams.startTime", 1796083200, "2026-12-01T00:00:00+01:00"),
    ("flow", {}, "scheduleParams.interval", 24, "2 4"),
    ("flow", {}, "scheduleParams.interval", 1, True),
    ("flow", {}, "scheduleParams.interval", 24, "24.5"),
    ("flow", {}, "scheduleParams.frequency", "day", "Day"),
    ("flow", {}, "scheduleParams.backfill", True, 1),
    ("flow", {}, "scheduleParams.backfill", True, "yes"),
    ("flow", {}, "scheduleParams.backfill", False, None),
    ("flow", {}, "name", "007", "7"),
    ("flow", {}, "name", "True", "true"),
    ("flow", {}, "name", "in/", "in"),
    ("flow", {}, "flowSpec.version", "1.10", "1.1"),
    ("flow", {}, "options.partialIngestionPercent", 5, "5%"),
    ("flow", {}, "sourceConnectionIds", ["a", "b"], ["b", "a"]),
    ("mapping_set", {}, "mappings[_id].expression", "007", "7"),
    ("mapping_set", {}, "mappings[_id].source", "A", "a"),
    ("mapping_set", {}, "mappings[_id].source", "a/", "a"),
    ("source_connection", CRM_SOURCE, "data.format", "json", None),
    ("source_connection", FILE_SOURCE, "data.format", "delimited", None),
    ("source_connection", CRM_SOURCE, "params.path", "public/", "public"),
    ("source_connection", REST_SOURCE, "params.path", "/items/", "/items"),
    ("source_connection", FILE_SOURCE, "params.path", "/in/people", "in/people"),
    ("source_connection", FILE_SOURCE, "params.path", "/", None),
    ("source_connection", FILE_SOURCE, "params.path", "/", ""),
    ("source_connection", FILE_SOURCE, "params.path", "/In", "/in"),
    ("source_connection", CRM_SOURCE, "params.columns[1].name", "1", "01"),
    ("source_connection", CRM_SOURCE, "params.tableName", "Orders", "orders"),
    ("source_connection", CRM_SOURCE, "name", "orders source connection", "people source connection"),
    ("target_connection", {}, "name", None, "My target"),
    ("target_connection", {}, "name", None, "orders source connection"),
    ("target_connection", {}, "data.schema.version", "a/b;version=1", "a/b;version=2"),
    ("connection", {}, "auth.params.host", "a.example/", "a.example"),
    ("connection", {}, "auth.params.username", "0022", "22"),
    ("dataset", {}, "tags.team", ["a", "b"], ["a", "b", "b"]),
    ("dataset", {}, "tags.team", ["a"], [1]),
]


def _path(dotted: str) -> tuple[str, ...]:
    return tuple(dotted.replace("[", ".[").split("."))


def _same(kind: str, attributes: Any, path: str, one: Any, other: Any) -> bool:
    return alike(KINDS[kind].forms(attributes), _path(path), one, other)


@pytest.mark.parametrize(("kind", "attributes", "path", "one", "other"), SAME)
def test_the_same_in_another_form(kind: str, attributes: Any, path: str, one: Any, other: Any) -> None:
    assert _same(kind, attributes, path, one, other)
    assert _same(kind, attributes, path, other, one)


@pytest.mark.parametrize(("kind", "attributes", "path", "one", "other"), DIFFERENT)
def test_something_else(kind: str, attributes: Any, path: str, one: Any, other: Any) -> None:
    assert not _same(kind, attributes, path, one, other)
    assert not _same(kind, attributes, path, other, one)


_FORMS = sorted(
    {
        form
        for kind in KINDS.values()
        for attributes in (CRM_SOURCE, FILE_SOURCE)
        for form in kind.forms(attributes).values()
    },
    key=repr,
)
_TEXT = st.sampled_from(["", "0", "01", "1", "1.0", "a/", "a", "A", "/", "True", "2026-12-01T00:00:00Z"]) | st.text()
_VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT | st.lists(_TEXT, max_size=3)


@settings(deadline=None)
@given(st.sampled_from(_FORMS), _VALUES, _VALUES)
def test_every_form_has_no_direction(form: Any, one: Any, other: Any) -> None:
    assert form(one, other) == form(other, one)


@settings(deadline=None)
@given(st.sampled_from([*KINDS]), _VALUES)
def test_every_attribute_is_like_itself(kind: str, value: Any) -> None:
    for path in KINDS[kind].forms(FILE_SOURCE):
        assert alike(KINDS[kind].forms(FILE_SOURCE), path, value, value)


def test_every_parameter_that_is_written_in_two_ways_has_a_form() -> None:
    """The catalogue gives such a parameter two types: the one that it has, and text."""
    missing = []
    for entry in connectors():
        spec = entry["connectionSpec"]
        parts = [(("params",), "source_connection", spec["sourceSpec"]["spec"])]
        parts += [(("auth", "params"), "connection", auth["spec"]) for auth in spec["authSpec"]]
        for path, kind, schema in parts:
            for name, member in schema.get("properties", {}).items():
                if {"boolean", "integer"} & {*member["type"]} and form_at(KINDS[kind].forms({}), (*path, name)) is None:
                    missing.append((entry["name"], name))
    assert missing == []


# Against the platform


@pytest.mark.parametrize("numbers", ["posted", "text"])
def test_after_apply_every_connector_is_as_it_was_wanted(examples: Workspace, platform: Platform, numbers: str) -> None:
    platform.http.post("/_emulator/settings", json={"numbers": numbers}).raise_for_status()
    write_all(examples)
    examples.apply()
    platform.clear_log()
    second = examples.plan("--detailed-exitcode")
    assert (second.code, second.json["changes"], second.json["drift"]) == (0, [], [])
    assert platform.writes() == []


def test_a_path_that_the_platform_has_trimmed_is_no_change(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    platform.http.post("/_emulator/settings", json={"paths": "posted"}).raise_for_status()
    slash = {"op": "replace", "path": "/params/path", "value": "/partners/customers/"}
    edit_live(platform, "sourceConnections", "partner-files source connection", slash)
    plan = examples.plan("--detailed-exitcode")
    assert (plan.code, plan.json["drift"]) == (0, [])


def test_a_schedule_that_a_script_wrote_is_no_change(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    texts = {"startTime": "1796083200", "frequency": "hour", "interval": "0001", "backfill": "True"}
    edit_live(platform, "flows", "Shop customers", {"op": "replace", "path": "/scheduleParams", "value": texts})
    plan = examples.plan("--detailed-exitcode")
    assert (plan.code, plan.json["drift"]) == (0, [])


def test_a_table_that_another_client_made_without_data_is_tabular(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    edit_live(
        platform,
        "sourceConnections",
        "shop-customers source connection",
        {"op": "replace", "path": "/data", "value": None},
    )
    plan = examples.plan("--detailed-exitcode")
    assert (plan.code, plan.json["drift"]) == (0, [])


def test_a_mapping_without_a_version_has_version_0(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    live = platform.one("flows", "Shop customers")
    place = next(n for n, each in enumerate(live["transformations"]) if each["name"] == "Mapping")
    remove = {"op": "remove", "path": f"/transformations/{place}/params/mappingVersion"}
    edit_live(platform, "flows", "Shop customers", remove)
    plan = examples.plan("--detailed-exitcode")
    assert (plan.code, plan.json["drift"]) == (0, [])


def test_a_target_without_a_name_is_not_renamed_unless_a_title_is_written() -> None:
    kind = KINDS["target_connection"]
    wanted = {"name": "orders target connection"}
    nameless = diff.changes(
        desired=wanted,
        observed={},
        applied=wanted,
        keyed_lists={},
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )
    titled = diff.changes(
        desired={"name": "Orders"},
        observed={},
        applied={},
        keyed_lists={},
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )
    assert (nameless, [change.path for change in titled]) == ((), ["name"])
