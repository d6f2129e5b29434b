"""What a plan asks the platform before anything is sent, and at which place of a manifest it says what is wrong."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from fault_proxy import NONE, Asked, Effect, FaultProxy, answered, proxied
from surroundings import DEV, Platform, Workspace

HUBSPOT = "pipelines/hubspot-contacts.yaml"
SCHEMA = "schemas/crm-contact.yaml"
FLOW = "hubspot-contacts.flow"
OTHER_SPEC = "11111111-2222-4333-8444-555555555555"
Told = tuple[str, str | None, str, str]
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def proxy(platform: Platform) -> Iterator[FaultProxy]:
    with proxied(platform.url) as running:
        yield running


@pytest.fixture
def workspace(examples: Workspace, proxy: FaultProxy) -> Workspace:
    """One of the examples, so that one flow spec is asked for."""
    for file in (examples.root / "pipelines").iterdir():
        if file.name != "hubspot-contacts.yaml":
            file.unlink()
    examples.write("flowctl.yaml", DEV.format(url=proxy.url))
    return examples


def diagnostics(workspace: Workspace) -> list[dict[str, Any]]:
    """Everything that a plan says."""
    found: list[dict[str, Any]] = workspace.run("plan", "--format", "json").json["diagnostics"]
    return found


def told(workspace: Workspace) -> list[Told]:
    """Code, address, and the place of everything that a plan says: the file, and its text from there on."""
    return [
        (each["code"], each["address"], each["file"] or "", _text(workspace, each)) for each in diagnostics(workspace)
    ]


def _text(workspace: Workspace, place: dict[str, Any]) -> str:
    if place["file"] is None:
        return ""
    lines = (workspace.root / place["file"]).read_text(encoding="utf-8").splitlines()
    return lines[place["line"] - 1][place["column"] - 1 :]


@pytest.fixture
def live_spec(proxy: FaultProxy, platform: Platform) -> Callable[[Change], None]:
    """Lets the platform answer with a changed flow spec."""
    query = {"property": 'name=="CRMToAEP"'}
    reply = platform.request("GET", "/data/foundation/flowservice/flowSpecs", params=query).json()

    def change(edit: Change) -> None:
        edit(reply["items"][0])
        content = json.dumps(reply)
        proxy.script = lambda asked: answered(200, content) if asked.path.endswith("/flowSpecs") else NONE

    return change


def schedule_of(spec: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = spec["scheduleSpec"]["spec"]
    return found


def test_the_examples_are_as_the_platform_says(workspace: Workspace) -> None:
    assert told(workspace) == []


def test_a_flow_spec_that_differs_is_a_warning(workspace: Workspace, live_spec: Callable[[Change], None]) -> None:
    live_spec(lambda spec: schedule_of(spec)["properties"].update(color={"type": "string"}))
    assert told(workspace) == [("flow-spec-differs", None, "", "")]


def test_a_schedule_that_the_live_flow_spec_refuses_is_told_at_its_value(
    workspace: Workspace, live_spec: Callable[[Change], None]
) -> None:
    live_spec(lambda spec: schedule_of(spec)["properties"].update(frequency={"enum": ["week"]}))
    assert ("live-flow-spec-violated", FLOW, HUBSPOT, "once") in told(workspace)


def test_options_that_the_live_flow_spec_refuses_are_told_at_their_value(
    workspace: Workspace, live_spec: Callable[[Change], None]
) -> None:
    path = workspace.root / HUBSPOT
    path.write_text(path.read_text(encoding="utf-8") + "options: {partialIngestionPercent: 7}\n", encoding="utf-8")
    schema = {"type": "object", "properties": {"partialIngestionPercent": {"maximum": 5}}}
    live_spec(lambda spec: spec.update(optionSpec={"name": "OptionSpec", "spec": schema}))
    assert ("live-flow-spec-violated", FLOW, HUBSPOT, "7}") in told(workspace)


@pytest.mark.parametrize(
    ("name", "text"), [("Copy", "{column: updatedAt"), ("Mapping", "- {source: Vid, destination: _id}")]
)
def test_a_transformation_that_the_live_flow_spec_does_not_have_is_told_at_its_key_in_the_pipeline(
    name: str, text: str, workspace: Workspace, live_spec: Callable[[Change], None]
) -> None:
    def edit(spec: dict[str, Any]) -> None:
        spec["transformationSpec"] = [part for part in spec["transformationSpec"] if part["name"] != name]

    live_spec(edit)
    places = [place for code, *_, place in told(workspace) if code == "live-flow-spec-violated"]
    assert [place[: len(text)] for place in places] == [text]


def test_a_flow_spec_that_does_not_serve_the_source_is_told_at_the_source(
    workspace: Workspace, live_spec: Callable[[Change], None]
) -> None:
    live_spec(lambda spec: spec.update(sourceConnectionSpecIds=[OTHER_SPEC]))
    assert ("connector-not-served", FLOW, HUBSPOT, "connection: hubspot") in told(workspace)


@pytest.mark.parametrize("is_named", [True, False])
def test_a_flow_spec_that_is_missing_is_named_as_in_the_manifest(
    is_named: bool, workspace: Workspace, proxy: FaultProxy
) -> None:
    if is_named:
        workspace.edit(HUBSPOT, "schedule:\n", "flowSpec: CRMToAEP\nschedule:\n")
    proxy.script = lambda asked: answered(200, '{"items": []}') if asked.path.endswith("/flowSpecs") else NONE
    (found,) = diagnostics(workspace)
    assert (found["code"], found["address"], found["line"]) == ("unknown-flow-spec", FLOW, 3)
    assert found["summary"].startswith("Experience Platform has no flow spec ")
    assert found["summary"].endswith(" `CRMToAEP`") is is_named


def test_a_flow_spec_that_is_named_by_its_id_is_the_one_of_that_name(workspace: Workspace) -> None:
    named = workspace.plan().json["changes"]
    workspace.edit(HUBSPOT, "schedule:\n", "flowSpec: 14518937-270C-4525-bdec-c2ba7cce3860\nschedule:\n")
    assert workspace.plan().json["changes"] == named


def test_the_id_of_a_flow_spec_that_flowctl_does_not_know_is_asked_for(
    workspace: Workspace, platform: Platform, proxy: FaultProxy
) -> None:
    """The platform's answer decides: without one the plan stops, with one the source and the schedule are checked."""
    workspace.edit(HUBSPOT, "schedule:\n", f"flowSpec: {OTHER_SPEC}\nschedule:\n")
    platform.clear_log()
    found = told(workspace)
    assert ("unknown-flow-spec", FLOW) in {(code, address) for code, address, *_ in found}
    asked = [request["query"] for request in platform.log() if request["path"].endswith("/flowSpecs")]
    assert len(asked) == 1
    assert OTHER_SPEC in str(asked)
    spec = {"id": OTHER_SPEC, "name": "NewerToAEP", "sourceConnectionSpecIds": [OTHER_SPEC]}
    answer = answered(200, json.dumps({"items": [spec]}))
    proxy.script = lambda asked: answer if asked.path.endswith("/flowSpecs") else NONE
    assert ("connector-not-served", FLOW, HUBSPOT, "connection: hubspot") in told(workspace)


