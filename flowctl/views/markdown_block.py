"""Markdown for a comment in a pull request: what its length may be, and any result's lines as one block."""

import re
from collections.abc import Iterable
from typing import Final

from flowctl.views.lines import Line
from flowctl.views.markdown_text import sentence

LIMIT: Final = 65_000
"""Characters that a comment may have; code hosts refuse 65,536."""
_CUT: Final = "> **This comment is cut: it shows {shown} of {total} lines.** Run the command to see all of them.\n\n"


def lines_markdown(title: str, lines: Iterable[Line], limit: int = LIMIT) -> str:
    """The lines of a result under a heading, as they stand; what does not fit is cut, with a notice at the top."""
    heading = f"### {sentence(title)}"
    texts = [line.text for line in lines]
    while texts and not texts[-1]:
        texts.pop()
    longest = max((len(run) for text in texts for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    room = limit - len(f"{_CUT}{heading}\n\n{fence}text\n{fence}\n") - 2 * len(str(len(texts)))
    shown = _that_fit(texts, room)
    notice = _CUT.format(shown=shown, total=len(texts)) if shown < len(texts) else ""
    body = "".join(f"{text}\n" for text in texts[:shown])
    return f"{notice}{heading}\n\n{fence}text\n{body}{fence}\n"


def _that_fit(texts: list[str], room: int) -> int:
    """How many of the lines fit, each with its line break."""
    for count, text in enumerate(texts):
        room -= len(text) + 1
        if room < 0:
            return count
    return len(texts)


def plan_marker(environment: str, digest: str = "") -> str:
    """A line that nobody sees, by which the comment of an environment and what it approves are found."""
    return f"<!-- flowctl:plan env={environment}{f' digest={digest}' if digest else ''} -->"
