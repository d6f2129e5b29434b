"""Schema Registry: views, ids, titles, composition, evolution, descriptors, unions, paging."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from .conftest import REGISTRY, XDM, code_of, raw_id

LIST = {"Accept": "application/vnd.adobe.xed+json"}
IDS = {"Accept": "application/vnd.adobe.xed-id+json"}
RAW = {"Accept": "application/vnd.adobe.xed+json; version=1"}
RESOLVED = {"Accept": "application/vnd.adobe.xed-full+json;version=1"}
SCHEMAS = f"{REGISTRY}/tenant/schemas"
GROUPS = f"{REGISTRY}/tenant/fieldgroups"


def group_body(name="Loyalty", /, **fields):
    fields = fields or {"loyaltyId": {"type": "string", "title": "Loyalty ID"}}
    return {
        "type": "object",
        "title": name,
        "meta:intendedToExtend": [f"{XDM}/profile"],
        "definitions": {
            "customFields": {
                "type": "object",
                "properties": {"_local": {"type": "object", "properties": fields}},
            }
        },
        "allOf": [{"$ref": "#/definitions/customFields"}],
    }


def schema_with(client, *ids, title="Composed"):
    return client.schema(title=title, allOf=[{"$ref": f"{XDM}/profile"}, *({"$ref": id_} for id_ in ids)])


def path_to(id_, kind="schemas"):
    return f"{REGISTRY}/tenant/{kind}/{raw_id(id_)}"


def test_a_group_that_no_schema_names_any_more_is_free(client):
    group = client.made(GROUPS, group_body())
    schema_id = schema_with(client, group["$id"])
    assert client.delete(path_to(group["$id"], "fieldgroups")).status_code == 400
    without = {"title": "Composed", "type": "object", "allOf": [{"$ref": f"{XDM}/profile"}]}
    assert client.put(path_to(schema_id), json=without).status_code == 200
    assert client.delete(path_to(group["$id"], "fieldgroups")).status_code == 204


def test_a_new_schema_comes_back_whole(client):
    body = {"title": "Contacts", "type": "object"}
    body["allOf"] = [{"$ref": f"{XDM}/profile"}, {"$ref": f"{XDM}/profile-person-details"}]
    schema = client.made(SCHEMAS, body)
    assert schema["$id"].startswith("https://ns.adobe.com/local/schemas/")
    assert len(schema["$id"].rpartition("/")[2]) == 48
    assert schema["meta:altId"] == "_local.schemas." + schema["$id"].rpartition("/")[2]
    assert schema["meta:class"] == f"{XDM}/profile"
    assert "https://ns.adobe.com/xdm/data/record" in schema["meta:extends"]
    assert schema["refs"] == [f"{XDM}/profile", f"{XDM}/profile-person-details"]
    assert schema["allOf"][0] == {"$ref": f"{XDM}/profile", "type": "object", "meta:xdmType": "object"}
    assert (schema["version"], schema["meta:tenantNamespace"]) == ("1.0", "_local")


@pytest.mark.parametrize("by", ["$id", "meta:altId"])
def test_a_schema_is_found_by_both_ids(client, by):
    schema_id = client.schema()
    name = schema_id if by == "$id" else "_local.schemas." + schema_id.rpartition("/")[2]
    assert client.get(f"{SCHEMAS}/{raw_id(name)}", headers=RAW).json()["$id"] == schema_id


@pytest.mark.parametrize(
    ("path", "accept", "code"),
    [
        (SCHEMAS, "*/*", "XDM-1006-400"),
        (SCHEMAS, "application/json", "XDM-1006-400"),
        (SCHEMAS, RAW["Accept"], "XDM-1006-400"),
        (f"{SCHEMAS}/x", LIST["Accept"], "XDM-1007-400"),
        (f"{SCHEMAS}/x", "application/json", "XDM-1007-400"),
        (f"{REGISTRY}/tenant/descriptors", LIST["Accept"], "XDM-1008-400"),
        (f"{SCHEMAS}/none", RAW["Accept"], "XDM-1012-404"),
        (f"{REGISTRY}/global/classes/none", RAW["Accept"], "XDM-1010-404"),
    ],
)
def test_accept_and_lookup_refusals(client, path, accept, code):
    assert code_of(client.get(path, headers={"Accept": accept})) == code


def test_the_refusal_of_an_accept_header_quotes_it_as_json(client):
    request = client.build_request("GET", SCHEMAS, headers={"Accept": 'text "x"'})
    assert detail_of(client.send(request)) == r'The Accept header "text \"x\"" is not valid for this request.'
    request.headers["Accept"] = ""
    assert detail_of(client.send(request)) == 'The Accept header "" is not valid for this request.'
    del request.headers["Accept"]
    assert detail_of(client.send(request)) == "The request has no Accept header."


def test_only_version_one_exists(client):
    headers = {"Accept": "application/vnd.adobe.xed+json; version=2"}
    assert client.get(path_to(client.schema()), headers=headers).status_code == 406


def detail_of(response):
    assert response.status_code == 400
    return response.json()["detail"]


def leaf(tree, path):
    for key in path.split("."):
        tree = tree["properties"][key]
    return tree


@pytest.mark.parametrize(
    ("path", "xdm_type"),
    [
        ("_id", "string"),
        ("_repo.createDate", "date-time"),
        ("person.name.firstName", "string"),
        ("person.birthYear", "short"),
        ("person.birthDate", "date"),
        ("personalEmail.address", "string"),
        ("personalEmail.primary", "boolean"),
        ("mobilePhone.number", "string"),
        ("homeAddress.city", "string"),
        ("workEmail.address", "string"),
        ("preferredLanguage", "string"),
        ("loyalty.points", "number"),
        ("loyalty.joinDate", "date-time"),
        ("consents.marketing.email.val", "string"),
        ("identityMap", "map"),
        ("organizations", "array"),
    ],
)
def test_the_resolved_view_of_the_standard_profile_groups(client, path, xdm_type):
    names = ("person-details", "personal-details", "work-details", "preferences-details")
    groups = [f"{XDM}/profile-{name}" for name in names]
    groups += [
        f"https://ns.adobe.com/xdm/mixins/{name}" for name in ("profile/profile-loyalty-details", "profile-consents")
    ]
    schema_id = schema_with(client, *groups, f"{XDM}/identitymap")
    schema = client.get(path_to(schema_id), headers=RESOLVED).json()
    assert "allOf" not in schema
    assert leaf(schema, path)["meta:xdmType"] == xdm_type


@pytest.mark.parametrize("path", ["timestamp", "web.webPageDetails.URL", "commerce.order.priceTotal", "device.type"])
def test_the_resolved_view_of_the_standard_event_groups(client, path):
    names = ("web", "commerce", "environment-details", "enduserids")
    references = [{"$ref": f"{XDM}/experienceevent-{name}"} for name in names]
    schema_id = client.schema(allOf=[{"$ref": f"{XDM}/experienceevent"}, *references])
    schema = client.get(path_to(schema_id), headers=RESOLVED).json()
    assert leaf(schema, path)
    assert schema["required"] == ["_id", "timestamp"]


def test_views_without_texts_keep_fields_called_title(client):
    group = client.made(GROUPS, group_body("Titled", title={"type": "string", "title": "A title"}))
    schema_id = schema_with(client, group["$id"])
    headers = {"Accept": "application/vnd.adobe.xed-full-notext+json; version=1"}
    schema = client.get(path_to(schema_id), headers=headers).json()
    field = leaf(schema, "_local.title")
    assert field == {"type": "string", "meta:xdmType": "string"}
    assert "title" not in schema


@pytest.mark.parametrize(
    "references",
    [
        [],
        [f"{XDM}/profile-person-details"],
        [f"{XDM}/profile", f"{XDM}/experienceevent"],
        [f"{XDM}/profile", f"{XDM}/experienceevent-web"],
        [f"{XDM}/profile", "https://ns.adobe.com/xdm/context/none"],
        [f"{XDM}/profile", f"{XDM}/profile"],
        [f"{XDM}/profile", "https://ns.adobe.com/xdm/context/person"],
    ],
)
def test_refused_compositions(client, references):
    body = {"title": "x", "type": "object", "allOf": [{"$ref": reference} for reference in references]}
    assert code_of(client.post(SCHEMAS, json=body)) == "XDM-0000-400"


def test_titles_are_unique_across_types(client):
    client.schema(title="Taken")
    assert code_of(client.post(GROUPS, json=group_body("Taken"))) == "XDM-1521-400"
    assert code_of(client.post(GROUPS, json=group_body("Demographic Details"))) == "XDM-1521-400"


def test_the_refusal_of_a_title_quotes_it_as_json(client):
    client.schema(title='Ana\'s "Größe"')
    refused = client.post(GROUPS, json=group_body('Ana\'s "Größe"'))
    quoted = '"Ana\'s \\"Größe\\""'
    assert detail_of(refused) == f"The title {quoted} is used by another resource in schemas; titles are unique."


def test_own_fields_stand_below_the_tenant(client):
    body = group_body()
    body["definitions"]["customFields"]["properties"]["loose"] = {"type": "string"}
    assert code_of(client.post(GROUPS, json=body)) == "XDM-1021-400"


@pytest.mark.parametrize("name", ["fieldgroups", "mixins"])
def test_a_field_group_under_both_names(client, name):
    group = client.made(f"{REGISTRY}/tenant/{name}", group_body())
    assert group["$id"].startswith("https://ns.adobe.com/local/mixins/")
    assert group["meta:resourceType"] == "mixins"
    assert client.get(path_to(group["$id"], "fieldgroups"), headers=RAW).json() == group
    (listed,) = client.get(f"{REGISTRY}/tenant/mixins", headers=IDS).json()["results"]
    assert listed == {key: group[key] for key in ("$id", "meta:altId", "title", "version")}


def test_data_types_and_classes_of_the_tenant(client):
    body = {"title": "Tier", "type": "object", "properties": {"name": {"type": "string"}}}
    data_type = client.made(f"{REGISTRY}/tenant/datatypes", body)
    group = client.made(GROUPS, group_body(tier={"$ref": data_type["$id"], "type": "object"}))
    schema = client.get(path_to(schema_with(client, group["$id"])), headers=RESOLVED).json()
    assert leaf(schema, "_local.tier.name")["type"] == "string"
    assert leaf(schema, "_local.tier")["meta:referencedFrom"] == data_type["$id"]
    behavior = {"$ref": "https://ns.adobe.com/xdm/data/record"}
    own = client.made(f"{REGISTRY}/tenant/classes", {"title": "Plane", "type": "object", "allOf": [behavior]})
    assert (
        client.get(path_to(client.schema(allOf=[{"$ref": own["$id"]}])), headers=RAW).json()["meta:class"] == own["$id"]
    )


@pytest.mark.parametrize("times", [1, 2])
def test_a_data_type_does_not_contain_itself(client, times):
    """With two fields of its own type, a walk to the greatest depth would never end."""
    types = f"{REGISTRY}/tenant/datatypes"

    def body(title, reference=None):
        fields = {f"f{number}": {"$ref": reference} for number in range(times)} if reference else {}
        return {"title": title, "type": "object", "properties": {"name": {"type": "string"}, **fields}}

    inner = client.made(types, body("Inner"))["$id"]
    outer = client.made(types, body("Outer", inner))["$id"]
    for around in (inner, outer):
        refused = client.put(f"{types}/{quote(inner, safe='')}", json=body("Inner", around))
        assert code_of(refused) == "XDM-0000-400"
        assert f"The reference {inner} leads to itself." in refused.json()["detail"]
    local = {"properties": {f"f{number}": {"$ref": "#/definitions/a"} for number in range(times)}}
    endless = {**body("Endless"), "definitions": {"a": local}, "allOf": [{"$ref": "#/definitions/a"}]}
    assert code_of(client.post(types, json=endless)) == "XDM-0000-400"


def test_patch_and_put(client):
    schema_id = client.schema()
    add = [{"op": "add", "path": "/allOf/-", "value": {"$ref": f"{XDM}/profile-work-details"}}]
    patched = client.patch(path_to(schema_id), json=add)
    assert patched.status_code == 200
    assert patched.json()["version"] == "1.1"
    assert f"{XDM}/profile-work-details" in patched.json()["meta:extends"]
    body = {"title": "Renamed", "type": "object", "allOf": [{"$ref": f"{XDM}/profile"}]}
    replaced = client.put(path_to(schema_id), json=body)
    assert replaced.json()["title"] == "Renamed"
    assert replaced.json()["meta:registryMetadata"]["eTag"] != patched.json()["meta:registryMetadata"]["eTag"]
    bad = client.patch(path_to(schema_id), json=[{"op": "remove", "path": "/nothing"}])
    assert code_of(bad) == "XDM-0000-400"


def test_a_field_group_stays_for_the_classes_of_the_schemas_that_have_it(client):
    body = group_body()
    group = client.made(GROUPS, body)
    place = path_to(group["$id"], "fieldgroups")
    event, time_series = f"{XDM}/experienceevent", "https://ns.adobe.com/xdm/data/time-series"
    assert client.put(place, json={**body, "meta:intendedToExtend": [f"{XDM}/profile", event]}).status_code == 200
    client.made(
        SCHEMAS, {"title": "Visits", "type": "object", "allOf": [{"$ref": each} for each in (event, group["$id"])]}
    )
    assert code_of(client.put(place, json=body)) == "XDM-0000-400"
    assert client.put(place, json={**body, "meta:intendedToExtend": [time_series]}).status_code == 200


def test_deletion(client):
    schema_id = client.schema()
    assert client.delete(path_to(schema_id)).status_code == 204
    assert code_of(client.get(path_to(schema_id), headers=RAW)) == "XDM-1012-404"
    assert code_of(client.delete(path_to(schema_id))) == "XDM-1012-404"


def test_a_schema_with_a_data_set_is_bound(client):
    group = client.made(GROUPS, group_body(size={"type": "string", "enum": ["s", "m"]}))
    schema_id = schema_with(client, group["$id"])
    field = "/definitions/customFields/properties/_local/properties/size"
    dataset_id = client.dataset(schema_id)
    assert code_of(client.delete(path_to(schema_id))) == "XDM-0000-400"
    assert code_of(client.delete(path_to(group["$id"], "fieldgroups"))) == "XDM-0000-400"
    for change in (
        {"op": "remove", "path": field},
        {"op": "replace", "path": f"{field}/type", "value": "integer"},
        {"op": "replace", "path": f"{field}/enum", "value": ["s"]},
    ):
        response = client.patch(path_to(group["$id"], "fieldgroups"), json=[change])
        assert "in use" in response.json()["detail"]
    assert client.patch(path_to(schema_id), json=[{"op": "remove", "path": "/allOf/1"}]).status_code == 400
    for change in (
        {"op": "add", "path": f"{field}/enum/-", "value": "l"},
        {"op": "add", "path": field.replace("size", "other"), "value": {"type": "string"}},
        {"op": "replace", "path": "/title", "value": "Better"},
    ):
        assert client.patch(path_to(group["$id"], "fieldgroups"), json=[change]).status_code == 200
    client.delete(f"/data/foundation/catalog/dataSets/{dataset_id}")
    assert client.delete(path_to(schema_id)).status_code == 204


def test_the_later_evolution_rule_binds_with_the_first_batch(client):
    client.settings(schemaEvolution="ingested")
    schema_id = client.schema()
    dataset_id = client.dataset(schema_id)
    drop = [{"op": "remove", "path": "/allOf/2"}]
    assert client.patch(path_to(schema_id), json=drop).status_code == 200
    client.made("/data/foundation/catalog/batches", {"datasetId": dataset_id, "status": "success"})
    assert client.patch(path_to(schema_id), json=[{"op": "remove", "path": "/allOf/1"}]).status_code == 400


def identity(schema_id, path="/personalEmail/address", *, primary=True):
    return {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": path,
        "xdm:namespace": "Email",
        "xdm:property": "xdm:code",
        "xdm:isPrimary": primary,
    }


def test_descriptors(client):
    schema_id, path = client.schema(), f"{REGISTRY}/tenant/descriptors"
    made = client.made(path, identity(schema_id))
    assert len(made["@id"]) == 40
    assert client.get(f"{path}/{made['@id']}").json() == made
    assert code_of(client.post(path, json=identity(schema_id))) == "XDM-0000-400"
    second = client.made(path, identity(schema_id, "/mobilePhone/number", primary=False))
    grouped = client.get(path, headers={"Accept": "application/vnd.adobe.xdm-id+json"}).json()
    assert grouped == {"xdm:descriptorIdentity": [made["@id"], second["@id"]]}
    params = {"property": "@type==xdm:descriptorIdentity", "limit": 1, "orderby": "@id"}
    headers = {"Accept": "application/vnd.adobe.xdm-v2+json"}
    paged = client.get(path, params=params, headers=headers).json()
    assert len(paged["results"]) == 1
    assert paged["_page"]["next"] == paged["results"][0]["@id"]
    assert client.put(f"{path}/{made['@id']}", json=identity(schema_id)).json()["@id"] == made["@id"]
    assert client.delete(f"{path}/{made['@id']}").status_code == 204
    assert code_of(client.get(f"{path}/{made['@id']}")) == "XDM-1014-404"


@pytest.mark.parametrize(
    "path", ["personalEmail/address", "/personalEmail/address/", "/nothing", "/personalEmail/nothing"]
)
def test_refused_descriptor_paths(client, path):
    body = identity(client.schema(), path)
    assert code_of(client.post(f"{REGISTRY}/tenant/descriptors", json=body)) == "XDM-0000-400"


def test_the_union_tag_needs_an_identity_and_stays(client):
    schema_id = client.schema()
    tag = [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]
    assert code_of(client.patch(path_to(schema_id), json=tag)) == "XDM-1528-400"
    client.made(f"{REGISTRY}/tenant/descriptors", identity(schema_id))
    assert client.patch(path_to(schema_id), json=tag).status_code == 200
    assert client.patch(path_to(schema_id), json=[{"op": "remove", "path": "/meta:immutableTags"}]).status_code == 400
    assert client.delete(path_to(schema_id)).status_code == 400
    (union,) = client.get(f"{REGISTRY}/tenant/unions", headers=LIST).json()["results"]
    assert union["$id"] == f"{XDM}/profile__union"
    shown = client.get(f"{REGISTRY}/tenant/unions/{raw_id(union['$id'])}", headers=RESOLVED).json()
    assert {"person", "identityMap", "segmentMembership"} <= set(shown["properties"])
    assert client.get(f"{REGISTRY}/tenant/schemas/_xdm.context.profile__union", headers=RESOLVED).json() == shown
    tags = {"unifiedProfile": ["enabled:true"]}
    assert client.dataset(schema_id, tags=tags)


def test_a_union_has_references_in_its_raw_view_and_fields_in_the_resolved_one(client):
    groups = [f"{XDM}/profile", f"{XDM}/identitymap"]
    tagged = {"meta:immutableTags": ["union"]}
    first = client.schema(allOf=[{"$ref": each} for each in groups], **tagged)
    second = client.schema(allOf=[{"$ref": each} for each in (*groups, f"{XDM}/profile-work-details")], **tagged)
    client.schema(allOf=[{"$ref": f"{XDM}/profile"}])
    place = f"{REGISTRY}/tenant/unions/{raw_id(f'{XDM}/profile__union')}"
    raw = client.get(place, headers=RAW).json()
    assert raw["allOf"] == [{"$ref": each} for each in (*groups, f"{XDM}/profile-work-details")]
    assert {first, second, *groups, "https://ns.adobe.com/xdm/data/record"} <= set(raw["meta:extends"])
    assert len(set(raw["meta:extends"])) == len(raw["meta:extends"])
    assert (raw["title"], raw["meta:containerId"]) == ("XDM Individual Profile", "tenant")
    assert "properties" not in raw
    full = client.get(place, headers=RESOLVED).json()
    assert "allOf" not in full
    assert {"workEmail", "identityMap", "segmentMembership", "timeSeriesEvents"} <= set(full["properties"])
    assert client.get(path_to(f"{XDM}/profile__union"), headers=RAW).json() == raw
    assert client.get(f"{REGISTRY}/tenant/unions", headers=LIST).json()["results"] == [raw]
    etag = raw["meta:registryMetadata"]["eTag"]
    client.schema(allOf=[{"$ref": each} for each in groups], **tagged)
    assert client.get(place, headers=RAW).json()["meta:registryMetadata"]["eTag"] != etag


def test_a_field_that_a_descriptor_deprecates_is_marked_in_its_view_only(client):
    deprecated = {"type": "string", "meta:status": "deprecated"}
    fields = {"old": deprecated, "many": {"type": "string"}, "one": {"type": "string"}, "gone": {"type": "string"}}
    group = client.made(GROUPS, group_body("Deprecated", **fields, kept={"type": "string"}))["$id"]
    schema = schema_with(client, group, f"{XDM}/profile-personal-details")
    body = {"@type": "xdm:descriptorDeprecated", "xdm:sourceSchema": schema, "xdm:sourceVersion": 1}
    for paths in (["/_local/many", "/personalEmail/address"], "/_local/one", "/_local/gone"):
        client.made(f"{REGISTRY}/tenant/descriptors", {**body, "xdm:sourceProperty": paths})
    gone = [{"op": "remove", "path": "/definitions/customFields/properties/_local/properties/gone"}]
    assert client.patch(path_to(group, "fieldgroups"), json=gone).status_code == 200

    def marked(view):
        accept = {"Accept": f"application/vnd.adobe.{view}+json; version=1"}
        properties = client.get(path_to(schema), headers=accept).json()["properties"]
        nodes = {**properties["_local"]["properties"], "address": properties["personalEmail"]["properties"]["address"]}
        return {name for name, node in nodes.items() if node.get("meta:status") == "deprecated"}

    assert marked("xed-deprecatefield") == {"old", "many", "one", "address"}
    assert marked("xed-full") == {"old"}


def test_keyset_paging(client):
    for number in range(5):
        client.schema(title=f"Paged {number}")
    seen, start = [], None
    while True:
        params = {"orderby": "title", "limit": 2} | ({"start": start} if start else {})
        body = client.get(SCHEMAS, params=params, headers=IDS).json()
        seen += [result["title"] for result in body["results"]]
        start = body["_page"]["next"]
        if start is None:
            break
        assert start == seen[-1]
    assert seen == [f"Paged {number}" for number in range(5)]
    down = client.get(SCHEMAS, params={"orderby": "-title", "limit": 1}, headers=IDS).json()
    assert down["results"][0]["title"] == "Paged 4"
    assert client.get(SCHEMAS, params={"limit": 501}, headers=IDS).status_code == 400


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("title==Wanted", 1),
        ("title!=Wanted", 1),
        (f"meta:class=={XDM}/profile", 2),
        (f"meta:extends=={XDM}/profile-work-details", 1),
        (f"meta:extends!={XDM}/profile-work-details", 1),
        ("meta:immutableTags==union", 0),
        ("meta:immutableTags", 0),
        ("meta:altId", 2),
        ("title>Z", 0),
    ],
)
def test_filters(client, expression, found):
    schema_with(client, f"{XDM}/profile-work-details", title="Wanted")
    schema_with(client, title="Other")
    body = client.get(SCHEMAS, params={"property": expression}, headers=IDS).json()
    assert len(body["results"]) == found


def test_stats_and_the_global_container(client):
    client.schema()
    stats = client.get(f"{REGISTRY}/stats").json()
    assert (stats["imsOrg"], stats["tenantId"]) == ("LOCAL@AdobeOrg", "local")
    assert stats["counts"]["schemas"] == 1
    titles = {
        item["title"] for item in client.get(f"{REGISTRY}/global/fieldgroups?limit=500", headers=IDS).json()["results"]
    }
    assert {"Demographic Details", "Personal Contact Details", "Web Details"} <= titles
    assert client.post(f"{REGISTRY}/global/schemas", json={}).status_code == 405
    behaviors = client.get(f"{REGISTRY}/global/behaviors", headers=LIST).json()["results"]
    assert len(behaviors) == 3


EVENTS = "https://ns.adobe.com/xdm/context/experienceevent"


def descriptor(type_, schema_id, path="/personalEmail/address", **members):
    return {
        "@type": f"xdm:{type_}",
        "xdm:sourceSchema": schema_id,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": path,
        **{f"xdm:{name}": value for name, value in members.items()},
    }


@pytest.mark.parametrize(
    ("type_", "members", "is_accepted"),
    [
        ("descriptorIdentity", {"namespace": "Email", "property": "xdm:code"}, True),
        ("descriptorIdentity", {"namespace": "email", "property": "xdm:code"}, True),
        ("descriptorIdentity", {"namespace": "6", "property": "xdm:id"}, True),
        ("descriptorIdentity", {"namespace": 6, "property": "xdm:id"}, True),
        ("descriptorIdentity", {"namespace": "Loyalty", "property": "xdm:code"}, False),
        ("descriptorIdentity", {"namespace": "Email", "property": "xdm:id"}, False),
        ("descriptorIdentity", {"namespace": "6", "property": "xdm:code"}, False),
        ("descriptorIdentity", {"namespace": "Email", "property": "code"}, False),
        ("descriptorIdentity", {"namespace": "Email", "property": "xdm:code", "isPrimary": "true"}, False),
        ("descriptorReferenceIdentity", {"identityNamespace": "Email"}, True),
        ("descriptorReferenceIdentity", {"identityNamespace": "Loyalty"}, False),
        ("descriptorOneToOne", {"destinationSchema": "OTHER"}, True),
        ("descriptorOneToOne", {"destinationSchema": "OTHER", "destinationProperty": "/_id"}, True),
        ("descriptorOneToOne", {"destinationSchema": "OTHER", "destinationProperty": "/nothing"}, False),
        ("descriptorOneToOne", {"destinationSchema": "OTHER", "destinationProperty": "_id"}, False),
        ("descriptorOneToOne", {"destinationSchema": "https://ns.adobe.com/local/schemas/none"}, False),
        ("descriptorRelationship", {"destinationSchema": "OTHER", "cardinality": "M:1"}, True),
        ("descriptorRelationship", {"destinationSchema": "OTHER", "cardinality": "M:0"}, True),
        ("descriptorRelationship", {"destinationSchema": "OTHER", "cardinality": "1:M"}, False),
        ("descriptorRelationship", {"destinationSchema": "none", "cardinality": "M:1"}, False),
        ("descriptorRelationship", {"destinationSchema": "OTHER", "destinationNamespace": "Email"}, True),
        ("descriptorRelationship", {"destinationSchema": "OTHER", "destinationNamespace": "People"}, False),
        ("alternateDisplayInfo", {"title": {"en_us": "Address"}}, True),
        ("alternateDisplayInfo", {"title": "Address"}, False),
        ("alternateDisplayInfo", {}, False),
        ("descriptorDeprecated", {}, True),
        ("descriptorDeprecated", {"sourceProperty": ["/_id", "/personalEmail/address"]}, True),
        ("descriptorDeprecated", {"sourceProperty": ["/_id", "/nothing"]}, False),
        ("descriptorPrimaryKey", {"sourceProperty": ["/_id", "/personalEmail/address"]}, True),
        ("descriptorVersion", {}, False),
        ("descriptorVersion", {"sourceProperty": ["/_id", "/personalEmail/address"]}, False),
        ("descriptorTimestamp", {}, False),
        ("descriptorOneToMany", {"destinationSchema": "OTHER"}, False),
    ],
)
def test_each_type_of_descriptor_has_its_rules(client, type_, members, is_accepted):
    client.settings(namespaces="existing")
    other = client.schema()
    members = {name: other if value == "OTHER" else value for name, value in members.items()}
    reply = client.post(f"{REGISTRY}/tenant/descriptors", json=descriptor(type_, client.schema(), **members))
    assert reply.status_code == (201 if is_accepted else 400), reply.text


@pytest.mark.parametrize(
    ("type_", "path", "is_accepted"),
    [
        ("descriptorTimestamp", "/timestamp", True),
        ("descriptorTimestamp", "/_id", False),
        ("descriptorTimestamp", "/eventType", False),
        ("descriptorVersion", "/_id", True),
        ("descriptorVersion", "/eventType", False),
    ],
)
def test_a_version_or_timestamp_is_a_required_field(client, type_, path, is_accepted):
    body = {"type": "object", "title": "Events", "description": "", "allOf": [{"$ref": EVENTS}]}
    schema_id = client.made(f"{REGISTRY}/tenant/schemas", body)["$id"]
    reply = client.post(f"{REGISTRY}/tenant/descriptors", json=descriptor(type_, schema_id, path))
    assert reply.status_code == (201 if is_accepted else 400), reply.text


def test_an_identity_needs_its_namespace_first_where_that_is_set(client):
    body = {**identity(client.schema()), "xdm:namespace": "Loyalty"}
    path = f"{REGISTRY}/tenant/descriptors"
    other = {**identity(client.schema()), "xdm:namespace": "Loyalty"}
    assert client.post(path, json=other).status_code == 201
    client.settings(namespaces="existing")
    refused = client.post(path, json=body)
    assert (refused.status_code, "no identity namespace Loyalty" in refused.json()["detail"]) == (400, True)
    namespace = {"name": "Loyalty", "code": "Loyalty", "idType": "Cross_device"}
    assert client.post("/data/core/idnamespace/identities", json=namespace).status_code == 200
    assert client.post(path, json=body).status_code == 201
