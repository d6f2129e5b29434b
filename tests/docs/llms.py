"""`docs/llms.txt`: the pages of the documentation in the order of the site, for language models (llmstxt.org)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LLMS = DOCS / "llms.txt"
_COOKBOOK = "connectors/"
"""Pages that another one lists, and that a model reads for one source only."""
_OPTIONAL = "Project"
"""The section that a short context leaves out."""
_NO_PARAGRAPH = ("#", "|", "```", "- ", "> ")
"""How blocks begin that say nothing of the page as a whole."""
_BEGIN = """\
# flowctl

> flowctl manages the source dataflows of Adobe Experience Platform as code: YAML manifests in git, `flowctl plan` to
> review, `flowctl apply` to change. It includes an emulator of Experience Platform, so that everything can be tried
> without an account.

Facts that are often missed:

- A manifest has one document for each Connection, Schema, Dataset and Pipeline. There is no expression language
  besides `${env:NAME}` and `${var:NAME}`.
- `validate` needs no network. `plan` sends no writes. `apply` changes Experience Platform and records IDs in a
  lockfile.
- Every result has `--format json`. Exit codes: 0 success, 1 error, 2 changes (only `plan --detailed-exitcode`), 3 drift
  or an unhealthy pipeline.
- Each diagnostic has a code in brackets; `reference/diagnostics.md` says what to do about it.
"""


def navigation() -> list[tuple[str, list[str]]]:
    """The sections of the site, each with the places of its pages below `docs`."""
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = yaml.safe_load(text)["nav"]
    return [(title, list(_places(members))) for item in nav for title, members in item.items()]


def _places(member: Any) -> Iterator[str]:
    if isinstance(member, str):
        yield member
    for item in member if isinstance(member, list) else member.values() if isinstance(member, dict) else ():
        yield from _places(item)


def llms_text() -> str:
    """The whole file."""
    parts = [_BEGIN]
    for title, places in navigation():
        rows = [_row(place) for place in places if (DOCS / place).is_file() and not place.startswith(_COOKBOOK)]
        parts.append(f"## {'Optional' if title == _OPTIONAL else title}\n\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(place: str) -> str:
    text = (DOCS / place).read_text(encoding="utf-8")
    title, *blocks = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL).strip().split("\n\n")
    said = (block.strip() for block in blocks)
    paragraph = next(block for block in said if block and not block.startswith(_NO_PARAGRAPH))
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(paragraph.split()))
    sentence = re.split(r"(?<=[.?!])\s(?=[A-Z`])", plain)[0].rstrip(":")
    return f"- [{title.removeprefix('# ')}]({place}): {sentence}"
