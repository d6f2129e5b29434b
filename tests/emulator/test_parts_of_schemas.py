"""Schemas as Adobe's tutorials make them: of single fields, for one dataset, with other texts for a field."""

from __future__ import annotations

from itertools import count

import pytest

from flowctl.xdm.resolve import resolved

from .conftest import REGISTRY

EVENT = "https://ns.adobe.com/xdm/context/experienceevent"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
DETAILS = "https://ns.adobe.com/xdm/context/profile-personal-details"
SCHEMAS = f"{REGISTRY}/tenant/schemas"
ADHOC = "https://ns.adobe.com/xdm/data/adhoc"


def view(client, schema, name="xed-full"):
    accept = {"Accept": f"application/vnd.adobe.{name}+json; version=1"}
    return client.get(f"{SCHEMAS}/{schema['meta:altId']}", headers=accept).json()


def part(*paths):
    return {"$ref": DETAILS, "meta:refProperty": list(paths)}


def schema_of(client, *parts, class_=PROFILE):
    body = {"title": "Parts", "description": "", "type": "object", "allOf": [{"$ref": class_}, *parts]}
    return client.made(SCHEMAS, body)


@pytest.mark.parametrize(
    "parts",
    [
        [part("/faxPhone", "/homeAddress/city")],
        [part("/faxPhone"), part("/homeAddress/city")],
        [{"$ref": DETAILS, "meta:refProperty": "/faxPhone"}, part("/homeAddress/city")],
        [part("/faxPhone", "/homeAddress/city", "/homeAddress/nothing", "/nothing")],
    ],
)
def test_a_schema_has_the_named_fields_of_a_group(client, parts):
    bare = client.made(SCHEMAS, {"title": "Bare", "description": "", "type": "object", "allOf": [{"$ref": PROFILE}]})
    schema = schema_of(client, *parts)
    assert [entry["meta:refProperty"] for entry in schema["allOf"][1:]] == [each["meta:refProperty"] for each in parts]
    shown = view(client, schema)
    assert set(shown["properties"]) - set(view(client, bare)["properties"]) == {"faxPhone", "homeAddress"}
    assert list(shown["properties"]["homeAddress"]["properties"]) == ["city"]
    assert "number" in shown["properties"]["faxPhone"]["properties"]
    assert "meta:refProperty" not in shown


def test_a_patch_names_one_more_field(client):
    schema = schema_of(client, part("/faxPhone"))
    change = [{"op": "add", "path": "/allOf/-", "value": part("/homeAddress/city")}]
    assert client.patch(f"{SCHEMAS}/{schema['meta:altId']}", json=change).status_code == 200
    assert {"faxPhone", "homeAddress"} <= set(view(client, schema)["properties"])


@pytest.mark.parametrize("wrong", [5, None, {}, [5], "faxPhone", ["faxPhone"], ""])
def test_wrong_names_of_fields_are_refused(client, wrong):
    body = {"title": "P", "type": "object", "allOf": [{"$ref": PROFILE}, {"$ref": DETAILS, "meta:refProperty": wrong}]}
    assert client.post(SCHEMAS, json=body).status_code == 400


@pytest.mark.parametrize("parts", [[{"$ref": DETAILS}] * 2, [{"$ref": DETAILS}, part("/faxPhone")]])
def test_a_group_that_is_whole_stands_once(client, parts):
    body = {"title": "P", "type": "object", "allOf": [{"$ref": PROFILE}, *parts]}
    assert client.post(SCHEMAS, json=body).status_code == 400


def test_fields_for_one_dataset_are_below_the_id_of_their_class(client):
    fields = {"type": "object", "properties": {"field1": {"type": "string"}}}
    body = {"title": "Own", "description": "", "type": "object"}
    body["allOf"] = [{"$ref": ADHOC}, {"properties": {"_adhoc": fields}}]
    made = client.made(f"{REGISTRY}/tenant/classes", body)
    namespace = "_" + made["$id"].rpartition("/")[2]
    assert made["meta:datasetNamespace"] == namespace
    assert list(made["allOf"][1]["properties"]) == [namespace]
    schema = schema_of(client, class_=made["$id"])
    assert schema["meta:datasetNamespace"] == namespace
    shown = view(client, schema)
    assert shown["meta:datasetNamespace"] == namespace
    assert list(shown["properties"][namespace]["properties"]) == ["field1"]
    again = client.put(f"{REGISTRY}/tenant/classes/{made['meta:altId']}", json={**body, "title": "Other"}).json()
    assert (list(again["allOf"][1]["properties"]), again["meta:datasetNamespace"]) == ([namespace], namespace)


