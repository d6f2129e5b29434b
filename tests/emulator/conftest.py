"""A running emulator for each test, and a client that builds what a pipeline needs."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

from flowctl.emulator import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flowctl.emulator.server import RunningEmulator

SPECS = Path(__file__).parents[2] / "schemas"
FLOW = "/data/foundation/flowservice"
REGISTRY = "/data/foundation/schemaregistry"
CATALOG = "/data/foundation/catalog"
PREP = "/data/foundation/conversion"
HUBSPOT = {"id": "cc6a4487-9e91-433e-a3a3-9cf6626c1806", "version": "1.0"}
S3 = {"id": "ecadc60c-7455-4d87-84dc-2a0e293d997b", "version": "1.0"}
LANDING_ZONE = {"id": "26f526f2-58f4-4712-961d-e41bf1ccc0e8", "version": "1.0"}
DATA_LAKE = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
CRM_TO_AEP = {"id": "14518937-270c-4525-bdec-c2ba7cce3860", "version": "1.0"}
XDM = "https://ns.adobe.com/xdm/context"
FULL = "application/vnd.adobe.xed-full+json;version=1"
HEADERS = {
    "Authorization": "Bearer local-token",
    "x-api-key": "local-client",
    "x-gw-ims-org-id": "LOCAL@AdobeOrg",
    "x-sandbox-name": "dev",
}


class Client(httpx.Client):
    """An HTTP client of the emulator with short ways to make objects; each returns what the service answered."""

    def __init__(self, url: str, **headers: str) -> None:
        # Without certificates to load, a client costs next to nothing.
        super().__init__(base_url=url, headers=HEADERS | headers, timeout=30, verify=False)
        self.url = url
        self._numbers = itertools.count(1)

    def made(self, path: str, body: dict[str, Any], status: int = 201) -> Any:
        response = self.post(path, json=body)
        assert response.status_code == status, response.text
        return response.json()

    def schema(self, **changes: Any) -> str:
        groups = ("profile", "profile-person-details", "profile-personal-details")
        body = {
            "type": "object",
            "title": f"Schema {next(self._numbers)}",
            "allOf": [{"$ref": f"{XDM}/{name}"} for name in groups],
        }
        return str(self.made(f"{REGISTRY}/tenant/schemas", body | changes)["$id"])

    def dataset(self, schema_id: str, **changes: Any) -> str:
        reference = {"id": schema_id, "contentType": "application/vnd.adobe.xed+json;version=1"}
        body = {"name": "Customers", "schemaRef": reference} | changes
        return str(self.made(f"{CATALOG}/dataSets", body)[0].removeprefix("@/dataSets/"))

    def mapping_set(self, schema_id: str, **changes: Any) -> str:
        body = {"xdmSchema": schema_id, "xdmVersion": "1.0", "version": 0, "id": None}
        body["mappings"] = [{"sourceAttribute": "Id", "destinationXdmPath": "_id", "version": 0}]
        return str(self.made(f"{PREP}/mappingSets", body | changes, 200)["id"])

    def base(self, **changes: Any) -> dict[str, str]:
        params = {"clientId": "c", "clientSecret": "hush", "accessToken": "hush", "refreshToken": "hush"}
        auth = {"specName": "Basic Authentication", "params": params}
        return dict(
            self.made(f"{FLOW}/connections", {"name": "base", "connectionSpec": HUBSPOT, "auth": auth} | changes)
        )

    def source(self, base_id: str | None, **changes: Any) -> dict[str, str]:
        body = {"name": "source", "baseConnectionId": base_id, "connectionSpec": HUBSPOT}
        body |= {"data": {"format": "tabular"}, "params": {"path": "Hubspot.Contacts"}}
        return dict(self.made(f"{FLOW}/sourceConnections", body | changes))

    def target(self, schema_id: str, dataset_id: str, **changes: Any) -> dict[str, str]:
        data = {"schema": {"id": schema_id, "version": FULL}}
        body = {"name": "target", "connectionSpec": DATA_LAKE, "data": data, "params": {"dataSetId": dataset_id}}
        return dict(self.made(f"{FLOW}/targetConnections", body | changes))

    def flow_body(self, **changes: Any) -> dict[str, Any]:
        """Return the body of a valid flow whose parts all exist."""
        schema_id = self.schema()
        dataset_id = self.dataset(schema_id)
        mapping = {"mappingId": self.mapping_set(schema_id), "mappingVersion": 0}
        return {
            "name": "flow",
            "flowSpec": CRM_TO_AEP,
            "sourceConnectionIds": [self.source(self.base()["id"])["id"]],
            "targetConnectionIds": [self.target(schema_id, dataset_id)["id"]],
            "transformations": [{"name": "Mapping", "params": mapping}],
            "scheduleParams": {"startTime": "4102444800", "frequency": "hour", "interval": "1", "backfill": "true"},
        } | changes

    def flow(self, **changes: Any) -> dict[str, str]:
        return dict(self.made(f"{FLOW}/flows", self.flow_body(**changes)))

    def one(self, collection: str, id_: str) -> dict[str, Any]:
        response = self.get(f"{FLOW}/{collection}/{id_}")
        assert response.status_code == 200, response.text
        (item,) = response.json()["items"]
        return dict(item)

    def patched(self, collection: str, made: dict[str, str], *operations: dict[str, Any]) -> httpx.Response:
        """Send a JSON Patch with the object's current etag."""
        etag = self.one(collection, made["id"])["etag"]
        path = f"{FLOW}/{collection}/{made['id']}"
        return self.patch(path, json=list(operations), headers={"If-Match": etag})

    def settings(self, **changes: Any) -> None:
        assert self.post("/_emulator/settings", json=changes).status_code == 200


def code_of(response: httpx.Response) -> str:
    """Return `FLOW-1439-404` of a refusal, and check that its parts agree."""
    body = response.json()
    assert body["status"] == response.status_code
    assert body["report"]["detailed-message"]
    code = str(body["type"]).rpartition("/")[2]
    assert code.endswith(f"-{response.status_code}")
    return code


def raw_id(id_: str) -> str:
    return quote(id_, safe="")


@pytest.fixture(scope="session")
def started() -> Iterator[RunningEmulator]:
    """One server for all tests of a worker."""
    with start(specs_dir=SPECS) as running:
        yield running


@pytest.fixture
def emulator(started: RunningEmulator) -> RunningEmulator:
    """The server with fresh data, and with the settings that it started with."""
    assert httpx.post(f"{started.url}/_emulator/reset", verify=False).status_code == 204
    return started


@pytest.fixture
def client(emulator: RunningEmulator) -> Iterator[Client]:
    with Client(emulator.url) as made:
        yield made
