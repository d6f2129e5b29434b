"""Someone else on the platform: edits of a person in the user interface, whose client is `exc_app`."""

from dataclasses import dataclass
from typing import Any

import httpx
from surroundings import FLOWS, Platform

UI = "exc_app"
SOMEONE = f"{UI}@techacct.adobe.com"
_SERVICE = FLOWS.rpartition("/")[0]
MAPPING_SETS = "/data/foundation/conversion/mappingSets"


@dataclass(frozen=True)
class Someone:
    """A person with a client of their own in the organization of the tests."""

    platform: Platform

    def __post_init__(self) -> None:
        self.add_client(UI)

    def add_client(self, name: str, *permissions: str) -> None:
        client = {"id": name, "secret": "hush", "permissions": ["read", "write", *permissions]}
        body = {"id": "LOCAL@AdobeOrg", "tenant": "local", "clients": [client]}
        self.platform.http.post("/_emulator/organizations", json=body).raise_for_status()

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"x-api-key": UI, **options.pop("headers", {})}
        return self.platform.request(method, path, headers=headers, **options).raise_for_status()

    def patch(self, collection: str, title: str, /, **values: Any) -> dict[str, Any]:
        """Replace members of the object of this title; `a__b` is the pointer `/a/b`."""
        live = self.platform.one(collection, title)
        operations = [
            {"op": "replace", "path": "/" + path.replace("__", "/"), "value": value} for path, value in values.items()
        ]
        self.request(
            "PATCH", f"{_SERVICE}/{collection}/{live['id']}", headers={"If-Match": live["etag"]}, json=operations
        )
        return live

    def delete_flow(self, name: str) -> dict[str, Any]:
        live = self.platform.one("flows", name)
        self.request("DELETE", f"{FLOWS}/{live['id']}")
        return live

    def edit_mappings(self, flow: str, rows: list[dict[str, Any]], *, new_set: bool = False) -> None:
        """Give a flow another mapping: a new version of its set, or a new set."""
        live = self.platform.one("flows", flow)
        (index,) = [place for place, each in enumerate(live["transformations"]) if each["name"] == "Mapping"]
        set_id = live["transformations"][index]["params"]["mappingId"]
        old = self.platform.request("GET", f"{MAPPING_SETS}/{set_id}").json()
        schema = (old.get("outputSchema") or old)["schemaRef"]
        body = {"outputSchema": {"schemaRef": schema}, "mappings": rows}
        path, method = (MAPPING_SETS, "POST") if new_set else (f"{MAPPING_SETS}/{set_id}", "PUT")
        made = self.request(method, path, json=body).json()
        params = {"mappingId": made["id"], "mappingVersion": made["version"]}
        self.patch("flows", flow, **{f"transformations__{index}": {"name": "Mapping", "params": params}})

    def rows(self, flow: str) -> list[dict[str, Any]]:
        """The mappings of a flow as they can be sent again."""
        live = self.platform.one("flows", flow)
        (params,) = [each["params"] for each in live["transformations"] if each["name"] == "Mapping"]
        query = {"version": str(params["mappingVersion"])}
        found = self.platform.request("GET", f"{MAPPING_SETS}/{params['mappingId']}", params=query).json()
        kinds = {"text/x.schema-path": "ATTRIBUTE", "text/x.aep-xl": "EXPRESSION", "text/plain": "STATIC"}
        return [
            {
                "sourceType": kinds.get(row["sourceType"], row["sourceType"]),
                "source": row["source"],
                "destination": row["destination"],
            }
            for row in found["mappings"]
        ]
