"""A session of Adobe's own Python client against a served emulator; run with the URL as the only argument.

It runs in a virtual environment that has `aepp` and nothing of flowctl. The first failing step ends it.
"""

from __future__ import annotations

import sys
from typing import Any

import aepp
from aepp import catalog, dataprep, flowservice, sandboxes, schema

HUBSPOT = "cc6a4487-9e91-433e-a3a3-9cf6626c1806"
CLOUD_STORAGE = "9753525b-82c7-4dce-8a9b-5ccfce2b9876"
S3 = "ecadc60c-7455-4d87-84dc-2a0e293d997b"
XDM = "https://ns.adobe.com/xdm/context"


def connect(url: str) -> None:
    """Point the client at the emulator; it fetches its token there when the first service is made."""
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


def check(condition: bool, what: Any) -> None:
    """End the session where a step did not do what it should."""
    if not condition:
        sys.exit(f"failed: {what}")


def schemas() -> tuple[str, str]:
    """Create, read, list, change and delete schemas and field groups; return a schema and its other part."""
    registry = schema.Schema()
    check(registry.getTenantId() == "local", "tenant id")
    fields = {"_local": {"type": "object", "properties": {"points": {"type": "integer"}}}}
    group = registry.createFieldGroup(
        {
            "type": "object",
            "title": "Points",
            "meta:intendedToExtend": [f"{XDM}/profile"],
            "definitions": {"customFields": {"type": "object", "properties": fields}},
            "allOf": [{"$ref": "#/definitions/customFields"}],
        }
    )
    check("$id" in group, group)
    groups = [f"{XDM}/profile-person-details", f"{XDM}/profile-personal-details", group["$id"]]
    made = registry.createProfileSchema(name="Customers", fieldGroupIds=groups, description="Customers of ours")
    check("$id" in made, made)
    check([item["title"] for item in registry.getSchemas()] == ["Customers"], "list of schemas")
    check(registry.getFieldGroups()[0]["title"] == "Points", "list of field groups")
    check(len(registry.getFieldGroupsGlobal()) > 5, "list of global field groups")
    found = registry.getSchema(made["$id"], full=True, schema_type="xed")
    check("points" in found["properties"]["_local"]["properties"], found)
    changed = registry.patchSchema(made["$id"], [{"op": "replace", "path": "/title", "value": "Clients"}])
    check(changed["title"] == "Clients", changed)
    spare = registry.createProfileSchema(name="Spare", fieldGroupIds=groups)
    check(registry.deleteSchema(spare["$id"]) == 204, "deletion of a schema")
    check(registry.getSchemas()[0]["title"] == "Clients", "list after deletion")
    return made["$id"], group["$id"]


def datasets(schema_id: str) -> str:
    """Create, read, list and change datasets; return one."""
    service = catalog.Catalog()
    answer = service.createDataSet(name="Customers", schemaId=schema_id)
    check(isinstance(answer, list) and answer[0].startswith("@/dataSets/"), answer)
    dataset_id = str(answer[0]).rpartition("/")[2]
    check(service.getDataSet(dataset_id)[dataset_id]["name"] == "Customers", "dataset")
    check(dataset_id in service.getDataSets(), "list of datasets")
    check(service.patchDatasetV2(dataset_id, {"description": "Text"}) == answer, "change of a dataset")
    spare = service.createDataSet(name="Spare", schemaId=schema_id)[0].rpartition("/")[2]
    service.deleteDataSet(spare)
    check(spare not in service.getDataSets(), "deletion of a dataset")
    check(service.getBatches() is not None, "batches")
    return dataset_id


def mapping_sets(schema_id: str) -> str:
    """Create, read, list, change and delete mapping sets; return one."""
    service = dataprep.DataPrep()
    rules = [{"sourceType": "ATTRIBUTE", "source": "Id", "destination": "_id"}]
    made = service.createMappingSet(schemaId=schema_id, mappingList=rules)
    check(made["version"] == 0, made)
    clean = service.getMappingSet(made["id"], mappingRulesOnly=True)
    more = [{"sourceType": "EXPRESSION", "source": "lower(Email)", "destination": "personalEmail.address"}]
    check(service.updateMappingSet(made["id"], [*clean, *more])["version"] == 1, "new version")
    check([item["id"] for item in service.getMappingSets()] == [made["id"]], "list of mapping sets")
    check(len(service.getMappingSetFunctions()) > 90, "functions")
    check(len(service.getMappingSetOperators()) > 10, "operators")
    check(service.validateExpression("lower(a)")["validationStatus"] == "succeeded", "expression")
    mapping_set = {"outputSchema": {"schemaRef": {"id": schema_id}}, "mappings": rules}
    check(service.previewDataOutput({"Id": 7}, mapping_set)[0]["data"] == {"_id": "7"}, "preview")
    spare = service.createMappingSet(schemaId=schema_id, mappingList=rules)["id"]
    check(service.deleteMappingSet(spare) == 204, "deletion of a mapping set")
    return str(made["id"])


