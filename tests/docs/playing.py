"""Pages played: their commands run in turn, in copies of the examples."""

import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pages import Block, blocks, pages, text_of
from surroundings import EXAMPLES

from flowctl.cli.main import main

WRITTEN_ELSEWHERE = {"connectors", "performance", "reliability", "emulator-coverage", "emulator"}
RUN = [page for page in pages() if page.stem not in WRITTEN_ELSEWHERE]
_RUN = re.compile(r"\bRUN\b")
_EMPTY = "<!-- starts in an empty folder -->"


def workspace_in(folder: Path) -> Path:
    """A copy of the examples; beside it another one, in a folder that stands for a checkout."""
    for copy in (folder / "workspace", folder / "checkout" / "examples"):
        shutil.copytree(EXAMPLES, copy, ignore=shutil.ignore_patterns(".flowctl", "*.lock", "*.journal"))
    return folder / "workspace"


def blocks_to_run(page: Path, workspace: Path) -> Iterator[Block]:
    """The blocks with commands, in turn.

    A yaml block after `<!-- file: NAME -->` is written when its turn comes; a page may ask for an empty folder.
    """
    if _EMPTY in text_of(page):
        shutil.rmtree(workspace)
        workspace.mkdir()
    for block in blocks(page):
        if block.comment.startswith("file: "):
            path = workspace / block.comment.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.language in ("sh", "console"):
            yield block


def recorded(block: Block) -> Iterator[tuple[int, str, Sequence[str]]]:
    """Of each command of a recording: its place in the block, the command, and the lines that are shown below it."""
    starts = [place for place, line in enumerate(block.lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True) if starts else ():
        yield start, block.lines[start].removeprefix("$ "), block.lines[start + 1 : end]


def commands(lines: Sequence[str]) -> Iterator[str]:
    """The flowctl commands of some lines, one for each part between `&&`; a backslash continues a line."""
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        for part in line.split("&&"):
            command = part.strip().replace(".venv/bin/flowctl", "flowctl")
            if command.startswith("flowctl ") or command == "flowctl":
                yield command


def is_run(block: Block, command: str) -> bool:
    return not block.needs_an_account and "emulator serve" not in command


def _newest_run(workspace: Path) -> str:
    found = run("flowctl runs list --limit 1 --format json", workspace)
    return str(json.loads(found.printed)["runs"][0]["id"])


@dataclass(frozen=True)
class Done:
    """How a command ended, and what a terminal shows of it: stdout and stderr in the order of writing."""

    code: int
    printed: str


def run(command: str, workspace: Path) -> Done:
    """Runs a command line: flowctl in this process, which is quicker, and anything else by a shell.

    `RUN` in it stands for the ID of the newest run.
    """
    if _RUN.search(command):
        command = _RUN.sub(_newest_run(workspace), command)
    if command.startswith("flowctl") and not re.search(r"[|>]", command):
        printed = io.StringIO()
        folder = workspace.parent / "checkout" if "-C examples" in command else workspace
        with contextlib.chdir(folder), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = main(shlex.split(command)[1:])
        return Done(code=code, printed=printed.getvalue())
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=workspace,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Done(code=done.returncode, printed=done.stdout)
