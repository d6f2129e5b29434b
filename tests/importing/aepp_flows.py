"""Many dataflows by Adobe's own Python client: `aepp_flows.py URL NUMBER`.

It runs in a virtual environment that has `aepp` and nothing of flowctl. The first failing step ends it.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aepp
from aepp import catalog, dataprep, flowservice, schema

CLOUD_STORAGE = "9753525b-82c7-4dce-8a9b-5ccfce2b9876"
S3 = {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"}
XDM = "https://ns.adobe.com/xdm/context"
ACCOUNTS = 10


def connect(url: str) -> None:
    """Point the client at the emulator."""
    aepp.configure(
        org_id="LOCAL@AdobeOrg",
        client_id="local-client",
        secret="local-secret",
        scopes="openid,AdobeID",
        sandbox="dev",
        retry=0,
    )
    aepp.config.endpoints["global"] = url
    aepp.config.config_object["oauthTokenEndpointV2"] = f"{url}/ims/token/v3"


def made(reply: Any) -> str:
    """The ID in a reply; ends the session where there is none."""
    if not isinstance(reply, dict) or "id" not in reply:
        sys.exit(f"failed: {reply}")
    return str(reply["id"])


def main(url: str, number: int) -> None:
    """Make the flows, each with its own source, target and mapping set, on a few accounts and one dataset."""
    connect(url)
    groups = [f"{XDM}/profile-person-details", f"{XDM}/profile-personal-details"]
    schema_id = schema.Schema().createProfileSchema(name="Customers", fieldGroupIds=groups)["$id"]
    dataset = str(catalog.Catalog().createDataSet(name="Customers", schemaId=schema_id)[0]).rpartition("/")[2]
    service, mappings = flowservice.FlowService(), dataprep.DataPrep()
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "hush"}}
    accounts = [
        made(service.createConnection(name=f"Account {each}", auth=auth, connectionSpec=S3)) for each in range(ACCOUNTS)
    ]

    def flow(each: int) -> str:
        rows = [
            {"sourceType": "ATTRIBUTE", "source": "Id", "destination": "_id"},
            {"sourceType": "EXPRESSION", "source": "lower(Email)", "destination": "personalEmail.address"},
        ]
        mapping = made(mappings.createMappingSet(schemaId=schema_id, mappingList=rows))
        source = {"name": f"source {each}", "baseConnectionId": accounts[each % ACCOUNTS], "data": {"format": "json"}}
        source |= {"params": {"path": f"/in/{each}"}, "connectionSpec": S3}
        target = service.createTargetConnectionDataLake(name=f"target {each}", datasetId=dataset, schemaId=schema_id)
        body = {
            "name": f"Flow {each}",
            "flowSpec": {"id": CLOUD_STORAGE, "version": "1.0"},
            "sourceConnectionIds": [made(service.createSourceConnection(source))],
            "targetConnectionIds": [made(target)],
            "transformations": [{"name": "Mapping", "params": {"mappingId": mapping, "mappingVersion": "0"}}],
            "scheduleParams": {"startTime": "1796083200", "frequency": "day", "interval": "1", "backfill": "True"},
        }
        return made(service.createFlow(CLOUD_STORAGE, obj=body))

    with ThreadPoolExecutor(4) as pool:
        flows = list(pool.map(flow, range(number)))
    print(f"done {len(set(flows))}")  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
