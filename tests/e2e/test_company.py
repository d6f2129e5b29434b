"""The data model of a company from manifests to the platform: applied, changed, refused, kept, promoted, adopted."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from company_workspace import company_workspace
from surroundings import EXAMPLES, Platform, Workspace

GROUP = "field-groups/loyalty.yaml"
STATS = "/data/foundation/schemaregistry/stats"


@pytest.fixture
def company(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    return company_workspace(tmp_path / "company", platform, capsys)


@pytest.fixture
def applied(company: Workspace) -> Workspace:
    company.apply("--allow-irreversible")
    return company


def test_everything_is_created_and_nothing_is_left_to_do(applied: Workspace, platform: Platform) -> None:
    assert applied.plan("--detailed-exitcode").json["changes"] == []
    assert applied.lockfile["tenant"] == "local"
    schema = applied.lockfile["entries"]["customer.schema"]["id"]
    body = platform.request(
        "GET",
        "/data/foundation/schemaregistry/tenant/schemas/" + schema.replace(":", "%3A").replace("/", "%2F"),
        headers={"Accept": "application/vnd.adobe.xed-full+json; version=1"},
    ).json()
    assert body["meta:immutableTags"] == ["union"]
    assert body["properties"]["_local"]["properties"]["loyalty"]["properties"]["tier"]["enum"] == [
        "bronze",
        "gold",
        "silver",
    ]


def test_a_plan_names_the_title_of_a_namespace_as_its_manifest_does(company: Workspace) -> None:
    assert "title: CRM ID, code: AcmeCRM" in company.run("plan").out


def test_the_tenant_is_asked_once(applied: Workspace, platform: Platform) -> None:
    platform.clear_log()
    applied.plan()
    assert STATS not in [request["path"] for request in platform.log()]
    destination = json.dumps(applied.lockfile["entries"]["warehouse-customers.mapping_set"]["applied"])
    assert "_local.loyalty.id" in destination


def test_what_cannot_be_undone_needs_a_permission(company: Workspace, platform: Platform) -> None:
    plan = company.plan()
    assert plan.json["summary"]["irreversible"] == 2
    notes = {change["address"]: change["notes"] for change in plan.json["changes"] if change["notes"]}
    assert {"customer.profile", "order.profile"} <= notes.keys()
    platform.clear_log()
    refused = company.run("apply", "--auto-approve")
    assert (refused.code, "[irreversible]" in refused.err) == (1, True)
    assert platform.writes() == []


def test_a_policy_forbids_what_cannot_be_undone(company: Workspace, platform: Platform) -> None:
    text = (EXAMPLES / "starter-policies" / "house-rules.yaml").read_text(encoding="utf-8")
    head, rest = text.partition("rules:\n")[0], text.partition("  - id: no-enablement-in-prod")[2]
    rule = rest.partition("\n\n")[0].replace("environment: prod", "environment: dev")
    company.write("policies/house.yaml", f"{head}rules:\n  - id: no-enablement-in-prod{rule}\n")
    platform.clear_log()
    refused = company.run("apply", "--auto-approve", "--allow-irreversible", "--format", "json")
    assert refused.code == 1
    assert platform.writes() == []
    assert [(each["code"], each["file"]) for each in refused.json["diagnostics"]] == [
        ("rule-broken", "schemas/customer.yaml"),
        ("rule-broken", "schemas/order.yaml"),
    ]
    (company.root / "policies/house.yaml").unlink()
    company.apply("--allow-irreversible")
    company.write("policies/house.yaml", f"{head}rules:\n  - id: no-enablement-in-prod{rule}\n")
    assert company.plan("--detailed-exitcode").code == 0


def test_a_saved_plan_has_the_permission_that_it_was_made_with(company: Workspace) -> None:
    file = str(company.root / "saved.plan")
    company.run("plan", "--out", file)
    assert company.run("apply", file).code == 1
    company.run("plan", "--out", file, "--allow-irreversible")
    assert company.run("apply", file).code == 0


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("  loyalty.since: {type: date, title: Member since}\n", "", "field-removed"),
        ("loyalty.since: {type: date", "loyalty.joined: {type: date", "field-removed"),
        ("loyalty.points: {type: integer", "loyalty.points: {type: number", "field-retyped"),
        ("gold: Gold, ", "", "values-narrowed"),
        ("minimum: 0", "minimum: 10", "limits-narrowed"),
        ("title: Points", "title: Points, required: true", "field-required"),
    ],
)
def test_a_change_that_breaks_a_dataset_is_refused_in_the_plan(
    applied: Workspace, platform: Platform, old: str, new: str, rule: str
) -> None:
    applied.edit(GROUP, old, new)
    platform.clear_log()
    refused = applied.run("apply", "--auto-approve")
    assert refused.code == 1
    assert f"Rule {rule}:" in refused.err
    assert 'the dataset "Acme customers"' in refused.err
    assert refused.err.startswith(f"{GROUP}:")
    assert platform.writes() == []


@pytest.mark.parametrize(
    ("file", "removed", "place"),
    [
        (GROUP, "  loyalty.since: {type: date, title: Member since}\n", "fields:"),
        ("field-groups/order.yaml", "        sku: {type: string}\n", "items:"),
    ],
)
def test_a_field_that_is_removed_is_told_at_what_held_it(
    applied: Workspace, file: str, removed: str, place: str
) -> None:
    applied.edit(file, removed, "")
    refused = applied.run("apply", "--auto-approve")
    line, column = refused.err.removeprefix(f"{file}:").split(":")[:2]
    text = (applied.root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert text[int(column) - 1 :].startswith(place)


@pytest.mark.parametrize(
    ("edits", "line"),
    [
        ({", primary: true}": "}", "namespace: Email}": "namespace: Email, primary: true}"}, 13),
        ({"namespace: AcmeCRM,": "namespace: AcmeLoyalty,"}, 13),
        (
            {
                '  - {path: "_${tenant}.crm.id", namespace: AcmeCRM, primary: true}\n': "",
                "namespace: Email}": "namespace: Email, primary: true}",
            },
            13,
        ),
    ],
    ids=["another is primary", "another namespace", "removed"],
)
def test_the_primary_identity_of_a_schema_in_profile_stays(
    applied: Workspace, platform: Platform, edits: dict[str, str], line: int
) -> None:
    for old, new in edits.items():
        applied.edit("schemas/customer.yaml", old, new)
    platform.clear_log()
    refused = applied.run("apply", "--auto-approve")
    assert refused.code == 1
    assert "Rule identity-changed:" in refused.err
    assert refused.err.startswith(f"schemas/customer.yaml:{line}")
    assert platform.writes() == []


def test_the_emulator_keeps_the_primary_identity_of_a_schema_in_profile(applied: Workspace, platform: Platform) -> None:
    path = "/data/foundation/schemaregistry/tenant/descriptors/"
    entries = applied.lockfile["entries"]
    primary, other = (entries[f"customer.descriptor[_local.{name}.id]"]["id"] for name in ("crm", "loyalty"))
    headers = {"Accept": "application/vnd.adobe.xdm+json"}
    body = platform.request("GET", path + primary, headers=headers).json()
    assert platform.request("PUT", path + primary, json={**body, "xdm:namespace": "Email"}).status_code == 400
    assert platform.request("PUT", path + primary, json={**body, "xdm:isPrimary": False}).status_code == 400
    assert platform.request("DELETE", path + primary).status_code == 400
    assert platform.request("PUT", path + primary, json=body).status_code == 200
    assert platform.request("DELETE", path + other).status_code == 204


def test_the_primary_identity_of_a_schema_outside_profile_may_change(company: Workspace) -> None:
    company.apply("--allow-irreversible")
    company.edit("schemas/store.yaml", "namespace: AcmeStore,", "namespace: AcmeCRM,")
    company.apply()
    assert company.plan().json["changes"] == []


STORE_ID, STORE_NAME = (f'  - {{path: "_${{tenant}}.store.{name}", namespace: AcmeStore}}\n' for name in ("id", "name"))
PRIMARY_ID, PRIMARY_NAME = (each.replace("}\n", ", primary: true}\n") for each in (STORE_ID, STORE_NAME))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PRIMARY_ID + STORE_NAME, STORE_ID + PRIMARY_NAME),
        (STORE_NAME + PRIMARY_ID, PRIMARY_NAME + STORE_ID),
        (PRIMARY_ID, PRIMARY_NAME),
        (STORE_NAME + PRIMARY_ID, PRIMARY_NAME),
        (PRIMARY_ID, PRIMARY_NAME + STORE_ID),
    ],
    ids=["to the next", "to the one before", "to a new one", "the old one goes", "a new one before the old one"],
)
@pytest.mark.parametrize("parallelism", ["1", "10"])
def test_another_identity_of_a_schema_outside_profile_becomes_the_primary_one(
    company: Workspace, before: str, after: str, parallelism: str
) -> None:
    company.edit("schemas/store.yaml", PRIMARY_ID, before)
    company.apply("--allow-irreversible")
    company.edit("schemas/store.yaml", before, after)
    company.apply("--parallelism", parallelism)
    assert company.plan().json["changes"] == []


def test_a_primary_identity_that_is_refused_leaves_the_change_to_be_made_again(
    company: Workspace, platform: Platform
) -> None:
    company.apply("--allow-irreversible")
    company.edit("schemas/store.yaml", PRIMARY_ID, PRIMARY_NAME)
    path = "/data/foundation/schemaregistry/tenant/descriptors"
    platform.fault(match={"method": "POST", "path": path}, effect={"status": 400, "body": {"title": "no"}})
    assert company.run("apply", "--auto-approve").code == 1
    company.apply()
    assert company.plan().json["changes"] == []


def test_a_renamed_document_whose_title_is_taken_is_told_of_moved(applied: Workspace) -> None:
    applied.edit("field-groups/crm.yaml", "name: crm}", "name: crm-ids}")
    applied.edit("schemas/customer.yaml", "  - crm\n", "  - crm-ids\n")
    refused = applied.run("plan")
    assert "[title-taken]" in refused.err
    assert "after a rename of the document, write a line of `moved` into flowctl.yaml" in refused.err


def test_a_schema_that_its_document_no_longer_enables_stays_enabled(applied: Workspace, platform: Platform) -> None:
    applied.edit("schemas/order.yaml", "profile: true\n", "")
    applied.edit("datasets/all.yaml", "schema: order\nprofile: true\n", "schema: order\n")
    platform.clear_log()
    refused = applied.run("plan")
    assert refused.code == 1
    assert "stays enabled for Profile" in refused.err
    assert "Rule profile-disabled:" in refused.err
    assert refused.err.startswith("schemas/order.yaml:")
    assert platform.writes() == []


def test_a_change_that_adds_is_made(applied: Workspace) -> None:
    applied.edit(GROUP, "bronze: Bronze}", "bronze: Bronze, basic: Basic}")
    applied.edit(GROUP, "title: Points", "title: All points, deprecated: true")
    applied.edit(GROUP, "  loyalty.since:", "  loyalty.card: {type: array, items: {type: string}}\n  loyalty.since:")
    applied.apply()
    assert applied.plan().json["changes"] == []


def test_a_new_field_of_an_unchanged_schema_can_be_used_at_once(applied: Workspace) -> None:
    applied.edit(GROUP, "  loyalty.since:", "  loyalty.card: {type: string}\n  loyalty.since:")
    identity = '  - {path: "_${tenant}.loyalty.card", namespace: Phone}\n'
    applied.edit("schemas/customer.yaml", "identities:\n", f"identities:\n{identity}")
    row = '  - {source: card, destination: "_${tenant}.loyalty.card"}\n'
    applied.edit("pipelines/warehouse.yaml", "  - {source: tier,", f"{row}  - {{source: tier,")
    applied.edit("data-types/amount.yaml", "  value:", "  note: {type: string}\n  value:")
    row = '  - {source: note, destination: "_${tenant}.order.total.note"}\n'
    applied.edit("pipelines/warehouse.yaml", "  - {source: total,", f"{row}  - {{source: total,")
    applied.apply()
    assert applied.plan().json["changes"] == []


def test_a_field_of_a_new_field_group_can_be_mapped_at_once(applied: Workspace) -> None:
    group = "  - https://ns.adobe.com/xdm/context/profile-work-details\n"
    applied.edit("schemas/customer.yaml", "  - loyalty\n", f"  - loyalty\n{group}")
    row = "  - {source: office, destination: workEmail.address}\n"
    applied.edit("pipelines/warehouse.yaml", "  - {source: tier,", f"{row}  - {{source: tier,")
    applied.apply()
    assert applied.plan().json["changes"] == []


def test_a_mapping_is_judged_in_the_plan_while_the_words_of_its_schema_change(
    applied: Workspace, platform: Platform
) -> None:
    """Fields that change are another matter: the platform does not know them before they are sent."""
    applied.edit(GROUP, "title: Points", "title: All points")
    applied.edit("pipelines/warehouse.yaml", "{source: tier,", "{source: level,")
    platform.clear_log()
    applied.plan()
    assert "/data/foundation/conversion/mappingSets/validate" in [each["path"] for each in platform.log()]


def test_a_refused_change_of_a_group_does_not_blame_the_mappings(applied: Workspace) -> None:
    applied.edit(GROUP, "  loyalty.since:", "  loyalty.card: {type: string}\n  loyalty.joined:")
    row = '  - {source: card, destination: "_${tenant}.loyalty.card"}\n'
    applied.edit("pipelines/warehouse.yaml", "  - {source: tier,", f"{row}  - {{source: tier,")
    problems = applied.run("plan", "--format", "json").json["diagnostics"]
    assert [each["code"] for each in problems] == ["breaking-change"]


def test_a_field_group_that_is_added_by_its_id_has_to_fit_too(applied: Workspace, platform: Platform) -> None:
    order = applied.lockfile["entries"]["order.field_group"]["id"]
    applied.edit("schemas/customer.yaml", "  - crm\n", f"  - crm\n  - {order}\n")
    platform.clear_log()
    (problem,) = applied.run("apply", "--auto-approve", "--format", "json").json["diagnostics"]
    assert (problem["code"], problem["address"], problem["line"]) == ("field-group-class", "customer.schema", 9)
    assert platform.writes() == []


def test_a_field_group_for_every_record_fits_a_class_that_is_named_by_its_id(applied: Workspace) -> None:
    applied.edit("field-groups/crm.yaml", "extends: [", "extends: [https://ns.adobe.com/xdm/data/record, ")
    applied.apply()
    store, crm = (applied.lockfile["entries"][each]["id"] for each in ("store.class", "crm.field_group"))
    head = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: other}\n"
    applied.write("schemas/other.yaml", f"{head}class: {store}\nfieldGroups: [{crm}]\n")
    applied.apply()


def test_a_field_group_stays_for_the_classes_of_the_schemas_that_use_it(applied: Workspace, platform: Platform) -> None:
    """Here a schema that nobody manages uses it."""
    crm = applied.lockfile["entries"]["crm.field_group"]["id"]
    head = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: other}\ntitle: Other\n"
    profile, event = (f"https://ns.adobe.com/xdm/context/{each}" for each in ("profile", "experienceevent"))
    applied.edit("field-groups/crm.yaml", f"extends: [{profile}]", f"extends: [{profile}, {event}]")
    applied.apply()
    applied.write("schemas/other.yaml", f"{head}class: {event}\nfieldGroups: [{crm}]\n")
    applied.apply()
    assert applied.run("state", "rm", "other.schema", "--auto-approve").code == 0
    (applied.root / "schemas/other.yaml").unlink()
    applied.edit("field-groups/crm.yaml", f"{profile}, {event}", profile)
    platform.clear_log()
    (problem,) = applied.run("apply", "--auto-approve", "--format", "json").json["diagnostics"]
    assert (problem["code"], problem["address"], problem["line"]) == ("field-group-class", "crm.field_group", 6)
    assert '"Other"' in problem["summary"]
    assert event in problem["detail"]
    assert platform.writes() == []
    applied.edit("field-groups/crm.yaml", f"[{profile}]", f"[{profile}, https://ns.adobe.com/xdm/data/time-series]")
    applied.apply()


@pytest.mark.parametrize(
    ("class_", "group", "fits"),
    [
        ("https://ns.adobe.com/xdm/context/experienceevent", "crm", False),
        ("https://ns.adobe.com/xdm/context/profile", "crm", True),
        ("store", "crm", False),
        ("store", "https://ns.adobe.com/xdm/context/profile-person-details", False),
        ("store", "https://ns.adobe.com/xdm/context/identitymap", True),
        ("a document", "crm", False),
        ("store", "a document", False),
    ],
)
def test_parts_that_are_named_by_their_id_have_to_fit_each_other(
    applied: Workspace, platform: Platform, class_: str, group: str, fits: bool
) -> None:
    entries = applied.lockfile["entries"]
    ids = {name: entries[f"{name}.{kind}"]["id"] for name, kind in (("store", "class"), ("crm", "field_group"))}
    ids |= {"a document": "store" if class_ == "a document" else "crm"}
    head = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: other}\n"
    applied.write(
        "schemas/other.yaml", f"{head}class: {ids.get(class_, class_)}\nfieldGroups: [{ids.get(group, group)}]\n"
    )
    platform.clear_log()
    ended = applied.run("apply", "--auto-approve", "--format", "json")
    assert [each["code"] for each in ended.json["diagnostics"]] == ([] if fits else ["field-group-class"])
    assert bool(platform.writes()) == fits
    if not fits:
        assert (ended.json["diagnostics"][0]["file"], ended.json["diagnostics"][0]["line"]) == ("schemas/other.yaml", 5)


def test_before_a_dataset_exists_anything_may_change(company: Workspace) -> None:
    for folder in ("datasets", "pipelines", "connections"):
        shutil.rmtree(company.root / folder)
        (company.root / folder).mkdir()
    company.edit("schemas/customer.yaml", "profile: true\n", "")
    company.edit("schemas/order.yaml", "profile: true\n", "")
    company.apply()
    company.edit(GROUP, "loyalty.points: {type: integer", "loyalty.points: {type: number")
    company.edit(GROUP, "  loyalty.since: {type: date, title: Member since}\n", "")
    company.apply()
    assert company.plan().json["changes"] == []
    assert company.run("destroy", "--auto-approve").code == 0
    assert company.lockfile["entries"] == {}


def test_destroy_keeps_what_the_platform_would_not_delete(applied: Workspace) -> None:
    destroyed = applied.run("destroy", "--auto-approve")
    assert destroyed.code == 0, destroyed.err
    assert applied.lockfile["entries"] == {}
    assert "The schema is enabled for Profile" in destroyed.out


def test_the_same_manifests_serve_another_tenant(
    applied: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_other_organization(platform, monkeypatch)
    applied.apply("-e", "other", "--allow-irreversible")
    assert applied.run("-e", "other", "plan", "--detailed-exitcode").code == 0
    lockfile = json.loads((applied.root / "flowctl.other.lock").read_text(encoding="utf-8"))
    assert lockfile["tenant"] == "acme"
    assert "customer.descriptor[_acme.crm.id]" in lockfile["entries"]
    assert applied.plan("--detailed-exitcode").code == 0
    own, other = live_objects(platform, {}), live_objects(platform, other_organization(platform))
    assert {kind: len(objects) for kind, objects in own.items()} == {
        "namespaces": 3,
        "datatypes": 1,
        "classes": 1,
        "fieldgroups": 3,
        "schemas": 3,
        "descriptors": 8,
        "dataSets": 3,
        "mappings": 3,
    }
    assert "_acme" in json.dumps(other)
    assert json.loads(json.dumps(other).replace("_acme", "_local")) == own


@pytest.mark.parametrize(
    ("file", "code"), [("pipelines/warehouse.yaml", "destination-unknown"), ("schemas/customer.yaml", "identity-path")]
)
def test_a_tenant_that_is_written_out_serves_one_environment(
    company: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch, file: str, code: str
) -> None:
    add_other_organization(platform, monkeypatch)
    lines = (company.root / file).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if '"_${tenant}.loyalty.id"' in text)
    lines[line - 1] = lines[line - 1].replace("${tenant}", "local")
    company.write(file, "\n".join(lines) + "\n")
    company.apply("--allow-irreversible")
    platform.clear_log()
    refused = company.run("-e", "other", "apply", "--auto-approve", "--allow-irreversible", "--format", "json")
    assert refused.code == 1
    assert platform.writes() == []
    (problem,) = refused.json["diagnostics"]
    assert (problem["code"], problem["file"], problem["line"]) == (code, file, line)
    assert problem["detail"].endswith(
        "Write `_${tenant}.loyalty.id`: `${tenant}` stands for the tenant ID of each environment's organization."
    )


def add_other_organization(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_SECRET", "s")
    organization = {
        "id": "ACME@AdobeOrg",
        "tenant": "acme",
        "sandboxes": [{"name": "dev"}],
        "clients": [{"id": "acme-client", "secret": "s"}],
    }
    platform.http.post("/_emulator/organizations", json=organization).raise_for_status()


def other_organization(platform: Platform) -> dict[str, str]:
    """The headers of a request of somebody in the other organization."""
    form = {"grant_type": "client_credentials", "client_id": "acme-client", "client_secret": "s", "scope": "openid"}
    token = platform.http.post("/ims/token/v3", data=form).raise_for_status().json()["access_token"]
    return {"Authorization": f"Bearer {token}", "x-api-key": "acme-client", "x-gw-ims-org-id": "ACME@AdobeOrg"}


def live_objects(platform: Platform, headers: dict[str, str]) -> dict[str, list[str]]:
    """What a sandbox has of a company's model, without what every sandbox counts or dates for itself."""

    def read(path: str, accept: str = "application/json") -> Any:
        return platform.request("GET", path, headers={**headers, "Accept": accept}).raise_for_status().json()

    registry, lists = "/data/foundation/schemaregistry/tenant", "application/vnd.adobe.xed+json"
    namespaces = [each for each in read("/data/core/idnamespace/identities") if each["custom"]]
    parts = {
        kind: read(f"{registry}/{kind}", lists)["results"]
        for kind in ("datatypes", "classes", "fieldgroups", "schemas")
    }
    titles = {each["$id"]: f"ID of {each['title']}" for found in parts.values() for each in found}
    descriptors = read(f"{registry}/descriptors", "application/vnd.adobe.xdm-v2+json")["results"]
    datasets = list(read("/data/foundation/catalog/dataSets?limit=100").values())
    mappings = read("/data/foundation/conversion/mappingSets?limit=100&start=0")["data"]
    found: dict[str, list[Any]] = {
        "namespaces": [{name: each[name] for name in ("name", "code", "idType", "description")} for each in namespaces],
        **{kind: [_without_marks(each) for each in objects] for kind, objects in parts.items()},
        "descriptors": [
            {name: each[name] for name in each if name.startswith(("xdm:", "@type"))} for each in descriptors
        ],
        "dataSets": [
            {name: each.get(name) for name in ("name", "description", "schemaRef", "tags")} for each in datasets
        ],
        "mappings": [[_mapping(each) for each in one["mappings"]] for one in mappings],
    }
    return {
        kind: sorted(_named(json.dumps(each, sort_keys=True), titles) for each in objects)
        for kind, objects in found.items()
    }


