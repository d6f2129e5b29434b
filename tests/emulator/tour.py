"""One walk through every operation of the emulator, with the refusals that clients meet, each exchange kept."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .conftest import CATALOG, FLOW, FULL, PREP, REGISTRY, S3, XDM, Client, raw_id

if TYPE_CHECKING:
    import httpx

CLOUD_STORAGE = {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"}
RECORD = "https://ns.adobe.com/xdm/data/record"
NAMESPACES = "/data/core/idnamespace/identities"
IMPORT = "/data/foundation/import/batches"
EXPORT = "/data/foundation/export"
SANDBOXES = "/data/foundation/sandbox-management"
RAW = {"Accept": "application/vnd.adobe.xed+json; version=1"}
LIST = {"Accept": "application/vnd.adobe.xed+json"}


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    status: int
    body: Any


class Recorder(Client):
    """A client that keeps what it exchanged with the platform."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.exchanges: list[Exchange] = []
        self.event_hooks = {"response": [self._keep]}

    def _keep(self, response: httpx.Response) -> None:
        response.read()
        path = response.request.url.raw_path.decode().partition("?")[0]
        is_json = response.headers.get("content-type") == "application/json"
        body = json.loads(response.content) if response.content and is_json else None
        self.exchanges.append(Exchange(response.request.method, path, response.status_code, body))


def walk(client: Recorder) -> None:
    """Use every operation."""
    _flow_service(client)
    _schema_registry(client)
    _catalog(client)
    _data_prep(client)
    _sandboxes(client)
    _namespaces(client)
    _files_of_batches(client)
    client.get("/data/foundation/audit/events")
    client.get("/data/foundation/audit/events?property=assetId==nothing&limit=0")


def _flow_service(client: Recorder) -> None:
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
    base = client.base(connectionSpec=S3, auth=auth, description="an account")
    source = {"connectionSpec": S3, "data": {"format": "json"}, "params": {"path": "/in"}}
    client.source(base["id"], **source)
    schedule = {"startTime": 1767225600, "frequency": "once"}
    source_id = client.source(base["id"], **source)["id"]
    flow = client.flow(flowSpec=CLOUD_STORAGE, sourceConnectionIds=[source_id], scheduleParams=schedule)
    found = client.one("flows", flow["id"])
    window = {"startTime": 1767225600, "windowStartTime": 1767225000, "windowEndTime": 1767225600}
    client.settings(runOutcome="failed")
    run = client.post(f"{FLOW}/runs", json={"flowId": flow["id"], "params": window}).json()
    client.settings(runOutcome="partial")
    client.post(f"{FLOW}/runs/{run['id']}/action?op=RE_TRIGGER")
    etag = client.one("runs", run["id"])["etag"]
    client.put(f"{FLOW}/runs/{run['id']}", json={"flowId": flow["id"]}, headers={"If-Match": etag})
    client.get(f"{FLOW}/runs")
    for operation in ("DISABLE", "ENABLE"):
        client.post(f"{FLOW}/flows/{flow['id']}/action?op={operation}")
    for name, made in (("connections", base), ("flows", flow)):
        client.patched(name, made, {"op": "replace", "path": "/name", "value": "renamed"})
        client.post(f"{FLOW}/{name}/search", json={"limit": 10})
    client.patched("sourceConnections", {"id": source_id}, {"op": "replace", "path": "/name", "value": "renamed"})
    target = {"id": found["targetConnectionIds"][0]}
    client.patched("targetConnections", target, {"op": "add", "path": "/description", "value": "text"})
    client.post(f"{FLOW}/flowSpecs/search", json={"limit": 10})
    for name in ("connections", "sourceConnections", "targetConnections", "flows", "connectionSpecs", "flowSpecs"):
        client.get(f"{FLOW}/{name}")
        client.get(f"{FLOW}/{name}/none")
    client.get(f"{FLOW}/connectionSpecs/{S3['id']}")
    client.get(f"{FLOW}/connectionSpecs/{S3['id']}/explore")
    client.get(f"{FLOW}/connectionSpecs/{S3['id']}/configs")
    client.get(f"{FLOW}/flowSpecs/{CLOUD_STORAGE['id']}")
    for name in ("test", "explore", "configs"):
        client.get(f"{FLOW}/connections/{base['id']}/{name}")
    _drafts(client, base["id"])
    client.delete(f"{FLOW}/connections/{base['id']}/")
    client.patch(f"{FLOW}/flows/{flow['id']}", json=[], headers={"If-Match": "stale"})
    for name, id_ in (("flows", flow["id"]), ("sourceConnections", source_id), ("targetConnections", target["id"])):
        client.delete(f"{FLOW}/{name}/{id_}")
    client.delete(f"{FLOW}/connections/{base['id']}/")