def flows(schema_id: str, dataset_id: str, mapping_id: str) -> None:
    """Create, read, list, change, run and delete connections and flows."""
    service = flowservice.FlowService()
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
    spec = {"id": S3, "version": "1.0"}
    base = service.createConnection(name="base", auth=auth, connectionSpec=spec)
    check("etag" in base, base)
    check(service.connectionTest(base["id"]) == {"result": True}, "test")
    for number in range(4):
        service.createConnection(name=f"spare {number}", auth=auth, connectionSpec=spec)
    check(len(service.getConnections(limit=2)) == 5, "pages of connections")
    check(len(service.getConnectionSpecs()) > 40, "connection specs")
    source = {"name": "source", "baseConnectionId": base["id"], "data": {"format": "json"}}
    source |= {"params": {"path": "/in"}, "connectionSpec": spec}
    source_id = service.createSourceConnection(source)["id"]
    target = service.createTargetConnectionDataLake(name="target", datasetId=dataset_id, schemaId=schema_id)
    check("id" in target, target)
    mapping = {"name": "Mapping", "params": {"mappingId": mapping_id, "mappingVersion": 0}}
    body = {
        "name": "flow",
        "flowSpec": {"id": CLOUD_STORAGE, "version": "1.0"},
        "sourceConnectionIds": [source_id],
        "targetConnectionIds": [target["id"]],
        "transformations": [mapping],
        "scheduleParams": {"startTime": 1767225600, "frequency": "once"},
    }
    made = [service.createFlow(CLOUD_STORAGE, obj=body | {"name": f"flow {number}"}) for number in range(5)]
    check(all("id" in flow for flow in made), made)
    check(len(service.getFlows(limit=2)) == 5, "pages of flows by the split token")
    check(len(service.getFlows(limit=2, onlySources=True)) == 5, "pages of filtered flows")
    flow = service.getFlow(made[0]["id"])
    change = [{"op": "Replace", "path": "/name", "value": "renamed"}]
    check("etag" in service.updateFlow(flow["id"], flow["etag"], change), "change of a flow")
    managed = flowservice.FlowManager(flow["id"])
    managed.updateFlowMapping(mapping_id)
    check(service.getFlow(flow["id"])["transformations"][0]["params"]["mappingVersion"] == 1, "new mapping version")
    check("state" in service.postFlowAction(flow["id"], "disable") or True, "action")
    check(service.getFlow(flow["id"])["state"] == "disabled", "disabled")
    runs(service, made[1]["id"], made[2]["id"])
    check(len(service.getSourceConnections()) == 1, "source connections")
    check(len(service.getTargetConnections()) == 1, "target connections")
    for flow in made:
        service.deleteFlow(flow["id"])
    check(service.getFlows() == [], "deletion of flows")
    service.deleteSourceConnection(source_id)
    service.deleteTargetConnection(target["id"])
    service.deleteConnection(base["id"])
    check(len(service.getConnections()) == 4, "deletion of a connection")


def runs(service: flowservice.FlowService, first: str, second: str) -> None:
    """Start runs of two flows, list them by page and by flow, and read their numbers, their batch and the last run."""
    run, other = service.createRun(first), service.createRun(second)
    check("id" in run and "id" in other, [run, other])
    check({item["flowId"] for item in service.getRuns()} == {first, second}, "runs")
    check(len(service.getRuns(limit=1)) == 2, "pages of runs by the split token")
    check([item["id"] for item in service.getRuns(prop=f"flowId=={first}")] == [run["id"]], "runs of a flow")
    check([item["id"] for item in flowservice.FlowManager(second).getRuns()] == [other["id"]], "runs of a managed flow")
    found = service.getRun(run["id"])[0]
    metrics = found["metrics"]
    check(metrics["statusSummary"]["status"] == "success", "status of a run")
    numbers = metrics["recordSummary"]
    check(numbers["inputRecordCount"] == numbers["outputRecordCount"] == 100, numbers)
    (batch_id,) = [one for each in found["activities"] for info in each.get("targetInfo", []) for one in ids_of(info)]
    check(batch_id in catalog.Catalog().getBatches(output="raw"), "batch of a run")
    last = service.getFlow(first)["lastRunDetails"]
    check((last["id"], last["state"]) == (run["id"], "success"), last)


def ids_of(info: Any) -> Any:
    """The batches that a target of an activity names."""
    return info["reference"]["ids"]


def main(url: str) -> None:
    """Run the whole session."""
    connect(url)
    names = [item["name"] for item in sandboxes.Sandboxes().getSandboxes()]
    check(names == ["prod", "dev"], names)
    schema_id, _ = schemas()
    dataset_id = datasets(schema_id)
    flows(schema_id, dataset_id, mapping_sets(schema_id))
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(sys.argv[1])
