"""A reader that goes away, or an output that cannot be written, does not break an apply."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fault_workspace import FaultWorkspace, Pipeline, Seen, what_is_wrong
from surroundings import Platform

_RUN = "from flowctl.cli.main import run; run()"


@pytest.fixture
def workspace(platform: Platform, tmp_path: Path) -> FaultWorkspace:
    workspace = FaultWorkspace(tmp_path, platform.url, {name: Pipeline(name) for name in ("first", "second")})
    workspace.save()
    return workspace


def _apply(workspace: FaultWorkspace, *options: str, **streams: object) -> int:
    command = [sys.executable, "-c", _RUN, "-C", str(workspace.root), "apply", "--auto-approve", *options]
    return subprocess.run(command, check=False, timeout=60, stdin=subprocess.DEVNULL, **streams).returncode  # type: ignore[call-overload, no-any-return]


def _broken_pipe() -> int:
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("options", [(), ("--format", "json"), ("--format", "markdown"), ("-vv",)], ids=" ".join)
def test_an_apply_goes_on_without_a_reader(
    workspace: FaultWorkspace, platform: Platform, stream: str, options: tuple[str, ...]
) -> None:
    pipe = _broken_pipe()
    try:
        other = "stderr" if stream == "stdout" else "stdout"
        code = _apply(workspace, *options, **{stream: pipe, other: subprocess.DEVNULL})
    finally:
        os.close(pipe)
    assert code == 0
    assert what_is_wrong(workspace, Seen(platform.http)) == []


def test_head_takes_one_line_and_the_apply_ends(workspace: FaultWorkspace, platform: Platform) -> None:
    command = f"{sys.executable} -c '{_RUN}' -C {workspace.root} apply --auto-approve 2>&1 | head -1"
    result = subprocess.run(["bash", "-o", "pipefail", "-c", command], check=False, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1
    assert what_is_wrong(workspace, Seen(platform.http)) == []


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_streams_may_be_closed_from_the_start(workspace: FaultWorkspace, platform: Platform, closed: str) -> None:
    command = f"{sys.executable} -c '{_RUN}' -C {workspace.root} apply --auto-approve -v {closed}"
    result = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, result.stdout), result.stderr
    assert "Traceback" not in result.stderr
    assert what_is_wrong(workspace, Seen(platform.http)) == []


def test_a_reader_that_goes_away_is_no_error_of_plan(workspace: FaultWorkspace) -> None:
    command = f"{sys.executable} -c '{_RUN}' -C {workspace.root} plan --format json | head -1"
    result = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("{\n", "")


@pytest.mark.parametrize("command", ["plan --format json", "plan", "plan --format markdown", "validate", "state list"])
def test_a_full_disk_below_the_output_is_told(workspace: FaultWorkspace, command: str) -> None:
    line = f"{sys.executable} -c '{_RUN}' -C {workspace.root} {command} > /dev/full"
    result = subprocess.run(["bash", "-c", line], check=False, capture_output=True, text=True)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "No space left on device" in result.stderr


def test_a_full_disk_below_the_output_of_apply_loses_nothing(workspace: FaultWorkspace, platform: Platform) -> None:
    with Path("/dev/full").open("w") as full:
        code = _apply(workspace, stdout=full, stderr=subprocess.DEVNULL)
    assert code == 1
    again = workspace.run("apply", "--auto-approve")
    assert again.code == 0, again.text
    assert what_is_wrong(workspace, Seen(platform.http)) == []