def _drafts(client: Recorder, base_id: str) -> None:
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "a", "s3SecretKey": "b"}}
    body = {"name": "draft", "connectionSpec": S3, "auth": auth}
    draft = client.made(f"{FLOW}/connections?mode=draft", body)
    client.post(f"{FLOW}/connections/{draft['id']}/action?op=PUBLISH&subOp=APPLY")
    body = {"name": "draft", "baseConnectionId": base_id, "connectionSpec": S3, "data": {"format": "json"}}
    draft = client.made(f"{FLOW}/sourceConnections?mode=draft", body)
    client.post(f"{FLOW}/sourceConnections/{draft['id']}/action?op=PUBLISH")
    target = client.get(f"{FLOW}/targetConnections").json()["items"][0]
    body = {key: target[key] for key in ("name", "connectionSpec", "data", "params")}
    draft = client.made(f"{FLOW}/targetConnections?mode=draft", body)
    client.post(f"{FLOW}/targetConnections/{draft['id']}/action?op=PUBLISH")


def _schema_registry(client: Recorder) -> None:
    client.get(f"{REGISTRY}/stats")
    address = {"$ref": "https://ns.adobe.com/xdm/common/address"}
    points = {
        "id": {"type": "string", "pattern": "^L", "minLength": 1, "meta:status": "deprecated"},
        "tier": {"type": "string", "enum": ["gold"], "meta:enum": {"gold": "Gold"}, "default": "gold"},
        "points": {"type": "integer", "minimum": 0},
        "since": {"type": "string", "format": "date"},
        "orders": {"type": "array", "items": {"type": "object", "properties": {"to": address}, "required": ["to"]}},
        "prices": {"type": "object", "meta:xdmType": "map", "additionalProperties": {"type": "number"}},
    }
    fields = {"properties": {"_local": {"type": "object", "properties": points}}}
    own = {"definitions": {"own": fields}, "allOf": [{"$ref": "#/definitions/own"}]}
    bodies = {
        "schemas": {"title": "A schema", "description": "Text", "allOf": [{"$ref": f"{XDM}/profile"}]},
        "fieldgroups": {"title": "A group", "meta:intendedToExtend": [f"{XDM}/profile"], **own},
        "mixins": {"title": "A mixin", "meta:intendedToExtend": [f"{XDM}/profile"], **own},
        "classes": {"title": "A class", **own, "allOf": [{"$ref": RECORD}, *own["allOf"]]},
        "datatypes": {"title": "A type", "properties": points},
    }
    for name, body in bodies.items():
        made = client.made(f"{REGISTRY}/tenant/{name}", {"type": "object", **body})
        path = f"{REGISTRY}/tenant/{name}/{raw_id(made['$id'])}"
        client.get(f"{REGISTRY}/tenant/{name}", headers=LIST)
        client.get(f"{REGISTRY}/global/{name}", headers=LIST)
        client.get(path, headers=RAW)
        client.get(path, headers={"Accept": FULL})
        client.get(f"{REGISTRY}/tenant/{name}/none", headers=RAW)
        client.get(path, headers=LIST)
        client.put(path, json={"type": "object", **body, "description": "Other"})
        client.patch(path, json=[{"op": "replace", "path": "/description", "value": "Third"}])
        client.post(f"{REGISTRY}/tenant/{name}", json={"type": "object", **body})
        client.delete(path)
        client.delete(path)
    client.get(f"{REGISTRY}/global/behaviors", headers=LIST)
    client.get(f"{REGISTRY}/global/behaviors/_xdm.data.record", headers=RAW)
    client.get(f"{REGISTRY}/tenant/schemas/none", headers={"Accept": "application/vnd.adobe.xed+json; version=9"})
    _descriptors(client)


