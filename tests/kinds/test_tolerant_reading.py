"""Live bodies as the platform has been seen to write them: other spellings and types mean the same."""

from typing import Any

import pytest

from flowctl.engine.plan import diff
from flowctl.kinds.kind import Kind
from flowctl.kinds.registry import KINDS
from flowctl.model.request import Reply

SCHEMA = "https://ns.adobe.com/acme/schemas/0123456789abcdef"
UUID = "11111111-aaaa-4bbb-8ccc-000000000001"
HEX = "0123456789abcdef01234567"
SCHEDULE = {"startTime": 1767225600, "frequency": "hour", "interval": 1, "backfill": True}


def _differs(kind: Kind, wanted: Any, body: Any) -> list[str]:
    (live,) = kind.objects(Reply(status=200, body=body))
    found = diff.changes(
        desired=wanted,
        observed=live.attributes,
        applied=wanted,
        keyed_lists=kind.keyed_lists,
        forms=kind.forms,
        secret_changed=lambda _path, _secret: False,
    )
    return [change.path for change in found]


def _item(**members: Any) -> dict[str, Any]:
    return {"items": [{"id": UUID, "etag": '"1"', **members}]}


@pytest.mark.parametrize(
    "live",
    [
        SCHEDULE,
        {"startTime": "1767225600", "frequency": "hour", "interval": "1", "backfill": "true"},
        {"startTime": 1767225600.0, "frequency": "hour", "interval": 1.0, "backfill": True},
    ],
)
def test_a_schedule_in_text_is_the_schedule_in_numbers(live: Any) -> None:
    assert _differs(KINDS["flow"], {"scheduleParams": SCHEDULE}, _item(scheduleParams=live)) == []


@pytest.mark.parametrize("version", [0, "0", 0.0])
def test_a_mapping_version_is_text_or_a_number(version: Any) -> None:
    wanted = [{"name": "Mapping", "params": {"mappingId": "m", "mappingVersion": "0"}}]
    live = [{"name": "Mapping", "params": {"mappingId": "m", "mappingVersion": version}}]
    assert _differs(KINDS["flow"], {"transformations": wanted}, _item(transformations=live)) == []


@pytest.mark.parametrize("version", [0, "0"])
def test_a_flow_pins_the_version_of_its_mapping_set_however_it_is_written(version: Any) -> None:
    (live,) = KINDS["flow"].objects(
        Reply(
            status=200,
            body=_item(transformations=[{"name": "Mapping", "params": {"mappingId": "m", "mappingVersion": version}}]),
        )
    )
    assert [(pin.id, pin.version) for pin in KINDS["flow"].pins(live.attributes)] == [("m", "0")]


def test_transformations_in_another_order_are_the_same() -> None:
    copy, mapping = {"name": "Copy", "params": {"a": 1}}, {"name": "Mapping", "params": {"b": 2}}
    wanted = {"transformations": [copy, mapping]}
    assert _differs(KINDS["flow"], wanted, _item(transformations=[mapping, copy])) == []


@pytest.mark.parametrize(
    "extra",
    [
        {"labels": [], "runs": "/runs", "lastRunDetails": {"id": "r"}, "state": "enabled"},
        {"options": {"isSampleDataflow": False}},
        {"description": ""},
        {"options": None, "transformations": None},
    ],
)
def test_what_the_platform_adds_to_a_flow_is_no_change(extra: Any) -> None:
    assert _differs(KINDS["flow"], {"name": "f"}, _item(name="f", **extra)) == []


@pytest.mark.parametrize("data", [{"format": "tabular"}, {"format": "tabular", "schema": None, "properties": None}])
def test_nulls_in_the_data_of_a_source_connection_are_no_change(data: Any) -> None:
    assert _differs(KINDS["source_connection"], {"data": {"format": "tabular"}}, _item(data=data)) == []


@pytest.mark.parametrize("schema", [{"id": SCHEMA}, {"schemaId": SCHEMA}, {"id": SCHEMA, "version": "other"}])
@pytest.mark.parametrize("params", [{"dataSetId": "d"}, {"datasetId": "d"}])
def test_a_target_connection_spells_its_ids_in_two_ways(schema: Any, params: Any) -> None:
    wanted = {"data": {"schema": {"id": SCHEMA}}, "params": {"dataSetId": "d"}}
    body = _item(data={"format": "parquet_xdm", "schema": schema}, params=params)
    assert _differs(KINDS["target_connection"], wanted, body) == []


LEGACY = {"sourceAttribute": "a", "destinationXdmPath": "_id"}
NEWER = {"source": "a", "destination": "_id"}


