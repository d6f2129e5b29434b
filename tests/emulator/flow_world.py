"""The accounts, connections and dataflows that documented requests take for granted."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from .conftest import FLOW, HUBSPOT
from .data_world import DataWorld

BLOB = {"id": "4c10e202-c428-4796-9208-5f1f5732b1cf", "version": "1.0"}
BIGQUERY = {"id": "3c9b37f8-13a6-43d8-bad3-b863b941fedd", "version": "1.0"}
SALESFORCE = {"id": "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", "version": "1.0"}
SNOWFLAKE = {"id": "51ae16c2-bdad-42fd-9fce-8d5dfddaf140", "version": "1.0"}
HTTP_API = {"id": "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb", "version": "1.0"}
CLOUD_STORAGE = {"id": "9753525b-82c7-4dce-8a9b-5ccfce2b9876", "version": "1.0"}
KEYS = "/data/foundation/connectors/encryption/keys"
SANDBOXES = "/data/foundation/sandbox-management/sandboxes"


class FlowWorld(DataWorld):
    """What Flow Service has, by the names of the pages."""

    def _base(self, spec: dict[str, str], type_: str, params: dict[str, Any], name: str = "Account") -> str:
        auth = {"specName": type_, "params": params}
        made = self.client.base(name=name, description="Test description", connectionSpec=spec, auth=auth)
        return str(made["id"])

    @cached_property
    def blob_base_id(self) -> str:
        return self._base(BLOB, "ConnectionString", {"connectionString": "x"}, "Blob")

    @cached_property
    def bigquery_base_id(self) -> str:
        params = {"project": "p", "clientId": "c", "clientSecret": "s", "refreshToken": "t"}
        return self._base(BIGQUERY, "Basic Authentication", params)

    @cached_property
    def jwt_base_id(self) -> str:
        params = {"jwtToken": "x", "clientId": "c", "clientSecret": "s", "instanceUrl": "https://acme.example"}
        return self._base(SALESFORCE, "OAuth2 JWT Token Credential", params)

    @cached_property
    def http_base_id(self) -> str:
        return self._base(HTTP_API, "Streaming Connection", {"sourceId": "s", "dataType": "xdm", "name": "s"})

    @cached_property
    def snowflake_base_id(self) -> str:
        names = ("account", "database", "warehouse", "username", "schema", "password", "role")
        return self._base(SNOWFLAKE, "Basic Authentication for Snowflake", dict.fromkeys(names, "x"))

    @cached_property
    def snowflake_source_id(self) -> str:
        params = {"tableName": "ACME", "timestampColumn": "dOb", "backfill": "true", "timezoneValue": "PST"}
        body = {"name": "s", "baseConnectionId": self.snowflake_base_id, "connectionSpec": SNOWFLAKE, "params": params}
        return str(self.client.made(f"{FLOW}/sourceConnections", body)["id"])

    @cached_property
    def hubspot_base_id(self) -> str:
        return str(self.client.base()["id"])

    @cached_property
    def hubspot_source_id(self) -> str:
        return str(self.client.source(self.hubspot_base_id, connectionSpec=HUBSPOT)["id"])

    @cached_property
    def blob_source_id(self) -> str:
        data, params = {"format": "delimited"}, {"path": "/compressed/files.csv"}
        return str(self.client.source(self.blob_base_id, connectionSpec=BLOB, data=data, params=params)["id"])

    @cached_property
    def target_id(self) -> str:
        return str(self.client.target(self.members_id, self.dataset_id)["id"])

    @cached_property
    def flow_id(self) -> str:
        body = {
            "name": "TestFlow",
            "description": "Test description",
            "flowSpec": CLOUD_STORAGE,
            "sourceConnectionIds": [self.blob_source_id],
            "targetConnectionIds": [self.target_id],
            "transformations": [{"name": "Mapping", "params": {"mappingId": self.mapping_set_id, "mappingVersion": 0}}],
            "scheduleParams": {"startTime": "4102444800", "frequency": "minute", "interval": "30"},
        }
        return str(self.client.made(f"{FLOW}/flows", body)["id"])

    @cached_property
    def public_key_id(self) -> str:
        body = {"name": "acme", "encryptionAlgorithm": "PGP", "params": {"passPhrase": "words"}}
        return str(self.client.made(KEYS, body, 200)["publicKeyId"])

    @cached_property
    def production_sandbox(self) -> str:
        self.client.made(SANDBOXES, {"name": "acme", "title": "Acme", "type": "production"}, 202)
        return "acme"
