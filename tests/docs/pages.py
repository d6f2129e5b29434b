"""The pages of the documentation, read as people read them: fenced blocks, links, headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from surroundings import ROOT

NEEDS_AN_ACCOUNT = "needs an account"
_FENCE = re.compile(r"^(?P<indent> *)```(?P<language>\w*)\s*$")
_COMMENT = re.compile(r"^\s*<!-- (?P<text>.*?) -->\s*$")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
_HEADING = re.compile(r"^#{1,6} +(?P<text>.+?)\s*$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the HTML comment right before it, its lines, and where it begins."""

    language: str
    comment: str
    lines: tuple[str, ...]
    line: int

    @property
    def needs_an_account(self) -> bool:
        return self.comment == NEEDS_AN_ACCOUNT


@cache
def pages() -> tuple[Path, ...]:
    """Every page, relative to the checkout."""
    found = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "examples/README.md")]
    found += sorted((ROOT / "docs").rglob("*.md"))
    return tuple(page.relative_to(ROOT) for page in found)


@cache
def text_of(page: Path) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found: list[Block] = []
    comment, language, start, indent = "", "", 0, ""
    inside: list[str] | None = None
    for number, line in enumerate(text_of(page).splitlines(), start=1):
        fence = _FENCE.match(line)
        if inside is None and fence:
            inside, language, start, indent = [], fence["language"], number, fence["indent"]
        elif inside is not None and fence and not fence["language"]:
            found.append(Block(language=language, comment=comment, lines=tuple(inside), line=start))
            inside, comment = None, ""
        elif inside is not None:
            inside.append(line.removeprefix(indent))
        elif line.strip():
            said = _COMMENT.match(line)
            comment = said["text"] if said else ""
    assert inside is None, f"{page}:{start}: this block has no end"
    return found


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```\s*$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> Iterator[str]:
    """The targets of a page's links."""
    for match in _LINK.finditer(re.sub(r"`[^`\n]*`", "", prose(page))):
        yield match["target"]


def anchors(page: Path) -> set[str]:
    """The anchors of a page: those of its headings, and those that it sets itself."""
    headings = {anchor(match["text"]) for line in prose(page).splitlines() if (match := _HEADING.match(line))}
    return headings | set(_ANCHOR.findall(prose(page)))


def anchor(heading: str) -> str:
    """The anchor of a heading, as code hosts make it."""
    plain = re.sub(r"[`*]", "", heading).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
