"""Specs of a workspace's own: connectors that flowctl does not have are known to every command, and to the emulator."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from surroundings import ROOT, Platform, Result, Workspace

from flowctl import emulator
from flowctl.manifest.reading.discover import SMALLEST
from flowctl.manifest.reading.own_specs import MOST_BYTES
from flowctl.specs.active import NONE, own_specs
from flowctl.specs.own_connectors import beside_the_catalogue
from flowctl.specs.own_spec_files import specs_of

ACME = "11111111-2222-4333-8444-555555555555"
ACME_FLOW = "22222222-3333-4444-8555-666666666666"
HUBSPOT = "cc6a4487-9e91-433e-a3a3-9cf6626c1806"
CRM_TO_AEP = "14518937-270c-4525-bdec-c2ba7cce3860"
AUTH = {
    "type": "object",
    "properties": {"host": {"type": "string"}, "apiKey": {"type": "string"}, "shop": {"type": "string"}},
    "required": ["host", "apiKey"],
}
SOURCE = {"type": "object", "properties": {"tableName": {"type": "string"}}, "required": ["tableName"]}


def connection_spec(**changes: Any) -> dict[str, Any]:
    """A connection spec as Experience Platform returns it; like some of its own, without a version and a type."""
    spec = {
        "id": ACME,
        "name": "Acme CRM",
        "authSpec": [{"name": "Key", "type": "KeyBased", "spec": AUTH}],
        "sourceSpec": {"spec": SOURCE},
        "attributes": {"category": "CRM", "isSource": True},
    }
    return {**spec, **changes}


def flow_spec(**changes: Any) -> dict[str, Any]:
    """A flow spec of its own: that of tables, without options."""
    spec = json.loads((ROOT / "schemas" / "flow_specs" / "CRMToAEP.json").read_text(encoding="utf-8"))
    changed = {"id": ACME_FLOW, "name": "AcmeToAEP", "sourceConnectionSpecIds": [ACME], **changes}
    return {**spec, **changed}


MANIFESTS = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: acme}
connector: acme-crm
auth: {specName: Key, params: {host: crm.example, apiKey: "${env:ACME_KEY}", shop: north}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {name: person}
title: Person of Acme
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details]
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: people}
source: {connection: acme, params: {tableName: people}}
dataset: {title: People, schema: person}
mappings: [{source: Id, destination: _id}, {source: First, destination: person.name.firstName}]
schedule: {startTime: 2030-12-01T00:00:00Z, frequency: once}
options: {errorDiagnosticsEnabled: true}
"""


