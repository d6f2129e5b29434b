"""Field groups, data types, classes, namespaces, identities and Profile come back as manifests, and go elsewhere."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from company_workspace import SETTINGS, company_workspace
from made_model import ADDRESS, PROFILE, Model
from surroundings import Platform, Workspace
from two_sandboxes import Objects, differences, second_tenant


def documents(root: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """The documents of a folder by kind and name."""
    found = [
        document
        for path in sorted(root.rglob("*.yaml"))
        if path.name != "flowctl.yaml"
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]
    return {(document["kind"], document["metadata"]["name"]): document for document in found}


@pytest.fixture
def forgotten(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The company's data model, applied; its manifests and its lockfile are lost."""
    company_workspace(tmp_path / "company", platform, capsys).apply("--allow-irreversible")
    workspace = Workspace(root=tmp_path / "again", capsys=capsys, platform=platform)
    workspace.root.mkdir()
    workspace.write("flowctl.yaml", SETTINGS.format(url=platform.url))
    platform.clear_log()
    return workspace


def test_a_data_model_comes_back(forgotten: Workspace, platform: Platform, tmp_path: Path) -> None:
    found = forgotten.run("import", "--format", "json")
    assert found.code == 0, found.out + found.err
    assert found.json["referred"] == []
    lost = documents(tmp_path / "company")
    back = documents(forgotten.root)
    assert len(back) == len(lost) + 1
    titles = {(document["kind"], title(document)) for document in lost.values()}
    assert {(document["kind"], title(document)) for document in back.values() if document["kind"] != "Import"} == titles
    assert set(forgotten.plan().actions().values()) == {"import"}
    forgotten.apply()
    assert forgotten.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []


def test_a_data_model_goes_to_another_tenant(
    forgotten: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten.run("import")
    monkeypatch.setenv("ACME_WAREHOUSE_CONNECTION_STRING", "canary")
    forgotten.apply()
    headers = second_tenant(platform, monkeypatch)
    forgotten.apply("-e", "other", "--allow-irreversible")
    assert forgotten.run("-e", "other", "plan", "--detailed-exitcode").code == 0
    here = Objects(platform, forgotten.root / "flowctl.dev.lock", {})
    there = Objects(platform, forgotten.root / "flowctl.other.lock", headers)
    assert len(here.entries) == len(there.entries)
    assert differences(here, there) == {}
    (forgotten.root / "flowctl.other.lock").unlink()
    bound = forgotten.run("-e", "other", "import", "--format", "json")
    assert bound.code == 0, bound.out
    found = {each["address"]: each["id"] for each in bound.json["bound"]}
    assert found == {address: entry["id"] for address, entry in there.entries.items()}
    assert [file["file"] for file in bound.json["written"]] == ["imports/other.yaml"]


@pytest.fixture
def model(platform: Platform) -> Model:
    return Model(platform)


def imported(empty: Workspace, platform: Platform) -> Any:
    """What an import says, after which the plan is empty, and nothing was sent."""
    platform.clear_log()
    found = empty.run("import", "--format", "json")
    assert found.code == 0, found.out + found.err
    assert set(empty.plan().actions().values()) == {"import"}
    empty.apply()
    assert empty.run("plan", "--detailed-exitcode").code == 0
    assert platform.writes() == []
    assert empty.run("import", "--format", "json").json["written"] == []
    return found.json


DATE = {"type": "string", "format": "date"}
EVERY_TYPE: dict[str, dict[str, Any]] = {
    "text": {
        "type": "string",
        "title": "Text",
        "description": "Some text",
        "minLength": 1,
        "maxLength": 9,
        "default": "x",
    },
    "link": {"type": "string", "format": "uri"},
    "links": {"type": "array", "items": {"type": "string", "format": "uri-reference"}},
    "hinted": {"type": "string", "meta:enum": {"gold": "Gold", "tin": "tin"}},
    "coded": {"type": "string", "pattern": "^[A-Z]+$"},
    "listed": {"type": "string", "enum": ["b", "a"], "meta:enum": {"b": "Bee", "a": "a"}, "default": "a"},
    "plain": {"type": "string", "enum": ["x", "y"]},
    "number": {"type": "number", "minimum": 0.5, "default": 1},
    "whole": {"type": "integer"},
    "long": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991},
    "short": {"type": "integer", "minimum": -32768, "maximum": 32768},
    "byte": {"type": "integer", "minimum": -128, "maximum": 128},
    "flag": {"type": "boolean", "default": False},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "old": {"type": "string", "meta:status": "deprecated"},
    "texts": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 3},
    "lists": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
    "things": {
        "type": "array",
        "title": "Things",
        "items": {
            "type": "object",
            "title": "Thing",
            "required": ["name"],
            "properties": {
                "name": {"type": "string"},
                "inner": {"type": "object", "properties": {"deep": {"type": "array", "items": DATE}}},
                "where": {"$ref": ADDRESS},
            },
        },
    },
    "map": {"type": "object", "meta:xdmType": "map", "additionalProperties": {"type": "integer"}},
    "maps": {
        "type": "object",
        "meta:xdmType": "map",
        "additionalProperties": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}},
    },
    "titled": {"type": "object", "title": "Titled", "required": ["one"], "properties": {"one": {"type": "string"}}},
    "nested": {"type": "object", "properties": {"in": {"type": "object", "properties": {"side": {"type": "string"}}}}},
    "address": {"$ref": ADDRESS, "title": "Address"},
    "addresses": {"type": "array", "items": {"$ref": ADDRESS}},
}
EVERY_TYPE["things"]["items"]["properties"]["inner"]["properties"]["deep"]["items"] = {
    "type": "string",
    "format": "date",
}