def test_connection_specs_of_bases_and_sources_are_asked_for_together(workspace: Workspace, platform: Platform) -> None:
    """Both documents name a spec of their own; one request asks for both."""
    other = OTHER_SPEC.replace("5", "6")
    for name, spec in (("one", OTHER_SPEC), ("two", other)):
        text = f"apiVersion: flowctl/v1\nkind: Connection\nmetadata: {{name: {name}}}\nconnectionSpec:\n  id: {spec}\n"
        workspace.write(f"connections/{name}.yaml", f"{text}auth: {{specName: X, params: {{host: a}}}}\n")
    platform.clear_log()
    assert sorted(told(workspace)) == [
        ("unknown-connection-spec", "one.connection", "connections/one.yaml", OTHER_SPEC),
        ("unknown-connection-spec", "two.connection", "connections/two.yaml", other),
    ]
    asked = [request["query"] for request in platform.log() if request["path"].endswith("/connectionSpecs")]
    assert len(asked) == 1


HUBSPOT_ACCOUNT = "connections/hubspot.yaml"
HUBSPOT_SPEC = "cc6a4487-9e91-433e-a3a3-9cf6626c1806"
MARKETO = "bf1f4218-73ce-4ff0-b744-48d78ffae2e4"
NEWER = "Basic Authentication v2"


@pytest.fixture
def live_connection_spec(proxy: FaultProxy, platform: Platform) -> Callable[[Change], None]:
    """Lets the platform answer with a changed connection spec of HubSpot."""
    reply = platform.request("GET", f"/data/foundation/flowservice/connectionSpecs/{HUBSPOT_SPEC}").json()

    def change(edit: Change) -> None:
        edit(reply["items"][0])
        content = json.dumps(reply)
        proxy.script = lambda asked: answered(200, content) if asked.path.endswith("/connectionSpecs") else NONE

    return change


