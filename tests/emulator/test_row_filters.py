"""Filters of rows at the source: what specs tell of them, previews, source connections and runs."""

from __future__ import annotations

import base64
import json

import pytest

from flowctl.emulator.ingestion.row_filter import FilterError, row_filter

from .conftest import FLOW, code_of
from .test_real_runs import put, server, sources

__all__ = ["server", "sources"]
BIG_QUERY = {"id": "3c9b37f8-13a6-43d8-bad3-b863b941fedd", "version": "1.0"}
ROW = {"CITY": "Munich", "age": "25", "member": True, "height": 1.5, "gone": None}


def pql(value):
    return {"type": "PQL", "format": "pql/json", "value": value}


def apply(name, *params):
    return {"nodeType": "fnApply", "fnName": name, "params": list(params)}


def condition(column, name, value):
    return apply(name, {"nodeType": "fieldLookup", "fieldName": column}, {"nodeType": "literal", "value": value})


def is_null(column):
    return apply("isNull", {"nodeType": "fieldLookup", "fieldName": column})


TRUE, FALSE = condition("city", "=", "Munich"), condition("city", "=", "Bonn")


@pytest.mark.parametrize(
    ("value", "meets"),
    [
        (TRUE, True),
        (FALSE, False),
        (condition("city", "==", "Munich"), True),
        (condition("city", "!=", "Bonn"), True),
        (condition("city", "!=", "Munich"), False),
        (condition("age", ">", 9), True),
        (condition("age", "<", 9), False),
        (condition("age", ">=", 25), True),
        (condition("age", "<=", 25), True),
        (condition("age", ">", 25), False),
        (condition("age", "<", 25), False),
        (condition("age", "<=", 24.5), False),
        (condition("age", ">=", 25.5), False),
        (condition("height", "=", "1.50"), True),
        (condition("city", "<", "Zug"), True),
        (condition("member", "=", "true"), True),
        (condition("member", "=", False), False),
        (condition("city", "like", "M%"), True),
        (condition("city", "like", "M_nich"), True),
        (condition("city", "like", "unich"), False),
        (condition("city", "like", "M.*"), False),
        (condition("gone", "like", "%"), False),
        (condition("city", "in", ["Bonn", "Munich"]), True),
        (condition("city", "in", ["Bonn"]), False),
        (condition("gone", "=", "x"), False),
        (condition("gone", "!=", "x"), False),
        (condition("missing", "!=", "x"), False),
        (is_null("gone"), True),
        (is_null("missing"), True),
        (is_null("city"), False),
        (apply("NOT", is_null("city")), True),
        (apply("and", TRUE, FALSE), False),
        (apply("and", TRUE, TRUE), True),
        (apply("or", FALSE, TRUE), True),
        (apply("or", FALSE, FALSE), False),
        (apply("and", TRUE, apply("or", FALSE, condition("age", ">=", 20))), True),
    ],
)
def test_a_row_meets_a_filter(value, meets):
    assert row_filter(pql(value))(ROW) is meets


def _deep():
    value = TRUE
    for _ in range(60):
        value = apply("and", value)
    return pql(value)


WRONG = [
    None,
    [],
    {"type": "SQL", "format": "pql/json", "value": TRUE},
    {"type": "PQL", "format": "json", "value": TRUE},
    pql(None),
    pql(apply("and")),
    pql(apply("not", TRUE, TRUE)),
    pql(apply("contains", *condition("a", "=", "b")["params"])),
    pql(apply("=", {"nodeType": "literal", "value": "a"}, {"nodeType": "literal", "value": "a"})),
    pql(apply("=", {"nodeType": "fieldLookup", "fieldName": ""}, {"nodeType": "literal", "value": "a"})),
    pql(apply("=", *condition("a", "=", "b")["params"][:1])),
    pql(condition("a", "=", None)),
    pql(condition("a", "=", ["b"])),
    pql(condition("a", "in", "b")),
    pql(condition("a", "like", 1)),
    pql({**TRUE, "nodeType": "literal"}),
    _deep(),
]


@pytest.mark.parametrize("document", WRONG)
def test_what_is_no_filter(document):
    with pytest.raises(FilterError):
        row_filter(document)


