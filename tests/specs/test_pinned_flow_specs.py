"""The pinned flow specs and the reading of the platform's answers."""

import hashlib
import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from flowctl import packaged_folder
from flowctl.model.errors import FlowctlError
from flowctl.specs.files import read_json, schemas_dir
from flowctl.specs.flow_specs import parse, pinned, pinned_names, serving

PUBLISHED = {
    "CRMToAEP": "14518937-270c-4525-bdec-c2ba7cce3860",
    "CloudStorageToAEP": "9753525b-82c7-4dce-8a9b-5ccfce2b9876",
    "GenericStreamingAEP": "e77fde5a-22a8-11ed-861d-0242ac120002",
    "MarketoToPlatform": "15f8402c-ba66-4626-b54c-9f8e54244d61",
    "RestStorageToAEP": "6499120c-0b15-42dc-936e-847ea3c24d72",
    "Steam data with transformation": "c1a19761-d2c7-4702-b9fa-fe91f0613e81",
    "Stream data with optional transformation": "d69717ba-71b4-4313-b654-49f9cf126d7a",
    "Stream data without transformation": "d8a6f005-7eaf-4153-983e-e8574508b877",
}
BATCH = ("CRMToAEP", "CloudStorageToAEP", "RestStorageToAEP")
LAKE = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"


def test_names_and_ids() -> None:
    assert {name: spec.id for name in pinned_names() if (spec := pinned(name))} == PUBLISHED


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_part_is_a_schema(name: str) -> None:
    spec = pinned(name)
    assert spec
    for schema in (spec.schedule_schema, spec.option_schema, *spec.transformation_schemas.values()):
        if schema is not None:
            Draft7Validator.check_schema(schema)
    assert LAKE in spec.raw["targetConnectionSpecIds"]
    assert len(set(spec.source_spec_ids)) == len(spec.source_spec_ids)
    assert spec.version == "1.0"


def test_crm_is_the_published_document() -> None:
    """The digest of the payload in the two tutorials, which print the same one; a newer one adds Databricks."""
    document = read_json("flow_specs", "CRMToAEP")
    listed = document["sourceConnectionSpecIds"]
    assert listed[36:] == ["e9d7ec6b-0873-4e57-ad21-b3a7c65e310b"]
    published = {**document, "sourceConnectionSpecIds": listed[:36]}
    text = json.dumps(published, sort_keys=True, separators=(",", ":"))
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "17bf4b2df8965f88efa2db61510a8040f8f045d7800625215fa41f938b8ed7cd"
    )


def test_the_batch_specs_share_schedule_and_options() -> None:
    crm, cloud, rest = (pinned(name) for name in BATCH)
    assert crm
    assert cloud
    assert rest
    assert crm.schedule_schema == cloud.schedule_schema == rest.schedule_schema
    assert crm.option_schema == cloud.option_schema == rest.option_schema
    assert list(crm.transformation_schemas) == ["Copy", "Mapping"]
    assert list(cloud.transformation_schemas) == ["Mapping"]
    assert list(rest.transformation_schemas) == ["Mapping"]


def test_the_streaming_specs_have_no_schedule_and_no_options() -> None:
    for name in set(PUBLISHED) - set(BATCH):
        spec = pinned(name)
        assert spec
        assert spec.schedule_schema is None
        assert spec.option_schema is None


def test_who_serves() -> None:
    assert serving("cc6a4487-9e91-433e-a3a3-9cf6626c1806") == ("CRMToAEP",)
    assert serving("bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb") == (
        "Steam data with transformation",
        "Stream data with optional transformation",
        "Stream data without transformation",
    )


MAPPING = {"type": "object", "properties": {"mappingId": {"type": "string"}}}


@pytest.mark.parametrize("key", ["transformationSpec", "transformationSpecs"])
@pytest.mark.parametrize(
    "part",
    [
        [{"name": "Mapping", "spec": MAPPING}],
        {"name": "Mapping", "spec": MAPPING},
        {"Mapping": {"spec": MAPPING}},
        {"Mapping": MAPPING},
    ],
)
def test_every_published_form_of_the_transformations_is_read(key: str, part: object) -> None:
    assert parse({"id": "1", "name": "a", key: part}).transformation_schemas == {"Mapping": MAPPING}


@pytest.mark.parametrize("empty", [None, {}, []])
def test_missing_parts(empty: object) -> None:
    wire = {"id": "1", "name": "a", "scheduleSpec": empty, "optionSpec": empty, "transformationSpec": empty}
    spec = parse(wire)
    assert (spec.schedule_schema, spec.option_schema, spec.transformation_schemas) == (None, None, {})
    assert spec.source_spec_ids == ()
    assert spec.version == "1.0"
    assert spec.raw is wire


@pytest.mark.parametrize(
    "wire",
    [
        None,
        [],
        "a",
        {},
        {"id": "1"},
        {"id": 1, "name": "a"},
        {"id": "1", "name": "a", "sourceConnectionSpecIds": "b"},
        {"id": "1", "name": "a", "scheduleSpec": {"spec": "text"}},
        {"id": "1", "name": "a", "scheduleSpec": "text"},
        {"id": "1", "name": "a", "transformationSpec": ["Mapping"]},
        {"id": "1", "name": "a", "transformationSpec": "Mapping"},
    ],
)
def test_another_shape_is_refused_with_a_sentence(wire: object) -> None:
    with pytest.raises(ValueError, match="flow spec"):
        parse(wire)


def test_the_schemas_are_found_in_the_checkout() -> None:
    assert (schemas_dir() / "flow_specs" / "CRMToAEP.json").is_file()


def test_an_installed_package_reads_its_own_schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "flowctl"
    monkeypatch.setattr(packaged_folder, "__file__", str(package / "packaged_folder.py"))
    locate = schemas_dir.__wrapped__
    with pytest.raises(FlowctlError, match="schemas of flowctl are missing"):
        locate()
    (tmp_path / "schemas" / "connectors").mkdir(parents=True)
    assert locate() == tmp_path / "schemas"
    (package / "schemas" / "connectors").mkdir(parents=True)
    assert locate() == package / "schemas"
