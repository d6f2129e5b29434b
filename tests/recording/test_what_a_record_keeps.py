"""What a record keeps and what it replaces: what is not known to be structure is replaced."""

import gzip
import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from flowctl.recording.bodies import LARGEST_RECORDED
from flowctl.recording.exchanges import Part, Writer
from flowctl.recording.vocabulary import vocabulary

FLOW = "/data/foundation/flowservice"
ORG = "0A1B2C3D4E5F60718293A4B5@AdobeOrg"
OWN = "https://ns.adobe.com/acmecorp/schemas/0123456789abcdef0123456789abcdef"


@pytest.fixture
def writer() -> Writer:
    return Writer("https://platform.adobe.io")


def part(value: Any = None, **headers: str) -> Part:
    content = b"" if value is None else json.dumps(value).encode()
    named = {"content-type": "application/json"} | {name.replace("_", "-"): text for name, text in headers.items()}
    return Part(headers=named, content=content, size=len(content))


def written(writer: Writer, value: Any, target: str = f"{FLOW}/flows", **headers: str) -> dict[str, Any]:
    return writer.exchange("POST", target, part(value, **headers), 200, part({}))["request"]


def json_of(writer: Writer, value: Any, target: str = f"{FLOW}/flows") -> Any:
    return written(writer, value, target)["body"]["json"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("state", "enabled"),
        ("op", "replace"),
        ("$ref", "https://ns.adobe.com/xdm/context/profile"),
        ("contentType", "application/vnd.adobe.xed-full+json;version=1"),
        ("id", "14518937-270c-4525-bdec-c2ba7cce3860"),
        ("name", "CRMToAEP"),
        ("specName", "Basic Authentication"),
        ("interval", 15),
        ("interval", "15"),
        ("version", "1.0"),
        ("backfill", True),
        ("description", None),
        ("source", "lower(email)"),
        ("@type", "xdm:descriptorDeprecated"),
        ("@type", "xdm:descriptorTimestamp"),
        ("meta:refProperty", ["/faxPhone"]),
        ("meta:allFieldAccess", True),
        ("columnDelimiter", "|"),
        ("delimiters", [","]),
        ("quotes", ['"']),
        ("escapes", ["\\"]),
        ("$ref", "#/definitions/customFields") if "customFields" in vocabulary().members else ("type", "object"),
    ],
)
def test_structure_is_kept(writer: Writer, member: str, value: Any) -> None:
    assert json_of(writer, {member: value}) == {member: value}


CODE = "FLOW-2213-404"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        *((404, {member: CODE}) for member in ("code", "errorCode", "error_code", "type", "title", "detail")),
        *((403, {member: "403025"}) for member in ("code", "errorCode", "error_code")),
        (400, {"detail": CODE, "expires_in": 86399999}),
        (400, {"report": {"additionalContext": {"errorCode": "XDM-1010"}}}),
        (200, {"errorCode": CODE}),
        (200, {"error_code": CODE}),
        (200, {"statusSummary": {"errors": [{"code": CODE}]}}),
    ],
)
def test_codes_of_errors_are_kept(writer: Writer, status: int, body: Any) -> None:
    made = writer.exchange("GET", f"{FLOW}/flows", part(), status, part(body))
    assert made["reply"]["body"]["json"] == body


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, {"id": CODE}),
        (404, {"detail": "123456"}),
        (200, {"code": "ACME-2024"}),
        (200, {"type": "ACME-2024"}),
        (200, {"errorCode": "123456"}),
        (200, {"statusSummary": {"errors": [{"code": "123456"}]}}),
        (200, {"limit": "1764212345678"}),
        (200, {"limit": "1234567"}),
    ],
)
def test_what_only_looks_like_a_code_or_a_count_is_replaced(writer: Writer, status: int, body: Any) -> None:
    made = writer.exchange("GET", f"{FLOW}/flows", part(), status, part(body))
    (own,) = re.findall(r'"([^"]*[0-9]{4}[^"]*)"', json.dumps(body))
    assert own not in json.dumps(made)
    assert "text-1" in json.dumps(made)


