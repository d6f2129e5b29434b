"""Manifests that describe a live object almost, or twice: the import says so, because the next plan would refuse."""

import shutil
from pathlib import Path

import pytest
from surroundings import Platform, Workspace

HUBSPOT = "HubSpot base connection"


@pytest.fixture
def forgotten(examples: Workspace) -> Workspace:
    """The examples, applied and forgotten."""
    examples.apply()
    (examples.root / "flowctl.dev.lock").unlink()
    return examples


def without_pipelines(workspace: Workspace) -> Path:
    folder = workspace.root / "pipelines"
    shutil.rmtree(folder)
    folder.mkdir()
    return folder


def copied(workspace: Workspace, old: str, new: str) -> None:
    """A second HubSpot connection, with a text in place of another."""
    text = (workspace.root / "connections/hubspot.yaml").read_text(encoding="utf-8")
    workspace.write("connections/second.yaml", text.replace("name: hubspot", "name: second").replace(old, new))


def test_a_flow_on_an_object_that_two_manifests_describe_is_skipped(forgotten: Workspace) -> None:
    without_pipelines(forgotten)
    copied(forgotten, "", "")
    found = forgotten.run("import", "--format", "json")
    assert found.code == 1, found.err
    assert [each["reason"] for each in found.json["skipped"]] == [
        "connections/hubspot.yaml:2 and connections/second.yaml:2 describe its base connection "
        f'"{HUBSPOT}": keep one of them'
    ]
    assert found.json["diagnostics"] == []
    assert not list(forgotten.root.rglob("hubspot-base*"))
    (forgotten.root / "connections/second.yaml").unlink()
    assert forgotten.run("import").code == 0
    assert set(forgotten.plan().actions().values()) == {"import"}


def test_a_flow_on_an_object_that_a_manifest_describes_otherwise_is_skipped(forgotten: Workspace) -> None:
    without_pipelines(forgotten)
    forgotten.edit("connections/hubspot.yaml", "example-client", "other-client")
    found = forgotten.run("import", "--format", "json")
    assert found.code == 1, found.err
    assert [each["reason"] for each in found.json["skipped"]] == [
        f'connections/hubspot.yaml:2 describes a base connection "{HUBSPOT}", and `hubspot.connection` differs in '
        "`auth.params.clientId`"
    ]
    assert not list(forgotten.root.rglob("hubspot-base*"))


def test_a_manifest_that_the_next_plan_would_refuse_is_an_error(forgotten: Workspace, platform: Platform) -> None:
    copied(forgotten, "", "")
    found = forgotten.run("import", "--format", "json")
    assert (found.code, found.json["skipped"], len(found.json["bound"])) == (1, [], 31)
    (problem,) = found.json["diagnostics"]
    assert (problem["code"], problem["file"], problem["line"]) == ("import-ambiguous", "connections/second.yaml", 2)
    assert problem["summary"] == "`second.connection` has the title of `hubspot.connection`, which is imported"
    assert f'refuses to create a second base connection "{HUBSPOT}"' in problem["detail"]
    assert "duplicate-object" in forgotten.run("plan").err
    (forgotten.root / "connections/second.yaml").unlink()
    assert set(forgotten.plan().actions().values()) == {"import"}
    again = forgotten.run("import", "--format", "json")
    assert (again.code, again.json["written"], again.json["diagnostics"]) == (0, [], [])


def test_a_manifest_of_another_title_is_none_of_its_business(forgotten: Workspace) -> None:
    copied(forgotten, HUBSPOT, "Another HubSpot account")
    assert forgotten.run("import").code == 0
    assert set(forgotten.plan().actions().values()) == {"import", "create"}