@pytest.mark.parametrize("which", ["connector: hubspot", f"connectionSpec: {{id: {HUBSPOT_SPEC}}}"])
def test_an_authentication_type_that_nobody_has_is_told_at_its_name(workspace: Workspace, which: str) -> None:
    workspace.edit(HUBSPOT_ACCOUNT, "connector: hubspot", which)
    workspace.edit(HUBSPOT_ACCOUNT, "Basic Authentication", "Basic Authenticaton")
    (found,) = diagnostics(workspace)
    assert (found["severity"], found["code"], found["address"]) == ("error", "unknown-auth-spec", "hubspot.connection")
    assert _text(workspace, found) == "Basic Authenticaton"
    assert "Expected `Basic Authentication` (exact spelling). Did you mean `Basic Authentication`?" in found["detail"]


def _another_authentication(spec: dict[str, Any]) -> None:
    schema = {"type": "object", "properties": {"user": {"type": "string"}}, "required": ["user"]}
    spec["authSpec"].append({"name": NEWER, "spec": schema})
    spec["authSpec"].append({"name": "Without parameters"})


def test_an_authentication_type_that_only_the_platform_has_is_a_warning_offline(
    workspace: Workspace, live_connection_spec: Callable[[Change], None]
) -> None:
    """The plan has asked, so nothing is left to warn of."""
    workspace.edit(HUBSPOT_ACCOUNT, "Basic Authentication", NEWER)
    workspace.edit(HUBSPOT_ACCOUNT, "clientId: example-client", "user: me")
    (warned,) = workspace.run("validate", "--format", "json").json["diagnostics"]
    assert (warned["severity"], warned["code"]) == ("warning", "unknown-auth-spec")
    live_connection_spec(_another_authentication)
    assert told(workspace) == []
    workspace.edit(HUBSPOT_ACCOUNT, NEWER, "Without parameters")
    assert told(workspace) == []


def test_parameters_are_checked_by_the_live_authentication_type(
    workspace: Workspace, live_connection_spec: Callable[[Change], None]
) -> None:
    workspace.edit(HUBSPOT_ACCOUNT, "Basic Authentication", NEWER)
    live_connection_spec(_another_authentication)
    (found,) = diagnostics(workspace)
    assert (found["code"], found["severity"], found["address"]) == (
        "invalid-auth-params",
        "error",
        "hubspot.connection",
    )
    assert found["summary"] == "missing required key `user`"
    assert "live connection spec `hubspot`" in found["detail"]


def test_only_the_type_of_a_secret_is_checked_live(
    workspace: Workspace, live_connection_spec: Callable[[Change], None]
) -> None:
    """A rule about its characters is for the platform: the value is not looked at."""

    def edit(spec: dict[str, Any]) -> None:
        properties = {
            "clientSecret": {"type": "string", "maxLength": 3},
            "clientId": {"type": "string", "maxLength": 3},
        }
        spec["authSpec"].append({"name": NEWER, "spec": {"type": "object", "properties": properties}})

    workspace.edit(HUBSPOT_ACCOUNT, "Basic Authentication", NEWER)
    live_connection_spec(edit)
    assert told(workspace) == [("invalid-auth-params", "hubspot.connection", HUBSPOT_ACCOUNT, "example-client")]


def test_an_authentication_that_the_catalogue_confirms_is_not_asked_for(
    workspace: Workspace, platform: Platform
) -> None:
    platform.clear_log()
    assert told(workspace) == []
    assert [request for request in platform.log() if request["path"].endswith("/connectionSpecs")] == []


def test_a_connector_that_no_document_confirms_is_asked_for(
    workspace: Workspace, live_connection_spec: Callable[[Change], None]
) -> None:
    text = "apiVersion: flowctl/v1\nkind: Connection\nmetadata: {name: marketo}\nconnector: marketo-engage\nauth:\n"
    workspace.write("connections/marketo.yaml", text + "  specName: OAuth2 Client Credential\n  params: {a: b}\n")
    live_connection_spec(lambda spec: spec.update(id=MARKETO, authSpec=[{"name": NEWER, "spec": {}}]))
    assert told(workspace) == [
        ("unknown-auth-spec", "marketo.connection", "connections/marketo.yaml", "OAuth2 Client Credential")
    ]


