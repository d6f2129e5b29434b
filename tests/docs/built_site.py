"""Checks of the built site, after `mkdocs build --strict`: `python tests/docs/built_site.py FOLDER`.

The build itself holds that links and anchors lead to something. Here: nothing is loaded from elsewhere, every page can
be searched, and what llms.txt names is there.
"""

import json
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from llms import DOCS, LLMS

_LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "use": "href"}
"""Elements that load what their attribute names. A `link` does if it is no link for people."""
_RELATIONS = {"stylesheet", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "icon", "manifest"}
_FROM_CSS = re.compile(r"url\(\s*[\"']?(https?:)?//|@import")


class _Loaded(HTMLParser):
    """The addresses that a page loads."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.has_diagram = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in _LOADS and _LOADS[tag] in given:
            self.addresses.append(given[_LOADS[tag]])
        if tag == "link" and _RELATIONS & set(given.get("rel", "").split()):
            self.addresses.append(given.get("href", ""))
        self.has_diagram |= tag == "pre" and "mermaid" in given.get("class", "").split()


def problems(site: Path) -> Iterator[str]:
    """What is wrong with a built site."""
    for page in sorted(site.rglob("*.html")):
        loaded = _Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        yield from (f"{page.relative_to(site)} loads {each}" for each in loaded.addresses if urlsplit(each).netloc)
        if loaded.has_diagram and not any(each.endswith("assets/mermaid.min.js") for each in loaded.addresses):
            yield f"{page.relative_to(site)} has a diagram and no program of its own to draw it"
    for sheet in sorted(site.rglob("*.css")):
        if _FROM_CSS.search(sheet.read_text(encoding="utf-8")):
            yield f"{sheet.relative_to(site)} loads from elsewhere"
    searched = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    found = {entry["location"].partition("#")[0] for entry in searched}
    for page in sorted(DOCS.rglob("*.md")):
        place = page.relative_to(DOCS)
        folder = place.parent if place.name == "README.md" else place.with_suffix("")
        if ("" if folder == Path() else f"{folder.as_posix()}/") not in found:
            yield f"{place} cannot be searched"
    for place in re.findall(r"\]\(([^)]+\.md)\)", LLMS.read_text(encoding="utf-8")):
        if not (site / place).is_file():
            yield f"llms.txt names {place}, which the site does not have"


if __name__ == "__main__":
    wrong = list(problems(Path(sys.argv[1])))
    sys.stdout.writelines(f"{each}\n" for each in wrong)
    sys.exit(1 if wrong else 0)
