"""What an emulator refuses and a real sandbox may hold: live objects that no manifest describes."""

from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.model.request import Reply
from flowctl.model.resource import Lookup
from flowctl.operations.importing.matching import looked_up
from flowctl.operations.importing.obstacles import obstacle, shared
from flowctl.operations.importing.sandbox import Part, Sandbox

FLOW, OTHER = "20c115bc-46e3-40f3-bfe9-fb25abe4ba76", "20c115bc-46e3-40f3-bfe9-fb25abe4ba77"
SOURCE, TARGET = "4cb0c374-d3bb-4557-b139-5712880adc55", "7d49bcf2-bfd0-4bd6-9d4b-3bd6d4d2a0f1"
MAPPINGS, DATASET = "31b6e34b32fb3e6f28be049d5d62b69f", "6b087f01620e9500c02cd911"
SCHEMA = "https://ns.adobe.com/local/schemas/1769334d1c206cf0a8e56c53a4ef2a6a72e53820a47d2c50"
LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
DATABASE = {"id": "74a1c565-4e59-48d7-9d67-7c03b8a13137", "version": "1.0"}
CRM = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
MAPPING = {"name": "Mapping", "params": {"mappingId": MAPPINGS, "mappingVersion": 0}}


def part(kind: str, body: dict[str, Any]) -> Part:
    member = {"mapping_set": "data", "schema": "results"}.get(kind, "items")
    content: Any = {body["id"]: body} if kind == "dataset" else {member: [body]}
    (live,) = KINDS[kind].objects(Reply(status=200, headers={}, body=content))
    return Part(kind=KINDS[kind], live=live)


def flow(object_id: str = FLOW, **changes: Any) -> Part:
    body = {
        "id": object_id,
        "name": "Orders",
        "createdAt": 1,
        "state": "enabled",
        "flowSpec": CRM,
        "sourceConnectionIds": [SOURCE],
        "targetConnectionIds": [TARGET],
        "transformations": [MAPPING],
    }
    return part("flow", {**body, **changes})


def sandbox(*flows: Part, **changes: dict[str, Any]) -> Sandbox:
    """A sandbox with these flows and what they stand on; `changes` are made to the bodies, by kind."""
    target = {"id": TARGET, "name": "t", "connectionSpec": LAKE, "data": {"schema": {"id": SCHEMA}}}
    bodies: dict[str, dict[str, Any]] = {
        "source_connection": {"id": SOURCE, "name": "s", "connectionSpec": DATABASE, "params": {"tableName": "t"}},
        "target_connection": {**target, "params": {"dataSetId": DATASET}},
        "mapping_set": {
            "id": MAPPINGS,
            "version": 0,
            "xdmSchema": SCHEMA,
            "mappings": [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}],
        },
        "dataset": {"id": DATASET, "name": "d", "schemaRef": {"id": SCHEMA}},
        "schema": {
            "$id": SCHEMA,
            "id": SCHEMA,
            "title": "S",
            "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/p"}],
        },
    }
    parts = [part(kind, {**body, **changes.get(kind, {})}) for kind, body in bodies.items()]
    return Sandbox(flows=flows, parts={each.use: each for each in parts})


def test_an_ordinary_flow_has_none() -> None:
    assert obstacle(flow(), sandbox()) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"sourceConnectionIds": [SOURCE, TARGET]}, "is not found"),
        ({"sourceConnectionIds": []}, "it has no source connection"),
        ({"targetConnectionIds": []}, "it has no target connection"),
        ({"flowSpec": {"id": "none", "version": "1.0"}}, "does not know its flow spec none"),
        ({"transformations": [{"name": "Filter", "params": {}}]}, "describes its transformation Filter"),
        ({"transformations": [MAPPING, MAPPING]}, "it has several Mapping transformations"),
        ({"transformations": [{"name": "Mapping", "params": {}}]}, "names no mapping set"),
    ],
)
def test_a_flow_that_no_manifest_describes(changes: dict[str, Any], reason: str) -> None:
    found = obstacle(flow(**changes), sandbox())
    assert found is not None
    assert reason in found


def test_two_sources_are_one_too_many() -> None:
    second = part("source_connection", {"id": OTHER, "name": "s2", "connectionSpec": DATABASE, "params": {}})
    whole = sandbox()
    both = Sandbox(flows=(), parts={**whole.parts, second.use: second})
    assert obstacle(flow(sourceConnectionIds=[SOURCE, OTHER]), both) == "it has 2 source connections"


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        (
            "source_connection",
            {"params": {"tableName": "t", "headers": {"apiToken": "abc123"}}},
            "its source connection has a secret in `params.headers`, which no variable can stand for alone",
        ),
        ("target_connection", {"connectionSpec": DATABASE}, "it writes to a destination, and not to a dataset"),
        ("target_connection", {"params": {}}, "its target connection names no dataset"),
        ("target_connection", {"params": {"dataSetId": 5}}, "its target connection names no dataset"),
        ("mapping_set", {"mappings": []}, "its mapping set has no rows"),
        ("mapping_set", {"mappings": None}, "its mapping set has no rows"),
        (
            "mapping_set",
            {"mappings": [{"sourceType": "LOOKUP", "source": "a", "destination": "b"}]},
            "no key of a manifest describes its rows of type LOOKUP",
        ),
        (
            "mapping_set",
            {"mappings": [{"sourceType": "ATTRIBUTE", "source": each, "destination": "b"} for each in ("a", "c")]},
            "several of its rows go to b",
        ),
    ],
)
def test_a_part_that_no_manifest_describes(kind: str, changes: dict[str, Any], reason: str) -> None:
    assert obstacle(flow(), sandbox(**{kind: changes})) == reason


@pytest.mark.parametrize(
    ("kind", "changes", "reason"),
    [
        ("schema", {"properties": {"_local": {}}}, "it has fields of its own"),
        ("schema", {"allOf": [{"properties": {}}]}, "it has fields of its own"),
        ("schema", {"allOf": []}, "it has no class"),
        ("dataset", {"schemaRef": {}}, "it has no schema"),
    ],
)
def test_what_is_shared_gets_no_document_of_its_own(kind: str, changes: dict[str, Any], reason: str) -> None:
    (found,) = [each for each in sandbox(**{kind: changes}).parts.values() if each.kind.name == kind]
    assert found.kind.obstacle(found.live) == reason
    assert obstacle(flow(), sandbox(**{kind: changes})) in (None, reason)


def test_a_title_of_two_objects_stands_for_neither() -> None:
    body = {"name": "Orders", "schemaRef": {"id": SCHEMA}}
    one, two = (part("dataset", {"id": each, **body}) for each in (DATASET, DATASET[::-1]))
    lookup = Lookup(kind="dataset", by="title", value="Orders", output="id")
    assert looked_up(lookup, Sandbox(flows=(), parts={one.use: one})) == DATASET
    assert looked_up(lookup, Sandbox(flows=(), parts={one.use: one, two.use: two})) is None


def test_of_flows_that_share_a_part_the_first_stays() -> None:
    first, second = flow(), flow(OTHER, name="Copy")
    whole = sandbox(first, second)
    assert shared((first, second), whole, {}) == {
        second.use: f'its source connection is also that of the dataflow "Orders" ({FLOW})'
    }
    taken = next(each for each in whole.parts if each.kind == "mapping_set")
    owners = {type(taken)(kind=taken.kind, id=taken.id): "`orders.mapping_set`"}
    assert list(shared((first,), whole, owners).values()) == ["its mapping set is also that of `orders.mapping_set`"]