def test_fields_of_every_form_come_back(empty: Workspace, platform: Platform, model: Model) -> None:
    model.flow("all", model.schema("All", PROFILE, model.field_group("Everything", EVERY_TYPE)))
    found = imported(empty, platform)
    assert found["referred"] == []
    (group,) = [document for (kind, _), document in documents(empty.root).items() if kind == "FieldGroup"]
    assert group["fields"]["listed"]["enum"] == {"a": "a", "b": "Bee"}
    assert group["fields"]["plain"]["enum"] == ["x", "y"]
    assert group["fields"]["link"] == {"type": "string", "format": "uri"}
    assert group["fields"]["hinted"] == {"type": "string", "suggested": {"gold": "Gold", "tin": "tin"}}
    assert group["fields"]["titled"]["fields"] == {"one": {"type": "string", "required": True}}


def test_what_uses_each_other_comes_back(empty: Workspace, platform: Platform, model: Model) -> None:
    """Data types in data types, a class of the company, and a field group for two classes."""
    inner = model.data_type("Inner", {"a": {"type": "string"}})
    outer = model.data_type("Outer", {"inner": {"$ref": inner}, "more": {"type": "array", "items": {"$ref": inner}}})
    store = model.class_("Store", {"store": {"type": "object", "properties": {"at": {"$ref": outer}}}})
    depot = model.class_("Depot", {"depot": {"type": "string"}})
    both = model.field_group("Both", {"both": {"$ref": outer}}, extends=(store, PROFILE, depot))
    other = model.field_group("Unused", {"x": {"$ref": model.data_type("Unused too", {"a": {"type": "string"}})}})
    model.flow("stores", model.schema("Stores", store, both))
    model.flow("people", model.schema("People", PROFILE, both))
    found = imported(empty, platform)
    assert found["referred"] == []
    again = documents(empty.root)
    assert {key for key in again if key[0] in ("DataType", "Class", "FieldGroup")} == {
        ("DataType", "inner"),
        ("DataType", "outer"),
        ("Class", "store"),
        ("Class", "depot"),
        ("FieldGroup", "both"),
    }
    assert sorted(again["FieldGroup", "both"]["extends"]) == ["depot", PROFILE, "store"]
    assert again["Schema", "stores"]["class"] == "store"
    assert other not in (empty.root / "imports/dev.yaml").read_text(encoding="utf-8")
    assert (empty.root / "data-types/inner.yaml").is_file()
    assert (empty.root / "classes/store.yaml").is_file()


@pytest.mark.parametrize(
    ("field", "keyword"),
    [
        ({"type": "string", "examples": ["a"]}, "`examples` of the field `_local.odd`"),
        (
            {"type": "object", "properties": {"in": {"type": "number", "multipleOf": 2}}},
            "`multipleOf` of the field `_local.odd.in`",
        ),
        ({"type": "integer", "enum": [1, 2]}, "`enum` of the field `_local.odd`"),
        ({"type": "array", "items": {"type": "integer", "format": "int32"}}, "`format` of the field `_local.odd[*]`"),
        ({"type": "object", "additionalProperties": False}, "`additionalProperties` of the field `_local.odd`"),
    ],
)
def test_a_field_group_that_no_manifest_describes_stays_with_its_id(
    field: dict[str, Any], keyword: str, empty: Workspace, platform: Platform, model: Model
) -> None:
    group = model.field_group("Odd", {"odd": field})
    model.flow("odd", model.schema("Oddities", PROFILE, group))
    found = imported(empty, platform)
    reason = f"no key of a manifest describes {keyword}"
    assert found["referred"] == [{"kind": "field_group", "id": group, "name": "Odd", "reason": reason}]
    assert documents(empty.root)["Schema", "oddities"]["fieldGroups"] == [group]


