"""Rules for mappings that depend on the rest of the pipeline: declared columns, the kind of dataflow, the schema."""

from __future__ import annotations

import pytest
from manifest_texts import found

PROFILE = "class: https://ns.adobe.com/xdm/context/profile"
EVENT = "class: https://ns.adobe.com/xdm/context/experienceevent"
GROUPS = "profile-personal-details]"
COLUMNS = """[
    {name: email, type: string, xdm: {type: string}}, {name: born-on, "meta:xdmType": string},
    {name: a.b, type: string}, {name: city.name, type: string}, {name: citi, type: object},
    {name: age, type: string}, {name: shop, type: object},
    {name: born, type: string, xdm: {type: string, format: date}}]"""
STREAM = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: stream}
connector: http-api
auth: {specName: Streaming Connection, params: {dataType: raw, name: stream, sourceId: stream}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {name: contact}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details, https://ns.adobe.com/xdm/context/identitymap]
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: contacts}
source: {connection: stream}
dataset:
  title: Contacts
  schema: contact
  tags: {unifiedProfile: ["enabled:true", "isUpsert:true"]}
mappings:
  # optional per mapping
"""


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("  - {source: §emial, destination: _id}\n", "unknown-column"),
        ("  - {source: '§shp.name[0]', destination: _id}\n", "unknown-column"),
        ("  - {expression: 'concat(email, §emial)', destination: _id}\n", "unknown-column"),
        ("  - {expression: 'lower(${§born on})', destination: _id}\n".replace("${§", "§${"), "unknown-column"),
        ("  - {expression: 'lower(§born-on)', destination: _id}\n", "hyphen-is-minus"),
        ("  - {source: §email, destination: person.birthYear}\n", "text-into-number"),
        ("  - {source: §born-on, destination: person.birthDate}\n", "text-into-date"),
    ],
)
def test_mappings_are_held_against_the_declared_columns(loaded, contract, row, code):
    text = contract.replace("params: {path: Hubspot.Contacts}", f"params: {{path: T, columns: {COLUMNS}}}")
    assert (code, True) in found(loaded, text, row)


def test_a_field_that_does_not_exist_hides_no_later_mapping(loaded, contract):
    text = contract.replace("params: {path: Hubspot.Contacts}", f"params: {{path: T, columns: {COLUMNS}}}")
    rows = "  - {source: age, destination: persn.nam}\n  - {source: §email, destination: person.birthYear}\n"
    assert ("text-into-number", True) in found(loaded, text, rows)


@pytest.mark.parametrize(
    "row",
    [
        "  - {source: email, destination: _id}\n",
        "  - {source: telephone, destination: _id}\n",
        "  - {source: a.b, destination: _id}\n",
        "  - {source: 'a\\.b', destination: _id}\n",
        "  - {source: '${born-on}', destination: _id}\n",
        "  - {source: 'shop.items[0].name', destination: _id}\n",
        "  - {source: city, destination: _id}\n",
        "  - {expression: 'lower(${citi\\.nam})', destination: _id}\n",
        "  - {source: age, destination: person.birthYear}\n",
        "  - {source: born, destination: person.birthDate}\n",
        "  - {expression: 'lower(shop.name)', destination: _id}\n",
        "  - {expression: 'lower(a.b)', destination: _id}\n",
        "  - {expression: 'lower(${born-on})', destination: _id}\n",
        "  - {expression: 'object_to_map(shop, type)', destination: person}\n",
        "  - {expression: 'coalesce(email, \"x\")', destination: _id}\n",
        "  - {value: x, destination: _id}\n",
    ],
)
def test_declared_columns_are_known(loaded, contract, row):
    text = contract.replace("params: {path: Hubspot.Contacts}", f"params: {{path: T, columns: {COLUMNS}}}")
    assert found(loaded, text, row) == []


def test_a_parameter_of_a_lambda_is_not_a_column(loaded, contract):
    text = contract.replace("params: {path: Hubspot.Contacts}", f"params: {{path: T, columns: {COLUMNS}}}")
    row = "  - {expression: '§transformArray(shop.items, item -> item.name)', destination: person}\n"
    assert found(loaded, text, row) == [("flow-kind-function", True)]


def test_a_column_without_a_name_leaves_the_columns_unknown(loaded, contract):
    text = contract.replace("params: {path: Hubspot.Contacts}", "params: {path: T, columns: [{name: a}, {}]}")
    assert "unknown-column" not in dict(found(loaded, text, "  - {source: b, destination: _id}\n"))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("§nullify()", [("required-may-be-null", True)]),
        ("iif(a == 1, b, §null)", [("required-may-be-null", True)]),
        ("a == 1 ? b : §null", [("required-may-be-null", True)]),
        ("iif(a == null, b, c)", []),
    ],
)
def test_null_for_a_required_field(loaded, contract, expression, expected):
    event = contract.replace(PROFILE, EVENT)
    rows = f"  - {{source: a, destination: timestamp}}\n  - {{expression: '{expression}', destination: _id}}\n"
    assert found(loaded, event, rows) == expected


@pytest.mark.parametrize(
    "row",
    [
        "  - {expression: '§[1]', destination: identityMap}\n",
        '  - {expression: \'{"ECID": §"x"}\', destination: identityMap}\n',
        "  - {expression: 'to_object(\"ECID\", §lower(a))', destination: identityMap}\n",
        '  - {expression: \'iif(a == 1, null, {"ECID": §{"id": a}})\', destination: identityMap}\n',
        "  - {expression: '§lower(a)', destination: identityMap.ECID}\n",
        "  - {value: §x, destination: identityMap.ECID}\n",
        "  - {expression: '§[a]', destination: 'identityMap.ECID[0]'}\n",
    ],
)
def test_the_identity_map_has_a_form(loaded, contract, row):
    text = contract.replace(GROUPS, GROUPS[:-1] + ", https://ns.adobe.com/xdm/context/identitymap]")
    assert found(loaded, text, row) == [("identity-map-shape", True)]


def test_a_broken_identity_map_is_told_with_its_form(examples):
    examples.edit(
        "pipelines/shop-customers.yaml", "{source: id, destination: _id}", "{value: x, destination: identityMap.ECID}"
    )
    (told,) = [
        each
        for each in examples.run("validate", "--format", "json").json["diagnostics"]
        if each["code"] == "identity-map-shape"
    ]
    assert told["detail"].startswith('Expected an object such as `{"ECID": [{"id": "..."}]}`.')


@pytest.mark.parametrize(
    "row",
    [
        "  - {source: a, destination: identityMap}\n",
        '  - {expression: \'{"ECID": [{"id": a}]}\', destination: identityMap}\n',
        '  - {expression: \'to_object("ECID", to_array(true, to_object("id", a)))\', destination: identityMap}\n',
        "  - {expression: '{\"ECID\": a}', destination: identityMap}\n",
        "  - {expression: '[{\"id\": a}]', destination: identityMap.ECID}\n",
        "  - {expression: '{\"id\": a}', destination: 'identityMap.ECID[0]'}\n",
        "  - {expression: 'lower(a)', destination: 'identityMap.ECID[0].id'}\n",
        "  - {value: x, destination: 'identityMap.ECID[0].id'}\n",
    ],
)
def test_an_identity_map_of_the_right_form(loaded, contract, row):
    text = contract.replace(GROUPS, GROUPS[:-1] + ", https://ns.adobe.com/xdm/context/identitymap]")
    assert found(loaded, text, row) == []


def test_an_array_needs_a_function_where_a_stream_updates_profiles(loaded):
    bare = "  - {source: a, destination: §identityMap.ECID}\n"
    assert found(loaded, STREAM, bare) == [("upsert-array-missing", True)]
    for function in ("upsert_array_append(a)", "upsert_array_replace(a, 0)"):
        row = f"  - {{expression: '{function}', destination: identityMap.ECID}}\n"
        assert found(loaded, STREAM, row) == []
    assert found(loaded, STREAM.replace(', "isUpsert:true"', ""), bare) == []


def test_two_streams_differ_in_what_they_do_with_upserts(loaded, contract):
    text = contract.replace(
        "  schema: crm-contact  ", '  tags: {unifiedProfile: ["isUpsert: true"]}\n  schema: crm-contact  '
    )
    text = text.replace(GROUPS, GROUPS[:-1] + ", https://ns.adobe.com/xdm/context/identitymap]")
    assert found(loaded, text, "  - {source: a, destination: identityMap.ECID}\n") == []


def test_an_element_of_a_copied_array_is_a_part_of_it(loaded, contract):
    text = contract.replace(GROUPS, GROUPS[:-1] + ", https://ns.adobe.com/xdm/context/identitymap]")
    rows = "  - {source: a, destination: identityMap.ECID}\n  - {source: b, destination: '§identityMap.ECID[0].id'}\n"
    assert found(loaded, text, rows) == [("object-copy-override", True)]
