"""Data types that would contain themselves through an ID: refused in the plan, nothing is sent."""

from pathlib import Path

import pytest
from surroundings import Platform, Workspace

WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments: {{dev: {{endpoint: "{url}"}}}}
"""
TYPE = "apiVersion: flowctl/v1\nkind: DataType\nmetadata: {name: %s}\nfields: {it: %s}\n"


@pytest.fixture
def workspace(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A data type `inner` in a data type `outer`."""
    made = Workspace(root=tmp_path, capsys=capsys, platform=platform)
    made.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
    made.write("inner.yaml", TYPE % ("inner", "{type: string}"))
    made.write("outer.yaml", TYPE % ("outer", "{ref: inner}"))
    made.apply()
    return made


@pytest.fixture
def types(workspace: Workspace) -> dict[str, str]:
    """The IDs of both."""
    return {each: workspace.lockfile["entries"][f"{each}.data_type"]["id"] for each in ("inner", "outer")}


def circles(workspace: Workspace, platform: Platform) -> list[tuple[str, str, int]]:
    """What a plan says of data types that contain themselves, and at which line; nothing is written."""
    platform.clear_log()
    found = workspace.run("apply", "--auto-approve", "--format", "json").json["diagnostics"]
    assert {each["code"] for each in found} == {"recursive-data-type"}
    assert platform.writes() == []
    return [(each["file"], each["summary"], each["line"]) for each in found]


def test_a_data_type_cannot_contain_itself_by_its_id(
    workspace: Workspace, platform: Platform, types: dict[str, str]
) -> None:
    file, what = "inner.yaml", "the data type `inner` contains itself"
    workspace.write(file, TYPE % ("inner", f"{{ref: {types['inner']}}}"))
    assert circles(workspace, platform) == [(file, what, 4)]
    workspace.write(file, TYPE % ("inner", f"{{type: array, items: {{ref: {types['outer']}}}}}"))
    assert circles(workspace, platform) == [(file, f'{what} through "outer"', 4)]


def test_what_lies_between_may_have_no_document_and_may_be_new(
    workspace: Workspace, platform: Platform, types: dict[str, str]
) -> None:
    workspace.run("state", "rm", "outer.data_type", "--auto-approve")
    (workspace.root / "outer.yaml").unlink()
    workspace.write("inner.yaml", TYPE % ("inner", "{ref: new}"))
    workspace.write("new.yaml", TYPE % ("new", f"{{ref: {types['outer']}}}"))
    assert circles(workspace, platform) == [
        ("inner.yaml", 'the data type `inner` contains itself through `new` and "outer"', 4),
        ("new.yaml", 'the data type `new` contains itself through "outer" and `inner`', 4),
    ]


def test_data_types_in_a_row_are_no_circle(workspace: Workspace, platform: Platform, types: dict[str, str]) -> None:
    workspace.write("new.yaml", TYPE % ("new", f"{{ref: {types['outer']}}}"))
    workspace.apply()
    workspace.write("inner.yaml", TYPE % ("inner", "{ref: https://ns.adobe.com/xdm/common/address}"))
    workspace.apply()
    assert workspace.plan().json["changes"] == []
