"""A data model as people leave it: made by plain HTTP, with all that Schema Registry takes."""

from typing import Any

from made_sandbox import CONTENT, DATABASE, LAKE, MAPPING_SETS, SERVICE, TABLES
from surroundings import Platform

REGISTRY = "/data/foundation/schemaregistry/tenant"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
ADDRESS = "https://ns.adobe.com/xdm/common/address"


class Model:
    """Makes resources of Schema Registry, and a dataflow into a dataset of a schema."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.platform.request("POST", path, json=body).raise_for_status().json()
        return found

    def resource(self, collection: str, title: str, properties: dict[str, Any], **members: Any) -> str:
        """Make a resource with fields; return its `$id`."""
        references = [{"$ref": each} for each in members.pop("references", ())]
        body = {
            "type": "object",
            "title": title,
            "description": "",
            "definitions": {"customFields": {"type": "object", "properties": properties}},
            "allOf": [*references, {"$ref": "#/definitions/customFields"}],
            **members,
        }
        return str(self.post(f"{REGISTRY}/{collection}", body)["$id"])

    def data_type(self, title: str, properties: dict[str, Any], **members: Any) -> str:
        return self.resource("datatypes", title, properties, **members)

    def field_group(
        self, title: str, properties: dict[str, Any], extends: tuple[str, ...] = (PROFILE,), **members: Any
    ) -> str:
        below = {"_local": {"type": "object", "properties": properties}}
        return self.resource("fieldgroups", title, below, **{"meta:intendedToExtend": list(extends), **members})

    def class_(self, title: str, properties: dict[str, Any], behavior: str = "record", **members: Any) -> str:
        below = {"_local": {"type": "object", "properties": properties}}
        references = [f"https://ns.adobe.com/xdm/data/{behavior}"]
        return self.resource("classes", title, below, **{"references": references, **members})

    def schema(self, title: str, *parts: str) -> str:
        body = {"type": "object", "title": title, "description": "", "allOf": [{"$ref": each} for each in parts]}
        return str(self.post(f"{REGISTRY}/schemas", body)["$id"])

    def namespace(self, code: str, name: str = "Made") -> None:
        body = {"name": name, "code": code, "idType": "CROSS_DEVICE", "description": "made"}
        self.post("/data/core/idnamespace/identities", body)

    def descriptor(self, type_: str, schema: str, path: str, **members: Any) -> str:
        body = {
            "@type": type_,
            "xdm:sourceSchema": schema,
            "xdm:sourceVersion": 1,
            "xdm:sourceProperty": path,
            **members,
        }
        return str(self.post(f"{REGISTRY}/descriptors", body)["@id"])

    def identity(self, schema: str, path: str, namespace: str, **members: Any) -> str:
        about = {"xdm:namespace": namespace, "xdm:property": "xdm:code", "xdm:isPrimary": False, **members}
        return self.descriptor("xdm:descriptorIdentity", schema, path, **about)

    def flow(self, name: str, schema: str, destination: str = "_id") -> None:
        """Make a dataflow from an account of its own to a dataset of the schema."""
        spec = {"connectionSpec": {"id": DATABASE, "version": "1.0"}}
        auth = {"specName": "Connection String Based Authentication", "params": {"connectionString": "hush"}}
        account = self.post(f"{SERVICE}/connections", {"name": f"{name} account", "auth": auth, **spec})["id"]
        reads = {"data": {"format": "tabular"}, "params": {"tableName": "public.x"}, "baseConnectionId": account}
        source = self.post(f"{SERVICE}/sourceConnections", {"name": f"{name} source", **reads, **spec})["id"]
        about = {"schemaRef": {"id": schema, "contentType": CONTENT}}
        dataset = self.platform.request("POST", "/data/foundation/catalog/dataSets", json={"name": name, **about})
        dataset_id = dataset.raise_for_status().json()[0].rpartition("/")[2]
        data = {"schema": {"id": schema, "version": CONTENT}, "format": "parquet_xdm"}
        body = {"name": f"{name} target", "data": data, "params": {"dataSetId": dataset_id}, "connectionSpec": LAKE}
        target = self.post(f"{SERVICE}/targetConnections", body)["id"]
        rows = [{"sourceType": "ATTRIBUTE", "source": "a", "destination": destination}]
        mapping = self.post(MAPPING_SETS, {"outputSchema": about, "mappings": rows})
        pin = {"mappingId": mapping["id"], "mappingVersion": mapping["version"]}
        self.post(
            f"{SERVICE}/flows",
            {
                "name": name,
                "flowSpec": {"id": TABLES, "version": "1.0"},
                "sourceConnectionIds": [source],
                "targetConnectionIds": [target],
                "transformations": [{"name": "Mapping", "params": pin}],
                "scheduleParams": {"startTime": 1796083200, "frequency": "once"},
            },
        )