def test_a_live_spec_without_authentication_types_says_nothing(
    workspace: Workspace, live_connection_spec: Callable[[Change], None]
) -> None:
    workspace.edit(HUBSPOT_ACCOUNT, "Basic Authentication", NEWER)
    live_connection_spec(lambda spec: spec.pop("authSpec"))
    assert told(workspace) == []


def test_a_connection_spec_of_two_is_told_at_the_first(workspace: Workspace) -> None:
    for name in ("one", "two"):
        text = f"apiVersion: flowctl/v1\nkind: Connection\nmetadata: {{name: {name}}}\nconnectionSpec:\n"
        workspace.write(f"connections/{name}.yaml", f"{text}  id: {OTHER_SPEC}\nauth: {{specName: X, params: {{}}}}\n")
    assert told(workspace) == [("unknown-connection-spec", "one.connection", "connections/one.yaml", OTHER_SPEC)]


def test_a_source_with_an_unknown_connection_spec_is_told_in_the_pipeline(workspace: Workspace) -> None:
    spec = f"connectionSpec: {{id: {OTHER_SPEC}}}\n  title: HubSpot source connection"
    workspace.edit(HUBSPOT, "connection: hubspot\n  title: HubSpot source connection", spec)
    workspace.edit(HUBSPOT, "schedule:\n", "flowSpec: CRMToAEP\nschedule:\n")
    assert ("unknown-connection-spec", "hubspot-contacts.source_connection", HUBSPOT, f"{OTHER_SPEC}}}") in told(
        workspace
    )


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ("class: https://ns.adobe.com/xdm/context/profil", "class"),
        ("  - https://ns.adobe.com/xdm/context/profile-person-detail", "field group"),
    ],
)
def test_a_class_or_field_group_that_is_missing_is_told_at_its_id(wrong: str, what: str, workspace: Workspace) -> None:
    right = {"class": "class: https://ns.adobe.com/xdm/context/profile\n", "field group": "/profile-person-details\n"}
    text = (workspace.root / SCHEMA).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines(keepends=True) if line.endswith(right[what]))
    workspace.edit(SCHEMA, f"\n{line}", f"\n{wrong}\n")
    (found,) = diagnostics(workspace)
    assert (found["code"], found["address"]) == ("unknown-xdm-resource", "crm-contact.schema")
    assert found["summary"].startswith(f"there is no {what} `https://")
    assert f"Did you mean `{line.split()[-1]}`?" in found["detail"]
    assert _text(workspace, found) == wrong.split()[-1]


STANDARD = "https://ns.adobe.com/xdm"


@pytest.mark.parametrize(
    ("kind", "members", "what", "wrong", "near"),
    [
        ("FieldGroup", "extends: [{0}/data/record, {1}]", "class", "context/profil", "context/profile"),
        ("FieldGroup", "extends: [{0}/data/record]\nfields: {{a: {{ref: {1}}}}}", "data type", "common/adress", ""),
        ("FieldGroup", "extends: [{0}/data/record, {1}]", "class", "data/recor", ""),
        ("DataType", "fields: {{a: {{type: array, items: {{ref: {1}}}}}}}", "data type", "common/adress", ""),
        ("Class", "behavior: record\nfields: {{a.b: {{ref: {1}}}}}", "data type", "common/adress", "common/address"),
    ],
)
def test_a_part_of_a_part_that_is_missing_is_told_at_its_id(
    kind: str, members: str, what: str, wrong: str, near: str, workspace: Workspace, platform: Platform
) -> None:
    """A behavior may stand in the place of a class."""
    wrong = f"{STANDARD}/{wrong}"
    members = members.format(STANDARD, wrong) + ("" if "fields" in members else "\nfields: {it: {type: string}}")
    workspace.write("schemas/it.yaml", f"apiVersion: flowctl/v1\nkind: {kind}\nmetadata: {{name: it}}\n{members}\n")
    platform.clear_log()
    (found,) = workspace.run("apply", "--auto-approve", "--format", "json").json["diagnostics"]
    assert (found["code"], found["address"].partition(".")[0]) == ("unknown-xdm-resource", "it")
    assert found["summary"] == f"there is no {what} `{wrong}`"
    assert f"{STANDARD}/{near}" in found["detail"]
    assert _text(workspace, found).startswith(wrong)
    assert platform.writes() == []


