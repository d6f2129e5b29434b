"""The requests of the two tutorials that flowctl began with, side by side with what flowctl sends for the examples."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from recorded_requests import Sent, recorded

_FOLDER = Path(__file__).with_name("seed_requests")
_PIPELINES = ("hubspot-contacts", "shopify-orders")
_EVERY_CLIENT_SENDS = frozenset({"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"})
_FLOW_SERVICE = "/data/foundation/flowservice"
_ABSENT = "(absent)"


@dataclass(frozen=True)
class Intended:
    """A place where flowctl departs from a tutorial on purpose."""

    request: str
    place: str
    tutorial: Any
    flowctl: Any
    reason: str


_SOURCES = f"POST {_FLOW_SERVICE}/sourceConnections"
_TARGETS = f"POST {_FLOW_SERVICE}/targetConnections"
_FLOWS = f"POST {_FLOW_SERVICE}/flows"
_FLOW_SPECS = f"GET {_FLOW_SERVICE}/flowSpecs"
_MAPPINGS = "POST /data/foundation/conversion/mappingSets"
_AUTHORIZATION = "without it the gateway answers 403010; the tutorial's other requests carry it"
_START_TIME = "the flow spec's schema types startTime as an integer"
_VERSION = "the flow spec's schema and the API description type mappingVersion as text"
_NULLS = "one form for every set: the other tutorial writes the nulls out, and null says the same as a missing member"

_INTENDED: Mapping[str, list[Intended]] = {
    "hubspot-contacts": [
        Intended(_FLOW_SPECS, "header authorization", _ABSENT, "Bearer {ACCESS_TOKEN}", _AUTHORIZATION),
        Intended(_FLOWS, "header authorization", _ABSENT, "Bearer {ACCESS_TOKEN}", _AUTHORIZATION),
        Intended(_FLOWS, "scheduleParams.startTime", "1591043454", 1591043454, _START_TIME),
        Intended(_FLOWS, "scheduleParams.interval", "15", _ABSENT, "the flow spec's schema forbids interval with once"),
        Intended(_FLOWS, "transformations.1.params.mappingVersion", 0, "0", _VERSION),
        Intended(
            _TARGETS,
            "data.format",
            _ABSENT,
            "parquet_xdm",
            "the other tutorial names the format of the data lake; without it the platform chooses",
        ),
    ],
    "shopify-orders": [
        Intended(_FLOW_SPECS, "header authorization", _ABSENT, "Bearer {ACCESS_TOKEN}", _AUTHORIZATION),
        Intended(_FLOWS, "header authorization", _ABSENT, "Bearer {ACCESS_TOKEN}", _AUTHORIZATION),
        Intended(_FLOWS, "scheduleParams.startTime", "1604961070", 1604961070, _START_TIME),
        Intended(_FLOWS, "transformations.0.params.mappingVersion", 0, "0", _VERSION),
        Intended(
            _TARGETS,
            "data.schema.version",
            "application/vnd.adobe.xed-full-notext+json; version=1",
            "application/vnd.adobe.xed-full+json;version=1",
            "the tutorial's own table says that the value must be this one",
        ),
        *(
            Intended(_MAPPINGS, f"mappings.{place}.{member}", _ABSENT, None, _NULLS)
            for place in (0, 1)
            for member in ("identityGroup", "namespaceCode")
        ),
    ],
}


@pytest.fixture
def sent(examples: Any) -> dict[str, dict[str, Sent]]:
    """For each pipeline the request of each line of its tutorial, with its own ids as placeholders."""
    with recorded() as requests:
        examples.apply()
    entries = examples.lockfile["entries"]
    return {
        "hubspot-contacts": _requests_of("hubspot-contacts", "hubspot", "crm-contact", entries, requests),
        "shopify-orders": _requests_of("shopify-orders", "shopify", "customer", entries, requests),
    }


def _requests_of(
    pipeline: str, connection: str, schema: str, entries: Mapping[str, Any], requests: list[Sent]
) -> dict[str, Sent]:
    ids = {
        entries[f"{connection}.connection"]["id"]: "{BASE_CONNECTION_ID}",
        entries[f"{schema}.schema"]["id"]: "{SCHEMA_ID}",
        entries[f"{pipeline}.dataset"]["id"]: "{DATASET_ID}",
        entries[f"{pipeline}.source_connection"]["id"]: "{SOURCE_CONNECTION_ID}",
        entries[f"{pipeline}.target_connection"]["id"]: "{TARGET_CONNECTION_ID}",
        entries[f"{pipeline}.mapping_set"]["id"]: "{MAPPING_SET_ID}",
    }
    applied = {
        _SOURCES: entries[f"{pipeline}.source_connection"]["applied"]["name"],
        _TARGETS: entries[f"{pipeline}.target_connection"]["applied"]["name"],
        _FLOWS: entries[f"{pipeline}.flow"]["applied"]["name"],
    }
    destinations = [mapping["destination"] for mapping in entries[f"{pipeline}.mapping_set"]["applied"]["mappings"]]
    found: dict[str, Sent] = {}
    for request in requests:
        by_name = request.line in applied and request.body["name"] == applied[request.line]
        is_mapping = request.line == _MAPPINGS and destinations == [
            mapping.get("destinationXdmPath") for mapping in request.body["mappings"]
        ]
        is_spec = request.line == _FLOW_SPECS and "CRMToAEP" in dict(request.query)["property"]
        if by_name or is_spec or is_mapping:
            assert request.line not in found, f"{request.line} is sent twice"
            found[request.line] = _with_placeholders(request, ids)
    return found


def _with_placeholders(request: Sent, ids: Mapping[str, str]) -> Sent:
    token = request.headers["authorization"].removeprefix("Bearer ")
    known = {
        token: "{ACCESS_TOKEN}",
        "local-client": "{API_KEY}",
        "LOCAL@AdobeOrg": "{ORG_ID}",
        "dev": "{SANDBOX_NAME}",
    }
    headers = {}
    for name, value in request.headers.items():
        for secret, placeholder in known.items():
            value = value.replace(secret, placeholder)
        headers[name] = value
    return Sent(request.method, request.path, request.query, headers, _replaced(request.body, ids))


def _replaced(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(member, ids) for name, member in value.items()}
    if isinstance(value, list):
        return [_replaced(item, ids) for item in value]
    return ids.get(value, value) if isinstance(value, str) else value


def _tutorial(pipeline: str) -> dict[str, dict[str, Any]]:
    requests = json.loads((_FOLDER / f"{pipeline}.json").read_text(encoding="utf-8"))["requests"]
    return {f"{request['method']} {request['path']}": request for request in requests}


def _places(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _places(member, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _places(item, f"{place}.{number}")
    else:
        yield place, value


def _flat_tutorial(request: Mapping[str, Any]) -> dict[str, Any]:
    headers = {f"header {name.lower()}": value for name, value in request["headers"].items()}
    query = {"query": request["query"]} if "query" in request else {}
    return {**headers, **query, **dict(_places(request.get("body", {})))}


def _flat_sent(request: Sent) -> dict[str, Any]:
    headers = {f"header {name}": value for name, value in request.headers.items() if name not in _EVERY_CLIENT_SENDS}
    query = {"query": "&".join(f"{name}={value}" for name, value in request.query)} if request.query else {}
    return {**headers, **query, **dict(_places(request.body or {}))}


def _differences(pipeline: str, sent: Mapping[str, Sent]) -> set[tuple[str, str, str, str]]:
    found = set()
    for line, request in _tutorial(pipeline).items():
        before, after = _flat_tutorial(request), _flat_sent(sent[line])
        for place in before.keys() | after.keys():
            pair = before.get(place, _ABSENT), after.get(place, _ABSENT)
            if json.dumps(pair[0]) != json.dumps(pair[1]):
                found.add((line, place, json.dumps(pair[0]), json.dumps(pair[1])))
    return found


def _intended(pipeline: str) -> set[tuple[str, str, str, str]]:
    return {
        (each.request, each.place, json.dumps(each.tutorial), json.dumps(each.flowctl)) for each in _INTENDED[pipeline]
    }


@pytest.mark.parametrize("pipeline", _PIPELINES)
def test_every_request_of_the_tutorial_is_sent(sent: dict[str, dict[str, Sent]], pipeline: str) -> None:
    assert sent[pipeline].keys() == _tutorial(pipeline).keys()


@pytest.mark.parametrize("pipeline", _PIPELINES)
def test_requests_equal_the_tutorials_but_for_intended_differences(
    sent: dict[str, dict[str, Sent]], pipeline: str
) -> None:
    assert _differences(pipeline, sent[pipeline]) - _intended(pipeline) == set()


@pytest.mark.parametrize("pipeline", _PIPELINES)
def test_every_intended_difference_is_there(sent: dict[str, dict[str, Sent]], pipeline: str) -> None:
    assert _intended(pipeline) - _differences(pipeline, sent[pipeline]) == set()


@pytest.mark.parametrize("pipeline", _PIPELINES)
def test_mappings_are_sent_in_the_order_of_the_tutorial(sent: dict[str, dict[str, Sent]], pipeline: str) -> None:
    wanted = [mapping["destinationXdmPath"] for mapping in _tutorial(pipeline)[_MAPPINGS]["body"]["mappings"]]
    assert [mapping["destinationXdmPath"] for mapping in sent[pipeline][_MAPPINGS].body["mappings"]] == wanted


def test_requests_of_a_pipeline_leave_in_an_order_that_the_tutorials_allow(examples: Any) -> None:
    with recorded() as requests:
        examples.apply()
    names = [request.body["name"] for request in requests if request.line in (_SOURCES, _TARGETS, _FLOWS)]
    for source, target, flow in (
        ("HubSpot source connection", "HubSpot target connection", "HubSpot dataflow"),
        ("Shopify source connection", "Shopify target connection", "Test Shopify dataflow"),
    ):
        assert max(names.index(source), names.index(target)) < names.index(flow)
