"""A dataflow that a person saved as a draft in the user interface, with drafts of all its connections."""

from collections.abc import Callable, Mapping
from typing import Any, Final

SERVICE: Final = "/data/foundation/flowservice"
DRAFTS: Final = ("connections", "sourceConnections", "targetConnections", "flows")
"""The collections, from the base up."""
_CONTENT = "application/vnd.adobe.xed-full+json;version=1"
_BUCKET = {"connectionSpec": {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"}}
_LAKE = {"connectionSpec": {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}}
_FILES = {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"}
_PROFILE = "https://ns.adobe.com/xdm/context/profile"


def save_drafts(post: Callable[[str, Mapping[str, Any]], Any]) -> None:
    """Save them; `post` sends a body to a path and returns the body of the reply."""

    def draft(collection: str, name: str, body: Mapping[str, Any]) -> str:
        return str(post(f"{SERVICE}/{collection}?mode=draft", {"name": name, **body})["id"])

    fields = {"type": "object", "title": "Draft people", "allOf": [{"$ref": _PROFILE}]}
    schema = post("/data/foundation/schemaregistry/tenant/schemas", fields)["$id"]
    about = {"schemaRef": {"id": schema, "contentType": _CONTENT}}
    (dataset,) = post("/data/foundation/catalog/dataSets", {"name": "Draft people", **about})
    auth = {"specName": "Access Key", "params": {"s3AccessKey": "AKIA", "s3SecretKey": "hush-hush"}}
    base = draft("connections", "bucket", {"auth": auth, **_BUCKET})
    reads = {"baseConnectionId": base, "data": {"format": "json"}, "params": {"path": "/a.json"}}
    source = draft("sourceConnections", "s", {**reads, **_BUCKET})
    writes = {"schema": {"id": schema, "version": _CONTENT}, "format": "parquet_xdm"}
    target = draft(
        "targetConnections", "t", {"data": writes, "params": {"dataSetId": dataset.rpartition("/")[2]}, **_LAKE}
    )
    rows = [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}]
    mapping = post("/data/foundation/conversion/mappingSets", {"outputSchema": about, "mappings": rows})
    pin = {"mappingId": mapping["id"], "mappingVersion": mapping["version"]}
    flow = {"flowSpec": _FILES, "sourceConnectionIds": [source], "targetConnectionIds": [target]}
    flow |= {"transformations": [{"name": "Mapping", "params": pin}]}
    flow |= {"scheduleParams": {"startTime": 4102444800, "frequency": "day", "interval": 1}}
    draft("flows", "Draft", flow)