def test_only_classes_for_one_dataset_have_such_a_namespace(client):
    body = {"title": "Own", "description": "", "type": "object"}
    body["allOf"] = [{"$ref": "https://ns.adobe.com/xdm/data/record"}]
    made = client.made(f"{REGISTRY}/tenant/classes", body)
    assert "meta:datasetNamespace" not in made
    assert "meta:datasetNamespace" not in schema_of(client, class_=made["$id"])


def test_a_descriptor_gives_a_field_other_texts_and_more_values(client):
    schema = schema_of(client, class_=EVENT)
    plain = view(client, schema)["properties"]["eventType"]
    body = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": schema["$id"], "xdm:sourceVersion": 1}
    body |= {"xdm:sourceProperty": "/eventType", "xdm:title": {"en_us": "Enum Event Type"}}
    body |= {"xdm:description": {"de_de": "Werte"}, "meta:enum": {"eventA": "Event A", "eventB": {"en_us": "Event B"}}}
    client.made(f"{REGISTRY}/tenant/descriptors", body)
    shown = view(client, schema, "xed-full-desc")["properties"]["eventType"]
    assert (shown["title"], shown["description"]) == ("Enum Event Type", "Werte")
    assert shown["meta:enum"] == plain["meta:enum"] | {"eventA": "Event A", "eventB": "Event B"}
    assert view(client, schema)["properties"]["eventType"] == plain
    less = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": schema["$id"], "xdm:sourceVersion": 1}
    less |= {"xdm:sourceProperty": "/eventType", "xdm:excludeMetaEnum": {"advertising.clicks": "Clicks"}}
    client.made(f"{REGISTRY}/tenant/descriptors", less)
    assert "advertising.clicks" not in view(client, schema, "xed-full-desc")["properties"]["eventType"]["meta:enum"]


@pytest.mark.parametrize("schema", [{}, {"xdm:sourceSchema": 5}, {"xdm:sourceSchema": None}, {"xdm:sourceSchema": {}}])
def test_a_descriptor_without_a_schema_is_told_so(client, schema):
    body = {"@type": "xdm:descriptorIdentity", "sourceSchema": "https://ns.adobe.com/local/schemas/x"} | schema
    refused = client.post(f"{REGISTRY}/tenant/descriptors", json=body)
    assert (refused.status_code, refused.json()["detail"]) == (400, "A descriptor has an xdm:sourceSchema.")


@pytest.mark.parametrize("version", [None, True, 1.5, [], {}, 10**30])
def test_a_version_of_a_descriptor_is_a_text_or_an_integer(client, version):
    schema = schema_of(client, class_=EVENT)
    path = f"{REGISTRY}/tenant/descriptors"
    body = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": schema["$id"]}
    body |= {"xdm:sourceProperty": "/eventType", "xdm:title": {"en_us": "Type"}}
    assert client.post(path, json=body | {"xdm:sourceVersion": version}).status_code == 400
    for right in (1, "1"):
        made = client.made(path, body | {"xdm:sourceVersion": right})
        assert made["xdm:sourceVersion"] == right
        assert client.put(f"{path}/{made['@id']}", json=body | {"xdm:sourceVersion": version}).status_code == 400
        client.delete(f"{path}/{made['@id']}")


def test_a_replaced_descriptor_keeps_the_time_of_its_creation(client, monkeypatch):
    """However long its creation took."""
    ticks = count(1_900_000_000_000)
    monkeypatch.setattr("flowctl.emulator.clock.Clock.now_ms", lambda self: next(ticks))
    schema = schema_of(client, class_=EVENT)
    body = {"@type": "xdm:alternateDisplayInfo", "xdm:sourceSchema": schema["$id"], "xdm:sourceVersion": 1}
    body |= {"xdm:sourceProperty": "/eventType", "xdm:title": {"en_us": "Type"}}
    made = client.made(f"{REGISTRY}/tenant/descriptors", body)
    replaced = client.put(f"{REGISTRY}/tenant/descriptors/{made['@id']}", json=body).json()
    assert (replaced["created"], replaced["@id"]) == (made["created"], made["@id"])


def test_what_is_required_stays_so_among_the_named_fields():
    address = {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "string"}}}
    group = {"$id": "group", "meta:resourceType": "mixins", "required": ["a", "b"]}
    group["properties"] = {"a": address | {"required": ["zip", "city"]}, "b": {"type": "string"}}
    holder = {"$ref": "group", "meta:refProperty": "/a/city"}
    schema = {"$id": "schema", "allOf": [holder], "properties": {"below": holder}}
    shown = resolved(schema, {"group": group}.get)
    city = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    assert shown["properties"] == {"a": city, "below": {"properties": {"a": city}, "required": ["a"]}}
    assert shown["required"] == ["a"]