def _schema_of(workspace: Workspace, group: str) -> str:
    """A schema of one field group, and what is told about it."""
    head = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: it}\n"
    workspace.write("schemas/it.yaml", f"{head}class: {STANDARD}/context/profile\nfieldGroups: [{group}]\n")
    (found,) = diagnostics(workspace)
    assert found["summary"] == f"there is no field group `{group}`"
    return str(found["detail"])


def _applied_group(workspace: Workspace, title: str) -> str:
    """The `$id` of a field group of the tenant."""
    head = f"apiVersion: flowctl/v1\nkind: FieldGroup\nmetadata: {{name: own}}\ntitle: {title}\n"
    workspace.write(
        "schemas/own.yaml", f"{head}extends: [{STANDARD}/context/profile]\nfields: {{a: {{type: string}}}}\n"
    )
    workspace.apply("--target", "own.field_group")
    return str(workspace.lockfile["entries"]["own.field_group"]["id"])


@pytest.mark.parametrize("tenant", ["local", "locl"])
def test_for_an_id_of_the_tenant_none_of_adobe_is_proposed(workspace: Workspace, tenant: str) -> None:
    """Neither by its last part nor by its title; the tenant may be mistyped."""
    for last in ("profile-person-details", "profile-person-detail"):
        told_about = _schema_of(workspace, f"https://ns.adobe.com/{tenant}/mixins/{last}")
        assert STANDARD not in told_about
        assert "Correct the `$id`" in told_about


@pytest.mark.parametrize("tenant", ["local", "locl"])
def test_for_an_id_of_the_tenant_the_nearest_of_the_tenant_is_proposed(workspace: Workspace, tenant: str) -> None:
    own = _applied_group(workspace, "Own")
    mistyped = own.replace("/local/", f"/{tenant}/")[:-1] + ("0" if own[-1] == "1" else "1")
    assert f"Did you mean `{own}`?" in _schema_of(workspace, mistyped)


def test_an_id_below_the_tenant_is_the_tenants_in_any_form(workspace: Workspace) -> None:
    _applied_group(workspace, "Own")
    assert STANDARD not in _schema_of(workspace, "https://ns.adobe.com/local/profile-person-detail")


def test_for_an_id_of_adobe_none_of_the_tenant_is_proposed(workspace: Workspace) -> None:
    own = _applied_group(workspace, "profile-person-detail")
    told_about = _schema_of(workspace, f"{STANDARD}/context/profile-person-detail")
    assert f"Did you mean `{STANDARD}/context/profile-person-details`?" in told_about
    assert own not in told_about


def test_for_an_id_of_neither_form_all_are_proposed(workspace: Workspace) -> None:
    own = _applied_group(workspace, "Loyalty points")
    assert f"Did you mean `{own}`?" in _schema_of(workspace, "https://ns.adobe.com/elsewhere/loyalty-points")
    wrong = "https://ns.adobe.com/elsewhere/profile-person-detail"
    assert f"Did you mean `{STANDARD}/context/profile-person-details`?" in _schema_of(workspace, wrong)


def test_what_a_live_part_refers_to_already_is_not_looked_for(workspace: Workspace, platform: Platform) -> None:
    """Of what Adobe provides nothing is looked for either."""
    head = "apiVersion: flowctl/v1\nkind: {}\nmetadata: {{name: {}}}\nfields: {{a: {}}}\n"
    workspace.write("schemas/type.yaml", head.format("DataType", "type", "{type: string}"))
    workspace.write("schemas/class.yaml", head.format("Class", "class", "{type: string}") + "behavior: record\n")
    workspace.apply("--target", "type.data_type", "--target", "class.class")
    type_, class_ = (workspace.lockfile["entries"][each]["id"] for each in ("type.data_type", "class.class"))
    fields = f"{{type: object, fields: {{b: {{ref: {type_}}}, c: {{ref: {STANDARD}/common/address}}}}}}"
    group = head.format("FieldGroup", "it", fields) + f"extends: [{class_}, {STANDARD}/context/profile]\n"
    workspace.write("schemas/it.yaml", group)

    def looks() -> set[str]:
        platform.clear_log()
        assert len(workspace.plan("--target", "it.field_group").json["changes"]) == 1
        paths = [unquote(each["path"]) for each in platform.log()]
        return {each for each in (type_, class_, "address", "profile") if any(path.endswith(each) for path in paths)}

    assert looks() == {type_, class_}
    workspace.apply("--target", "it.field_group")
    workspace.write("schemas/it.yaml", f"{group}title: Changed\n")
    assert looks() == set()