def _other_descriptors(schema_id: str) -> list[dict[str, Any]]:
    """A relationship with the identity that it leads to, and how the UI calls a field."""
    common = {"xdm:sourceSchema": schema_id, "xdm:sourceVersion": 1, "xdm:sourceProperty": "/mobilePhone/number"}
    target = {"xdm:destinationSchema": schema_id, "xdm:destinationVersion": 1, "xdm:destinationProperty": "/_id"}
    return [
        {"@type": "xdm:descriptorReferenceIdentity", **common, "xdm:identityNamespace": "Phone"},
        {"@type": "xdm:descriptorOneToOne", **common, **target},
        {"@type": "xdm:alternateDisplayInfo", **common, "xdm:title": {"en_us": "Phone"}},
    ]


def _descriptors(client: Recorder) -> None:
    schema_id = client.schema(title="With identity")
    body = {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/personalEmail/address",
        "xdm:namespace": "Email",
        "xdm:property": "xdm:code",
        "xdm:isPrimary": True,
    }
    made = client.made(f"{REGISTRY}/tenant/descriptors", body)
    path = f"{REGISTRY}/tenant/descriptors/{made['@id']}"
    client.get(f"{REGISTRY}/tenant/descriptors", headers={"Accept": "application/vnd.adobe.xdm+json"})
    client.get(path)
    client.put(path, json=body)
    for more in _other_descriptors(schema_id):
        made = client.made(f"{REGISTRY}/tenant/descriptors", more)
        client.get(f"{REGISTRY}/tenant/descriptors/{made['@id']}")
        client.put(f"{REGISTRY}/tenant/descriptors/{made['@id']}", json=more)
    client.get(f"{REGISTRY}/tenant/descriptors", headers={"Accept": "application/vnd.adobe.xdm-v2+json"})
    client.patch(
        f"{REGISTRY}/tenant/schemas/{raw_id(schema_id)}",
        json=[{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}],
    )
    client.get(f"{REGISTRY}/tenant/unions", headers=LIST)
    client.get(f"{REGISTRY}/tenant/unions/_xdm.context.profile__union", headers={"Accept": FULL})
    for name in ("export", "sampledata", "auditlog"):
        client.get(f"{REGISTRY}/rpc/{name}/{raw_id(schema_id)}", headers=RAW)
    exported = client.get(f"{REGISTRY}/rpc/export/{raw_id(client.schema(title='To export'))}", headers=RAW).json()
    for resource in exported:
        resource["title"] = f"Imported {resource['title']}"
    client.post(f"{REGISTRY}/rpc/import", json=exported)
    client.delete(path)
    client.delete(path)


def _catalog(client: Recorder) -> None:
    dataset_id = client.dataset(client.schema(title="Of a dataset"))
    path = f"{CATALOG}/dataSets/{dataset_id}"
    client.get(f"{CATALOG}/dataSets")
    client.get(path)
    reference = client.get(path).json()[dataset_id]["schemaRef"]
    client.put(path, json={"name": "Other", "schemaRef": reference})
    client.patch(path, json={"description": "Text"})
    client.patch(f"{CATALOG}/v2/dataSets/{dataset_id}", json={"description": "Text"})
    client.post(f"{CATALOG}/dataSets", json={"tags": 1})
    (link,) = client.made(f"{CATALOG}/batches", {"datasetId": dataset_id, "status": "success"})
    batch = f"{CATALOG}/batches/{link.rpartition('/')[2]}"
    client.made(f"{batch}0", {"datasetId": dataset_id, "status": "loading"})
    client.get(f"{CATALOG}/batches")
    client.get(f"{CATALOG}/batches/uniques/status")
    client.get(batch)
    client.get(f"{CATALOG}/batches/none")
    export = f"/data/foundation/export/batches/{link.rpartition('/')[2]}/meta"
    client.get(export)
    client.get(f"{export}?path=row_errors&start=0&limit=1")
    client.get(f"{export}?path=none")
    client.patch(batch, json={"status": "failed"})
    client.put(batch, json={"status": "success"})
    client.get(f"{CATALOG}/lastBatches")
    client.delete(batch)
    client.delete(path)
    client.get(path)


