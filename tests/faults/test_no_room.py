"""A full disk and a read-only folder at each write: a clear error, nothing half-written, and the next run mends it."""

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_workspace import Ended, FaultWorkspace, Pipeline, Seen, after_recovery
from surroundings import Platform

from flowctl import emulator

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
_DRIVER = Path(__file__).with_name("limited_driver.py")
_JOURNAL = 24_000
"""Bytes beyond which no file of this run grows."""
_SIZES = range(0, _JOURNAL, 300) if FULL else (0, 100, 700, 1500, 5000)
_REQUESTS = range(32) if FULL else (0, 1, 9, 20)


@pytest.fixture
def workspace(platform: Platform, tmp_path: Path) -> FaultWorkspace:
    workspace = FaultWorkspace(Path(tempfile.mkdtemp(dir=tmp_path)), platform.url, {"only": Pipeline("only")})
    workspace.save()
    return workspace


def _stopped_cleanly(ended: Ended, workspace: FaultWorkspace) -> None:
    assert ended.code in (0, 1), ended.text
    assert "Traceback" not in ended.err
    assert "Exception ignored" not in ended.err
    if workspace.lockfile_path.exists():
        json.loads(workspace.lockfile_path.read_text())
    assert list(workspace.root.glob(".*.new")) == []


@pytest.mark.parametrize("size", _SIZES)
def test_a_disk_that_fills_up(
    workspace: FaultWorkspace, platform: Platform, size: int, record_property: Callable[[str, object], None]
) -> None:
    options = ("--auto-approve", "--format", "json", "--parallelism", "1")
    ended = workspace.ended("apply", *options, program=_DRIVER, LARGEST_FILE=str(size))
    _stopped_cleanly(ended, workspace)
    if ended.code:
        document = json.loads(ended.out)
        errors = [step["error"] for step in document.get("steps", []) if step["error"]] + document["diagnostics"]
        found = {error["code"] for error in errors if error["severity"] == "error"}
        assert found <= {"record-unwritable", "run-lock-unusable"}
        assert found
        assert "File too large" in ended.out, "the reason is told"
    assert after_recovery(workspace, Seen(platform.http)) == []
    record_property("sizes of a full disk", json.dumps({"apply": [1, 1]}))


@pytest.mark.parametrize("request_number", _REQUESTS)
def test_a_folder_that_becomes_read_only(
    workspace: FaultWorkspace, platform: Platform, request_number: int, record_property: Callable[[str, object], None]
) -> None:
    places = {"READ_ONLY_AT": str(request_number), "READ_ONLY_FOLDER": str(workspace.root)}
    try:
        ended = workspace.ended("apply", "--auto-approve", "--parallelism", "1", program=_DRIVER, **places)
    finally:
        workspace.root.chmod(0o755)
    _stopped_cleanly(ended, workspace)
    if ended.code:
        assert "record-unwritable" in ended.text or "run-lock-unusable" in ended.text
        assert "Permission denied" in ended.text
    assert after_recovery(workspace, Seen(platform.http)) == []
    record_property("requests at which the folder turns read-only", json.dumps({"apply": [1, 1]}))


def test_plan_needs_no_writable_folder(workspace: FaultWorkspace) -> None:
    places = {"READ_ONLY_AT": "0", "READ_ONLY_FOLDER": str(workspace.root)}
    try:
        ended = workspace.ended("plan", program=_DRIVER, **places)
    finally:
        workspace.root.chmod(0o755)
    assert ended.code == 0, ended.text


@pytest.mark.parametrize("target", ["flowctl.dev.lock.journal", "flowctl.dev.lock"])
def test_a_folder_in_the_place_of_a_file(workspace: FaultWorkspace, platform: Platform, target: str) -> None:
    (workspace.root / target).mkdir()
    ended = workspace.run("apply", "--auto-approve")
    assert ended.code == 1
    assert "cannot be" in ended.err
    (workspace.root / target).rmdir()
    assert after_recovery(workspace, Seen(platform.http)) == []


_RESET = ("reset", "--auto-approve")


@pytest.mark.parametrize(
    ("closed", "command"),
    [(place, ("serve",)) for place in (".", "..", "platform.sqlite3", "diagnostics")] + [(".", _RESET), ("..", _RESET)],
)
def test_data_of_the_emulator_that_cannot_be_opened_is_named(
    workspace: FaultWorkspace, closed: str, command: tuple[str, ...]
) -> None:
    data = workspace.root / "above" / "data"
    with emulator.start(data_dir=data):
        (data / "diagnostics").mkdir()
    path = (data / closed).resolve()
    path.chmod(0)
    given = {"READ_ONLY_AT": "1000", "READ_ONLY_FOLDER": str(workspace.root)}
    try:
        ended = workspace.ended("emulator", *command, "--data-dir", str(data), program=_DRIVER, **given)
    finally:
        path.chmod(0o755)
    assert ended.code == 1, ended.text
    assert "[emulator-data]" in ended.text
    assert str(data) in "".join(ended.text.split())