def test_identities_names_and_relationships_come_back(empty: Workspace, platform: Platform, model: Model) -> None:
    model.namespace("ShopPerson", "Shop person")
    model.namespace("ShopStore", "Shop store")
    model.namespace("Unused")
    texts = {name: {"type": "string"} for name in ("id", "store", "other")}
    group = model.field_group("Ids", {"ids": {"type": "object", "properties": texts}})
    stores, people = model.schema("Stores", PROFILE, group), model.schema("People", PROFILE, group)
    model.identity(stores, "/_local/ids/id", "ShopStore", **{"xdm:isPrimary": True})
    model.identity(people, "/_local/ids/id", "ShopPerson", **{"xdm:isPrimary": True})
    model.identity(people, "/_local/ids/other", "Email")
    to_store = {
        "xdm:destinationSchema": stores,
        "xdm:destinationVersion": 1,
        "xdm:destinationProperty": "/_local/ids/id",
    }
    model.descriptor(
        "xdm:descriptorReferenceIdentity", people, "/_local/ids/store", **{"xdm:identityNamespace": "ShopStore"}
    )
    model.descriptor("xdm:descriptorOneToOne", people, "/_local/ids/store", **to_store)
    shown = {"xdm:title": {"en_us": "Mark"}, "xdm:description": {"en_us": "A mark"}}
    model.descriptor("xdm:alternateDisplayInfo", people, "/_local/ids/other", **shown)
    model.flow("people", people, "_local.ids.id")
    found = imported(empty, platform)
    assert found["referred"] == []
    again = documents(empty.root)
    people_again = again["Schema", "people"]
    assert people_again["identities"] == [
        {"path": "_${tenant}.ids.id", "namespace": "ShopPerson", "primary": True},
        {"path": "_${tenant}.ids.other", "namespace": "Email"},
    ]
    assert people_again["relationships"] == [
        {"path": "_${tenant}.ids.store", "to": "stores", "toPath": "_${tenant}.ids.id"}
    ]
    assert people_again["displayNames"] == {"_${tenant}.ids.other": {"title": "Mark", "description": "A mark"}}
    assert {key for key in again if key[0] == "Namespace"} == {
        ("Namespace", "shop-person"),
        ("Namespace", "shop-store"),
    }
    assert again["Pipeline", "people"]["mappings"] == [{"source": "a", "destination": "_${tenant}.ids.id"}]


def test_descriptors_that_no_key_describes_are_told(empty: Workspace, platform: Platform, model: Model) -> None:
    texts = {name: {"type": "string"} for name in ("id", "two", "three")}
    group = model.field_group("Ids", {"ids": {"type": "object", "properties": texts}})
    people, others = model.schema("People", PROFILE, group), model.schema("Others", PROFILE)
    where = {"xdm:destinationSchema": others, "xdm:destinationVersion": 1, "xdm:destinationProperty": "/_id"}
    made = {
        model.descriptor("xdm:descriptorOneToOne", people, "/_local/ids/id", **where): "its field has no reference "
        "identity, and a relationship of a manifest is both",
        model.descriptor(
            "xdm:descriptorReferenceIdentity", people, "/_local/ids/two", **{"xdm:identityNamespace": "Email"}
        ): "its field has no relationship, and a relationship of a manifest is both",
        model.descriptor(
            "xdm:alternateDisplayInfo", people, "/_local/ids/id", **{"xdm:title": {"en_us": "A", "de": "B"}}
        ): "no key of a manifest describes its `xdm:title`",
        model.descriptor("xdm:descriptorDeprecated", people, "/_local/ids/three"): "no key of a manifest describes "
        "`xdm:descriptorDeprecated`",
        model.identity(people, "/_local/ids/two", "NotThere", **{"xdm:property": "xdm:id"}): "no key of a manifest "
        "describes its `xdm:property`",
    }
    model.flow("people", people)
    found = imported(empty, platform)
    told = {each["id"]: each["reason"] for each in found["referred"] if each["kind"] == "descriptor"}
    assert told == made
    assert "identities" not in documents(empty.root)["Schema", "people"]