def _files_of_batches(client: Recorder) -> None:
    dataset_id = client.dataset(client.schema(title="Of files"))
    octets = {"Content-Type": "application/octet-stream"}
    for content in (b'{"_id": "1"}', b'{"_id": 1}'):
        batch = client.made(IMPORT, {"datasetId": dataset_id, "inputFormat": {"format": "json"}})
        path = f"{IMPORT}/{batch['id']}/datasets/{dataset_id}"
        client.put(f"{path}/files/small.json", content=content, headers=octets)
        client.post(f"{path}/files/large.json?action=INITIALIZE")
        part = {**octets, "Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        client.patch(f"{path}/files/large.json", content=content, headers=part)
        client.head(f"{path}/files/large.json")
        client.post(f"{path}/files/large.json?action=COMPLETE")
        client.get(f"{path}/preview?format=json")
        client.post(f"{IMPORT}/{batch['id']}?action=COMPLETE")
        until = time.monotonic() + 60
        while _status_of(client, batch["id"]) == "processing":
            assert time.monotonic() < until
            time.sleep(0.01)
        client.post(f"{IMPORT}/none?action=COMPLETE")
        client.get(f"{EXPORT}/batches/{batch['id']}/failed")
        for file in client.get(f"{EXPORT}/batches/{batch['id']}/files").json()["data"]:
            href = client.get(f"{EXPORT}/files/{file['dataSetFileId']}").json()["data"][0]["_links"]["self"]["href"]
            client.head(href)
    client.get(f"{EXPORT}/datasets/{dataset_id}/preview")


def _status_of(client: Recorder, batch_id: str) -> str:
    return str(client.get(f"{CATALOG}/batches/{batch_id}").json()[batch_id]["status"])


def _data_prep(client: Recorder) -> None:
    schema_id = client.schema(title="Of a mapping set")
    mapping_set = f"{PREP}/mappingSets/{client.mapping_set(schema_id)}"
    body = {"xdmSchema": schema_id, "mappings": [{"source": "a", "destination": "_id"}]}
    client.get(f"{PREP}/mappingSets?limit=1&start=0")
    client.get(f"{PREP}/mappingSets")
    client.get(mapping_set)
    client.get(f"{mapping_set}?expandSchema=true")
    client.get(f"{PREP}/mappingSets/none")
    client.put(mapping_set, json=body)
    mappings = client.get(f"{mapping_set}/mappings").json()
    client.get(f"{mapping_set}/mappings/{mappings[0]['id']}")
    client.post(f"{PREP}/mappingSets/validate", json=body)
    client.post(f"{PREP}/mappingSets/preview", json={"data": [{"a": 1}], "mappingSet": body})
    client.post(f"{PREP}/languages/el/validate", json={"expression": "a"})
    client.post(f"{PREP}/languages/el/validate", json={"expression": "a +"})
    client.get(f"{PREP}/languages/el/functions")
    client.get(f"{PREP}/languages/el/operators")


def _namespaces(client: Recorder) -> None:
    body = {"name": "Loyalty", "code": "Loyalty", "idType": "Cross_device"}
    made = client.post(NAMESPACES, json=body).json()
    client.post(NAMESPACES, json=body)
    client.get(NAMESPACES)
    client.get(f"{NAMESPACES}/{made['id']}")
    client.get(f"{NAMESPACES}/1")
    client.put(f"{NAMESPACES}/{made['id']}", json={**body, "name": "Members"})
    client.put(f"{NAMESPACES}/{made['id']}", json={**body, "code": "Members"})


def _sandboxes(client: Recorder) -> None:
    for path in ("/", "/sandboxTypes", "/sandboxes", "/sandboxes/dev"):
        client.get(SANDBOXES + path)
    body = {"name": "tour", "title": "Tour", "type": "development"}
    client.post(f"{SANDBOXES}/sandboxes", json=body)
    client.patch(f"{SANDBOXES}/sandboxes/tour", json={"title": "Other"})
    client.put(f"{SANDBOXES}/sandboxes/tour", json={"action": "reset"})
    client.delete(f"{SANDBOXES}/sandboxes/tour")