def _without_marks(resource: dict[str, Any]) -> dict[str, Any]:
    kept = ("title", "description", "definitions", "allOf", "meta:intendedToExtend", "meta:immutableTags", "meta:class")
    return {name: resource.get(name) for name in kept}


def _mapping(mapping: dict[str, Any]) -> list[Any]:
    return [mapping.get(name) for name in ("sourceType", "source", "destination")]


def _named(text: str, titles: dict[str, str]) -> str:
    """The text with the title of each resource in place of its ID."""
    for id_, title in titles.items():
        text = text.replace(id_, title)
    return text


def test_drift_names_the_field_and_can_be_accepted(applied: Workspace, platform: Platform) -> None:
    entry = applied.lockfile["entries"]["loyalty.field_group"]["id"].replace(":", "%3A").replace("/", "%2F")
    place = "/definitions/customFields/properties/_local/properties/loyalty/properties"
    platform.request(
        "PATCH",
        f"/data/foundation/schemaregistry/tenant/fieldgroups/{entry}",
        json=[
            {"op": "replace", "path": f"{place}/points/title", "value": "Score"},
            {"op": "add", "path": f"{place}/nickname", "value": {"type": "string", "title": "Nickname"}},
        ],
    ).raise_for_status()
    drift = applied.run("drift", "--format", "json")
    assert drift.code == 3
    (found,) = drift.json["drift"]
    assert {each["path"] for each in found["attributes"]} == {
        "fields[_local.loyalty.points].title",
        "fields[_local.loyalty.nickname]",
    }
    assert applied.run("drift", "--accept").code == 0
    assert applied.plan().json["changes"] == []
    text = (applied.root / GROUP).read_text(encoding="utf-8")
    assert "Score" in text
    assert "loyalty.nickname" in text