def test_advice_that_cannot_be_had_is_left_out(workspace: Workspace, proxy: FaultProxy) -> None:
    """The lists of classes only help to say which was meant: a failure of them hides nothing."""
    workspace.edit(SCHEMA, "context/profile\n", "context/profil\n")
    proxy.script = lambda asked: answered(403) if asked.path.endswith("/classes") else NONE
    (found,) = diagnostics(workspace)
    assert (found["code"], found["file"]) == ("unknown-xdm-resource", SCHEMA)
    assert "Correct the `$id`" in found["detail"]


def test_a_look_for_a_class_that_is_refused_ends_the_plan(workspace: Workspace, proxy: FaultProxy) -> None:
    proxy.script = lambda asked: answered(403) if "/classes/" in asked.path else NONE
    assert [code for code, *_ in told(workspace)] == ["http-403"]


def test_a_class_of_the_tenant_is_found_too(workspace: Workspace, proxy: FaultProxy) -> None:
    """The look goes on in the other container only where the first has nothing."""
    asked: list[str] = []

    def script(request: Asked) -> Effect:
        if "/classes/" not in request.path:
            return NONE
        asked.append(request.path.split("/")[4])
        return answered(404) if "/global/" in request.path else answered(200, "{}")

    proxy.script = script
    assert told(workspace) == []
    assert sorted(asked) == ["global", "global", "tenant", "tenant"] or sorted(asked) == ["global", "tenant"]


def test_a_title_that_is_taken_is_told_at_the_title(workspace: Workspace, platform: Platform) -> None:
    reference = "https://ns.adobe.com/xdm/context/profile"
    body = {"type": "object", "title": "CRM contact", "description": "", "allOf": [{"$ref": reference}]}
    path = "/data/foundation/schemaregistry/tenant/schemas"
    headers = {"Accept": "application/vnd.adobe.xed+json; version=1"}
    platform.request("POST", path, json=body, headers=headers).raise_for_status()
    assert told(workspace) == [("title-taken", "crm-contact.schema", SCHEMA, "CRM contact")]


def test_a_title_that_is_taken_is_told_with_the_words_for_its_kind(workspace: Workspace) -> None:
    _applied_group(workspace, "Own")
    other = (workspace.root / "schemas/own.yaml").read_text(encoding="utf-8").replace("name: own", "name: other")
    workspace.write("schemas/other.yaml", other)
    (found,) = diagnostics(workspace)
    assert (found["code"], found["summary"]) == ("title-taken", 'a field group with the title "Own" already exists')


def test_a_replaced_schema_needs_another_title(workspace: Workspace) -> None:
    workspace.apply()
    workspace.edit("flowctl.yaml", "kind: Workspace\n", "kind: Workspace\nrules: {required-unmapped: warning}\n")
    workspace.edit(SCHEMA, "context/profile\n", "context/experienceevent\n")
    assert ("title-taken", "crm-contact.schema", SCHEMA, "CRM contact") in told(workspace)
    (found,) = [each for each in diagnostics(workspace) if each["code"] == "title-taken"]
    assert "Changing `class` creates a new XDM schema before" in found["detail"]


@pytest.mark.parametrize(
    ("file", "indent", "address"),
    [("datasets/customers.yaml", "", "customers.dataset"), (HUBSPOT, "  ", "hubspot-contacts.dataset")],
)
def test_a_profile_tag_is_told_at_its_name(file: str, indent: str, address: str, workspace: Workspace) -> None:
    schema = "schema: customer\n" if not indent else "schema: crm-contact\n"
    tags = f"{indent}tags:\n{indent}  unifiedProfile: ['enabled:true']\n"
    workspace.edit(file, schema, f"{schema}{tags}")
    found = [each for each in told(workspace) if each[0] == "schema-not-enabled"]
    assert found == [("schema-not-enabled", address, file, "unifiedProfile: ['enabled:true']")]


def test_an_enabled_schema_is_looked_up_once(workspace: Workspace, proxy: FaultProxy, platform: Platform) -> None:
    workspace.apply()
    workspace.edit(
        HUBSPOT, "schema: crm-contact\n", "schema: crm-contact\n  tags: {unifiedProfile: ['enabled:true']}\n"
    )
    (found,) = [each for each in diagnostics(workspace) if each["code"] == "schema-not-enabled"]
    assert "does not have the tag `union`" in found["detail"]
