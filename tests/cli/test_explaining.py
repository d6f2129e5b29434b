"""What a new user can ask without a workspace: codes, kinds, connectors; and with one, its environments."""

import json
from pathlib import Path

import pytest
import yaml
from surroundings import SCHEMAS, Workspace

from flowctl.kinds.registry import KINDS
from flowctl.kinds.run_error_codes import RUN_ERROR_CODES
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.codes import CODES
from flowctl.specs.catalogue import connector_names


@pytest.fixture
def nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A folder that is no workspace."""
    return Workspace(root=tmp_path, capsys=capsys)


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_in_plain_text_with_pages_that_exist(nowhere: Workspace, code: str) -> None:
    result = nowhere.run("explain", code, "--format", "json")
    assert (result.code, result.json["code"]) == (0, code)
    assert "](" not in result.json["meaning"] + result.json["cure"]
    assert result.json["pages"]
    assert all(Path(page).is_file() for page in result.json["pages"])


def test_a_code_with_a_link_names_its_page(nowhere: Workspace) -> None:
    pages = nowhere.run("explain", "unknown-connector", "--format", "json").json["pages"]
    assert [Path(page).name for page in pages] == ["connectors.md", "diagnostics.md"]
    assert f"See {pages[0]}" in nowhere.run("explain", "unknown-connector").out


@pytest.mark.parametrize("name", ["http-403", "http-STATUS", "[unknown-key]", "`unknown-key`", "UNKNOWN-KEY"])
def test_a_code_is_known_in_the_forms_in_which_messages_show_it(nowhere: Workspace, name: str) -> None:
    assert nowhere.run("explain", name).code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_address_is_explained(nowhere: Workspace, kind: str) -> None:
    found = nowhere.run("explain", kind, "--format", "json").json
    assert (found["kind"], found["meaning"][-1]) == (kind, ".")
    assert found["declaredIn"]
    assert found["deletes"] != bool(found["keptBecause"])


def test_what_replaces_an_object_is_told(nowhere: Workspace) -> None:
    assert "Replace      if one of these changes: data, params" in nowhere.run("explain", "target_connection").out
    assert "Replace" not in nowhere.run("explain", "mapping_set").out
    assert "not possible: Adobe's Data Prep API" in nowhere.run("explain", "mapping_set").out


@pytest.mark.parametrize("kind", DOCUMENT_KINDS)
def test_the_substitutions_of_an_example_stand_as_they_are_published(nowhere: Workspace, kind: str) -> None:
    shown = nowhere.run("explain", kind, "--format", "json").json["example"]
    published = json.loads((SCHEMAS / f"{kind.lower()}.schema.json").read_text(encoding="utf-8"))
    assert shown.count("$") == json.dumps(published["examples"][0]).count("$")


@pytest.mark.parametrize("kind", DOCUMENT_KINDS)
def test_every_kind_of_document_is_explained_with_an_example(nowhere: Workspace, kind: str) -> None:
    found = nowhere.run("explain", kind, "--format", "json").json
    assert found["document"] == kind
    paths = {key["path"]: key["required"] for key in found["keys"]}
    assert (paths["metadata"], paths["metadata.name"]) == (True, True)
    assert all(key["meaning"] for key in found["keys"])
    assert yaml.safe_load(found["example"])["kind"] == kind


def test_the_kind_of_an_address_wins_only_in_its_own_spelling(nowhere: Workspace) -> None:
    assert "kind" in nowhere.run("explain", "dataset", "--format", "json").json
    assert "document" in nowhere.run("explain", "Dataset", "--format", "json").json
    assert nowhere.run("explain", "shop.flow", "--format", "json").json["kind"] == "flow"
    assert nowhere.run("explain", "mapping-set", "--format", "json").json["kind"] == "mapping_set"
    assert nowhere.run("explain", "pipeline", "--format", "json").json["document"] == "Pipeline"


def test_without_a_name_everything_is_listed(nowhere: Workspace) -> None:
    shown = nowhere.run("explain")
    assert shown.code == 0
    assert all(name in shown.out for name in (*CODES, *KINDS, *DOCUMENT_KINDS))
    listed = nowhere.run("explain", "--format", "json").json
    assert [row["code"] for row in listed["codes"]] == [*CODES, *RUN_ERROR_CODES]


def test_an_unknown_name_gets_the_nearest(nowhere: Workspace) -> None:
    result = nowhere.run("explain", "unknown-kei")
    assert result.code == 1
    assert "Did you mean `unknown-key`?" in result.err
    assert "[nothing-to-explain]" in result.err


def test_all_connectors_are_listed_with_what_the_contract_names(nowhere: Workspace) -> None:
    listed = nowhere.run("connectors", "--format", "json").json["connectors"]
    assert [entry["name"] for entry in listed] == list(connector_names())
    assert all(
        set(entry) == {"name", "title", "category", "formats", "flowSpecs", "verified"} and entry["flowSpecs"]
        for entry in listed
    )


def test_a_search_looks_at_names_titles_and_categories(nowhere: Workspace) -> None:
    def found(text: str) -> set[str]:
        return {
            entry["name"]
            for entry in nowhere.run("connectors", "--search", text, "--format", "json").json["connectors"]
        }

    assert "postgresql" in found("SQL")
    assert "hubspot" in found("marketing-auto")
    assert found("cc6a4487") == {"hubspot"}
    assert found("no such source") == set()
    assert "No connector" in nowhere.run("connectors", "--search", "no such source").out


def test_a_connector_that_no_document_confirms_is_marked(nowhere: Workspace) -> None:
    listed = nowhere.run("connectors", "--format", "json").json["connectors"]
    unsure = [entry["name"] for entry in listed if not entry["verified"]]
    lines = nowhere.run("connectors").out.splitlines()
    assert [line.split()[0] for line in lines if " *  " in line] == unsure


@pytest.mark.parametrize("name", connector_names())
def test_each_connector_has_manifests_to_copy(nowhere: Workspace, name: str) -> None:
    (shown,) = nowhere.run("connectors", name, "--format", "json").json["connectors"]
    for kind in shown["authenticationTypes"]:
        manifest = yaml.safe_load(kind["manifest"])
        assert (manifest["connector"], manifest["auth"]["specName"]) == (name, kind["name"])
        written = manifest["auth"]["params"]
        secrets = {param["name"] for param in kind["params"] if param["secret"]}
        assert all(written[param].startswith("${env:") for param in secrets & set(written))
        assert {param["name"] for param in kind["params"] if param["need"] == "required"} <= set(written)
    assert "source" in yaml.safe_load(shown["source"])
    assert nowhere.run("connectors", name).out.startswith(f"{name}: ")


def test_a_connector_is_found_by_its_title_and_a_wrong_name_gets_the_nearest(nowhere: Workspace) -> None:
    assert nowhere.run("connectors", "HubSpot").out.startswith("hubspot: HubSpot")
    assert nowhere.run("connectors", " azure blob STORAGE ").out.startswith("azure-blob: Azure Blob Storage")
    wrong = nowhere.run("connectors", "hubspott")
    assert (wrong.code, "Did you mean `hubspot`?" in wrong.err) == (1, True)
    assert nowhere.run("connectors", "hubspot", "--search", "x").code == 1


def test_a_manifest_to_copy_is_valid_once_its_gaps_are_filled(nowhere: Workspace) -> None:
    (shown,) = nowhere.run("connectors", "hubspot", "--format", "json").json["connectors"]
    nowhere.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\n")
    nowhere.write("hubspot.yaml", shown["authenticationTypes"][0]["manifest"].replace("...", "a-client"))
    result = nowhere.run("validate")
    assert result.code == 0, result.err


def test_environments_are_listed_with_what_they_lack(nowhere: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORG_ID", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"AEP_{name}", raising=False)
    examples = (SCHEMAS.parent / "examples" / "flowctl.yaml").read_text(encoding="utf-8")
    nowhere.write("flowctl.yaml", examples)
    local, dev = nowhere.run("env", "list", "--format", "json").json["environments"]
    assert (local["name"], local["default"], local["embedded"], local["problems"]) == ("local", True, True, [])
    assert (dev["name"], dev["default"], dev["endpoint"]) == ("dev", False, "")
    assert "AEP_CLIENT_SECRET" in dev["problems"][0]
    assert "dev: environment variables" in nowhere.run("env", "list").out
    monkeypatch.setenv("AEP_ORG_ID", "ABC@AdobeOrg")
    monkeypatch.setenv("AEP_CLIENT_ID", "client-of-acme")
    monkeypatch.setenv("AEP_CLIENT_SECRET", "hush-hush")
    shown = nowhere.run("env", "list")
    assert "https://platform.adobe.io" in shown.out
    assert "ABC@AdobeOrg" in shown.out
    assert "hush-hush" not in shown.out + shown.err
    assert "client-of-acme" not in shown.out


def test_a_lockfile_that_cannot_be_read_is_one_environments_problem(nowhere: Workspace) -> None:
    nowhere.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\n")
    nowhere.write("flowctl.local.lock", "{")
    (local,) = nowhere.run("env", "list", "--format", "json").json["environments"]
    assert local["resources"] is None
    assert local["problems"]
    assert "unreadable" in nowhere.run("env", "list").out


def test_the_resources_of_an_environment_are_counted(examples: Workspace) -> None:
    examples.begin_applied()
    recorded = examples.run("state", "list").out.splitlines()
    listed = examples.run("env", "list", "--format", "json").json["environments"]
    (applied,) = (entry for entry in listed if entry["resources"])
    assert 10 < applied["resources"] <= len(recorded)


@pytest.mark.parametrize("code", ["INGEST-1212", "ingest-1212", "INGEST-1212-400", "MAPPER-3700-400"])
def test_an_error_code_of_a_run_is_explained(nowhere: Workspace, code: str) -> None:
    result = nowhere.run("explain", code)
    assert (result.code, "What to do" in result.out) == (0, True)
    assert result.out.startswith(f"{code.upper()}: ")


def test_a_mistyped_code_of_a_run_gets_the_nearest(nowhere: Workspace) -> None:
    assert "Did you mean `CONNECTOR-2001`?" in nowhere.run("explain", "CONNECTOR2001").err


def test_a_connector_is_sent_to_its_own_command(nowhere: Workspace) -> None:
    for name in ("postgresql", "PostgreSQL"):
        result = nowhere.run("explain", name)
        assert (result.code, "Run `flowctl connectors postgresql`." in result.err) == (1, True)


def test_a_folder_without_a_workspace_leads_to_init(nowhere: Workspace) -> None:
    assert "`flowctl init`" in nowhere.run("validate").err


@pytest.mark.parametrize("command", [("connectors",), ("init", "--connector")])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("s3", "Did you mean `amazon-s3`?"),
        ("S3", "Did you mean `amazon-s3`?"),
        ("hubspott", "Did you mean `hubspot`?"),
        ("ubspo", "Did you mean `hubspot`?"),
        ("google", "`google-ads`, `google-big-query`, `google-cloud-storage` or `google-pubsub`?"),
        ("azure-", "Run `flowctl connectors --search azure-` to list the 5 that are like it."),
        ("azure", "Run `flowctl connectors --search azure` to list the "),
        ("e s", "Run `flowctl connectors --search 'e s'` to list the "),
        ("hubs", "Did you mean `hubspot` or `event-hubs`?"),
        ("loyalty", "Run `flowctl connectors` to list all. For another source"),
        ("kafka", "Run `flowctl connectors` to list all. For another source, save its connection spec below `specs`."),
        ("  ", "Run `flowctl connectors` to list all."),
    ],
)
def test_a_connector_that_does_not_exist_has_candidates(
    nowhere: Workspace, command: tuple[str, ...], name: str, hint: str
) -> None:
    result = nowhere.run(*command, name)
    assert result.code == 1
    assert hint in result.err
    assert "connectionSpec" not in result.err


@pytest.mark.parametrize("name", ["CONNECTOR-1337-400", "connector-1337-400", "[FLOW-1446-400]", "XDM-1521-400"])
def test_a_code_of_experience_platform_is_not_taken_for_a_mistyped_one(nowhere: Workspace, name: str) -> None:
    result = nowhere.run("explain", name)
    assert result.code == 1
    assert f"{name.strip('[]').upper()} is an error code of Experience Platform" in result.err
    assert "Did you mean" not in result.err
    assert "`flowctl explain http-400`" in result.err
    assert ("https://experienceleague.adobe.com/" in result.err) == ("CONNECTOR" in name.upper())


def test_a_code_of_experience_platform_without_a_status_names_no_status(nowhere: Workspace) -> None:
    result = nowhere.run("explain", "CONNECTOR-1337")
    assert "is an error code of Experience Platform" in result.err
    assert "http-" not in result.err


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("pipeline.schedule", "Run `flowctl explain Pipeline`"),
        ("Pipeline.source.params", "Run `flowctl explain Pipeline`"),
        ("schema.fields", "Run `flowctl explain Schema`"),
        ("x.scheduleTime", "Run `flowctl explain` to list"),
        ("missing-shedule", "Did you mean `missing-schedule`?"),
    ],
)
def test_a_key_of_a_document_leads_to_its_kind(nowhere: Workspace, name: str, hint: str) -> None:
    result = nowhere.run("explain", name)
    assert (result.code, hint in result.err) == (1, True), result.err