def big_query(client, **changes):
    auth = {"specName": "Basic Authentication"}
    spec = client.get(f"{FLOW}/connectionSpecs/{BIG_QUERY['id']}").json()["items"][0]
    found = next(item for item in spec["authSpec"] if item["name"] == auth["specName"])
    auth["params"] = dict.fromkeys(found["spec"]["properties"], "x")
    return client.base(connectionSpec=BIG_QUERY, auth=auth, **changes)["id"]


def encoded(document):
    return base64.b64encode(json.dumps(document).encode()).decode()


def test_specs_tell_which_sources_filter(client):
    found = client.get(f"{FLOW}/connectionSpecs").json()["items"]
    filtering = {spec["name"]: spec["attributes"].get("filterAtSource") for spec in found}
    assert {name for name, described in filtering.items() if described} == {
        "google-big-query",
        "dynamics-online",
        "salesforce",
        "snowflake",
    }
    assert filtering["google-big-query"]["columnNameEscapeChar"] == "`"
    assert filtering["salesforce"]["logicalOperators"] == ["and", "or", "not"]


def test_a_preview_has_the_rows_that_meet_the_filter(client):
    path = f"{FLOW}/connections/{big_query(client)}/explore?objectType=table&object=x"
    query = {"filters": encoded(pql(condition("EMAIL", "like", "ana%")))}
    url = f"{path}&preview=true"
    rows = client.get(url).json()["data"]
    reply = client.get(f"{url}&filters={query['filters'].replace('+', '%2B')}")
    assert [row["email"] for row in reply.json()["data"]] == ["ana@example.com"]
    assert len(rows) == 2
    assert "data" not in client.get(f"{path}&filters={query['filters'].replace('+', '%2B')}").json()
    for wrong in ("%%%", "e30", "bm8=", encoded(pql(None))):
        assert code_of(client.get(f"{url}&filters={wrong}")) == "CONNECTOR-1384-400"


def test_a_source_without_filters_takes_none(client):
    path = f"{FLOW}/connections/{client.base()['id']}/explore?objectType=table&object=x&preview=true"
    assert client.get(f"{path}&filters={encoded(pql(TRUE))}").status_code == 400


def test_a_source_connection_takes_a_filter_that_is_one(client):
    base_id = big_query(client)
    params = {"tableName": "t", "filters": pql(TRUE)}
    made = client.source(base_id, connectionSpec=BIG_QUERY, params=params)
    assert client.one("sourceConnections", made["id"])["params"] == params
    body = {"name": "s", "baseConnectionId": base_id, "connectionSpec": BIG_QUERY, "data": {"format": "tabular"}}
    wrong = {"tableName": "t", "filters": pql(None)}
    assert code_of(client.post(f"{FLOW}/sourceConnections", json=body | {"params": wrong})) == "CONNECTOR-1384-400"
    change = {"op": "replace", "path": "/params/filters", "value": {"type": "PQL", "format": "pql/json"}}
    assert client.patched("sourceConnections", made, change).status_code == 400


def test_a_run_reads_the_rows_that_meet_the_filter(sources):
    put(sources, "shop/shop.people.csv", "id,email\n1,ana@x.org\n2,ben@x.org\n")
    base_id = big_query(sources, name="shop")
    body = sources.flow_body(scheduleParams={"startTime": "1767225600", "frequency": "once"})
    target = sources.one("targetConnections", body["targetConnectionIds"][0])
    rows = [{"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}]
    mapping = {"mappingId": sources.mapping_set(target["data"]["schema"]["id"], mappings=rows), "mappingVersion": 0}
    params = {"path": "shop.people", "filters": pql(condition("Email", "like", "b%"))}
    body["sourceConnectionIds"] = [sources.source(base_id, connectionSpec=BIG_QUERY, params=params)["id"]]
    body["transformations"] = [{"name": "Mapping", "params": mapping}]
    flow_id = sources.made(f"{FLOW}/flows", body)["id"]
    run = sources.run(flow_id)
    assert run["metrics"]["recordSummary"]["inputRecordCount"] == 1
    assert sources.records(run) == [{"_id": "2"}]
    link = run["activities"][0]["fileSummary"]["extensions"]["manifest"]["fileInfo"]
    assert [file["name"] for file in sources.get(link).json()["data"]] == ["shop.people.csv"]
