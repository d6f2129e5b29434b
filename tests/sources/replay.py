"""Sends the requests of a documented page to a served platform, from the base connection to the runs of the flow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from flowctl.specs.flow_specs import pinned
from tests.sources.documented_pages import PAGES, Page
from tests.sources.values import auth_params, known, source_params

HEADERS: Final = {
    "Authorization": "Bearer local-token",
    "x-api-key": "local-client",
    "x-gw-ims-org-id": "LOCAL@AdobeOrg",
    "x-sandbox-name": "dev",
}
_FLOW: Final = "/data/foundation/flowservice"
_XDM: Final = "https://ns.adobe.com/xdm/context/profile"
_DATA_LAKE: Final = {"id": "c604ff05-7f1a-43c0-8e18-33bf874cb11c", "version": "1.0"}
_FULL: Final = "application/vnd.adobe.xed-full+json;version=1"


@dataclass(frozen=True, slots=True)
class Replay:
    """How far a page was followed: its requests, and the first that was refused."""

    sent: int
    refused: str = ""

    @property
    def to_the_end(self) -> bool:
        """Whether each request was answered as the page says."""
        return not self.refused


class RefusedError(Exception):
    """A request that was not answered as documented."""


class _Session:
    """The requests of one page."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.sent = 0

    def post(self, path: str, body: Mapping[str, Any], status: int = 201) -> Any:
        self.sent += 1
        answer = self.http.post(path, json=body, headers=HEADERS)
        if answer.status_code != status:
            raise RefusedError(f"POST {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def read(self, path: str) -> Any:
        self.sent += 1
        answer = self.http.get(path, headers=HEADERS)
        if answer.status_code != 200:
            raise RefusedError(f"GET {path}: {answer.status_code} {answer.text}")
        return answer.json()


def replayed(http: httpx.Client, name: str) -> Replay:
    """Follow the page of this name to its end, or to the first request that is refused."""
    session = _Session(http)
    try:
        _follow(session, name, PAGES[name])
    except RefusedError as refused:
        return Replay(session.sent, str(refused))
    return Replay(session.sent)


def _follow(session: _Session, name: str, page: Page) -> None:
    spec = {"id": known(page.connector).spec_id, "version": "1.0"}
    bases = [_base(session, page, spec, number) for number in range(len(page.signs_in))]
    for base in bases:
        session.read(f"{_FLOW}/connections/{base}")
    schema = session.post(
        "/data/foundation/schemaregistry/tenant/schemas",
        {"type": "object", "title": f"Schema of {name}", "allOf": [{"$ref": _XDM}]},
    )["$id"]
    reference = {"id": schema, "contentType": "application/vnd.adobe.xed+json;version=1"}
    (dataset,) = session.post("/data/foundation/catalog/dataSets", {"name": name, "schemaRef": reference})
    target = {
        "name": name,
        "connectionSpec": _DATA_LAKE,
        "data": {"schema": {"id": schema, "version": _FULL}},
        "params": {"dataSetId": dataset.removeprefix("@/dataSets/")},
    }
    source = {"name": name, "connectionSpec": spec} | _read(page)
    if bases:
        source["baseConnectionId"] = bases[0]
    flow_spec = pinned(page.flow_spec)
    assert flow_spec is not None
    flow = {
        "name": name,
        "flowSpec": {"id": flow_spec.id, "version": "1.0"},
        "sourceConnectionIds": [session.post(f"{_FLOW}/sourceConnections", source)["id"]],
        "targetConnectionIds": [session.post(f"{_FLOW}/targetConnections", target)["id"]],
        "transformations": list(_transformations(session, page, schema)),
    }
    if flow_spec.schedule_schema is not None:
        flow["scheduleParams"] = {"startTime": "4102444800", "frequency": "minute", "interval": "15"}
    made = session.post(f"{_FLOW}/flows", {key: value for key, value in flow.items() if value})
    session.read(f"{_FLOW}/runs?property=flowId=={made['id']}")


def _base(session: _Session, page: Page, spec: Mapping[str, str], number: int) -> str:
    kind, params = page.signs_in[number]
    auth = {"specName": kind, "params": auth_params(page.connector, kind, params)}
    body = {"name": f"{page.connector} {number}", "connectionSpec": spec, "auth": auth}
    made: str = session.post(f"{_FLOW}/connections", body)["id"]
    return made


def _read(page: Page) -> dict[str, Any]:
    """What a source connection has besides its base connection."""
    body: dict[str, Any] = {}
    if page.format:
        body["data"] = {"format": page.format}
    if page.reads:
        body["params"] = source_params(page.connector, page.reads)
    return body


def _transformations(session: _Session, page: Page, schema: str) -> Iterator[dict[str, Any]]:
    if page.maps:
        row = {"sourceAttribute": "id", "destinationXdmPath": "_id", "identity": False, "version": 0}
        body = {"version": 0, "xdmSchema": schema, "xdmVersion": "1.0", "id": None, "mappings": [row]}
        made = session.post("/data/foundation/conversion/mappingSets", body, 200)
        yield {"name": "Mapping", "params": {"mappingId": made["id"], "mappingVersion": 0}}