@pytest.fixture
def workspace(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a connector of its own, on the emulator in the process."""
    monkeypatch.setenv("ACME_KEY", "canary-key")
    found = Workspace(root=tmp_path, capsys=capsys)
    found.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [manifests]\nspecs: specs\n")
    found.write("manifests/all.yaml", MANIFESTS)
    put(found, "acme.json", {"items": [connection_spec()]})
    return found


def put(workspace: Workspace, file: str, value: Any) -> None:
    """Write a file of specs."""
    workspace.write(f"specs/{file}", json.dumps(value, indent=2))


def problems(result: Result) -> list[tuple[str, str, str, int]]:
    """Severity, code and place of all that a command says."""
    return [(each["severity"], each["code"], each["file"], each["line"]) for each in result.json["diagnostics"]]


def validated(workspace: Workspace) -> list[tuple[str, str, str, int]]:
    return problems(workspace.run("validate", "--format", "json"))


def test_a_connector_of_its_own_is_applied_and_needs_no_change_then(workspace: Workspace) -> None:
    assert validated(workspace) == []
    workspace.apply()
    plan = workspace.plan()
    assert (plan.json["changes"], plan.json["diagnostics"]) == ([], [])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("specName: Key", "specName: Kee", "unknown-auth-spec"),
        (" apiKey:", " apiKee:", "invalid-auth-params"),
        ("params: {tableName: people}", "params: {table: people}", "invalid-source-params"),
        ("params: {tableName: people}", "params: {tableName: people}, data: {format: json}", "invalid-format"),
        ("connector: acme-crm", "connector: acme-crn", "unknown-connector"),
        ("frequency: once", "frequency: once, interval: 3", "invalid-schedule"),
        ("options: {errorDiagnosticsEnabled: true}", "flowSpec: CloudStorageToAEP", "flow-spec-mismatch"),
    ],
)
def test_manifests_are_checked_by_its_own_spec(workspace: Workspace, old: str, new: str, code: str) -> None:
    workspace.edit("manifests/all.yaml", old, new)
    assert code in {each[1] for each in validated(workspace)}


def test_an_id_of_its_own_is_its_connector(workspace: Workspace) -> None:
    workspace.edit("manifests/all.yaml", "connector: acme-crm", f"connectionSpec: {{id: {ACME.upper()}}}")
    assert validated(workspace) == []
    workspace.edit("manifests/all.yaml", "specName: Key", "specName: Kee")
    assert [each[1] for each in validated(workspace)] == ["unknown-auth-spec"]


def test_a_flow_spec_of_its_own_serves_its_source(workspace: Workspace) -> None:
    put(workspace, "flow.json", flow_spec())
    assert validated(workspace) == []
    workspace.apply()
    assert workspace.plan().json["changes"] == []
    shown = workspace.run("show", "people.flow", "--format", "json")
    assert ACME_FLOW in shown.out
    workspace.edit("manifests/all.yaml", "options:", "flowSpec: CRMToAEP\noptions:")
    assert [each[1] for each in validated(workspace)] == ["flow-spec-mismatch"]


def test_a_flow_spec_of_its_own_may_serve_a_source_of_the_catalogue(workspace: Workspace) -> None:
    put(workspace, "flow.json", flow_spec(sourceConnectionSpecIds=[HUBSPOT]))
    workspace.edit("manifests/all.yaml", "connector: acme-crm", "connector: hubspot")
    workspace.edit("manifests/all.yaml", "source: {connection: acme", "flowSpec: AcmeToAEP\nsource: {connection: acme")
    assert "flow-spec-mismatch" not in {each[1] for each in validated(workspace)}
    put(workspace, "flow.json", flow_spec())
    assert "flow-spec-mismatch" in {each[1] for each in validated(workspace)}


def test_below_auth_only_the_catalogue_makes_a_value_harmless(workspace: Workspace) -> None:
    """The spec says of no parameter that it is a password: `host` is harmless by its name, and nothing else is."""
    plan = workspace.plan()
    (account,) = [each for each in plan.json["changes"] if each["address"] == "acme.connection"]
    shown = {each["path"]: each["after"] for each in account["attributes"]}
    params = {path.rpartition(".")[2]: value for path, value in shown.items() if path.startswith("auth.params.")}
    assert params == {"host": "crm.example", "apiKey": "(sensitive)", "shop": "(sensitive)"}
    workspace.apply()
    for file in workspace.root.rglob("*.lock"):
        assert "canary-key" not in file.read_text(encoding="utf-8")
    workspace.edit("manifests/all.yaml", '"${env:ACME_KEY}"', "written")
    assert [each[1] for each in validated(workspace)] == ["literal-secret"]


def test_what_the_catalogue_calls_a_secret_stays_one(workspace: Workspace) -> None:
    schema = {"type": "object", "properties": {"clientId": {"type": "string"}, "clientSecret": {"type": "string"}}}
    spec = connection_spec(id=HUBSPOT, name="hubspot", authSpec=[{"name": "Other", "spec": schema}])
    specs, _ = specs_of({"specs/a.json": json.dumps(spec).encode()})
    own, _ = beside_the_catalogue(specs)
    found = own.connectors["hubspot"]
    assert (found.title, found.formats, found.flow_spec) == ("HubSpot", ("tabular",), "CRMToAEP")
    assert [(each.name, each.secret_params) for each in found.auth_specs] == [("Other", {"clientSecret"})]


def test_its_own_spec_stands_before_that_of_the_catalogue_and_this_is_said(workspace: Workspace) -> None:
    put(workspace, "hubspot.json", connection_spec(id=HUBSPOT, name="hubspot"))
    put(workspace, "flow.json", flow_spec(id=CRM_TO_AEP, name="CRMToAEP", optionSpec={}))
    workspace.edit("manifests/all.yaml", "connector: acme-crm", "connector: hubspot")
    assert validated(workspace) == [
        ("error", "invalid-options", "manifests/all.yaml", 21),
        ("warning", "replaced-spec", "specs/flow.json", 2),
        ("warning", "replaced-spec", "specs/hubspot.json", 2),
    ]
    workspace.edit("manifests/all.yaml", "options: {errorDiagnosticsEnabled: true}\n", "")
    workspace.apply()


def test_a_list_that_replaces_many_is_one_warning(workspace: Workspace) -> None:
    folder = ROOT / "schemas" / "connectors"
    items = [json.loads(file.read_text(encoding="utf-8"))["connectionSpec"] for file in sorted(folder.glob("*.json"))]
    put(workspace, "all.json", {"items": items, "_page": {}})
    (found,) = workspace.run("validate", "--format", "json").json["diagnostics"]
    assert (found["severity"], found["code"], found["file"]) == ("warning", "replaced-spec", "specs/all.json")
    assert f"and {len(items) - 5} more" in found["summary"]


def test_a_name_that_is_taken_gets_a_part_of_the_id(workspace: Workspace) -> None:
    put(workspace, "second.json", connection_spec(id=ACME_FLOW))
    put(workspace, "third.json", connection_spec(id=ACME_FLOW.replace("2", "3"), name="HubSpot"))
    assert [each[1:3] for each in validated(workspace)] == [
        ("spec-name-taken", "specs/second.json"),
        ("spec-name-taken", "specs/third.json"),
    ]
    listed = workspace.run("connectors", "--search", "own", "--format", "json").json["connectors"]
    assert {each["name"] for each in listed} == {"acme-crm", "acme-crm-22222222", "hubspot-33333333"}


WRONG = {
    "not JSON": ('{"id": 1,\n', "damaged-spec", 2),
    "not UTF-8": (b"\xff", "damaged-spec", 1),
    "endless nesting": ("[" * 100_000, "damaged-spec", 1),
    "a list": ("[]", "invalid-spec", 1),
    "nothing": ("null", "invalid-spec", 1),
    "no ID": ("{}", "invalid-spec", 1),
    "an ID that is not a UUID": ('{"name": "x",\n "id": "a,b"}', "invalid-spec", 2),
    "no name": (f'{{\n"id": "{ACME_FLOW}"}}', "invalid-spec", 2),
    "neither kind": (f'{{"id": "{ACME_FLOW}", "name": "x"}}', "invalid-spec", 1),
    "authSpec": (json.dumps(connection_spec(id=ACME_FLOW, authSpec={})), "invalid-spec", 1),
    "an authSpec without a name": (json.dumps(connection_spec(id=ACME_FLOW, authSpec=[{}])), "invalid-spec", 1),
    "a spec": (json.dumps(connection_spec(id=ACME_FLOW, authSpec=[{"name": "a", "spec": 1}])), "invalid-spec", 1),
    "sourceSpec": (json.dumps(connection_spec(id=ACME_FLOW, sourceSpec=[])), "invalid-spec", 1),
    "attributes": (json.dumps(connection_spec(id=ACME_FLOW, attributes=1)), "invalid-spec", 1),
    "properties": (
        json.dumps(connection_spec(id=ACME_FLOW, sourceSpec={"spec": {"properties": {"a": 1}}})),
        "invalid-spec",
        1,
    ),
    "required": (json.dumps(connection_spec(id=ACME_FLOW, sourceSpec={"spec": {"required": [1]}})), "invalid-spec", 1),
    "a flow spec's transformations": (json.dumps(flow_spec(transformationSpec=[{}])), "invalid-spec", 1),
    "a flow spec's sources": (json.dumps(flow_spec(sourceConnectionSpecIds="x")), "invalid-spec", 1),
    "an ID of another file": (json.dumps(connection_spec(name="Other"), indent=1), "duplicate-spec", 2),
    "no item, as for a name that nothing has": ('{"items": []}', "invalid-spec", 1),
    "an item among good ones": (json.dumps({"items": [flow_spec(), 1]}, indent=1), "invalid-spec", 1),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_file_that_cannot_be_used_is_told_at_its_place(workspace: Workspace, what: str) -> None:
    content, code, line = WRONG[what]
    path = workspace.root / "specs" / "wrong.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = workspace.run("validate", "--format", "json")
    assert result.code == 1
    assert problems(result) == [("error", code, "specs/wrong.json", line)]
    assert workspace.run("plan").code == 1
    listed = workspace.run("connectors", "--format", "json")
    assert (listed.code, [each[1] for each in problems(listed)]) == (1, [code])


def test_a_file_that_is_too_large_is_not_read(workspace: Workspace) -> None:
    path = workspace.root / "specs" / "large.json"
    with path.open("wb") as file:
        file.truncate(30_000_000)
    assert validated(workspace) == [("error", "file-too-large", "specs/large.json", 1)]
    assert f"The limit is {MOST_BYTES / 1e6:.0f} MB." in workspace.run("validate").out


def test_what_is_not_a_file_is_not_read(workspace: Workspace) -> None:
    folder = workspace.root / "specs"
    os.mkfifo(folder / "pipe.json")
    (folder / "loop.json").symlink_to("loop.json")
    (folder / "out.json").symlink_to("/etc/hostname")
    (folder / "same.json").symlink_to("acme.json")
    (folder / ".hidden.json").write_text("{")
    (folder / "notes.txt").write_text("{")
    (folder / "folder.json").mkdir()
    assert validated(workspace) == [
        ("error", "unreadable-file", "specs/loop.json", 1),
        ("error", "outside-workspace", "specs/out.json", 1),
        ("error", "unreadable-file", "specs/pipe.json", 1),
    ]


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("nothing", ("error", "specs-folder")),
        ("flowctl.yaml", ("error", "specs-folder")),
        (".hidden", ("error", "specs-folder")),
        ("a\\b", ("error", "specs-folder")),
        ("..", ("error", "outside-workspace")),
        ("manifests", ("warning", "specs-folder")),
    ],
)
def test_a_folder_that_cannot_be_used_is_told_in_flowctl_yaml(
    workspace: Workspace, folder: str, found: tuple[str, str]
) -> None:
    (workspace.root / ".hidden").mkdir()
    workspace.edit("flowctl.yaml", "specs: specs", f"specs: '{folder}'")
    assert (*found, "flowctl.yaml", 4) in validated(workspace)


def test_the_page_of_such_a_connector_is_the_guide(workspace: Workspace) -> None:
    """No page of its own is in the documentation that is installed with flowctl."""
    for name, page in (("acme-crm", "guides/own-connectors.md"), ("shopify", "connectors/shopify.md")):
        shown = json.loads(workspace.run("connectors", name, "--format", "json").out)["connectors"][0]["page"]
        assert Path(shown).is_file()
        assert Path(shown).as_posix().endswith(page)


def test_specs_are_those_of_one_workspace(workspace: Workspace, tmp_path: Path) -> None:
    """Another one, and a command without one, does not know them."""
    assert workspace.run("connectors", "acme-crm").code == 0
    assert own_specs() is NONE
    other = tmp_path / "other"
    other.mkdir()
    (other / "flowctl.yaml").write_text("apiVersion: flowctl/v1\nkind: Workspace\n", encoding="utf-8")
    (other / "all.yaml").write_text(MANIFESTS, encoding="utf-8")
    result = Workspace(root=other, capsys=workspace.capsys).run("validate", "--format", "json")
    assert "unknown-connector" in {each[1] for each in problems(result)}


def test_a_good_verdict_is_forgotten_if_the_spec_changes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    account, schema, pipeline = MANIFESTS.split("---\n")
    workspace.write("manifests/all.yaml", account)
    workspace.write("manifests/people.yaml", pipeline)
    for number in range(SMALLEST):
        named = schema.replace("name: person}", f"name: {f'person{number}' if number else 'person'}}}")
        workspace.write(f"manifests/s{number}.yaml", named.replace("title: Person", f"title: {number}"))
    assert validated(workspace) == []
    assert list((tmp_path / "cache").rglob("*.json"))
    put(workspace, "acme.json", connection_spec(sourceSpec={"spec": {**SOURCE, "required": ["other"]}}))
    assert {each[1] for each in validated(workspace)} == {"invalid-source-params"}


def test_every_command_knows_the_connector(workspace: Workspace) -> None:
    shown = workspace.run("connectors", "Acme CRM")
    assert shown.code == 0
    assert "specs/acme.json" in shown.out
    assert "${env:ACME_CRM_API_KEY}" in shown.out
    workspace.apply()
    assert "Contacts" in workspace.run("explore", "acme").out
    assert workspace.run("new", "pipeline", "--connection", "acme", "--table", "Contacts").code == 0
    assert validated(workspace) == []


def _of_doctor(workspace: Workspace) -> list[tuple[str, str]]:
    parts = workspace.run("doctor", "--format", "json").json["findings"]
    return [(each["health"], each["found"]) for each in parts if each["part"] == "connection specs"]


def test_doctor_compares_the_connector_with_the_live_spec(workspace: Workspace, platform: Platform) -> None:
    assert _of_doctor(workspace) == [("ok", "acme-crm: as in the files below `specs`")]
    workspace.write(
        "flowctl.yaml",
        f"{(workspace.root / 'flowctl.yaml').read_text(encoding='utf-8')}environments:\n  local:\n"
        f"    endpoint: {platform.url}\n    organization: LOCAL@AdobeOrg\n    sandbox: dev\n",
    )
    assert _of_doctor(workspace) == [("failed", f"Experience Platform has no connection spec {ACME} (acme-crm)")]
    (workspace.root / "specs" / "acme.json").unlink()
    put(workspace, "flow.json", flow_spec())
    assert _of_doctor(workspace) == []


def test_doctor_tells_what_moved(workspace: Workspace, platform: Platform) -> None:
    workspace.write(
        "flowctl.yaml",
        f"{(workspace.root / 'flowctl.yaml').read_text(encoding='utf-8')}environments:\n  local:\n"
        f"    endpoint: {platform.url}\n    organization: LOCAL@AdobeOrg\n    sandbox: dev\n",
    )
    put(workspace, "other.json", connection_spec(id=ACME_FLOW, name="Other"))
    same = connection_spec()
    for changed, words in (
        ({"authSpec": [{"name": "Token", "spec": AUTH}]}, "authentication types"),
        ({"authSpec": [{"name": "Key", "spec": {"type": "object"}}]}, "authentication types"),
        ({"sourceSpec": {"spec": {}}}, "source parameters"),
        ({"sourceSpec": None}, "source parameters"),
        ({"sourceSpec": {**same["sourceSpec"], "type": "Table"}}, None),
    ):
        live = {"items": [{**same, **changed}, connection_spec(id=ACME_FLOW, name="Other")]}
        path = "/data/foundation/flowservice/connectionSpecs"
        platform.fault(match={"method": "GET", "path": path}, times=1, effect={"status": 200, "body": live})
        moved = f"acme-crm: the live {words} differ from the file below `specs`"
        equal = "other" if words else "acme-crm and other"
        expected = [("warning", moved)] if words else []
        assert _of_doctor(workspace) == [*expected, ("ok", f"{equal}: as in the files below `specs`")]
    platform.fault(match={"method": "GET", "path": path}, times=99, effect={"status": 403})
    ((health, words),) = _of_doctor(workspace)
    assert (health, "403" in words) == ("failed", True)


def test_explain_knows_the_connector(workspace: Workspace) -> None:
    result = workspace.run("explain", "acme-crm")
    assert result.code == 1
    assert '"acme-crm" is a connector' in result.out + result.err
    assert "Run `flowctl connectors acme-crm`." in result.out + result.err
    workspace.write("specs/acme.json", "{")
    assert workspace.run("explain", "unknown-key").code == 0


def test_schemas_for_editors_know_the_connector(workspace: Workspace) -> None:
    put(workspace, "flow.json", flow_spec())
    assert workspace.run("schemas", str(workspace.root / "schemas")).code == 0
    text = (workspace.root / "schemas" / "connection.schema.json").read_text(encoding="utf-8")
    assert '"acme-crm"' in text
    assert '"apiKey"' in text
    assert '"AcmeToAEP"' in (workspace.root / "schemas" / "pipeline.schema.json").read_text(encoding="utf-8")


def test_a_scenario_may_use_the_specs_of_the_workspace(workspace: Workspace) -> None:
    reference = {"id": ACME, "version": "1.0"}
    auth = {"specName": "Key", "params": {"host": "h", "apiKey": "k"}}
    path = "/data/foundation/flowservice/connections"
    body = {"name": "seeded", "connectionSpec": reference, "auth": auth}
    workspace.write("scenario.json", json.dumps({"requests": [{"path": path, "body": body}]}))
    result = workspace.run("emulator", "seed", str(workspace.root / "scenario.json"))
    assert result.code == 0, result.err


def test_the_live_spec_is_compared_with_the_file(workspace: Workspace, platform: Platform) -> None:
    """The shared emulator has not the folder: the plan says that the platform has no such spec."""
    workspace.write(
        "flowctl.yaml",
        f"{(workspace.root / 'flowctl.yaml').read_text(encoding='utf-8')}environments:\n  local:\n"
        f"    endpoint: {platform.url}\n    organization: LOCAL@AdobeOrg\n    sandbox: dev\n",
    )
    result = workspace.run("plan", "--format", "json")
    assert "connector-not-served" in {each[1] for each in problems(result)}
    changed = flow_spec(id=CRM_TO_AEP, name="CRMToAEP", version="7.0")
    put(workspace, "flow.json", changed)
    told = workspace.run("plan", "--format", "json").json["diagnostics"]
    (found,) = [each for each in told if each["code"] == "flow-spec-differs"]
    assert "the copy in specs/flow.json" in found["summary"]
    assert "that file" in found["detail"]


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    command = [sys.executable, "-m", "flowctl", "emulator", "serve", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        lines = iter(process.stderr.readline, "")
        yield next(line for line in lines if "listening on" in line).removeprefix("listening on ").strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.stderr.read()
        process.stderr.close()
        process.wait(10)


def test_a_served_emulator_has_the_specs_of_a_folder(workspace: Workspace) -> None:
    with served("--specs", str(workspace.root / "specs")) as url:
        headers = {"Authorization": "Bearer local-token", "x-sandbox-name": "dev", "x-gw-ims-org-id": "LOCAL@AdobeOrg"}
        headers["x-api-key"] = "local-client"
        path = f"{url}/data/foundation/flowservice/connectionSpecs/{ACME}"
        (found,) = httpx.get(path, headers=headers).raise_for_status().json()["items"]
    assert (found["name"], found["version"], found["sourceSpec"]["type"]) == ("Acme CRM", "1.0", "Table")


def test_a_folder_that_cannot_be_served_is_refused(workspace: Workspace) -> None:
    workspace.write("specs/wrong.json", "{")
    result = workspace.run("emulator", "serve", "--specs", str(workspace.root / "specs"))
    assert (result.code, "damaged-spec" in result.err, "specs/wrong.json:1" in result.err) == (1, True, True)
    result = workspace.run("emulator", "serve", "--specs", str(workspace.root / "nothing"))
    assert (result.code, "specs-folder" in result.err) == (1, True)


def test_the_emulator_prefers_a_spec_of_its_own() -> None:
    own = (("connectionSpec", {**connection_spec(id=HUBSPOT, name="mine"), "version": "1.0"}),)
    with emulator.start(own_specs=own) as running:
        headers = {"Authorization": "Bearer local-token", "x-sandbox-name": "dev", "x-gw-ims-org-id": "LOCAL@AdobeOrg"}
        headers["x-api-key"] = "local-client"
        reply = httpx.get(f"{running.url}/data/foundation/flowservice/connectionSpecs/{HUBSPOT}", headers=headers)
    assert reply.json()["items"][0]["name"] == "mine"


@pytest.mark.parametrize(
    ("source", "kind", "formats"),
    [
        ({"type": "File", "spec": {}}, "File", ("delimited", "json", "parquet")),
        ({"name": "CloudStorage", "spec": {}}, "File", ("delimited", "json", "parquet")),
        ({"type": "Rest", "spec": SOURCE}, "Rest", ("json",)),
        ({"type": "Streaming"}, "Streaming", ("json",)),
        ({"spec": {"properties": {"path": {}, "recursive": {}}}}, "File", ("delimited", "json", "parquet")),
        ({"spec": {"properties": {"path": {}, "columns": {}}}}, "Table", ("tabular",)),
        ({"spec": {"properties": {"listId": {}}}}, "Rest", ("json",)),
        ({}, "Table", ("tabular",)),
    ],
)
def test_what_a_source_reads_is_told_by_its_spec(source: dict[str, Any], kind: str, formats: tuple[str, ...]) -> None:
    specs, wrong = specs_of({"a.json": json.dumps(connection_spec(sourceSpec=source)).encode()})
    own, _ = beside_the_catalogue(specs)
    found = own.connectors["acme-crm"]
    assert (wrong, found.source_type, found.formats) == ([], kind, formats)
    assert own.bodies[0][1]["sourceSpec"]["type"] == kind


def test_a_flow_spec_of_its_own_stands_before_a_pinned_one() -> None:
    files = {"a.json": connection_spec(id=HUBSPOT), "b.json": flow_spec(sourceConnectionSpecIds=[HUBSPOT.upper()])}
    specs, _ = specs_of({name: json.dumps(each).encode() for name, each in files.items()})
    own, _ = beside_the_catalogue(specs)
    found = own.connectors["hubspot"]
    assert (found.flow_spec, found.flow_specs) == ("AcmeToAEP", ("AcmeToAEP", "CRMToAEP"))


def test_the_emulator_lets_a_pinned_flow_spec_serve_what_none_lists() -> None:
    """If the workspace has a copy of that flow spec, it is that copy."""
    copy = flow_spec(id=CRM_TO_AEP, name="CRMToAEP", optionSpec={}, sourceConnectionSpecIds=[])
    files = {"a.json": connection_spec(), "b.json": copy}
    specs, _ = specs_of({name: json.dumps(each).encode() for name, each in files.items()})
    own, _ = beside_the_catalogue(specs)
    last = [body for kind, body in own.bodies if kind == "flowSpec"][-1]
    assert (last["id"], last["optionSpec"], ACME in last["sourceConnectionSpecIds"]) == (CRM_TO_AEP, {}, True)
    assert own.connectors["acme-crm"].flow_specs == ("CRMToAEP",)


def test_a_kept_plan_is_forgotten_if_the_spec_changes(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    schema = MANIFESTS.split("---\n")[1]
    for number in range(25):
        named = schema.replace("name: person}", f"name: person{number}}}")
        workspace.write(f"manifests/s{number}.yaml", named.replace("title: Person", f"title: {number}"))
    workspace.apply()
    assert workspace.plan().json["changes"] == []
    assert list((tmp_path / "cache" / "flowctl" / "plans").iterdir())
    put(workspace, "acme.json", connection_spec(sourceSpec={"type": "Rest", "spec": SOURCE}))
    assert "people.source_connection" in workspace.plan().actions()


def test_a_target_is_no_connector() -> None:
    spec = {key: value for key, value in connection_spec(targetSpec={}).items() if key != "sourceSpec"}
    specs, wrong = specs_of({"a.json": json.dumps(spec).encode()})
    own, problems = beside_the_catalogue(specs)
    assert (wrong, list(problems), own.connectors) == ([], [], {})
    assert [body["id"] for _, body in own.bodies] == [ACME]