def test_what_exists_is_adopted_by_an_import_document_and_by_a_repair(applied: Workspace, platform: Platform) -> None:
    entries = applied.lockfile["entries"]
    parts = {
        address: entry["id"]
        for address, entry in entries.items()
        if entry["kind"] in ("namespace", "data_type", "class", "field_group", "schema", "descriptor", "profile")
    }
    lockfile = applied.lockfile
    lockfile["entries"] = {address: entry for address, entry in entries.items() if address not in parts}
    applied.write("flowctl.dev.lock", json.dumps(lockfile))
    document = {
        "apiVersion": "flowctl/v1",
        "kind": "Import",
        "metadata": {"name": "dev"},
        "environment": "dev",
        "objects": parts,
    }
    applied.write("datasets/import.yaml", json.dumps(document))
    platform.clear_log()
    plan = applied.plan()
    assert plan.json["summary"]["import"] == len(parts)
    assert [change["address"] for change in plan.json["changes"] if change["attributes"]] == []
    applied.apply()
    assert platform.writes() == []
    assert applied.plan().json["changes"] == []


def test_repair_finds_every_object_of_a_company(applied: Workspace, platform: Platform) -> None:
    before = {address: entry["id"] for address, entry in applied.lockfile["entries"].items()}
    (applied.root / "flowctl.dev.lock").unlink()
    platform.clear_log()
    repaired = applied.run("state", "repair", "--auto-approve")
    assert repaired.code == 0, repaired.out + repaired.err
    assert {address: entry["id"] for address, entry in applied.lockfile["entries"].items()} == before
    assert platform.writes() == []
    assert applied.plan("--detailed-exitcode").json["changes"] == []


def test_what_destroy_leaves_is_taken_back_by_a_repair(applied: Workspace) -> None:
    assert applied.run("destroy", "--auto-approve").code == 0
    refused = applied.run("plan", "--format", "json")
    left = {each["code"] for each in refused.json["diagnostics"] if each["severity"] == "error"}
    assert (refused.code, left) == (1, {"title-taken", "namespace-taken"})
    assert all("`flowctl state repair`" in each["detail"] for each in refused.json["diagnostics"])
    assert applied.run("state", "repair", "--auto-approve").code == 0
    applied.apply()
    assert applied.plan().json["changes"] == []
