"""`specs pull`: schemas that only the platform has are checked once they were read, and never before."""

import json
from typing import Any

import pytest
from surroundings import DEV, Platform, Workspace

from flowctl.xdm.schema_fields import facts_of

REGISTRY = "/data/foundation/schemaregistry"
PROFILE = "https://ns.adobe.com/xdm/context/profile"
FULL = {"Accept": "application/vnd.adobe.xed+json; version=1"}
PIPELINE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {{name: people}}
source: {{connector: amazon-s3, connection: {{id: c1}}, data: {{format: delimited}}, params: {{path: /in}}}}
dataset: {dataset}
mappings:
  - {{source: id, destination: {destination}}}
schedule: {{startTime: 2026-12-01T00:00:00Z, frequency: day, interval: 1}}
"""


@pytest.fixture
def group(platform: Platform) -> str:
    """The `$id` of a field group of the organization, with the field `_local.loyalty.level`."""
    level = {"type": "object", "properties": {"level": {"type": "string", "enum": ["gold", "silver"]}}}
    tenant = {"type": "object", "properties": {"loyalty": level}}
    body = {
        "type": "object",
        "title": "Loyalty",
        "meta:intendedToExtend": [PROFILE],
        "definitions": {"fields": {"properties": {"_local": tenant}}},
        "allOf": [{"$ref": "#/definitions/fields"}],
    }
    reply = platform.request("POST", f"{REGISTRY}/tenant/fieldgroups", json=body, headers=FULL)
    found: str = reply.raise_for_status().json()["$id"]
    return found


@pytest.fixture
def schema(platform: Platform, group: str) -> str:
    """The `$id` of a schema with that field group."""
    references = [{"$ref": PROFILE}, {"$ref": f"{PROFILE}-person-details"}, {"$ref": group}]
    body = {"type": "object", "title": "People", "description": "", "allOf": references}
    reply = platform.request("POST", f"{REGISTRY}/tenant/schemas", json=body, headers=FULL)
    found: str = reply.raise_for_status().json()["$id"]
    return found


@pytest.fixture
def workspace(tmp_path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    workspace = Workspace(root=tmp_path, capsys=capsys)
    workspace.write("flowctl.yaml", DEV.format(url=platform.url).replace("manifests:", "# manifests:"))
    return workspace


def codes(workspace: Workspace, *command: str) -> list[str]:
    result = workspace.run(*(command or ("validate",)), "--format", "json")
    return [each["code"] for each in result.json["diagnostics"]]


def pipeline(workspace: Workspace, dataset: str, destination: str) -> None:
    workspace.write("people.yaml", PIPELINE.format(dataset=dataset, destination=destination))


@pytest.mark.parametrize("by", ["id", "title"])
def test_a_schema_of_the_platform_is_checked_once_it_was_pulled(workspace, platform, schema, by):
    dataset = f"{{title: People, schema: {{{by}: {schema if by == 'id' else 'People'}}}}}"
    pipeline(workspace, dataset, "_local.loyalty.levl")
    assert codes(workspace) == []
    result = workspace.run("specs", "pull")
    assert (result.code, result.out.splitlines()) == (
        0,
        ["People, version 1.0", "Written to .flowctl/schemas.dev.json."],
    )
    platform.clear_log()
    (problem,) = workspace.run("validate", "--format", "json").json["diagnostics"]
    assert (problem["code"], problem["line"], problem["column"]) == ("destination-unknown", 7, 46)
    assert "version 1.0" in problem["detail"]
    assert "level" in problem["detail"] + problem.get("hint", "")
    assert platform.log() == []
    pipeline(workspace, dataset, "_local.loyalty.level")
    assert codes(workspace) == []
    pipeline(workspace, dataset, "_locl.loyalty.level")
    assert codes(workspace) == ["destination-unknown"]


def test_a_dataset_leads_to_its_schema(workspace, platform, schema):
    body: dict[str, Any] = {
        "name": "People",
        "schemaRef": {"id": schema, "contentType": "application/vnd.adobe.xed-full+json;version=1"},
    }
    (made,) = platform.request("POST", "/data/foundation/catalog/dataSets", json=body).raise_for_status().json()
    pipeline(workspace, f"{{id: {made.rpartition('/')[2]}}}", "person.nme.firstName")
    assert codes(workspace) == []
    assert workspace.run("specs", "pull", "--format", "json").json["pulled"] == [
        {"id": schema, "title": "People", "version": "1.0"}
    ]
    assert codes(workspace) == ["destination-unknown"]


def test_field_groups_of_the_organization_complete_a_schema_of_the_workspace(workspace, group):
    declared = (
        f"apiVersion: flowctl/v1\nkind: Schema\nmetadata: {{name: own}}\nclass: {PROFILE}\nfieldGroups: [{group}]\n"
    )
    workspace.write("own.yaml", declared)
    pipeline(workspace, "{title: People, schema: own}", "_local.loyalty.levl")
    assert codes(workspace) == []
    assert workspace.run("specs", "pull").out.startswith("Loyalty, version 1.0\n")
    assert codes(workspace) == ["destination-unknown"]
    pipeline(workspace, "{title: People, schema: own}", "_other.loyalty.level")
    assert codes(workspace) == ["destination-unknown"]
    workspace.write("in.csv", "id\n7\n")
    pipeline(workspace, "{title: People, schema: own}", "_local.loyalty.level")
    (row,) = workspace.run("preview", "people", "--input", str(workspace.root / "in.csv"), "--format", "json").json[
        "rows"
    ]
    assert row["rejected"]


@pytest.mark.parametrize("is_primary", [True, False])
def test_a_primary_identity_needs_a_mapping_and_the_tenant_is_known(workspace, platform, schema, is_primary):
    descriptor = {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema,
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/_local/loyalty/level",
        "xdm:namespace": "Email",
        "xdm:property": "xdm:code",
        "xdm:isPrimary": is_primary,
    }
    platform.request("POST", f"{REGISTRY}/tenant/descriptors", json=descriptor).raise_for_status()
    pipeline(workspace, f"{{title: People, schema: {{id: {schema}}}}}", "person.name.firstName")
    assert workspace.run("specs", "pull").code == 0
    assert codes(workspace) == ["identity-unmapped"] * is_primary
    pipeline(workspace, f"{{title: People, schema: {{id: {schema}}}}}", "_local.loyalty")
    assert codes(workspace) == []
    pipeline(workspace, "{title: People, schema: {title: Another}}", "_acme.loyalty")
    assert codes(workspace) == ["tenant-mismatch"]


def test_what_is_not_found_is_told_and_stays_unchecked(workspace):
    pipeline(workspace, "{title: People, schema: {title: Nothing}}", "persn.nam")
    result = workspace.run("specs", "pull")
    assert result.code == 0
    assert result.out.splitlines() == [
        'Not found: schema with title "Nothing"',
        "Written to .flowctl/schemas.dev.json.",
    ]
    assert codes(workspace) == []


def test_nothing_is_read_if_no_manifest_needs_it(workspace):
    workspace.write("own.yaml", f"apiVersion: flowctl/v1\nkind: Schema\nmetadata: {{name: own}}\nclass: {PROFILE}\n")
    assert workspace.run("specs", "pull").out.splitlines() == [
        "No manifest refers to a schema that only Experience Platform has.",
        "Written to .flowctl/schemas.dev.json.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"formatVersion": "0"}',
        '{"formatVersion": "1", "schemas": {"a": 1}, "references": {}, "resources": {}}',
        '{"formatVersion": "1", "schemas": {}, "references": {}, "resources": {"a": {"fields": {"b": {"items": 1}}}}}',
    ],
)
def test_a_damaged_file_is_a_warning(workspace, text):
    pipeline(workspace, "{title: People, schema: {title: Nothing}}", "persn.nam")
    workspace.write(".flowctl/schemas.dev.json", text)
    result = workspace.run("validate", "--format", "json")
    assert (result.code, [each["code"] for each in result.json["diagnostics"]]) == (0, ["pulled-schemas-unusable"])


ODD_KEYWORDS = [
    *({"type": each} for each in (5, ["string", "null"], {})),
    *({"format": each} for each in (5, [], True)),
    *({"enum": each} for each in (5, "a", {"a": 1}, True)),
    *({"pattern": each} for each in (5, [], {"a": 1})),
    *({limit: each} for limit in ("minLength", "maxLength", "minimum", "maximum") for each in ("1", [], True)),
    *({"required": each} for each in (5, "a", [5], [None], True)),
]


@pytest.mark.parametrize("odd", [*ODD_KEYWORDS, {"refs": 5}, {"includes": [5]}, {"refs": "a"}], ids=str)
def test_a_file_with_odd_limits_is_a_warning(workspace, odd):
    pipeline(workspace, "{title: People, schema: {title: People}}", "name")
    content = {
        "formatVersion": "1",
        "tenant": "_local",
        "references": {"schema title People": "a"},
        "schemas": {"a": {"facts": {"fields": {"name": {"type": "string"} | odd}}}},
        "resources": {},
    }
    workspace.write(".flowctl/schemas.dev.json", json.dumps(content))
    assert codes(workspace) == ["pulled-schemas-unusable"]


def test_a_primary_identity_that_is_required_is_missing_once(workspace):
    pipeline(workspace, "{title: People, schema: {title: People}}", "name")
    fields = {"name": {"type": "string", "format": None}, "key": {"type": "string"}}
    content = {
        "formatVersion": "1",
        "tenant": "_local",
        "references": {"schema title People": "a"},
        "schemas": {"a": {"primaryIdentities": ["key"], "facts": {"fields": fields, "required": ["key"]}}},
        "resources": {},
    }
    workspace.write(".flowctl/schemas.dev.json", json.dumps(content))
    assert codes(workspace) == ["required-unmapped"]


@pytest.mark.parametrize(("value", "found"), [("ab", []), ("abc", []), ("a", 1), ("abcd", 1)])
def test_the_length_of_a_constant_has_limits(workspace, value, found):
    pipeline(workspace, "{title: People, schema: {title: People}}", "name")
    workspace.edit("people.yaml", "source: id", f"value: {value}")
    content = {
        "formatVersion": "1",
        "tenant": "_local",
        "references": {"schema title People": "a"},
        "schemas": {"a": {"facts": {"fields": {"name": {"type": "string", "minLength": 2, "maxLength": 3}}}}},
        "resources": {},
    }
    workspace.write(".flowctl/schemas.dev.json", json.dumps(content))
    assert codes(workspace) == ["string-constraint"] * bool(found)


@pytest.mark.parametrize("odd", ODD_KEYWORDS, ids=str)
def test_odd_limits_of_a_reply_are_left_out(odd):
    sound = {"title": "A", "properties": {"name": {"enum": ["a"], "const": None, "required": ["b"], "maximum": 0}}}
    assert facts_of(sound) == {"fields": {"name": {"enum": ["a"], "const": None, "required": ["b"], "maximum": 0}}}
    assert facts_of({"properties": {"name": odd}}) == {"fields": {"name": {}}}


@pytest.mark.parametrize("path", ["stats", "tenant/schemas", "tenant/descriptors"])
def test_a_platform_that_does_not_answer_leaves_the_file_as_it_was(workspace, platform, schema, path):
    pipeline(workspace, "{title: People, schema: {title: People}}", "person")
    assert workspace.run("specs", "pull").code == 0
    before = (workspace.root / ".flowctl/schemas.dev.json").read_text()
    found = platform.log()[-1 if path == "stats" else -2 if path == "tenant/descriptors" else -3]["path"]
    assert f"/{path}" in found
    platform.fault(match={"method": "GET", "path": found}, times=1, effect={"status": 403})
    result = workspace.run("specs", "pull")
    assert result.code == 1
    assert (workspace.root / ".flowctl/schemas.dev.json").read_text() == before


def test_fields_of_the_organization_are_unknown_while_a_field_group_is(workspace, group):
    groups = f"{group}, https://ns.adobe.com/local/mixins/nothing"
    workspace.write(
        "own.yaml",
        f"apiVersion: flowctl/v1\nkind: Schema\nmetadata: {{name: own}}\nclass: {PROFILE}\nfieldGroups: [{groups}]\n",
    )
    pipeline(workspace, "{title: People, schema: own}", "_local.another.field")
    result = workspace.run("specs", "pull", "--format", "json")
    assert result.json["notFound"] == ["https://ns.adobe.com/local/mixins/nothing"]
    assert codes(workspace) == []
    pipeline(workspace, "{title: People, schema: own}", "_locl.loyalty")
    assert codes(workspace) == ["tenant-mismatch"]


def test_a_file_that_is_nested_too_deeply_is_a_warning(workspace):
    pipeline(workspace, "{title: People, schema: {title: Nothing}}", "persn.nam")
    facts = '{"items": ' * 150 + "{}" + "}" * 150
    text = f'{{"formatVersion": "1", "schemas": {{}}, "references": {{}}, "resources": {{"a": {facts}}}}}'
    workspace.write(".flowctl/schemas.dev.json", text)
    assert codes(workspace) == ["pulled-schemas-unusable"]
