"""Every command of README and docs runs, and every recording shows what the command prints."""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from pages import Block, blocks, pages
from playing import RUN, blocks_to_run, commands, is_run, recorded, run, workspace_in
from surroundings import Platform, Workspace

from flowctl.cli.command_table import flowctl
from flowctl.state.lock_signature import held, signed_by
from flowctl.views.diagnostics import diagnostic_lines

_MASKS = (
    (re.compile(r"(?<=next runs).*"), " TIMES"),
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{24,}\b"), "ID"),
    (re.compile(r"\b\d+\.\d s\b"), "SECONDS"),
    (re.compile(r"^\[\d+/(\d+)\] +"), r"[N/\1] "),
    (re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return workspace_in(tmp_path)


@pytest.mark.parametrize("page", RUN, ids=str)
def test_every_command_of_a_page_runs_in_turn(page: Path, workspace: Path) -> None:
    for block in blocks_to_run(page, workspace):
        if block.language == "console":
            _replay(page, block, workspace)
            continue
        for command in commands(block.lines):
            if is_run(block, command):
                done = run(command, workspace)
                assert done.code == 0, f"{page}:{block.line}: {command}\n{done.printed}"


def _replay(page: Path, block: Block, workspace: Path) -> None:
    """Runs the `$ ` lines of a recording and compares what is printed; `…` stands for lines that were left out."""
    played = list(recorded(block))
    assert played, f"{page}:{block.line}: a recording has a line that begins with $"
    for start, command, lines in played:
        done = run(command, workspace)
        assert "command not found" not in done.printed, f"{page}:{block.line}: {command}\n{done.printed}"
        shown = [_masked(line) for line in lines]
        printed = [_masked(line) for line in done.printed.splitlines()]
        where = f"{page}:{block.line + 1 + start}: {command}"
        missing = {line for line in shown if _is_progress(line)} - set(printed)
        assert not missing, f"{where}: not printed: {missing}"
        assert _matches(_rest(shown), _rest(printed)), where + "\n" + "\n".join(printed)


def _masked(line: str) -> str:
    for pattern, mask in _MASKS:
        line = pattern.sub(mask, line)
    return line.rstrip()


def _is_progress(line: str) -> bool:
    return line.startswith("[N/")


def _rest(lines: Sequence[str]) -> list[str]:
    """The lines besides those that tell of steps, whose order is free; blank lines do not count."""
    return [line for line in lines if line and not _is_progress(line)]


def _matches(shown: list[str], printed: list[str]) -> bool:
    if not shown:
        return not printed
    if shown[0].strip() == "…":
        return any(_matches(shown[1:], printed[skipped:]) for skipped in range(len(printed) + 1))
    return bool(printed) and shown[0] == printed[0] and _matches(shown[1:], printed[1:])


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_option_of_a_command_exists(page: Path) -> None:
    problems = []
    for block in blocks(page):
        typed = tuple(command for _, command, _ in recorded(block))
        lines = {"sh": block.lines, "console": typed}.get(block.language, ())
        for command in commands(lines):
            problem = _usage_problem(shlex.split(re.split(r"\s(?:[|>]|2>)", command)[0])[1:])
            if problem:
                problems.append(f"{page}:{block.line}: {command}: {problem}")
    assert problems == []


def _usage_problem(words: list[str]) -> str:
    """What is wrong with a command line; a plan file that is missing is made by an earlier command."""
    command: click.Command = flowctl
    context: click.Context | None = None
    try:
        while True:
            context = command.make_context(command.name, words, parent=context)
            if not isinstance(command, click.Group):
                return ""
            _, following, words = command.resolve_command(context, [*context._protected_args, *context.args])
            assert following is not None
            command = following
    except click.exceptions.Exit:  # --version and --help end here
        return ""
    except click.UsageError as error:
        message = error.format_message()
        return "" if "does not exist" in message else message


def _block_with(page: str, words: str) -> str:
    found = ["\n".join(block.lines) for block in blocks(Path(page)) if words in "\n".join(block.lines)]
    assert len(found) == 1, f"{page} has {len(found)} blocks with: {words}"
    return found[0]


def test_the_drift_of_the_page_is_what_a_plan_shows(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    flow = platform.one("flows", "Shop customers")
    platform.request(
        "PATCH",
        f"/data/foundation/flowservice/flows/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/scheduleParams/frequency", "value": "day"}],
    ).raise_for_status()
    shown = _block_with("docs/guides/recovering.md", "Changed outside flowctl")
    assert shown in examples.run("plan").out


def test_the_lock_of_the_page_is_what_a_second_run_is_told() -> None:
    owner = {"user": "ana", "host": "build-7", "process": 3151, "command": "flowctl apply"}
    holder = signed_by(json.dumps({**owner, "since": "2026-11-23T13:57:33+00:00"}).encode())
    lines = diagnostic_lines(held("dev", holder).diagnostics)
    shown = _block_with("docs/guides/recovering.md", "[run-locked]")
    assert "".join(f"{line.text}\n" for line in lines) == shown + "\n"
