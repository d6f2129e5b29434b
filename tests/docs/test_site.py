"""The site has every page, and its settings load nothing from elsewhere; the built site is checked by `.ci/run`."""

import re
from pathlib import Path

import yaml
from llms import DOCS, navigation
from surroundings import ROOT


def _settings() -> dict:
    return yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))


def test_every_page_is_in_the_navigation_once() -> None:
    listed = [place for _, places in navigation() for place in places]
    assert sorted(listed) == sorted(set(listed))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    decisions = {place for place in pages if re.match(r"adr/\d{4}-", place)}  # the hook lists them
    elsewhere = {"changelog.md", "contributing.md", "examples/README.md"}
    assert set(listed) - elsewhere == pages - decisions


def test_nothing_is_loaded_from_elsewhere() -> None:
    settings = _settings()
    assert settings["theme"]["font"] is False
    named = [*settings.get("extra_css", ()), *settings.get("extra_javascript", ())]
    assert [each for each in named if "//" in each] == []


def test_the_built_site_is_not_committed() -> None:
    assert f"/{_settings()['site_dir']}/" in Path(ROOT, ".gitignore").read_text(encoding="utf-8").splitlines()
