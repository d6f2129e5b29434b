"""Renews the recordings of the documentation: `python tests/docs/record.py [PAGE...]`, then read the difference.

A command's output is replaced whole; where lines are left out (`…`), each shown line becomes the printed one that is
most like it.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from pages import Block, blocks, pages, text_of  # noqa: E402 - the paths come first
from surroundings import EXAMPLES, ROOT  # noqa: E402
from test_commands import EMPTY, RUN, _commands, _is_run, _run  # noqa: E402

_LEFT_OUT = "…"


def record(page: Path, folder: Path) -> None:
    """Run the commands of a page in turn and write what they print into it."""
    workspace = folder / "workspace"
    for place in (workspace, folder / "checkout" / "examples"):
        shutil.copytree(EXAMPLES, place, ignore=shutil.ignore_patterns(".flowctl", "*.lock", "*.journal"))
    if EMPTY in text_of(page):
        shutil.rmtree(workspace)
        workspace.mkdir()
    lines = text_of(page).splitlines()
    shift = 0
    for block in blocks(page):
        if block.comment.startswith("file: "):
            path = workspace / block.comment.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        elif block.language == "sh":
            for command in _commands(block.lines):
                if _is_run(block, command):
                    _run(command, workspace)
        elif block.language == "console":
            renewed = _renewed(block, workspace)
            lines[block.line + shift : block.line + shift + len(block.lines)] = renewed
            shift += len(renewed) - len(block.lines)
    (ROOT / page).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _renewed(block: Block, workspace: Path) -> list[str]:
    starts = [place for place, line in enumerate(block.lines) if line.startswith("$ ")]
    renewed: list[str] = []
    for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
        printed = _run(block.lines[start].removeprefix("$ "), workspace).printed.rstrip("\n").splitlines()
        shown = block.lines[start + 1 : end]
        left_out = any(line.strip() == _LEFT_OUT for line in shown)
        renewed += [block.lines[start], *(_like(shown, printed) if left_out else printed)]
    return renewed


def _like(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """The shown lines, each as it is printed now; one that is like nothing printed is told and kept."""
    found, begin = [], 0
    for line in shown:
        best = max(
            (
                (SequenceMatcher(None, line, other).ratio(), -place)
                for place, other in enumerate(printed[begin:], begin)
            ),
            default=(0.0, 0),
        )
        if not line.strip() or line.strip() == _LEFT_OUT:
            found.append(line)
        elif best[0] > 0.5:
            found.append(printed[-best[1]])
            begin = -best[1] + 1
        else:
            sys.stderr.write(f"not printed: {line}\n")
            found.append(line)
    return found


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]] or [page for page in RUN if page in pages()]
    for each in chosen:
        with tempfile.TemporaryDirectory() as temporary:
            os.environ.setdefault("NO_COLOR", "1")
            record(each, Path(temporary))
