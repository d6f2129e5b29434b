"""Every request that flowctl sends is one that the official API descriptions allow, or a listed deviation."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from broad_run import broad_run
from openapi_descriptions import Descriptions, Deviation
from recorded_requests import Sent

pytestmark = pytest.mark.contract

_LISTED = Path(__file__).with_name("deviations.yaml")
_TOKEN_PATH = "/ims/token/v3"


@pytest.fixture(scope="module")
def sent(descriptions_folder: Path, served: Any, tmp_path_factory: pytest.TempPathFactory) -> Sequence[Sent]:
    return broad_run(served.url, tmp_path_factory.mktemp("contract"))


@pytest.fixture(scope="module")
def api_requests(sent: Sequence[Sent]) -> Sequence[Sent]:
    return [request for request in sent if request.path != _TOKEN_PATH]


@pytest.fixture(scope="module")
def descriptions(descriptions_folder: Path) -> Descriptions:
    return Descriptions(descriptions_folder)


@pytest.fixture(scope="module")
def found(api_requests: Sequence[Sent], descriptions: Descriptions) -> dict[tuple[str, str, str], Deviation]:
    return {each.key: each for request in api_requests for each in descriptions.deviations(request)}


@pytest.fixture(scope="module")
def listed() -> list[dict[str, str]]:
    entries: list[dict[str, str]] = yaml.safe_load(_LISTED.read_text(encoding="utf-8"))
    return entries


def _key(entry: dict[str, str]) -> tuple[str, str, str]:
    return entry["operation"], entry["path"], entry["rule"]


def test_no_request_departs_from_the_descriptions_without_being_listed(
    found: dict[tuple[str, str, str], Deviation], listed: list[dict[str, str]]
) -> None:
    known = {_key(entry) for entry in listed}
    unlisted = sorted(deviation for key, deviation in found.items() if key not in known)
    assert unlisted == []


def test_every_listed_deviation_still_happens(
    found: dict[tuple[str, str, str], Deviation], listed: list[dict[str, str]]
) -> None:
    assert [entry for entry in listed if _key(entry) not in found] == []


def test_every_listed_deviation_says_what_and_which_document_shows_it(listed: list[dict[str, str]]) -> None:
    assert [entry for entry in listed if not (entry.get("what") and entry.get("evidence"))] == []


def test_no_deviation_is_listed_twice(listed: list[dict[str, str]]) -> None:
    keys = [_key(entry) for entry in listed]
    assert sorted(keys) == sorted(set(keys))


_FLOW_SERVICE = "/data/foundation/flowservice"
_EXPECTED = {
    *(
        f"{method} {_FLOW_SERVICE}/{collection}"
        for method in ("GET", "POST")
        for collection in ("connections", "sourceConnections", "targetConnections", "flows")
    ),
    *(
        f"{method} {_FLOW_SERVICE}/{one}"
        for method in ("PATCH", "DELETE")
        for one in (
            "connections/{BASE_CONNECTION_ID}/",
            "sourceConnections/{SOURCE_CONNECTION_ID}",
            "targetConnections/{TARGET_CONNECTION_ID}",
            "flows/{FLOW_ID}",
        )
    ),
    *(
        f"POST {_FLOW_SERVICE}/{one}/action"
        for one in (
            "connections/{BASE_CONNECTION_ID}",
            "sourceConnections/{SOURCE_CONNECTION_ID}",
            "targetConnections/{TARGET_CONNECTION_ID}",
            "flows/{FLOW_ID}",
        )
    ),
    f"GET {_FLOW_SERVICE}/flowSpecs",
    f"GET {_FLOW_SERVICE}/connectionSpecs",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/schemas",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/schemas/{SCHEMA_ID}",
    "POST /data/foundation/schemaregistry/tenant/schemas",
    "PATCH /data/foundation/schemaregistry/tenant/schemas/{SCHEMA_ID}",
    "DELETE /data/foundation/schemaregistry/tenant/schemas/{SCHEMA_ID}",
    "GET /data/foundation/catalog/dataSets",
    "GET /data/foundation/catalog/dataSets/{DATASET_ID}",
    "POST /data/foundation/catalog/dataSets",
    "PATCH /data/foundation/catalog/dataSets/{DATASET_ID}",
    "DELETE /data/foundation/catalog/dataSets/{DATASET_ID}",
    "GET /data/foundation/catalog/batches",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/classes/{CLASS_ID}",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/fieldgroups/{FIELD_GROUP_ID}",
    "POST /data/foundation/flowservice/flows/{FLOW_ID}/action",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/descriptors",
    "GET /data/foundation/schemaregistry/stats",
    "GET /data/foundation/conversion/mappingSets",
    "GET /data/foundation/conversion/mappingSets/{MAPPING_SET_ID}",
    "POST /data/foundation/conversion/mappingSets",
    "PUT /data/foundation/conversion/mappingSets/{MAPPING_SET_ID}",
    "POST /data/foundation/conversion/mappingSets/validate",
    "GET /data/foundation/audit/events",
    f"GET {_FLOW_SERVICE}/runs",
    f"POST {_FLOW_SERVICE}/runs",
    f"GET {_FLOW_SERVICE}/runs/{{RUN_ID}}",
    f"POST {_FLOW_SERVICE}/runs/{{RUN_ID}}/action",
    "POST /data/foundation/schemaregistry/tenant/fieldgroups",
    "PUT /data/foundation/schemaregistry/tenant/fieldgroups/{FIELD_GROUP_ID}",
    "DELETE /data/foundation/schemaregistry/tenant/fieldgroups/{FIELD_GROUP_ID}",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/fieldgroups",
    "POST /data/foundation/schemaregistry/tenant/classes",
    "PUT /data/foundation/schemaregistry/tenant/classes/{CLASS_ID}",
    "DELETE /data/foundation/schemaregistry/tenant/classes/{CLASS_ID}",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/classes",
    "POST /data/foundation/schemaregistry/tenant/datatypes",
    "PUT /data/foundation/schemaregistry/tenant/datatypes/{DATA_TYPE_ID}",
    "DELETE /data/foundation/schemaregistry/tenant/datatypes/{DATA_TYPE_ID}",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/datatypes",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/datatypes/{DATA_TYPE_ID}",
    "POST /data/foundation/schemaregistry/tenant/descriptors",
    "PUT /data/foundation/schemaregistry/tenant/descriptors/{DESCRIPTOR_ID}",
    "DELETE /data/foundation/schemaregistry/tenant/descriptors/{DESCRIPTOR_ID}",
    "GET /data/foundation/schemaregistry/{CONTAINER_ID}/descriptors/{DESCRIPTOR_ID}",
    "GET /data/core/idnamespace/identities",
    "POST /data/core/idnamespace/identities",
    "GET /data/core/idnamespace/identities/{ID}",
    "PUT /data/core/idnamespace/identities/{ID}",
    "GET /data/foundation/export/batches/{batchId}/meta",
}


def test_the_run_sends_every_operation_that_flowctl_uses(
    api_requests: Sequence[Sent], descriptions: Descriptions
) -> None:
    operations = [descriptions.operation(request.method, request.path) for request in api_requests]
    assert {operation.name for operation in operations if operation} == _EXPECTED


def test_the_run_follows_pages(api_requests: Sequence[Sent]) -> None:
    assert any("continuationToken" in dict(request.query) for request in api_requests)


def test_every_request_names_the_sandbox(api_requests: Sequence[Sent]) -> None:
    assert {request.headers.get("x-sandbox-name") for request in api_requests} == {"dev"}


def test_every_body_is_declared_as_json(api_requests: Sequence[Sent]) -> None:
    kinds = {request.headers.get("content-type") for request in api_requests if request.text}
    assert kinds == {"application/json", "application/json-patch+json"}


def test_every_read_and_deletion_has_no_body(api_requests: Sequence[Sent]) -> None:
    assert [request.line for request in api_requests if request.method in ("GET", "DELETE") and request.text] == []


def test_every_patch_of_flow_service_holds_an_etag_with_its_quotes(api_requests: Sequence[Sent]) -> None:
    patches = [request for request in api_requests if request.method == "PATCH" and _FLOW_SERVICE in request.path]
    assert patches
    assert all(request.headers["if-match"].startswith('"') for request in patches)
    assert all(request.headers["if-match"].endswith('"') for request in patches)


def test_tokens_are_asked_for_as_the_authentication_guide_says(sent: Sequence[Sent]) -> None:
    """No description of the token service is published; its form is in the authentication guide."""
    tokens = [request for request in sent if request.path == _TOKEN_PATH]
    assert tokens
    for request in tokens:
        assert request.method == "POST"
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        assert {part.partition("=")[0] for part in request.text.split("&")} == {
            "grant_type",
            "client_id",
            "client_secret",
            "scope",
        }