def test_a_secret_that_looks_like_a_code_is_a_secret(writer: Writer) -> None:
    made = writer.exchange("GET", f"{FLOW}/flows", part(), 404, part({"auth": {"code": CODE}}))
    assert made["reply"]["body"]["json"] == {"auth": {"code": "secret-1"}}


def test_no_code_is_kept_of_a_request(writer: Writer) -> None:
    body = {"pin": "123456", "code": "CUSTOMER-1234-567", "errors": [{"code": "ACME-2024"}], "limit": 4711234}
    made = written(writer, body, f"{FLOW}/flows/ACME-2024/123456?name=CUSTOMER-1234-567&limit=1234567")
    text = json.dumps(made)
    assert [own for own in ("123456", "CUSTOMER", "ACME", "4711234") if own in text] == []
    assert made["body"]["json"]["limit"] == 1
    assert json_of(writer, {"limit": 999999, "startTime": "1764212345678"}) == {
        "limit": 999999,
        "startTime": "1764212345678",
    }


@pytest.mark.parametrize(
    ("member", "value", "expected"),
    [
        ("name", "Orders of Ms. Weber", "text-1"),
        ("name", "active", "text-1"),
        ("state", "Weber", "text-1"),
        ("id", "20c115bc-46e3-40f3-bfe9-fb25abe4ba76", "00000000-0000-4000-8000-000000000001"),
        ("id", "5c8c3c555033b814b69f947f", "f00000000000000000000001"),
        ("id", "01F3Y1ZZM1D4JHVP7W3K4Q5R6S", "F0000000000000000000000001"),
        ("etag", '"20c115bc-46e3-40f3-bfe9-fb25abe4ba76"', '"00000000-0000-4000-8000-000000000001"'),
        ("imsOrg", ORG, "org-1@AdobeOrg"),
        ("createdBy", "eva.weber@acme.example", "person-1@example.com"),
        ("createdBy", "0A1B@techacct.adobe.com", "person-1@techacct.adobe.com"),
        ("when", "2026-03-04T05:06:07.089Z", "2001-01-01T00:00:00.000Z"),
        ("inputRecordCount", 4711, 1),
        ("share", 47.11, 1.5),
        ("url", "https://crm.acme.example/eva?x=1", "https://host-1.example.com/text-2"),
        ("source", "concat(Nachname, 'Weber')", "concat(word1, 'word2')"),
        ("destination", "_acmecorp.loyalty.points_x", "_word1.loyalty.word2"),
        ("required", ["nachname"], ["word1"]),
        ("items", ["@/dataSets/5c8c3c555033b814b69f947f"], ["@/dataSets/f00000000000000000000001"]),
        ("href", "https://platform.adobe.io/data/foundation/x?id=9", "{endpoint}/data/foundation/text-1?id=9"),
        ("expression", "concat('06 12 34 56 78', a)", "concat('word1', word2)"),
        ("interval", "12.03.85", "text-1"),
        ("enum", ["12.03.85", "06-12-34"], ["word1", "word2"]),
        ("expression", "iif(a == 12, substr(b, 1, 2, 3), '9.5')", "iif(word1 == 12, substr(word2, 1, 1, 1), '9.5')"),
        ("connectionString", "Server=db;Pwd=1", "secret-1"),
    ],
)
def test_everything_else_is_replaced(writer: Writer, member: str, value: Any, expected: Any) -> None:
    (found,) = json_of(writer, {member: value}).values()
    assert found == expected


def test_names_of_own_members_are_replaced(writer: Writer) -> None:
    found = json_of(writer, {"properties": {"_acmecorp": {"Nachname": {"type": "string"}}, "eva@acme.example": 1}})
    assert found == {"properties": {"_word1": {"word2": {"type": "string"}}, "person-3@example.com": 1}}


