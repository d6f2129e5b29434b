"""Every command of README and docs runs, and every recording shows what the command prints."""

import contextlib
import io
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from pages import Block, blocks, pages, text_of
from surroundings import EXAMPLES

from flowctl.cli.command_table import flowctl
from flowctl.cli.main import main

WRITTEN_ELSEWHERE = {"connectors", "performance", "reliability", "emulator-coverage", "emulator"}
RUN = [page for page in pages() if page.stem not in WRITTEN_ELSEWHERE]
EMPTY = "<!-- starts in an empty folder -->"
_MASKS = (
    (re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{24,}\b"), "ID"),
    (re.compile(r"\b\d+\.\d s\b"), "SECONDS"),
    (re.compile(r"^\[\d+/"), "[N/"),
)


def _commands(lines: Sequence[str]) -> Iterator[str]:
    """The flowctl commands of some lines, one for each part between `&&`; a backslash continues a line."""
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        for part in line.split("&&"):
            command = part.strip().replace(".venv/bin/flowctl", "flowctl")
            if command.startswith("flowctl ") or command == "flowctl":
                yield command


def _is_run(block: Block, command: str) -> bool:
    return not block.needs_an_account and "emulator serve" not in command


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the examples; beside it another one, in a folder that stands for a checkout."""
    for folder in (tmp_path / "workspace", tmp_path / "checkout" / "examples"):
        shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns(".flowctl", "*.lock", "*.journal"))
    return tmp_path / "workspace"


@dataclass(frozen=True)
class Done:
    """How a command ended, and what it printed: stderr, then stdout."""

    code: int
    printed: str


def _run(command: str, workspace: Path) -> Done:
    """Runs a command line: flowctl in this process, which is quicker, and anything else by a shell."""
    if command.startswith("flowctl") and not re.search(r"[|>]", command):
        out, err = io.StringIO(), io.StringIO()
        folder = workspace.parent / "checkout" if "-C examples" in command else workspace
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(shlex.split(command)[1:])
        return Done(code=code, printed=err.getvalue() + out.getvalue())
    done = subprocess.run(["bash", "-c", command], cwd=workspace, capture_output=True, text=True, check=False)
    return Done(code=done.returncode, printed=done.stderr + done.stdout)


@pytest.mark.parametrize("page", RUN, ids=str)
def test_every_command_of_a_page_runs_in_turn(page: Path, workspace: Path) -> None:
    """A yaml block after `<!-- file: NAME -->` is written first; a page may ask for an empty folder."""
    if EMPTY in text_of(page):
        shutil.rmtree(workspace)
        workspace.mkdir()
    for block in blocks(page):
        if block.comment.startswith("file: "):
            path = workspace / block.comment.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.language == "sh":
            for command in _commands(block.lines):
                if _is_run(block, command):
                    done = _run(command, workspace)
                    assert done.code == 0, f"{page}:{block.line}: {command}\n{done.printed}"
        elif block.language == "console":
            _replay(page, block, workspace)


def _replay(page: Path, block: Block, workspace: Path) -> None:
    """Runs the `$ ` lines of a recording and compares what is printed; `…` stands for lines that were left out."""
    starts = [place for place, line in enumerate(block.lines) if line.startswith("$ ")]
    assert starts, f"{page}:{block.line}: a recording has a line that begins with $"
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        command = block.lines[start].removeprefix("$ ")
        done = _run(command, workspace)
        shown = [_masked(line) for line in block.lines[start + 1 : end]]
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
        recorded = tuple(line.removeprefix("$ ") for line in block.lines if line.startswith("$ "))
        lines = {"sh": block.lines, "console": recorded}.get(block.language, ())
        for command in _commands(lines):
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
