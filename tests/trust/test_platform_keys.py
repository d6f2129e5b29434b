"""The platform's own keys: what is written wrong there is said at its line, before anything is sent."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from every_connector import connectors, write_all
from surroundings import DEV, Platform, Workspace
from surroundings import SCHEMAS as SPECS

from flowctl import emulator

FLOWS = "/data/foundation/flowservice"
SCHEMAS = "/data/foundation/schemaregistry/tenant/schemas"
SHOP, FILES = (f"pipelines/{name}.yaml" for name in ("shop-customers", "partner-files"))
BUCKET, DATASET = "connections/landing-bucket.yaml", "datasets/customers.yaml"
PATH = "path: /partners/customers"
PROFILE_TAG = 'schema: customer\ntags: {unifiedProfile: ["enabled:true"]}\n'


def said(workspace: Workspace) -> list[tuple[str, str, str, int]]:
    """What validate says: severity, code, file and line."""
    found = workspace.run("validate", "--format", "json").json["diagnostics"]
    return [(each["severity"], each["code"], each["file"], each["line"]) for each in found]


def told(workspace: Workspace) -> dict[str, Any]:
    """The only thing that validate says."""
    (found,) = workspace.run("validate", "--format", "json").json["diagnostics"]
    diagnostic: dict[str, Any] = found
    return diagnostic


def line_of(workspace: Workspace, name: str, text: str) -> int:
    """The line of a file in which a text stands."""
    lines = (workspace.root / name).read_text(encoding="utf-8").splitlines()
    (line,) = [number for number, each in enumerate(lines, start=1) if text in each]
    return line


def test_the_examples_are_silent(examples: Workspace) -> None:
    assert said(examples) == []


# Keys that are nearly right


NEAR = {
    "param": (FILES, "recursive: true", "recursiv: true", "recursive"),
    "param in another case": (FILES, "recursive: true", "Recursive: true", "recursive"),
    "param beside the right one": (FILES, "recursive: true", "recursive: true, recursiv: true", "recursive"),
    "required param beside the right one": (
        SHOP,
        "tableName: public.customers",
        "tableName: public.customers\n    tablename: public.clients",
        "tableName",
    ),
    "member of a column": (SHOP, "{name: id, type: string}", "{name: id, type: string, xmd: {}}", "xdm"),
    "data": (FILES, "    properties: {", "    propertys: {", "properties"),
    "data property": (FILES, 'columnDelimiter: "|"', 'columnDelimeter: "|"', "columnDelimiter"),
    "word of a key": (FILES, 'columnDelimiter: "|"', 'delimiter: "|"', "columnDelimiter"),
    "option": (FILES, "errorDiagnosticsEnabled: true", "errorDiagnosticsEnabledd: true", "errorDiagnosticsEnabled"),
    "other option": (FILES, "partialIngestionPercent: 5", "partialIngestionPercnt: 5", "partialIngestionPercent"),
    "beginning of an option": (FILES, "errorDiagnosticsEnabled", "errorDiagnostics", "errorDiagnosticsEnabled"),
    "hyphens": (FILES, "partialIngestionPercent: 5", "partial-ingestion-percent: 5", "partialIngestionPercent"),
    "auth param": (BUCKET, "bucketName: acme", "bucketNme: acme", "bucketName"),
    "tag": (
        DATASET,
        "schema: customer\n",
        'schema: customer\ntags: {unifiedprofile: ["enabled:true"]}\n',
        "unifiedProfile",
    ),
    "target": (FILES, "mappings:\n", "target: {data: {formt: parquet_xdm}}\nmappings:\n", "format"),
}


@pytest.mark.parametrize(("name", "old", "new", "meant"), NEAR.values(), ids=NEAR)
def test_a_near_miss_is_a_warning_with_the_name(examples: Workspace, name: str, old: str, new: str, meant: str) -> None:
    examples.edit(name, old, new)
    found = told(examples)
    assert (found["severity"], found["code"], found["file"]) == ("warning", "unknown-platform-key", name)
    assert found["hint" if "hint" in found else "detail"].endswith(f"Did you mean `{meant}`?")
    assert examples.run("validate").code == 0


def test_a_near_miss_of_a_key_that_is_missing_is_said_once(examples: Workspace) -> None:
    examples.edit(SHOP, "tableName: public", "tablename: public")
    found = told(examples)
    assert (found["severity"], found["code"]) == ("error", "invalid-source-params")
    assert "Rename `tablename` to `tableName`." in str(found)


FAR = {
    "param": (FILES, "recursive: true", "recursive: true, region: eu"),
    "option": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: 5, isSampleDataflow: false"),
    "tag": (DATASET, "schema: customer\n", "schema: customer\ntags: {adobe/pqs/table: [customers]}\n"),
    "auth param": (BUCKET, "bucketName: acme-landing", "bucketName: acme-landing\n    region: eu"),
}


@pytest.mark.parametrize(("name", "old", "new"), FAR.values(), ids=FAR)
def test_a_key_that_resembles_none_is_left_alone(examples: Workspace, name: str, old: str, new: str) -> None:
    examples.edit(name, old, new)
    assert said(examples) == []


def test_no_described_key_looks_like_a_misspelt_one(examples: Workspace) -> None:
    write_all(examples)
    assert {code for _, code, _, _ in said(examples)} == {"missing-incremental", "literal-secret"}


MISPLACED = {
    "encryption": ("options: {", "options: {encryption: {publicKeyId: k}, ", "encryption"),
    "schedule": ("options: {", "options: {backfill: true, ", "schedule.backfill"),
    "delimiter": (
        "    format: delimited\n",
        '    format: delimited\n    columnDelimiter: ";"\n',
        "source.data.properties",
    ),
    "option": ("recursive: true", "recursive: true, partialIngestionPercent: 5", "options.partialIngestionPercent"),
    "param of this source": ("    format: delimited\n", "    format: delimited\n    path: /in\n", "source.params.path"),
    "param as an option": ("options: {", "options: {recursive: true, ", "source.params.recursive"),
    "format": ("recursive: true", "recursive: true, format: delimited", "source.data.format"),
    "time zone": ("options: {", "options: {timezone: UTC, ", "incremental.timezone"),
}


@pytest.mark.parametrize(("old", "new", "place"), MISPLACED.values(), ids=MISPLACED)
def test_a_misplaced_key_is_told_where_it_belongs(examples: Workspace, old: str, new: str, place: str) -> None:
    examples.edit(FILES, old, new)
    found = told(examples)
    assert (found["severity"], found["code"], found["file"]) == ("warning", "misplaced-platform-key", FILES)
    assert place in str(found)


# Ranges and forms


REFUSED = {
    "percent above 100": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: 500"),
    "percent just above 100": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: 100.5"),
    "percent 0": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: 0"),
    "percent below 0": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: -1"),
    "percent as text": (FILES, "partialIngestionPercent: 5", 'partialIngestionPercent: "5"'),
    "delimiter of two": (FILES, 'columnDelimiter: "|"', 'columnDelimiter: "||"'),
    "delimiter of none": (FILES, 'columnDelimiter: "|"', 'columnDelimiter: ""'),
    "delimiter as a number": (FILES, 'columnDelimiter: "|"', "columnDelimiter: 1"),
    "compression": (FILES, "compressionType: gzip", "compressionType: zip"),
    "encoding": (FILES, "compressionType: gzip", "encoding: UTF-16"),
    "format": (FILES, "format: delimited", "format: csv"),
    "type of a path": (FILES, "type: folder", "type: directory"),
    "interval": (FILES, "interval: 1", "interval: 1e18"),
    "interval beyond 32 bits": (FILES, "interval: 1", "interval: 2147483648"),
    "interval of none": (FILES, "interval: 1", "interval: 0"),
    "interval in parts": (FILES, "interval: 1", "interval: 1.5"),
    "minutes": (FILES, "frequency: day", "frequency: minute"),
    "start in milliseconds": (FILES, "startTime: 2026-12-01T03:00:00Z", "startTime: 1796083200000"),
    "frequency": (FILES, "frequency: day", "frequency: month"),
    "empty date format": (SHOP, '"yyyy-MM-dd HH:mm:ss"', '""'),
    "empty table": (SHOP, "tableName: public.customers", 'tableName: ""'),
    "blank table": (SHOP, "tableName: public.customers", 'tableName: " "'),
    "column twice": (SHOP, "{name: email, type: string}", "{name: id, type: string}"),
    "tag": (DATASET, "schema: customer\n", "schema: customer\ntags: {unifiedProfile: [enabled]}\n"),
}


@pytest.mark.parametrize(("name", "old", "new"), REFUSED.values(), ids=REFUSED)
def test_what_is_out_of_bounds_is_an_error_at_its_line(examples: Workspace, name: str, old: str, new: str) -> None:
    examples.edit(name, old, new)
    new_line = new.splitlines()[-1] if name == DATASET else new
    found = told(examples)
    assert (found["severity"], found["file"], found["line"]) == ("error", name, _place(examples, name, new_line))


def _place(workspace: Workspace, name: str, text: str) -> int:
    return _line(workspace, name, "interval: 1" if "minute" in text else text)


def _line(workspace: Workspace, name: str, text: str) -> int:
    lines = (workspace.root / name).read_text(encoding="utf-8").splitlines()
    return [number for number, each in enumerate(lines, start=1) if text in each][-1]


ACCEPTED = {
    "percent 100": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: 100"),
    "percent in parts": (FILES, "partialIngestionPercent: 5", "partialIngestionPercent: 0.5"),
    "tab": (FILES, 'columnDelimiter: "|"', 'columnDelimiter: "\\t"'),
    "one character": (FILES, 'columnDelimiter: "|"', 'columnDelimiter: "€"'),
    "a whole number with a point": (FILES, "interval: 1", "interval: 24.0"),
}


@pytest.mark.parametrize(("name", "old", "new"), ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_in_bounds_is_applied(examples: Workspace, name: str, old: str, new: str) -> None:
    examples.edit(name, old, new)
    examples.apply()
    assert examples.plan("--detailed-exitcode").code == 0


# Paths


PATHS = {
    "a final slash": ("/partners/customers/", "ends with a slash", "Write `/partners/customers`."),
    "several final slashes": ("/partners//", "ends with a slash", "Write `/partners`."),
    "nothing": ("", "is empty", "Name the file or folder"),
    "spaces": ("  ", "is empty", "Name the file or folder"),
    "a colon": ("s3:/in", "has `:`", "Rename"),
    "a bar": ("/in|out", "has `|`", "Rename"),
    "a backslash": ("in\\\\out", "has `\\`", "Rename"),
    "a question mark": ("/in/?.csv", "has `?`", "Rename"),
    "brackets": ("/in/<a>", "has `<` and `>`", "Rename"),
    "a long name": (f"/in/{'a' * 256}", "256 characters", "Rename"),
    "a device": ("/in/con", "the reserved name `con`", "Rename"),
    "a dot": ("/in/../out", "the reserved name `..`", "Rename"),
    "a control character": ("/in/\\u0081", "that no path may have", "Remove"),
    "a private character": ("/in/\\uE000", "that no path may have", "Remove"),
}


@pytest.mark.parametrize(("path", "what", "cure"), PATHS.values(), ids=PATHS)
def test_a_path_that_adobe_rules_out_is_an_error(examples: Workspace, path: str, what: str, cure: str) -> None:
    examples.edit(FILES, PATH, f'path: "{path}"')
    found = told(examples)
    assert (found["severity"], found["code"], found["file"]) == ("error", "invalid-path", FILES)
    assert found["line"] == line_of(examples, FILES, "params: {path")
    assert found["column"] == 18
    assert what in found["summary"]
    assert cure in str(found)


@pytest.mark.parametrize(
    "path", ["/in/*premium*.csv", "/", f"/in/{'a' * 255}", "/in/%20a", "in/é", "/in/convoy", "/a b"]
)
def test_a_path_that_is_allowed_is_silent(examples: Workspace, path: str) -> None:
    examples.edit(FILES, PATH, f'path: "{path}"')
    assert said(examples) == []


@pytest.mark.parametrize("path", ["/in/dt=2026", "/in/50%", "/in/a+b", "/in/a (1).csv"])
def test_reserved_characters_are_to_be_escaped(examples: Workspace, path: str) -> None:
    examples.edit(FILES, PATH, f'path: "{path}"')
    found = told(examples)
    assert (found["severity"], found["code"]) == ("warning", "unescaped-path")


@pytest.mark.parametrize("folder", ["in/people/", "in/*/people"])
def test_the_folder_of_an_account_is_checked_too(examples: Workspace, folder: str) -> None:
    examples.edit(BUCKET, "bucketName: acme-landing", f"bucketName: acme-landing\n    folderPath: {folder}")
    assert said(examples) == [("error", "invalid-path", BUCKET, line_of(examples, BUCKET, "folderPath"))]


def test_a_table_may_be_called_anything(examples: Workspace) -> None:
    examples.edit(SHOP, "tableName: public.customers", 'path: "db:public/"')
    assert said(examples) == []


def test_every_file_connector_is_checked(examples: Workspace) -> None:
    write_all(examples)
    names = [entry["name"] for entry in connectors() if entry["connectionSpec"]["sourceSpec"]["type"] == "File"]
    for name in names:
        examples.edit(f"pipelines/{name}.yaml", '"path": "/in/people"', '"path": "/in/people/"')
    found = {file for _, code, file, _ in said(examples) if code == "invalid-path"}
    assert found == {f"pipelines/{name}.yaml" for name in names}
    assert len(names) == 10


# Time zones


@pytest.mark.parametrize(
    ("zone", "severity", "code", "near"),
    [
        ("America/New_York", "warning", "timezone-not-utc", "UTC"),
        ("GMT", "warning", "timezone-not-utc", "UTC"),
        ("Mars/Phobos", "error", "unknown-timezone", "UTC"),
        ("UTC+9", "error", "unknown-timezone", "UTC"),
        ("utc", "error", "unknown-timezone", "UTC"),
        ("Europe/Pariss", "error", "unknown-timezone", "Europe/Paris"),
        ("", "error", "unknown-timezone", "UTC"),
        (" UTC", "error", "unknown-timezone", "UTC"),
    ],
)
def test_a_time_zone_other_than_utc(examples: Workspace, zone: str, severity: str, code: str, near: str) -> None:
    examples.edit(SHOP, "timezone: UTC", f'timezone: "{zone}"')
    found = told(examples)
    assert (found["severity"], found["code"], found["file"]) == (severity, code, SHOP)
    assert found["line"] == line_of(examples, SHOP, "timezone")
    assert near in found["detail"]


def test_a_streaming_table_may_be_in_any_zone_that_exists(examples: Workspace) -> None:
    write_all(examples)
    name = "pipelines/snowflake-streaming.yaml"
    examples.edit(name, '"timezoneValue": "UTC"', '"timezoneValue": "Europe/Paris"')
    assert "timezone" not in str(said(examples))
    examples.edit(name, "Europe/Paris", "Mars/Phobos")
    assert ("error", "unknown-timezone", name) in [found[:3] for found in said(examples)]


# Datasets for Profile


def enable(platform: Platform, title: str) -> None:
    """Somebody enables a schema for Profile."""
    accept = {"Accept": "application/vnd.adobe.xed-id+json"}
    listed = platform.request("GET", SCHEMAS, headers=accept, params={"property": f"title=={title}"})
    (schema,) = listed.raise_for_status().json()["results"]
    identity = {
        "@type": "xdm:descriptorIdentity",
        "xdm:sourceSchema": schema["$id"],
        "xdm:sourceVersion": 1,
        "xdm:sourceProperty": "/personalEmail/address",
        "xdm:namespace": "Email",
        "xdm:property": "xdm:code",
        "xdm:isPrimary": True,
    }
    platform.request("POST", f"{SCHEMAS.removesuffix('schemas')}descriptors", json=identity).raise_for_status()
    add = [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]
    platform.request("PATCH", f"{SCHEMAS}/{schema['meta:altId']}", json=add).raise_for_status()


@pytest.mark.parametrize("tag", ["unifiedProfile", "unifiedIdentity"])
def test_a_dataset_for_profile_on_a_schema_that_is_not_stops_in_plan(
    examples: Workspace, platform: Platform, tag: str
) -> None:
    examples.begin_applied()
    platform.clear_log()
    examples.edit(DATASET, "schema: customer\n", f'schema: customer\ntags: {{{tag}: ["enabled: true"]}}\n')
    for command in (["plan"], ["apply", "--auto-approve"]):
        result = examples.run(*command)
        assert result.code == 1
        assert (
            f"{DATASET}:{line_of(examples, DATASET, 'tags:')}:8: error: the tag `{tag}` enables `customers.dataset`"
            in result.err
        )
        assert "[schema-not-enabled]" in result.err
    assert platform.writes() == []


def test_a_dataset_for_profile_on_a_new_schema_stops_in_plan(examples: Workspace, platform: Platform) -> None:
    examples.edit(DATASET, "schema: customer\n", PROFILE_TAG)
    result = examples.run("apply", "--auto-approve")
    assert result.code == 1
    assert "`customer.schema` is created in the same run" in result.err
    assert platform.writes() == []


def test_a_dataset_for_profile_on_a_schema_that_is_enabled_is_applied(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    enable(platform, "Customer")
    examples.edit(DATASET, "schema: customer\n", PROFILE_TAG)
    examples.apply()
    assert examples.plan("--detailed-exitcode").code == 0


def test_the_tag_of_a_dataset_that_a_pipeline_declares(examples: Workspace) -> None:
    examples.begin_applied()
    path = "pipelines/hubspot-contacts.yaml"
    examples.edit(
        path, "  schema: crm-contact\n", '  schema: crm-contact\n  tags: {unifiedProfile: ["enabled:true"]}\n'
    )
    result = examples.run("plan")
    assert result.code == 1
    assert f"{path}:{line_of(examples, path, 'tags:')}:" in result.err


def test_a_dataset_that_is_disabled_needs_no_schema_for_profile(examples: Workspace) -> None:
    examples.edit(DATASET, "schema: customer\n", 'schema: customer\ntags: {unifiedProfile: ["enabled:false"]}\n')
    examples.apply()


def test_tags_that_disagree_are_a_warning(examples: Workspace) -> None:
    examples.edit(DATASET, "schema: customer\n", 'schema: customer\ntags: {unifiedIdentity: ["enabled:true"]}\n')
    assert [found[:3] for found in said(examples)] == [("warning", "tags-disagree", DATASET)]


# Encryption, provider, type of authentication


ENCRYPTION = "encryption: {publicKeyId: key-1}\nschedule:\n"


def transformations(platform: Platform) -> list[tuple[str, Any]]:
    found = platform.one("flows", "Partner files")["transformations"]
    return [(each["name"], each["params"].get("publicKeyId")) for each in found]


def test_encryption_is_the_transformation_after_the_mapping(examples: Workspace, platform: Platform) -> None:
    examples.edit(FILES, "schedule:\n", ENCRYPTION)
    examples.apply()
    assert transformations(platform) == [("Mapping", None), ("Encryption", "key-1")]
    assert platform.one("flows", "Partner files")["transformations"][1]["params"] == {"publicKeyId": "key-1"}
    assert examples.plan("--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    ("before", "after", "live", "place"),
    [
        (ENCRYPTION, ENCRYPTION.replace("key-1", "key-2"), "key-2", "transformations[Encryption].params.publicKeyId"),
        ("schedule:\n", ENCRYPTION, "key-1", "transformations[Encryption]"),
    ],
    ids=["another key", "added"],
)
def test_encryption_changes_in_place(
    examples: Workspace, platform: Platform, before: str, after: str, live: str, place: str
) -> None:
    examples.edit(FILES, "schedule:\n", before)
    examples.apply()
    examples.edit(FILES, before, after)
    (change,) = examples.plan().json["changes"]
    assert (change["action"], [attribute["path"] for attribute in change["attributes"]]) == ("update", [place])
    examples.apply()
    assert transformations(platform) == [("Mapping", None), ("Encryption", live)]
    assert examples.plan("--detailed-exitcode").code == 0


def test_encryption_is_removed_in_place(examples: Workspace, platform: Platform) -> None:
    examples.edit(FILES, "schedule:\n", ENCRYPTION)
    examples.apply()
    examples.edit(FILES, ENCRYPTION, "schedule:\n")
    examples.apply()
    assert transformations(platform) == [("Mapping", None)]
    assert examples.plan("--detailed-exitcode").code == 0


def test_encryption_that_somebody_added_is_seen(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    live = platform.one("flows", "Partner files")
    added = {"op": "add", "path": "/transformations/-", "value": {"name": "Encryption", "params": {"publicKeyId": "k"}}}
    headers = {"If-Match": live["etag"]}
    platform.request("PATCH", f"{FLOWS}/flows/{live['id']}", json=[added], headers=headers).raise_for_status()
    (change,) = examples.plan().json["changes"]
    assert [attribute["path"] for attribute in change["attributes"]] == ["transformations[Encryption]"]


def test_encryption_is_for_files_only(examples: Workspace) -> None:
    examples.edit(SHOP, "schedule:\n", ENCRYPTION)
    assert [found[:3] for found in said(examples)] == [("error", "encryption-not-supported", SHOP)]


def test_encryption_that_the_live_flow_spec_does_not_accept_is_an_error_at_its_line(
    examples: Workspace, tmp_path: Path
) -> None:
    specs = tmp_path / "specs"
    shutil.copytree(SPECS, specs)
    path = specs / "flow_specs" / "CloudStorageToAEP.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    encryption = {"type": "object", "required": ["signVerificationKeyId"]}
    spec["transformationSpec"].append({"name": "Encryption", "spec": encryption})
    path.write_text(json.dumps(spec), encoding="utf-8")
    examples.edit(FILES, "schedule:\n", ENCRYPTION)
    with emulator.start(specs_dir=specs) as running:
        examples.write("flowctl.yaml", DEV.format(url=running.url))
        result = examples.run("plan")
    place = f"{FILES}:{line_of(examples, FILES, 'encryption:')}"
    assert result.code == 1
    assert f"{place}:13: error: Encryption: missing required key `signVerificationKeyId`" in result.err


@pytest.mark.parametrize(
    "text", ["encryption: {}", "encryption: key", "encryption: {publicKeyID: k}", 'encryption: {publicKeyId: ""}']
)
def test_encryption_needs_a_key(examples: Workspace, text: str) -> None:
    examples.edit(FILES, "schedule:\n", f"{text}\nschedule:\n")
    assert examples.run("validate").code == 1


def test_the_provider_and_the_type_of_authentication_are_sent_and_read_back(
    examples: Workspace, platform: Platform
) -> None:
    provider = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
    examples.edit(BUCKET, "connector: amazon-s3\nauth:\n", f"connector: amazon-s3\nproviderId: {provider}\nauth:\n")
    examples.edit(BUCKET, "  specName: Access Key\n", "  specName: Access Key\n  type: KeyBased\n")
    examples.edit(FILES, "  connection: landing-bucket\n", f"  connection: landing-bucket\n  providerId: {provider}\n")
    examples.apply()
    live = platform.one("connections", "Landing bucket")
    assert (live["providerId"], live["auth"]["type"]) == (provider, "KeyBased")
    assert platform.one("sourceConnections", "partner-files source connection")["providerId"] == provider
    assert examples.plan("--detailed-exitcode").code == 0
    examples.edit(BUCKET, "type: KeyBased", "type: OAuth2.0")
    changes = examples.plan().actions()
    assert changes["landing-bucket.connection"] == "replace"