@pytest.mark.parametrize("number", ["06 12 34 56 78", "06.12.34.56.78", "06,12,34,56,78", "12.03.85", "0170-12-34-56"])
def test_a_telephone_number_is_nowhere(writer: Writer, number: str) -> None:
    quoted = quote(number, safe="")
    asked = writer.exchange("GET", f"{FLOW}/flows?property=name=={quoted}", part(), 200, part())
    assert quoted not in json.dumps(asked)
    assert number not in json.dumps(asked)
    target = f"{FLOW}/flows/{quoted}?{quoted}=1&orderby={quoted}&properties={quoted},name&property=name=={quoted}"
    body = {number: {number: number}, "source": number, "items": [{"op": "add", "path": f"/{number}", "value": number}]}
    made = writer.exchange("POST", target, part(body), 400, part(body, location=f"{FLOW}/{number}"))
    assert "withheld" not in made
    assert number not in json.dumps(made)
    assert quoted not in json.dumps(made)


def test_one_value_has_one_placeholder_wherever_it_stands(writer: Writer) -> None:
    id_ = "20c115bc-46e3-40f3-bfe9-fb25abe4ba76"
    made = writer.exchange(
        "GET",
        f"{FLOW}/flows/{id_}?property=name==Orders%20of%20Weber&limit=20",
        part(),
        200,
        part({"items": [{"id": id_, "name": "Orders of Weber", "schema": OWN}]}, etag=f'"{id_}"'),
    )
    placeholder = "00000000-0000-4000-8000-000000000001"
    assert made["request"]["path"] == f"{FLOW}/flows/{placeholder}"
    assert made["request"]["query"] == "property=name==text-2&limit=20"
    (item,) = made["reply"]["body"]["json"]["items"]
    assert (item["id"], item["name"]) == (placeholder, "text-2")
    assert made["reply"]["headers"]["etag"] == f'"{placeholder}"'
    path = f"/data/foundation/schemaregistry/tenant/schemas/{quote(OWN, safe='')}"
    again = writer.exchange("GET", path, part(), 200, part({"$id": OWN}))
    assert quote(again["reply"]["body"]["json"]["$id"], safe="") == again["request"]["path"].rpartition("/")[2]
    assert again["reply"]["body"]["json"]["$id"] == item["schema"]


def test_everything_below_auth_is_a_secret(writer: Writer) -> None:
    auth = {
        "specName": "Basic Authentication",
        "params": {"host": "db.acme.example", "port": 5432, "password": "Pa55!"},
    }
    params = {"host": "secret-1", "port": 1, "password": "secret-2"}
    assert json_of(writer, {"auth": auth}) == {"auth": {"specName": "Basic Authentication", "params": params}}


def test_the_description_of_a_secret_is_no_secret(writer: Writer) -> None:
    """Connection specs describe their credentials: what they say about them is not the credential."""
    spec = {
        "spec": {
            "type": "object",
            "properties": {
                "clientSecret": {"type": "string", "description": "Client secret of acme"},
                "token": {"type": "object", "properties": {"clientId": {"type": "string", "default": "hush-hush-1"}}},
            },
            "required": ["clientSecret"],
        }
    }
    made = writer.exchange("GET", f"{FLOW}/connectionSpecs", part(), 200, part({"items": [{"authSpec": [spec]}]}))
    assert "withheld" not in made
    properties = made["reply"]["body"]["json"]["items"][0]["authSpec"][0]["spec"]["properties"]
    assert properties["clientSecret"] == {"type": "string", "description": "text-1"}
    assert properties["token"]["properties"]["clientId"] == {"type": "string", "default": "text-2"}


