"""The catalogue against its schema, the flow specs and the documented ids."""

import json
from collections import Counter

import pytest
from documented_connectors import DOCUMENTED, NEEDED
from jsonschema import Draft7Validator, Draft202012Validator

from flowctl.specs import flow_specs
from flowctl.specs.catalogue import connector, connector_by_spec_id, connector_names
from flowctl.specs.files import read_json, schemas_dir
from flowctl.specs.flow_specs import pinned, pinned_names, serving

SCHEMA = json.loads((schemas_dir() / "connector.schema.json").read_text(encoding="utf-8"))
NAMES = connector_names()

UNMAPPED = {
    "998b8ae3-cec0-43b7-8abe-40b1eb4ee069",  # listed by CloudStorageToAEP, never named
    "b7829c2f-2eb0-4f49-a6ee-55e33008b629",  # listed by CloudStorageToAEP, never named
    "d27d4907-7351-47dd-bbc2-05a04365703d",  # listed by the streaming spec with a mapping, never named
}


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_each_file_follows_the_schema(name: str) -> None:
    entry = read_json("connectors", name)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(entry)] == []
    assert entry["name"] == name
    assert entry["flowSpec"] == entry["flowSpecs"][0]
    for part in (*entry["connectionSpec"]["authSpec"], entry["connectionSpec"]["sourceSpec"]):
        Draft7Validator.check_schema(part["spec"])
        assert set(part["spec"].get("required", [])) <= set(part["spec"]["properties"])
    assert bool(entry["connectionSpec"]["authSpec"]) == entry["baseConnection"]


def test_the_documented_connectors_are_the_catalogue() -> None:
    assert {(name, spec_id) for name, spec_id, _ in DOCUMENTED} == {
        (name, found.spec_id) for name in NAMES if (found := connector(name))
    }
    assert len(NAMES) >= 45


@pytest.mark.parametrize(("name", "secrets"), [(name, secrets) for name, _, secrets in DOCUMENTED])
def test_each_documented_secret_is_flagged(name: str, secrets: str) -> None:
    found = connector(name)
    assert found
    assert set().union(*(spec.secret_params for spec in found.auth_specs)) == set(secrets.split())


def test_names_and_ids_are_unique() -> None:
    ids = Counter(found.spec_id for name in NAMES if (found := connector(name)))
    titles = Counter(found.title for name in NAMES if (found := connector(name)))
    assert ids.most_common(1)[0][1] == 1
    assert titles.most_common(1)[0][1] == 1


@pytest.mark.parametrize("name", NAMES)
def test_each_authentication_type_is_listed_once(name: str) -> None:
    found = connector(name)
    assert found
    names = Counter(spec.name for spec in found.auth_specs)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize(("name", "kind", "params"), NEEDED)
def test_the_parameters_that_an_authentication_type_needs(name: str, kind: str, params: str) -> None:
    found = connector(name)
    spec = found and found.auth_spec(kind)
    assert spec
    assert set(spec.schema["required"]) == set(params.split())


def test_numbers_and_booleans_may_be_written_as_texts() -> None:
    found = [each for name in NAMES if (each := connector(name))]
    schemas = [each.source_schema for each in found] + [spec.schema for each in found for spec in each.auth_specs]
    alone = ("boolean", "integer", "number")
    assert [key for schema in schemas for key, of in schema["properties"].items() if of["type"] in alone] == []


def test_the_connectors_whose_pages_do_not_settle_their_id() -> None:
    unsettled = {name for name in NAMES if (found := connector(name)) and not found.verified}
    assert unsettled == {"linkedin-ads", "marketo-engage", "sugarcrm"}


def test_no_id_that_the_documents_misprint() -> None:
    files = [path for folder in ("connectors", "flow_specs") for path in (schemas_dir() / folder).glob("*.json")]
    everything = "".join(path.read_text(encoding="utf-8") for path in files)
    assert "bf367b0d-3d9b-4060-b67b-0d3d9bd06094" not in everything  # a connection, printed as SFTP
    assert '"000eb99' not in everything  # MariaDB with a digit lost
    assert "ccfc0fee1" not in everything  # Salesforce with a digit too many
    assert everything.count("b3ba5556-48be-44b7-8b85-ff2b69b46dc4") == everything.count("b3ba5556")
    assert connector_by_spec_id("d771e9c1-4f26-40dc-8617-ce58c4b53702") is connector("google-ads")
    assert connector_by_spec_id("221c7626-58f6-4eec-8ee2-042b0226f03b") is connector("paypal")


def test_each_connector_is_listed_by_its_flow_specs_and_the_other_way_round() -> None:
    claimed = {(name, spec) for name in NAMES if (found := connector(name)) for spec in found.flow_specs}
    listed: set[tuple[str, str]] = set()
    unmapped: set[str] = set()
    for spec_name in pinned_names():
        spec = pinned(spec_name)
        assert spec
        for spec_id in spec.source_spec_ids:
            found = connector_by_spec_id(spec_id)
            if found:
                listed.add((found.name, spec_name))
                assert spec_name in serving(spec_id)
            else:
                unmapped.add(spec_id)
    assert unmapped == UNMAPPED
    assert claimed == listed
    assert {spec for _, spec in claimed} <= set(pinned_names())


def test_a_connector_as_a_value() -> None:
    hubspot = connector("hubspot")
    assert hubspot
    assert hubspot.formats == ("tabular",)
    assert hubspot.flow_spec == "CRMToAEP"
    assert hubspot.needs_base_connection
    assert hubspot.spec_version == "1.0"
    basic = hubspot.auth_spec("Basic Authentication")
    assert basic
    assert basic.secret_params == {"clientSecret", "accessToken", "refreshToken"}
    assert hubspot.auth_spec("basic authentication") is None
    assert hubspot.is_secret("Basic Authentication", "clientSecret")
    assert not hubspot.is_secret("Basic Authentication", "clientId")
    assert hubspot.is_secret("a name that is wrong", "clientSecret")


def test_the_sources_whose_changes_can_be_captured() -> None:
    found = [each for name in NAMES if (each := connector(name)) and "cdcEnabled" in each.source_schema["properties"]]
    files = {each.name for each in found if "tabular" not in each.formats}
    assert files == {"amazon-s3", "azure-blob", "data-landing-zone", "google-cloud-storage", "sftp"}
    assert {each.name for each in found} - files == {"databricks", "google-big-query", "snowflake"}
    page = "tutorials/api/change-data-capture.md"
    assert all(any(document.endswith(page) for document in each.documents) for each in found)


def test_sources_without_a_base_connection() -> None:
    without = {name for name in NAMES if (found := connector(name)) and not found.needs_base_connection}
    assert without == {
        "chatlio-webhook",
        "customerio-webhook",
        "data-landing-zone",
        "lava",
        "pendo-webhook",
        "shopify-streaming",
    }


@pytest.mark.parametrize("name", ["nothing", "", "../connector.schema", "hubspot.json", "HubSpot"])
def test_an_unknown_name_is_none(name: str) -> None:
    assert connector(name) is None
    assert pinned(name) is None


def test_an_unknown_id_is_none() -> None:
    assert connector_by_spec_id("c604ff05-7f1a-43c0-8e18-33bf874cb11c") is None
    assert serving("c604ff05-7f1a-43c0-8e18-33bf874cb11c") == ()


def test_the_names_are_listed_without_parsing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "loads", lambda *_: pytest.fail("parsed"))
    assert "hubspot" in connector_names()
    assert flow_specs.file_stems("connectors") == connector_names()
