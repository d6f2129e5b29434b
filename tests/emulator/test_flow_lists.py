"""Lists of Flow Service: filters, order, paging and count."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import FLOW, code_of


@pytest.fixture
def flows(client):
    """Seven flows over one set of parts, in the order of their names."""
    body = client.flow_body()
    made = []
    for number in range(7):
        schedule = {"startTime": "4102444800", "frequency": "hour", "interval": number + 1}
        flow = client.post(f"{FLOW}/flows", json=body | {"name": f"flow {number}", "scheduleParams": schedule}).json()
        made.append(flow["id"])
    return made


def names(response):
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


def test_pages_follow_relative_links_to_the_end(client, flows):
    seen, href = [], "/flows?limit=3"
    pages = 0
    while href:
        assert href.startswith("/flows?")
        body = client.get(FLOW + href).json()
        seen += [item["id"] for item in body["items"]]
        href = body["_links"].get("next", {}).get("href")
        pages += 1
    assert (seen, pages) == (flows, 3)


def test_the_token_can_be_taken_after_the_first_equals_sign(client, flows):
    href = client.get(f"{FLOW}/flows", params={"limit": 5, "property": "name!=flow 0"}).json()["_links"]["next"]["href"]
    assert href.split("?")[1].startswith("continuationToken=")
    token = href.split("=")[1]
    assert "&" not in token
    params = {"continuationToken": token, "limit": 5, "property": "name!=flow 0"}
    assert names(client.get(f"{FLOW}/flows", params=params)) == ["flow 6"]


def test_a_list_of_all_has_no_next_link(client, flows):
    assert client.get(f"{FLOW}/flows").json()["_links"] == {}


def test_paging_is_stable_while_objects_are_deleted(client, flows):
    first = client.get(f"{FLOW}/flows", params={"limit": 3, "orderby": "-name"}).json()
    assert [item["name"] for item in first["items"]] == ["flow 6", "flow 5", "flow 4"]
    client.delete(f"{FLOW}/flows/{flows[5]}")
    assert names(client.get(FLOW + first["_links"]["next"]["href"])) == ["flow 3", "flow 2", "flow 1"]


@pytest.mark.parametrize(
    ("orderby", "expected"),
    [
        ("name", 0),
        ("+name", 0),
        ("-name", 6),
        ("-scheduleParams.interval", 6),
        ("state,-name", 6),
        ("-createdAt", None),
    ],
)
def test_orderby(client, flows, orderby, expected):
    found = names(client.get(f"{FLOW}/flows", params={"orderby": orderby}))
    assert len(found) == 7
    if expected is not None:
        assert found[0] == f"flow {expected}"


def test_order_and_paging_agree(client, flows):
    seen, href = [], "/flows?limit=2&orderby=-scheduleParams.interval"
    while href:
        body = client.get(FLOW + href).json()
        seen += [item["id"] for item in body["items"]]
        href = body["_links"].get("next", {}).get("href")
    assert seen == flows[::-1]


def test_count(client, flows):
    assert client.get(f"{FLOW}/flows?count=true").json() == {"count": 7}
    assert client.get(f"{FLOW}/flows", params={"count": "true", "property": "name==flow 1,flow 2"}).json() == {
        "count": 2
    }
    assert len(names(client.get(f"{FLOW}/flows", params={"limit": 20, "count": False}))) == 7
    assert code_of(client.get(f"{FLOW}/flows?limit=2&count=true")) == "FLOW-1401-400"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("name==flow 3", 1),
        ('name=="flow 3"', 1),
        ("name==flow 1,flow 2,none", 2),
        ("name!=flow 1", 6),
        ("state==enabled", 7),
        ("state==ENABLED", 7),
        ("state==disabled", 0),
        ("scheduleParams.interval>5", 2),
        ("scheduleParams.interval>=5", 3),
        ("scheduleParams.interval<2", 1),
        ("scheduleParams.interval==7", 1),
        ("scheduleParams.startTime==4102444800", 7),
        ("transformations[].name==Mapping", 7),
        ("transformations[].name==Copy", 0),
        ("transformations[].params.mappingVersion==0", 7),
        ("inheritedAttributes.properties.isSourceFlow==true", 7),
        ("inheritedAttributes.properties.isSourceFlow==false", 0),
        ("inheritedAttributes.sourceConnections[].connectionSpec.id==cc6a4487-9e91-433e-a3a3-9cf6626c1806", 7),
        ("inheritedAttributes.sourceConnections[].connectionSpec.id==other", 0),
        ("createdAt>0", 7),
        ("labels==anything", 0),
    ],
)
def test_filters(client, flows, expression, expected):
    assert len(names(client.get(f"{FLOW}/flows", params={"property": expression}))) == expected


def test_filters_are_joined_by_and(client, flows):
    params = [("property", "scheduleParams.interval>2"), ("property", "scheduleParams.interval<5")]
    assert names(client.get(f"{FLOW}/flows", params=params)) == ["flow 2", "flow 3"]


def test_many_ids_and_array_members(client, flows):
    many = ",".join([*flows, *(f"none-{number}" for number in range(400))])
    assert len(names(client.get(f"{FLOW}/flows", params={"property": f"id=={many}"}))) == 7
    source_id = client.one("flows", flows[0])["sourceConnectionIds"][0]
    assert len(names(client.get(f"{FLOW}/flows", params={"property": f"sourceConnectionIds[]=={source_id},x"}))) == 7
    assert names(client.get(f"{FLOW}/flows", params={"property": f"sourceConnectionIds=={source_id}"})) == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"property": "nothing==1"}, "1449"),
        ({"property": "name"}, "1449"),
        ({"property": "na'me==1"}, "1449"),
        ({"property": "name=="}, "1453"),
        ({"property": "name==a,,b"}, "1453"),
        ({"property": "name~x"}, "1440"),
        ({"property": "createdAt!>1"}, "1450"),
        ({"property": "createdAt>1,2"}, "1443"),
        ({"property": "id>1"}, "1448"),
        ({"orderby": "*name"}, "1432"),
        ({"orderby": "nothing"}, "1433"),
        ({"orderby": "name;drop"}, "1433"),
        ({"limit": "0"}, "1452"),
        ({"limit": "99999999999999999999"}, "1452"),
        ({"limit": "-1"}, "1452"),
        ({"limit": "ten"}, "1452"),
        ({"count": "maybe"}, "1452"),
        ({"continuationToken": "nonsense"}, "1423"),
        ({"continuationToken": "eJyrrgUAAXUA-Q"}, "1423"),
    ],
)
def test_refused_list_parameters(client, params, code):
    assert code_of(client.get(f"{FLOW}/flows", params=params)) == f"FLOW-{code}-400"


def test_specs_are_found_by_quoted_name(client):
    response = client.get(f"{FLOW}/flowSpecs", params={"property": 'name=="CRMToAEP"'})
    (spec,) = response.json()["items"]
    assert spec["id"] == "14518937-270c-4525-bdec-c2ba7cce3860"
    assert client.get(f"{FLOW}/flowSpecs/{spec['id']}").json() == {"items": [spec]}
    assert code_of(client.get(f"{FLOW}/flowSpecs/none")) == "FLOW-1439-404"


def test_connection_specs_include_the_data_lake(client):
    found = client.get(f"{FLOW}/connectionSpecs").json()["items"]
    by_id = {spec["id"]: spec for spec in found}
    assert "c604ff05-7f1a-43c0-8e18-33bf874cb11c" in by_id
    assert len(by_id) > 40
    secret = by_id["ecadc60c-7455-4d87-84dc-2a0e293d997b"]["authSpec"][0]["spec"]["properties"]["s3SecretKey"]
    assert secret["format"] == "password"


def test_no_two_objects_have_the_same_time(client):
    """Who reads a sandbox tells objects apart by when they were created, however quickly they came."""
    body = client.flow_body()

    def created(number: int) -> int:
        schedule = {"startTime": "4102444800", "frequency": "hour", "interval": 1}
        made = client.post(f"{FLOW}/flows", json=body | {"name": f"flow {number}", "scheduleParams": schedule})
        return client.get(f"{FLOW}/flows/{made.json()['id']}").json()["items"][0]["createdAt"]

    with ThreadPoolExecutor(8) as pool:
        times = list(pool.map(created, range(40)))
    assert len(set(times)) == len(times)
    client.post("/_emulator/clock", json={"advanceSeconds": -3600}).raise_for_status()
    assert created(99) < min(times)
