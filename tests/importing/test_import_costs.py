"""The requests of an import grow with pages, not with objects."""

from pathlib import Path

import pytest
from foreign_sandbox import play
from surroundings import Platform, Workspace

from benchmarks.workspace import generate


def test_an_import_reads_pages(
    tmp_path: Path, empty: Workspace, platform: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    generated = generate(tmp_path / "generated", 100, platform.url)
    Workspace(root=generated.root, capsys=capsys).apply()
    platform.clear_log()
    found = empty.run("import", "--format", "json")
    assert found.code == 0, found.err
    assert len([file for file in found.json["written"] if file["file"].startswith("pipelines/")]) == 100
    # A page of flows, source and target connections and mapping sets; the datasets, connections and schemas.
    assert len(platform.log()) <= 10


def test_an_older_version_of_a_mapping_set_is_one_request_more(empty: Workspace, platform: Platform) -> None:
    play(platform)
    platform.clear_log()
    assert empty.run("import", "--allow-skipped").code == 0
    older = [request for request in platform.log() if "/mappingSets/" in request["path"]]
    assert len(older) == 2
    # Six more than without fields of its own: field groups, data types, descriptors, Profile, namespaces, the tenant.
    assert len(platform.log()) <= 15 + len(older)
    assert {request["method"] for request in platform.log()} == {"GET"}
