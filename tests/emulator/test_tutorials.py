"""The requests of Adobe's tutorials for marketing automation and e-commerce sources, answered as documented.

Sent as the tutorials print them (their trailing commas mended, their example ids replaced by those of objects
that exist here). One of them sends an interval with `once`, which the flow spec's own schema forbids.
"""

from __future__ import annotations

import re

import pytest

from .conftest import CATALOG, FLOW, FULL, PREP

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ETAG = re.compile(r'"[0-9a-f]{8}-0000-0200-0000-[0-9a-f]{8}0000"')
SHOPIFY = {"id": "4f63aa36-bd48-4e33-bb83-49fbcd11c708", "version": "1.0"}
HUBSPOT = {"id": "cc6a4487-9e91-433e-a3a3-9cf6626c1806", "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
CRM_TO_AEP = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
NOTEXT = "application/vnd.adobe.xed-full-notext+json; version=1"


def created(client, collection, body):
    """Send a documented POST and check that the answer is the documented one: an id and a quoted etag."""
    response = client.post(f"{FLOW}/{collection}", json=body)
    assert response.status_code == 201, response.text
    assert UUID.fullmatch(response.json()["id"])
    assert ETAG.fullmatch(response.json()["etag"])
    return response.json()["id"]


def mapped(client, body):
    response = client.post(f"{PREP}/mappingSets", json=body)
    assert response.status_code == 200
    answer = response.json()
    assert re.fullmatch("[0-9a-f]{32}", answer.pop("id"))
    assert answer.pop("version") == 0
    assert set(answer) == {"createdDate", "modifiedDate", "createdBy", "modifiedBy"}
    return response.json()["id"]


@pytest.mark.parametrize("query", ["property=name==%22CRMToAEP%22", 'property=name=="CRMToAEP"'])
def test_the_flow_spec_is_looked_up(client, query):
    (spec,) = client.get(f"{FLOW}/flowSpecs?{query}").json()["items"]
    assert spec["id"] == CRM_TO_AEP["id"]
    assert spec["providerId"] == "0ed90a81-07f4-4586-8190-b40eccef1c5a"
    assert len(spec["sourceConnectionSpecIds"]) == 37
    assert spec["scheduleSpec"]["type"] == "Periodic"


def test_marketing_automation(client):
    base_id = client.base()["id"]
    schema_id = client.schema()
    dataset_id = client.dataset(schema_id)
    source_id = created(
        client,
        "sourceConnections",
        {
            "name": "HubSpot source connection",
            "baseConnectionId": base_id,
            "description": "HubSpot source connection",
            "data": {"format": "tabular"},
            "params": {"path": "Hubspot.Contacts"},
            "connectionSpec": HUBSPOT,
        },
    )
    target_id = created(
        client,
        "targetConnections",
        {
            "name": "HubSpot target connection",
            "description": "HubSpot target connection",
            "data": {"schema": {"id": schema_id, "version": FULL}},
            "params": {"dataSetId": dataset_id},
            "connectionSpec": DATA_LAKE,
        },
    )
    destinations = {
        "_id": "Vid",
        "person.name.firstName": "Properties_Firstname_Value",
        "_repo.createDate": "Added_At",
    }
    mappings = [
        {
            "destinationXdmPath": destination,
            "sourceAttribute": source,
            "identity": False,
            "identityGroup": None,
            "namespaceCode": None,
            "version": 0,
        }
        for destination, source in destinations.items()
    ]
    body = {"version": 0, "xdmSchema": schema_id, "xdmVersion": "1.0", "id": None, "mappings": mappings}
    mapping_id = mapped(client, body)
    verdicts = client.post(f"{PREP}/mappingSets/validate", json=body).json()["validationResponse"]
    assert [verdict["status"] for verdict in verdicts] == ["SUCCESS"] * 3
    column = {"name": "updatedAt", "dateFormat": "YYYY-MM-DD", "timezone": "UTC"}
    flow = {
        "name": "HubSpot dataflow",
        "description": "collecting Hubspot.Contacts",
        "flowSpec": CRM_TO_AEP,
        "sourceConnectionIds": [source_id],
        "targetConnectionIds": [target_id],
        "transformations": [
            {"name": "Copy", "params": {"deltaColumn": column}},
            {"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": 0}},
        ],
        "scheduleParams": {"startTime": "1591043454", "frequency": "once", "interval": "15"},
    }
    flow_id = created(client, "flows", flow)
    assert client.one("flows", flow_id)["scheduleParams"] == flow["scheduleParams"]


def test_e_commerce(client):
    auth = {"specName": "Access Token Based", "params": {"host": "shop.example", "accessToken": "t"}}
    base_id = client.base(connectionSpec=SHOPIFY, auth=auth)["id"]
    schema_id = client.schema()
    dataset_id = client.dataset(schema_id)
    source_id = created(
        client,
        "sourceConnections",
        {
            "name": "Shopify source connection",
            "baseConnectionId": base_id,
            "description": "Shopify source connection",
            "data": {"format": "tabular"},
            "params": {
                "tableName": "Shopify.Orders",
                "columns": [{"name": "Email", "type": "string"}, {"name": "Phone", "type": "string"}],
            },
            "connectionSpec": SHOPIFY,
        },
    )
    target_id = created(
        client,
        "targetConnections",
        {
            "name": "Shopify target connection",
            "description": "Shopify target connection",
            "data": {"format": "parquet_xdm", "schema": {"id": schema_id, "version": NOTEXT}},
            "params": {"dataSetId": dataset_id},
            "connectionSpec": DATA_LAKE,
        },
    )
    mappings = [
        {
            "destinationXdmPath": "personalEmail.address",
            "sourceAttribute": "Email",
            "identity": False,
            "version": 0,
        },
        {
            "destinationXdmPath": "mobilePhone.number",
            "sourceAttribute": "Shipping_Address_Phone",
            "identity": False,
            "version": 0,
        },
    ]
    body = {"version": 0, "xdmSchema": schema_id, "xdmVersion": "1.0", "id": None, "mappings": mappings}
    flow_id = created(
        client,
        "flows",
        {
            "name": "Test Shopify dataflow",
            "description": "Shopify With mapping ingestion",
            "flowSpec": CRM_TO_AEP,
            "sourceConnectionIds": [source_id],
            "targetConnectionIds": [target_id],
            "transformations": [
                {"name": "Mapping", "params": {"mappingId": mapped(client, body), "mappingVersion": 0}}
            ],
            "scheduleParams": {"startTime": "1604961070", "frequency": "once"},
        },
    )
    flow = client.one("flows", flow_id)
    assert flow["state"] == "enabled"
    assert client.get(f"{CATALOG}/dataSets/{dataset_id}").json()[dataset_id]["schemaRef"]["id"] == schema_id
    found = client.get(f"{FLOW}/flows", params={"property": f"sourceConnectionIds[]=={source_id}"}).json()
    assert [item["id"] for item in found["items"]] == [flow_id]
