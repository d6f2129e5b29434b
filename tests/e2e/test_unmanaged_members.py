"""An update sends back what flowctl does not manage: names, tags, options and the other members of rows stay."""

from typing import Any

import pytest
from other_people import MAPPING_SETS, Someone
from recorded_requests import recorded
from surroundings import Platform, Workspace

SHOP = "pipelines/shop-customers.yaml"
UNMANAGED: dict[str, Any] = {
    "name": "Customers of the shop",
    "tags": [{"name": "team", "values": ["crm"]}],
    "inputSchema": {"schemaRef": {"id": "https://ns.adobe.com/local/schemas/input", "contentType": "x"}},
    "allowNullValues": True,
    "strictMapping": True,
}


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.apply()
    return examples


def set_of(platform: Platform, flow: str) -> tuple[str, dict[str, Any]]:
    """The path of a flow's mapping set, and its newest version."""
    live = platform.one("flows", flow)
    (params,) = [each["params"] for each in live["transformations"] if each["name"] == "Mapping"]
    path = f"{MAPPING_SETS}/{params['mappingId']}"
    return path, platform.request("GET", path).raise_for_status().json()


def noted(platform: Platform) -> str:
    """The path of the mapping set of the shop's customers, after somebody noted a lot in its newest version."""
    path, body = set_of(platform, "Shop customers")
    rows = Someone(platform).rows("Shop customers")
    for number, row in enumerate(rows):
        row |= {"name": f"row {number}", "description": "a note", "functionVersion": 2}
        row["expressionAttributes"] = [row["source"]]
    content = {"outputSchema": {"schemaRef": body["schemaRef"]}, "mappings": rows, **UNMANAGED}
    platform.request("PUT", path, json=content).raise_for_status()
    return path


def by_destination(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["destination"]: row for row in body["mappings"]}


def test_a_changed_mapping_leaves_everything_else_as_it_is(applied: Workspace, platform: Platform) -> None:
    path = noted(platform)
    applied.edit(SHOP, "{source: first_name, destination", "{source: given_name, destination")
    applied.apply()
    after = platform.request("GET", path).json()
    assert after["version"] == 2
    assert {name: after[name] for name in UNMANAGED} == UNMANAGED
    rows = by_destination(after)
    assert {row["name"] for row in rows.values()} == {"row 0", "row 1", "row 2"}
    assert {(row["description"], row["functionVersion"]) for row in rows.values()} == {("a note", 2)}
    assert rows["person.name.firstName"]["source"] == "given_name"
    assert "expressionAttributes" not in rows["person.name.firstName"]
    assert rows["_id"]["expressionAttributes"] == ["id"]
    assert applied.plan().actions() == {}


def test_an_update_does_not_send_back_what_the_service_sets(applied: Workspace) -> None:
    applied.edit(SHOP, "{source: first_name, destination", "{source: given_name, destination")
    with recorded() as sent:
        applied.apply()
    (update,) = [each for each in sent if each.method == "PUT" and each.path.startswith(MAPPING_SETS)]
    assert set(update.body["outputSchema"]) == {"schemaRef"}
    owned = {"id", "version", "createdDate", "modifiedDate", "createdBy", "modifiedBy", "matchScore"}
    assert [owned & each.keys() for each in (update.body, *update.body["mappings"])] == [set()] * 4


def test_a_removed_and_an_added_mapping_take_nothing_over(applied: Workspace, platform: Platform) -> None:
    path = noted(platform)
    applied.edit(
        SHOP,
        "{source: first_name, destination: person.name.firstName",
        "{value: web, destination: person.name.lastName",
    )
    applied.apply()
    rows = by_destination(platform.request("GET", path).json())
    assert set(rows) == {"_id", "person.name.lastName", "personalEmail.address"}
    assert "name" not in rows["person.name.lastName"]


def test_a_constant_is_sent_as_one_and_is_no_difference_afterwards(applied: Workspace, platform: Platform) -> None:
    applied.edit(SHOP, "{source: first_name, destination", "{value: erp-import, destination")
    applied.apply()
    _, body = set_of(platform, "Shop customers")
    row = by_destination(body)["person.name.firstName"]
    assert (row["sourceType"], row["source"]) == ("text/plain", "erp-import")
    assert applied.plan().actions() == {}


def test_a_patch_of_a_flow_keeps_what_the_platform_added_to_its_mapping(applied: Workspace, platform: Platform) -> None:
    live = platform.one("flows", "Shop customers")
    place, (item,) = 1, [each for each in live["transformations"] if each["name"] == "Mapping"]
    assert live["transformations"][place] == item
    params = {**item["params"], "note": "kept"}
    Someone(platform).patch("flows", "Shop customers", **{f"transformations__{place}": {**item, "params": params}})
    applied.edit(SHOP, "{source: first_name, destination", "{source: given_name, destination")
    applied.apply()
    after = platform.one("flows", "Shop customers")["transformations"][place]["params"]
    assert (after["note"], str(after["mappingVersion"])) == ("kept", "1")


def test_labels_and_folders_of_a_flow_stay(applied: Workspace, platform: Platform) -> None:
    live = platform.one("flows", "Partner files")
    path = f"/data/foundation/flowservice/flows/{live['id']}"
    added = [
        {"op": "add", "path": "/labels", "value": ["core/C1"]},
        {"op": "add", "path": "/unifiedMetadata", "value": {"tagIds": ["t"]}},
    ]
    platform.request("PATCH", path, headers={"If-Match": live["etag"]}, json=added).raise_for_status()
    applied.edit("pipelines/partner-files.yaml", "frequency: day", "frequency: week")
    applied.apply()
    after = platform.one("flows", "Partner files")
    assert (after["labels"], after["unifiedMetadata"]) == (["core/C1"], {"tagIds": ["t"]})