@pytest.mark.parametrize(
    "described",
    [
        {"properties": {"credentials": {"type": ["string", "object"], "format": "password"}}},
        {
            "definitions": {
                "pushToken": {"properties": {"token": {"type": "string"}, "application": {"type": "object"}}}
            }
        },
        {"properties": {"accessToken": {"$ref": "https://ns.adobe.com/xdm/context/application"}}},
    ],
)
def test_a_description_of_a_secret_withholds_no_later_exchange(writer: Writer, described: Any) -> None:
    later = {"type": "object", "contentType": "application/json", "format": "password"}
    writer.exchange("GET", f"{FLOW}/connectionSpecs", part(), 200, part({"items": [described]}))
    assert json_of(writer, later) == later


@pytest.mark.parametrize("password", ["object", "Username", "dateFormat", "{PASSWORD}", "enabled"])
def test_a_secret_that_is_a_public_word_withholds_nothing(writer: Writer, password: str) -> None:
    """What every record holds is no secret. Its place has a placeholder nevertheless."""
    auth = {"auth": {"params": {"password": password}}, "type": "object", "dateFormat": "enabled", "username": None}
    made = json_of(writer, auth)
    assert made["auth"] == {"params": {"password": "secret-1"}}
    assert (made["type"], made["dateFormat"]) == ("object", "enabled")


def test_an_id_that_is_a_number_has_one_placeholder(writer: Writer) -> None:
    path = "/data/core/idnamespace/identities"
    namespace = {"id": 10056433, "code": "AcmeLoyalty", "idType": "Cross_device"}
    reply = writer.exchange("POST", path, part(), 200, part(namespace))["reply"]["body"]["json"]
    assert reply == {"id": 800000000000001, "code": "word2", "idType": "Cross_device"}
    assert writer.exchange("GET", f"{path}/10056433", part(), 200, part())["request"]["path"] == f"{path}/{reply['id']}"
    assert json_of(writer, {"xdm:namespace": "AcmeLoyalty"}) == {"xdm:namespace": "word2"}
    assert json_of(writer, [{"id": 6, "code": "Email"}, {"id": 4.5}]) == [{"id": 6, "code": "Email"}, {"id": 1.5}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, 0),
        (1, 1),
        (42, 100),
        (-42, -100),
        (300, 10_000),
        (70_000, 1_000_000_000),
        (1764212345678, 1_000_000_000_000),
    ],
)
def test_the_bound_of_a_number_keeps_the_type_of_the_field(writer: Writer, value: int, expected: int) -> None:
    assert json_of(writer, {"type": "integer", "maximum": value}) == {"type": "integer", "maximum": expected}


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("DELETE", "/data/foundation/sandbox-management/sandboxes/dev?validationOnly=true", None),
        ("PATCH", f"{FLOW}/flows", [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]),
        ("PATCH", f"{FLOW}/flows", [{"op": "add", "path": "/properties/tags/-", "value": 1}]),
        ("GET", "/data/foundation/schemaregistry/tenant/unions/_xdm.context.profile__union", None),
        ("GET", "/data/foundation/catalog/batches/uniques/status", None),
        ("POST", "/data/foundation/import/batches?action=COMPLETE", {"inputFormat": {"format": "json"}}),
    ],
)
def test_requests_keep_what_decides_what_is_done(writer: Writer, method: str, target: str, body: Any) -> None:
    made = writer.exchange(method, target, part(body), 200, part())["request"]
    assert (made["path"], made["query"]) == (target.partition("?")[0], target.partition("?")[2])
    assert (made["body"] or {}).get("json") == body


def test_the_form_of_a_list_of_descriptors_is_kept(writer: Writer) -> None:
    accept = "application/vnd.adobe.xdm-v2+json"
    assert written(writer, {}, accept=accept)["headers"]["accept"] == accept


@pytest.mark.parametrize(
    "body",
    [
        {"auth": {"params": {"properties": {"password": {"type": "string", "x": "hush-hush-1"}}}}},
        {"properties": {"password": "hush-hush-1"}},
        {"properties": {"password": {"value": "hush-hush-1"}}},
        {"properties": {"password": {"type": "hush-hush-1"}}},
        {"password": {"type": "string", "x": "hush-hush-1"}},
        {"properties": {"settings": {"type": "object", "password": "hush-hush-1"}}},
    ],
)
def test_a_secret_that_only_looks_like_a_description_is_a_secret(writer: Writer, body: Any) -> None:
    assert re.search(r'"secret-\d+"', json.dumps(json_of(writer, body)))


