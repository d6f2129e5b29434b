"""What the site has besides the pages of `docs`: files that they refer to, and text for language models.

MkDocs calls the functions whose names begin with `on_`.
"""

import os
import posixpath
import re
import shutil
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MERMAID = "FLOWCTL_MERMAID"
"""Names the file `mermaid.min.js` of the npm package `mermaid`; without it, diagrams are shown as their source."""

_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages of the checkout outside `docs`, and where the site has them."""
_LINK = re.compile(r"(?P<begin>(?<!!)\[[^\]]*\]\()(?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?\)")
_CODE = re.compile(r"(^ *```.*?^ *```\s*?$)", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"<td\b.*?</td>", re.DOTALL)


def on_config(config: Any) -> Any:
    """Make anchors as code hosts do, and draw diagrams if a copy of Mermaid is named."""
    config.mdx_configs.setdefault("toc", {})["slugify"] = anchor
    _list_decisions(config.nav)
    script = os.environ.get(MERMAID)
    if script:
        from pymdownx.superfences import fence_code_format

        fence = {"name": "mermaid", "class": "mermaid", "format": fence_code_format}
        config.mdx_configs.setdefault("pymdownx.superfences", {})["custom_fences"] = [fence]
        config.extra_javascript.append("assets/mermaid.min.js")
    return config


def _list_decisions(nav: Any) -> None:
    """Put the decisions below their list of contents, wherever the navigation names that."""
    for item in nav if isinstance(nav, list) else ():
        for title, members in item.items() if isinstance(item, dict) else ():
            if members == ["adr/README.md"]:
                item[title] = [*members, *(f"adr/{page.name}" for page in sorted((DOCS / "adr").glob("0*.md")))]
            _list_decisions(members)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the checkout outside `docs`, and every file that a page refers to."""
    script = os.environ.get(MERMAID)
    if script:
        files.append(File.generated(config, "assets/mermaid.min.js", abs_src_path=str(Path(script).resolve())))
    for source, place in _PAGES.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text(encoding="utf-8")))
    for path in _referred_to():
        place = site_place(path)
        if files.get_file_from_path(place) is None:
            files.append(_file(config, path, place))
    return files


def _referred_to() -> list[Path]:
    """The files outside `docs` that pages refer to, and those that these refer to."""
    waiting = [*sorted(DOCS.rglob("*.md")), *(ROOT / source for source in _PAGES)]
    found: list[Path] = []
    while waiting:
        for path in outside(waiting.pop(0)):
            if path not in found:
                found.append(path)
                waiting += [path] if path.suffix == ".md" else []
    return found


def _file(config: Any, path: Path, place: str) -> File:
    """A file of the checkout as one of the site: a page, or text to be downloaded."""
    listed = place in str(config.nav)
    inclusion = InclusionLevel.INCLUDED if listed else InclusionLevel.NOT_IN_NAV
    return File.generated(config, place, content=path.read_text(encoding="utf-8"), inclusion=inclusion)


def on_page_markdown(markdown: str, page: Any, **_others: Any) -> str:
    """Turn links that leave `docs` into links inside the site."""
    place = page.file.src_uri
    source = source_of(place)

    def inside(match: re.Match[str]) -> str:
        target = match["target"]
        path = _linked(source, target)
        if path is None or (path.is_relative_to(DOCS) and source.is_relative_to(DOCS)):
            return match[0]
        link = posixpath.relpath(site_place(path), posixpath.dirname(place) or ".")
        return f"{match['begin']}{link}{match['anchor'] or ''})"

    return "".join(part if number % 2 else _LINK.sub(inside, part) for number, part in enumerate(_CODE.split(markdown)))


def on_page_content(html: str, **_others: Any) -> str:
    r"""Show `\|` in cells of tables as code hosts do: there it is `|`, in code as well."""
    return _CELL.sub(lambda cell: cell[0].replace("\\|", "|"), html)


def on_post_build(config: Any) -> None:
    """Put each page beside its HTML as Markdown, where llms.txt refers to it, and all of them into llms-full.txt."""
    site = Path(config.site_dir)
    listed = re.findall(r"\]\(([^)]+\.md)\)", (DOCS / "llms.txt").read_text(encoding="utf-8"))
    for place in listed:
        target = site / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source_of(place), target)
    texts = (source_of(place).read_text(encoding="utf-8") for place in listed)
    (site / "llms-full.txt").write_text("\n\n".join(texts), encoding="utf-8")


def anchor(heading: str, _separator: str = "-") -> str:
    """The anchor of a heading, as code hosts make it."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"<[^>]*>", "", heading).lower()).strip().replace(" ", "-")


def outside(page: Path) -> list[Path]:
    """The files outside `docs` that a page refers to; of a folder, its README."""
    text = "".join(_CODE.split(page.read_text(encoding="utf-8"))[::2])
    linked = (_linked(page, match["target"]) for match in _LINK.finditer(text))
    return sorted({path for path in linked if path is not None and not path.is_relative_to(DOCS)})


def _linked(page: Path, target: str) -> Path | None:
    if re.match(r"[a-z]+:", target):
        return None
    path = (page.parent / target).resolve()
    return path / "README.md" if path.is_dir() else path


def site_place(path: Path) -> str:
    """Where the site has a file of the checkout."""
    if path.is_relative_to(DOCS):
        return path.relative_to(DOCS).as_posix()
    place = path.relative_to(ROOT).as_posix()
    return _PAGES.get(place, "README.md" if place == "README.md" else place)


def source_of(place: str) -> Path:
    """The file of the checkout that a page of the site is made of."""
    named = {page: source for source, page in _PAGES.items()}
    if place in named:
        return ROOT / named[place]
    return DOCS / place if (DOCS / place).exists() else ROOT / place
