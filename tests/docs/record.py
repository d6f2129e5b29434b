"""Renews the recordings of the documentation: `python tests/docs/record.py [PAGE...]`, then read the difference.

A command's output is replaced whole; where lines are left out (`…`), each shown line becomes the printed one that is
most like it.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from pages import Block, text_of  # noqa: E402 - the paths come first
from playing import RUN, blocks_to_run, commands, is_run, recorded, run, workspace_in  # noqa: E402
from surroundings import ROOT  # noqa: E402

_LEFT_OUT = "…"


def record(page: Path, folder: Path) -> None:
    """Run the commands of a page in turn and write what they print into it."""
    workspace = workspace_in(folder)
    lines = text_of(page).splitlines()
    shift = 0
    for block in blocks_to_run(page, workspace):
        if block.language == "console":
            renewed = _renewed(block, workspace)
            lines[block.line + shift : block.line + shift + len(block.lines)] = renewed
            shift += len(renewed) - len(block.lines)
            continue
        for command in commands(block.lines):
            if is_run(block, command):
                run(command, workspace)
    (ROOT / page).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _renewed(block: Block, workspace: Path) -> list[str]:
    renewed: list[str] = []
    for start, command, shown in recorded(block):
        printed = run(command, workspace).printed.rstrip("\n").splitlines()
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
    chosen = [Path(name) for name in sys.argv[1:]] or RUN
    for each in chosen:
        with tempfile.TemporaryDirectory() as temporary:
            os.environ.setdefault("NO_COLOR", "1")
            record(each, Path(temporary))