@pytest.mark.parametrize(
    "mapping",
    [
        LEGACY,
        {**LEGACY, "identity": False, "identityGroup": None, "namespaceCode": None, "version": 0},
        {**NEWER, "sourceType": "ATTRIBUTE"},
        {**NEWER, "sourceType": "text/x.schema-path"},
        {**LEGACY, **NEWER, "sourceType": "text/x.schema-path", "id": "i", "matchScore": 0.0, "functionVersion": 1},
    ],
)
def test_a_copied_attribute_is_read_in_both_dialects(mapping: Any) -> None:
    wanted = {"xdmSchema": SCHEMA, "mappings": [NEWER]}
    body = {"id": f"{HEX}01234567", "version": 0, "xdmSchema": SCHEMA, "mappings": [mapping]}
    assert _differs(KINDS["mapping_set"], wanted, body) == []


@pytest.mark.parametrize("source_type", ["EXPRESSION", "text/x.aep-xl"])
def test_a_calculated_field_is_read_in_both_spellings(source_type: str) -> None:
    wanted = {"xdmSchema": SCHEMA, "mappings": [{"expression": "lower(a)", "destination": "_id"}]}
    mapping = {"source": "lower(a)", "destination": "_id", "sourceType": source_type}
    body = {"id": f"{HEX}01234567", "version": 0, "xdmSchema": SCHEMA, "mappings": [mapping]}
    assert _differs(KINDS["mapping_set"], wanted, body) == []


def test_an_attribute_that_became_calculated_is_a_change() -> None:
    wanted = {"xdmSchema": SCHEMA, "mappings": [{"expression": "a", "destination": "_id"}]}
    body = {
        "id": f"{HEX}01234567",
        "version": 0,
        "xdmSchema": SCHEMA,
        "mappings": [{**NEWER, "sourceType": "ATTRIBUTE"}],
    }
    assert _differs(KINDS["mapping_set"], wanted, body) != []


@pytest.mark.parametrize(
    "where",
    [
        {"xdmSchema": SCHEMA},
        {"schemaRef": {"id": SCHEMA}},
        {"outputSchema": {"schemaRef": {"id": SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}}},
    ],
)
def test_the_schema_of_a_mapping_set_is_read_wherever_it_stands(where: Any) -> None:
    body = {"id": f"{HEX}01234567", "version": 0, "mappings": [NEWER], **where}
    assert _differs(KINDS["mapping_set"], {"xdmSchema": SCHEMA, "mappings": [NEWER]}, body) == []


@pytest.mark.parametrize("values", [["enabled:true"], ["enabled: true"]])
def test_blanks_in_tags_of_a_dataset_are_no_change(values: list[str]) -> None:
    body = {HEX: {"name": "d", "tags": {"unifiedProfile": values, "adobe/pqs/table": ["d"]}}}
    assert _differs(KINDS["dataset"], {"name": "d", "tags": {"unifiedProfile": ["enabled:true"]}}, body) == []


@pytest.mark.parametrize("tags", ['{unifiedProfile: ["enabled: false"]}', '{team: ["web shop", "a: b"]}'])
def test_blanks_in_tags_of_a_manifest_are_no_change(examples: Any, tags: str) -> None:
    examples.edit("datasets/customers.yaml", "schema: customer", f"tags: {tags}\nschema: customer")
    examples.apply()
    assert examples.plan().json["changes"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"$id": SCHEMA, "title": "t", "meta:class": "c", "allOf": [{"$ref": "g"}, {"$ref": "c"}]},
        {
            "$id": SCHEMA,
            "title": "t",
            "allOf": [{"$ref": "c", "type": "object"}, {"$ref": "g", "meta:xdmType": "object"}],
        },
        {"$id": SCHEMA, "title": "t", "description": "", "meta:class": "c", "allOf": [{"$ref": "c"}, {"$ref": "g"}]},
    ],
)
def test_a_schema_is_its_class_and_its_groups_in_any_order(body: Any) -> None:
    assert _differs(KINDS["schema"], {"title": "t", "class": "c", "fieldGroups": ["g"]}, body) == []


@pytest.mark.parametrize("body", [{"id": UUID, "etag": '"1"'}, {"items": [{"id": UUID, "etag": '"1"', "name": "n"}]}])
@pytest.mark.parametrize("name", ["connection", "source_connection", "target_connection", "flow"])
def test_a_patch_is_answered_in_two_shapes(name: str, body: Any) -> None:
    written = KINDS[name].written(Reply(status=200, body=body))
    assert (written.id, written.etag) == (UUID, '"1"')


@pytest.mark.parametrize("text", [f"@/dataSets/{HEX}", f"@/datasets/{HEX}"])
def test_the_id_of_a_new_dataset_stands_after_the_last_slash(text: str) -> None:
    assert KINDS["dataset"].written(Reply(status=201, body=[text])).id == HEX