def test_a_schema_in_profile_whose_primary_identity_has_no_manifest_tells_why(
    empty: Workspace, platform: Platform, model: Model
) -> None:
    group = model.field_group("Ids", {"ids": {"type": "object", "properties": {"id": {"type": "string"}}}})
    people = model.schema("People", PROFILE, group)
    model.identity(people, "/_local/ids/id", "Email", **{"xdm:property": "xdm:id", "xdm:isPrimary": True})
    tag = [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]
    registry = "/data/foundation/schemaregistry/tenant/schemas/"
    platform.request("PATCH", registry + quote(people, safe=""), json=tag).raise_for_status()
    model.flow("people", people)
    datasets = "/data/foundation/catalog/dataSets"
    (dataset,) = platform.request("GET", datasets).json()
    tags = {"tags": {name: ["enabled:true"] for name in ("unifiedProfile", "unifiedIdentity")}}
    platform.request("PATCH", f"{datasets}/{dataset}", json=tags).raise_for_status()
    told = {each["kind"]: each["reason"] for each in imported(empty, platform)["referred"]}
    assert told["schema"] == "of its descriptor _local.ids.id: no key of a manifest describes its `xdm:property`"
    assert told["dataset"].startswith("a manifest cannot say it: ")


def test_an_identity_at_a_field_that_cannot_hold_one_is_told(
    empty: Workspace, platform: Platform, model: Model
) -> None:
    """The schema and its other identities have their manifest."""
    fields = {"id": {"type": "string"}, "number": {"type": "integer"}}
    group = model.field_group("Ids", {"ids": {"type": "object", "properties": fields}})
    people = model.schema("People", PROFILE, group)
    odd = model.identity(people, "/_local/ids/number", "Email")
    model.identity(people, "/_local/ids/id", "Phone")
    model.flow("people", people)
    found = imported(empty, platform)
    told = "a manifest cannot say it: `_local.ids.number` is of type integer, and an identity is a string"
    assert [(each["id"], each["reason"]) for each in found["referred"]] == [(odd, told)]
    assert documents(empty.root)["Schema", "people"]["identities"] == [
        {"path": "_${tenant}.ids.id", "namespace": "Phone"}
    ]


def test_a_field_group_that_a_manifest_describes_otherwise_skips_what_uses_it(
    empty: Workspace, platform: Platform, model: Model
) -> None:
    model.flow("people", model.schema("People", PROFILE, model.field_group("Ids", {"id": {"type": "string"}})))
    group = "apiVersion: flowctl/v1\nkind: FieldGroup\nmetadata: {name: ids}\ntitle: Ids\n"
    empty.write("ids.yaml", f"{group}extends: [{PROFILE}]\nfields: {{id: {{type: number}}}}\n")
    found = empty.run("import", "--format", "json")
    assert found.code == 1
    (skipped,) = found.json["skipped"]
    assert skipped["reason"] == (
        'ids.yaml:1 describes a field group "Ids", and `ids.field_group` differs in `fields[_local.id].type`'
    )
    empty.write("ids.yaml", f"{group}extends: [{PROFILE}]\nfields: {{id: {{type: string}}}}\n")
    found = imported(empty, platform)
    assert [each["address"] for each in found["bound"]] == ["ids.field_group"]
    assert found["referred"] == []
    assert documents(empty.root)["Schema", "people"]["fieldGroups"] == ["ids"]


def test_a_part_that_is_not_found_stays_with_its_id(empty: Workspace, platform: Platform, model: Model) -> None:
    group = model.field_group("Ids", {"id": {"type": "string"}})
    model.flow("people", model.schema("People", PROFILE, group))
    path = f"/data/foundation/schemaregistry/tenant/fieldgroups/{quote(group, safe='')}"
    platform.fault(match={"method": "GET", "path": path}, times=99, effect={"status": 404})
    found = empty.run("import", "--format", "json").json
    assert [(each["kind"], each["id"], each["reason"]) for each in found["referred"]] == [
        ("field_group", group, "it is not found")
    ]
    assert documents(empty.root)["Schema", "people"]["fieldGroups"] == [group]


def test_the_summary_tells_what_has_no_manifest(empty: Workspace, platform: Platform, model: Model) -> None:
    people = model.schema("People", PROFILE, model.field_group("Odd", {"id": {"type": "string", "examples": ["a"]}}))
    model.identity(people, "/_id", "NotThere")
    model.flow("people", people)
    lines = empty.run("import").out.splitlines()
    begin = lines.index("Without a manifest, because none describes them:")
    assert lines[begin + 1].startswith('  field_group "Odd" (https://ns.adobe.com/local/mixins/')
    assert lines[begin + 1].endswith("): no key of a manifest describes `examples` of the field `_local.id`")
    assert lines[begin + 2] == '  namespace "NotThere": there is no identity namespace of this code'
    assert lines[begin + 3] == "Imported 1 dataflow."


def title(document: dict[str, Any]) -> str:
    """The title of a document, or its name."""
    return str(document.get("title") or document["metadata"].get("title") or document["metadata"]["name"])