def test_limits_of_time_stay_numbers(writer: Writer) -> None:
    query = "createdAfter=1554076800000&createdBefore=1556668799&createdAfter=061234567890123"
    path = f"/data/foundation/catalog/batches?{query}"
    made = writer.exchange("GET", path, part(), 200, part())["request"]["query"]
    assert made == "createdAfter=1&createdBefore=4102444800000&createdAfter=text-1"


def test_times_in_words_are_replaced_by_one(writer: Writer) -> None:
    assert json_of(writer, {"lastUpdated": "Fri Nov 27 09:46:14 UTC 2026"}) == {
        "lastUpdated": "Mon Jan 01 00:00:00 UTC 2001"
    }


def test_a_patch_is_replaced_as_the_member_that_it_changes(writer: Writer) -> None:
    patch = [
        {"op": "replace", "path": "/scheduleParams/interval", "value": "30"},
        {"op": "replace", "path": "/auth/params/host", "value": "db.acme.example"},
        {"op": "add", "path": "/properties/_acmecorp/nachname", "value": {"type": "string"}},
    ]
    assert json_of(writer, patch) == [
        {"op": "replace", "path": "/scheduleParams/interval", "value": "30"},
        {"op": "replace", "path": "/auth/params/host", "value": "secret-1"},
        {"op": "add", "path": "/properties/_word2/word3", "value": {"type": "string"}},
    ]


def test_headers_are_those_that_matter_without_their_secrets(writer: Writer) -> None:
    request = written(
        writer,
        {},
        authorization="Bearer eyJhbGciOi.eyJpZCI6.abc",
        x_api_key="0a1b2c3d",
        x_gw_ims_org_id=ORG,
        x_sandbox_name="acme-prod",
        cookie="session=1",
        user_agent="eva",
        pragma="validate-only",
    )
    assert request["headers"] == {
        "content-type": "application/json",
        "pragma": "validate-only",
        "x-sandbox-name": "text-1",
        "x-gw-ims-org-id": "org-2@AdobeOrg",
        "x-api-key": "secret-3",
        "authorization": "Bearer secret-4",
    }


def test_a_form_keeps_only_what_is_asked_for(writer: Writer) -> None:
    content = b"grant_type=client_credentials&client_id=eva&client_secret=p-8e-abc&weber=1"
    sent = Part(headers={"content-type": "application/x-www-form-urlencoded"}, content=content, size=len(content))
    made = writer.exchange(
        "POST", "/ims/token/v3", sent, 200, part({"access_token": "tok-abcdef", "expires_in": 86399})
    )
    assert made["request"]["body"] == {
        "form": [
            ["grant_type", "client_credentials"],
            ["client_id", "secret-1"],
            ["client_secret", "secret-2"],
            ["word3", "secret-4"],
        ]
    }
    assert made["reply"]["body"]["json"] == {"access_token": "secret-5", "expires_in": 86399}


@pytest.mark.parametrize(
    "target",
    [
        f"{FLOW}/connections/1/explore?objectType=root",
        "/data/foundation/import/batches/1/datasets/2/files/a.json",
        "/data/foundation/import/batches/1/datasets/2/preview",
        "/data/foundation/import/other",
        "/data/foundation/export/batches/1/meta",
        "/data/foundation/catalog/batches/uniques/name",
        "/data/foundation/conversion/mappingSets/preview",
        "/data/core/ups/access/entities",
        "/some/other/service",
        "/data/unheard/of",
    ],
)
def test_rows_are_recorded_as_their_shape(writer: Writer, target: str) -> None:
    rows = [{"name": "active", "Weber": 7, "vip": True, "x": None, "list": ["enabled"]}] * 5
    body = written(writer, rows, target)["body"]
    shape = {"name": "string", "vip": "boolean", "list": ["string"]}
    assert list(body) == ["shape"]
    assert len(body["shape"]) == 3
    assert {name: kind for name, kind in body["shape"][0].items() if name in shape}.items() <= shape.items()
    assert "Weber" not in json.dumps(body)
    assert "active" not in json.dumps(body)


