"""Objects of two sandboxes that one set of manifests describes, compared member by member."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from surroundings import Platform

ORGANIZATION = {
    "id": "ACME@AdobeOrg",
    "tenant": "acme",
    "sandboxes": [{"name": "dev"}],
    "clients": [{"id": "acme-client", "secret": "s"}],
}
WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments:
  dev: {{endpoint: {url}}}
  other:
    endpoint: {url}
    organization: ACME@AdobeOrg
    sandbox: dev
    auth: {{tokenUrl: "{url}/ims/token/v3", clientId: acme-client, clientSecret: "${{env:ACME_SECRET}}"}}
"""
_REGISTRY = "/data/foundation/schemaregistry/tenant"
_FLOWS = "/data/foundation/flowservice"
_PLACES = {
    "connection": f"{_FLOWS}/connections/",
    "source_connection": f"{_FLOWS}/sourceConnections/",
    "target_connection": f"{_FLOWS}/targetConnections/",
    "flow": f"{_FLOWS}/flows/",
    "mapping_set": "/data/foundation/conversion/mappingSets/",
    "dataset": "/data/foundation/catalog/dataSets/",
    "schema": f"{_REGISTRY}/schemas/",
    "profile": f"{_REGISTRY}/schemas/",
    "field_group": f"{_REGISTRY}/fieldgroups/",
    "data_type": f"{_REGISTRY}/datatypes/",
    "class": f"{_REGISTRY}/classes/",
    "descriptor": f"{_REGISTRY}/descriptors/",
    "namespace": "/data/core/idnamespace/identities/",
}
_ACCEPTS = {
    "descriptor": "application/vnd.adobe.xdm+json",
    **dict.fromkeys(
        ("schema", "profile", "field_group", "data_type", "class"), "application/vnd.adobe.xed+json; version=1"
    ),
}
_SHORT = 18
_OF_THE_PLATFORM = {
    *("createdAt", "updatedAt", "createdBy", "updatedBy", "createdClient", "updatedClient", "etag", "sandboxId"),
    *(
        "sandboxName",
        "imsOrgId",
        "imsOrg",
        "version",
        "created",
        "updated",
        "createdUser",
        "updatedUser",
        "createdDate",
    ),
    *("modifiedDate", "modifiedBy", "meta:registryMetadata", "meta:sandboxId", "meta:sandboxType", "createTime"),
    *(
        "updateTime",
        "lastOperation",
        "lastRunDetails",
        "tokenExpirationDate",
        "baseConnectionSpec",
        "viewInfo",
        "files",
    ),
    *("lastBatchId", "lastBatchStatus", "lastSuccessfulBatch", "viewId"),
    *("meta:altId", "inheritedAttributes", "mappingSetVersion", "observableSchema", "statsCache"),
}
"""Members that Experience Platform sets, or that name the sandbox."""


def second_tenant(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Make an empty organization, in which the environment `other` is; return the headers of its requests."""
    monkeypatch.setenv("ACME_SECRET", "s")
    platform.http.post("/_emulator/organizations", json=ORGANIZATION).raise_for_status()
    asked = {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": "s", "scope": "openid"}
    token = platform.http.post("/ims/token/v3", data=asked).raise_for_status().json()["access_token"]
    return {"Authorization": f"Bearer {token}", "x-api-key": "acme-client", "x-gw-ims-org-id": "ACME@AdobeOrg"}


def _in_one_form(body: dict[str, Any]) -> dict[str, Any]:
    """A body without names and orders that are free."""
    if "definitions" in body:
        body["definitions"] = list(body["definitions"].values())
        body["allOf"] = [each for each in body["allOf"] if not each["$ref"].startswith("#")]
    if "allOf" in body:
        body["allOf"] = sorted(each["$ref"] for each in body["allOf"])
    if "transformations" in body:
        body["transformations"] = {each["name"]: each.get("params") for each in body["transformations"]}
    if "mappings" in body:
        body.get("outputSchema", {}).pop("id", None)
        for row in body["mappings"]:
            row.pop("id", None)
    return body


def _members(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, member in value.items():
            if name not in _OF_THE_PLATFORM:
                yield from _members(member, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and not all(isinstance(each, str) for each in value):
        for position, each in enumerate(value):
            yield from _members(each, f"{path}[{position}]")
    elif value not in (None, "", [], {}):
        yield path, sorted(value) if isinstance(value, list) else value


class Objects:
    """What the lockfile of an environment records, as the platform shows it."""

    def __init__(self, platform: Platform, lockfile: Path, headers: Mapping[str, str]) -> None:
        self._platform = platform
        self._headers = headers
        self.entries = json.loads(lockfile.read_text(encoding="utf-8"))["entries"]

    def members(self, address: str) -> dict[str, Any]:
        """The members of one object, with addresses in place of IDs and without the tenant."""
        kind = self.entries[address]["kind"]
        headers = {**self._headers, **({"Accept": _ACCEPTS[kind]} if kind in _ACCEPTS else {})}
        place = _PLACES[kind] + quote(self.entries[address]["id"], safe="")
        version = self.entries[address].get("outputs", {}).get("version", "") if kind == "mapping_set" else ""
        reply = self._platform.request("GET", place + (f"?version={version}" if version else ""), headers=headers)
        body = reply.raise_for_status().json()
        if kind == "namespace":
            del body["id"]
        if kind == "dataset":
            (body,) = body.values()
        text = json.dumps(body.get("items", [body])[0])
        for other, entry in sorted(self.entries.items(), key=lambda each: -len(each[1]["id"])):
            if len(entry["id"]) > _SHORT:  # the number of a namespace may stand anywhere
                text = text.replace(json.dumps(entry["id"])[1:-1], f"<{other.partition('[')[0]}>")
        return dict(_members(_in_one_form(json.loads(text.replace("_acme", "_local")))))


def differences(one: Objects, two: Objects) -> dict[str, set[str]]:
    """The members that differ, by kind; a number or a boolean may be spelled as text."""
    found: dict[str, set[str]] = {}
    for address, entry in one.entries.items():
        other = address.replace("[_local.", "[_acme.")
        here, there = one.members(address), two.members(other)
        for member in sorted({*here, *there}):
            if str(here.get(member)).lower() != str(there.get(member)).lower():
                found.setdefault(entry["kind"], set()).add(member)
    return found
