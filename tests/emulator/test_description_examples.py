"""The example replies of Adobe's API descriptions have no member that the emulator's replies lack, but for reasons."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from . import coverage, description_examples, documented_page, official
from .conftest import CATALOG, PREP, REGISTRY, XDM, raw_id
from .description_examples import DIFFERENT
from .tour import EXPORT, IMPORT, LIST, RAW, Recorder, walk

pytestmark = [pytest.mark.contract, pytest.mark.usefixtures("descriptions_folder")]
GLOBAL = {
    "fieldgroups": "_xdm.context.profile-person-details",
    "mixins": "_xdm.context.profile-person-details",
    "classes": "_xdm.context.profile",
    "datatypes": "_xdm.content.productlistitem",
    "behaviors": "_xdm.data.record",
}


@pytest.fixture
def found(emulator):
    """The members of the replies to the tour and to requests about what the examples are about, by operation."""
    with Recorder(emulator.url) as recorder:
        walk(recorder)
        _described(recorder)
        members: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for exchange in recorder.exchanges:
            operation = official.find(exchange.method, exchange.path)
            if operation is not None:
                place = members.setdefault((str(operation), str(exchange.status)), set())
                place.update(description_examples.members(exchange.body))
        return members


def _described(client: Recorder) -> None:
    for kind, id_ in GLOBAL.items():
        client.get(f"{REGISTRY}/global/{kind}/{id_}", headers=RAW)
        client.get(f"{REGISTRY}/global/{kind}/{id_}")
    for kind in ("global/schemas", *(f"global/{kind}" for kind in GLOBAL), "tenant/descriptors", "tenant/unions"):
        client.get(f"{REGISTRY}/{kind}", headers={"Accept": "text/none"})
    client.get(f"{REGISTRY}/tenant/unions/_xdm.context.profile__union", headers=RAW)
    client.get(f"{REGISTRY}/tenant/unions/_xdm.context.profile__union")
    field = {"id": {"type": "string", "title": "ID", "description": "Text"}}
    own = {"customFields": {"properties": {"_local": {"type": "object", "properties": field}}}}
    body = {
        "type": "object",
        "description": "Text",
        "definitions": own,
        "allOf": [{"$ref": "#/definitions/customFields"}],
    }
    record = {"allOf": [{"$ref": "https://ns.adobe.com/xdm/data/record"}, *body["allOf"]]}
    extend = {"meta:intendedToExtend": [f"{XDM}/profile"]}
    group = client.made(f"{REGISTRY}/tenant/fieldgroups", {**body, "title": "Described group", **extend})
    client.made(f"{REGISTRY}/tenant/mixins", {**body, "title": "Described mixin", **extend})
    class_ = client.made(f"{REGISTRY}/tenant/classes", {**body, "title": "Described class", **record})
    client.get(f"{REGISTRY}/tenant/classes/{class_['meta:altId']}", headers=RAW)
    type_ = client.made(
        f"{REGISTRY}/tenant/datatypes", {**body, "title": "Described type", "definitions": {}, "allOf": []}
    )
    client.get(f"{REGISTRY}/tenant/datatypes/{type_['meta:altId']}", headers=RAW)
    for kind in ("fieldgroups", "mixins", "classes", "datatypes"):
        client.get(f"{REGISTRY}/tenant/{kind}", headers=LIST)
    _of_rpc(client, group)
    _of_descriptors(client)
    _of_catalog(client)
    _of_mappings(client)
    client.get("/data/foundation/audit/events?limit=1")


def _of_rpc(client: Recorder, group: dict[str, str]) -> None:
    exported = client.get(f"{REGISTRY}/rpc/export/{raw_id(group['$id'])}", headers=RAW).json()
    client.post(f"{REGISTRY}/rpc/import", json=[{**exported[0], "title": "Imported description"}])
    client.post(f"{REGISTRY}/rpc/import", json=[{"title": "Nothing"}])
    for name in ("export", "sampledata"):
        client.get(f"{REGISTRY}/rpc/{name}/_local.schemas.none", headers=RAW)


def _of_descriptors(client: Recorder) -> None:
    body = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": client.schema(), "xdm:sourceVersion": 1}
    body |= {"xdm:sourceProperty": "/mobilePhone/number", "xdm:title": {"en_us": "Phone"}}
    body |= {"xdm:description": {"en_us": "Text"}}
    path = f"{REGISTRY}/tenant/descriptors"
    client.put(f"{path}/{client.made(path, body)['@id']}", json=body)
    client.get(f"{path}/none", headers={"Accept": "text/none"})


def _of_catalog(client: Recorder) -> None:
    tags = {"foo": ["bar"], "adobe/touchpoint/appliedTransformations": ["x"]}
    more = {"observableSchema": {}, "enableErrorDiagnostics": True, "description": "Text", "tags": tags}
    id_ = client.dataset(client.schema(), **more)
    client.get(f"{CATALOG}/dataSets")
    client.get(f"{CATALOG}/dataSets/{id_}")
    form = {
        "format": "parquet",
        "delimiter": ".",
        "quote": "`",
        "escape": "\\",
        "nullMarker": "",
        "charset": "UTF-8",
        "header": "true",
    }
    batch = {
        "datasetId": id_,
        "externalId": "mine",
        "status": "success",
        "errors": [{"code": "err", "description": "Text"}],
        "availableDates": {"startDate": 1337, "endDate": 4000},
        "metrics": {"foo": 1337},
        "tags": {"foo_bar": ["stuff"], "bar_foo": ["woo"], "foo/bar/foo-bar": ["weehaw"]},
        "inputFormat": form,
    }
    (link,) = client.made(f"{CATALOG}/batches", batch)
    client.get(f"{CATALOG}/batches")
    client.get(f"{CATALOG}/batches/{link.rpartition('/')[2]}")
    client.get(f"{CATALOG}/lastBatches")
    client.get(f"{EXPORT}/batches/none/files")
    client.post(f"{IMPORT}/none?action=COMPLETE")


def _of_mappings(client: Recorder) -> None:
    row = {"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id", "name": "id", "description": "Text"}
    schema = {"id": client.schema(), "contentType": "application/vnd.adobe.xed-full+json;version=1"}
    body = {"outputSchema": {"schemaRef": schema}, "mappings": [row]}
    body["inputSchema"] = {"id": "e660142cab8e438382abc5691b364b30", "version": 0, "sampleId": "f9e83882"}
    path = f"{PREP}/mappingSets/{client.made(f'{PREP}/mappingSets', body, 200)['id']}"
    for way in (path, f"{path}?expandSchema=true", f"{path}/mappings", f"{PREP}/mappingSets?limit=9&start=0"):
        client.get(way)
    client.put(path, json=body)


def test_the_examples_have_no_member_that_the_replies_lack(found):
    used, unknown, right, count = set(), [], 0, 0
    for operation, status, example in description_examples.examples():
        if coverage.verdict(operation) != "implemented":
            continue
        count += 1
        lacking = set(description_examples.members(example)) - found.get((str(operation), status), set())
        right += not lacking
        for path, kind in sorted(lacking):
            place = f"{operation} {status}: {path}"
            matching = [pattern for pattern in DIFFERENT if fnmatchcase(place, pattern)]
            used.update(matching)
            unknown += [] if matching else [f"{place} {kind}"]
    assert unknown == []
    assert sorted(set(DIFFERENT) - used) == [], "differences that no longer occur"
    assert (right, count) == documented_page.EXAMPLES