def test_a_body_that_cannot_be_read_is_its_size_only(writer: Writer) -> None:
    def body(content: bytes | None, size: int, **headers: str) -> Any:
        named = {"content-type": "application/json"} | headers
        sent = Part(headers=named, content=content, size=size)
        return writer.exchange("POST", f"{FLOW}/flows", sent, 200, part())["request"]["body"]

    squeezed = gzip.compress(b'{"state": "enabled"}')
    assert body(squeezed, len(squeezed), **{"content-encoding": "gzip"}) == {"json": {"state": "enabled"}}
    assert body(squeezed[:-9], 9, **{"content-encoding": "gzip"}) == {"bytes": 9, "why": "encoded"}
    bomb = gzip.compress(b" " * (LARGEST_RECORDED + 1))
    assert body(bomb, 7, **{"content-encoding": "gzip"}) == {"bytes": 7, "why": "encoded"}
    assert body(b"x", 1, **{"content-encoding": "br"}) == {"bytes": 1, "why": "encoded"}
    assert body(b"Weber,7", 7) == {"bytes": 7, "why": "not JSON"}
    assert body(b"[" * 9999, 9999) == {"bytes": 9999, "why": "not JSON"}
    assert body(None, 9_000_000) == {"bytes": 9_000_000, "why": "too large"}


def test_bodies_that_grow_too_large_are_their_sizes_only(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Placeholders are longer than what they stand for; what is written is what `compare` reads."""
    monkeypatch.setattr("flowctl.recording.exchanges.LARGEST_LINE", 1000)
    many = [f"a{number}" for number in range(50)]
    size = len(json.dumps(many))
    made = writer.exchange("POST", f"{FLOW}/flows", part(many), 200, part())
    assert made["request"]["body"] == {"json": [f"text-{number}" for number in range(1, 51)]}
    made = writer.exchange("POST", f"{FLOW}/flows", part([*many, *many]), 200, part(many))
    assert made["request"]["body"] == {"bytes": size * 2, "why": "too large"}
    assert made["reply"]["body"] == {"bytes": size, "why": "too large"}
    assert (made["request"]["path"], made["reply"]["status"]) == (f"{FLOW}/flows", 200)
    assert writer.exchange("POST", f"{FLOW}/flows", part([*many, *many]), None, part(), "timed-out")["failure"]


def test_what_does_not_pass_the_last_look_is_withheld(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mistake in what is replaced leaves a hole in the record, and no secret in it."""
    monkeypatch.setattr("flowctl.recording.texts.Texts.value", lambda self, text, prose=False: text)
    withheld = {
        "request": {"method": "POST", "path": "/", "query": "", "headers": {}, "body": None},
        "reply": {"status": 200, "headers": {}, "body": None},
        "withheld": True,
    }
    for leak in (
        {"note": "mail eva@acme.example"},
        {"note": "eyJhbGciOiJIUzI1.x"},
        {"note": "20c115bc-46e3-40f3-bfe9-fb25abe4ba76"},
        {"note": "a%2F5c8c3c555033b814b69f947f"},
        {"auth": {"params": {"x": "hush-hush-1"}}, "note": "it is hush-hush-1"},
    ):
        assert writer.exchange("POST", f"{FLOW}/flows", part(leak), 200, part()) == withheld


def test_vocabulary_has_no_word_of_an_example_value() -> None:
    words = vocabulary()
    assert not {"weber", "john", "smith", "ACME Business Unit"} & (words.members | words.values)
