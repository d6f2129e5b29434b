"""Which sandboxes the emulator gets before a record is sent to it: those that a reply shows to have been there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from surroundings import Platform

from flowctl.operations.recording import compare

from .recorders import HEADERS, recording

FLOW = "/data/foundation/flowservice"
CATALOG = "/data/foundation/catalog"
REGISTRY = "/data/foundation/schemaregistry"
MANAGEMENT = "/data/foundation/sandbox-management/sandboxes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "record.jsonl"


def made(platform: Platform, *names: str) -> None:
    for name in names:
        body = {"name": name, "title": name, "type": "development"}
        assert platform.http.post(MANAGEMENT, json=body, headers=HEADERS).status_code == 202


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"{FLOW}/flows", None),
        ("GET", f"{FLOW}/flows/none", None),
        ("GET", f"{CATALOG}/dataSets", None),
        ("GET", f"{CATALOG}/dataSets/none", None),
        ("POST", f"{FLOW}/flows", {}),
        ("POST", f"{CATALOG}/dataSets", {"tags": 1}),
        ("GET", f"{REGISTRY}/tenant/schemas/none", None),
    ],
)
@pytest.mark.parametrize("name", ["acme-nowhere", "acme-here", "test"])
def test_a_request_has_the_same_reply_in_a_sandbox_that_was_there_and_in_one_that_was_not(
    platform: Platform, file: Path, name: str, method: str, path: str, body: Any
) -> None:
    if name != "acme-nowhere":
        made(platform, name)
    headers = {"x-sandbox-name": name, "Accept": "application/vnd.adobe.xed+json;version=1"}
    with recording(platform.url, file) as recorder:
        recorder.http.request(method, path, json=body, headers=headers)
    report = compare(file, None)
    assert (report.compared, report.differing, report.skipped) == (1, (), ())


def test_a_sandbox_is_unknown_until_the_record_creates_it(platform: Platform, file: Path) -> None:
    body = {"name": "acme-new", "title": "New", "type": "development"}
    there = {"x-sandbox-name": "acme-new"}
    with recording(platform.url, file) as recorder:
        statuses = [
            recorder.http.get(f"{FLOW}/flows", headers=there).status_code,
            recorder.http.get(f"{MANAGEMENT}/acme-new").status_code,
            recorder.http.post(MANAGEMENT, json=body).status_code,
            recorder.http.get(f"{FLOW}/flows", headers=there).status_code,
            recorder.http.get(f"{MANAGEMENT}/acme-new").status_code,
            recorder.http.delete(f"{MANAGEMENT}/acme-new?validationOnly=true").status_code,
            recorder.http.get(f"{FLOW}/flows", headers=there).status_code,
            recorder.http.delete(f"{MANAGEMENT}/acme-new").status_code,
            recorder.http.get(f"{FLOW}/flows", headers=there).status_code,
        ]
    assert statuses == [404, 404, 202, 200, 200, 202, 200, 202, 404]
    report = compare(file, None)
    assert (report.compared, report.differing, report.skipped) == (9, (), ())


def test_sandboxes_are_listed_with_those_from_before(platform: Platform, file: Path) -> None:
    made(platform, "acme-one", "acme-two", "acme-three")
    with recording(platform.url, file) as recorder:
        assert len(recorder.http.get(MANAGEMENT).json()["sandboxes"]) == 5
        assert recorder.http.get(f"{MANAGEMENT}/acme-two").status_code == 200
    report = compare(file, None)
    assert (report.compared, report.differing) == (2, ())
    # Only the one that a request names is created.
    assert compare(file, platform.url).differing == ()
    names = [each["name"] for each in platform.http.get(MANAGEMENT, headers=HEADERS).json()["sandboxes"]]
    assert len([name for name in names if name.startswith("text-")]) == 1, names


def test_a_sandbox_of_the_emulator_that_was_not_where_it_was_recorded_is_told(platform: Platform, file: Path) -> None:
    """Experience Platform need not have a sandbox dev, and the emulator always has it."""
    with recording(platform.url, file) as recorder:
        recorder.http.get(f"{FLOW}/flows", headers={"x-sandbox-name": "acme-nowhere"})
    text = re.sub('"x-sandbox-name":"text-[0-9]+"', '"x-sandbox-name":"dev"', file.read_text())
    file.write_text(text)
    assert '"x-sandbox-name":"dev"' in text
    report = compare(file, None)
    assert report.compared == 0
    assert [each.reason for each in report.skipped] == [
        "the record does not show that it had a sandbox dev, which the emulator always has"
    ]


@pytest.mark.parametrize("name", ['a"b', "Acme", "x" * 300, "*"])
def test_a_name_that_no_sandbox_has_creates_none(platform: Platform, file: Path, name: str) -> None:
    with recording(platform.url, file) as recorder:
        recorder.http.get(f"{FLOW}/flows")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    lines[1]["request"]["headers"]["x-sandbox-name"] = name
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    (exchange,) = compare(file, None).differing
    assert (exchange.differences[0].recorded, exchange.differences[0].emulator) == (200, 404)
