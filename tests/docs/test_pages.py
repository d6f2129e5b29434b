"""Pages hang together, hold valid manifests, and speak of the project only."""

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator
from pages import anchors, blocks, links, pages, text_of
from surroundings import ROOT, SCHEMAS

_PLACES = re.compile(r"/(?:work|home|root|Users)/|\b[A-Z]:\\")
_PACKAGE_HOSTS = re.compile(
    r"pypi|npmjs|crates\.io|docker\.io|ghcr|conda-forge|artifactory|githubusercontent", re.IGNORECASE
)


@pytest.mark.parametrize("page", pages(), ids=str)
def test_links_lead_to_something(page: Path) -> None:
    for link in links(page):
        if link.startswith(("https://", "http://")):
            continue
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert target.exists(), f"{page}: {link}"
        if anchor:
            assert anchor in anchors(target.relative_to(ROOT)), f"{page}: {link}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [Path("README.md"), Path("CHANGELOG.md")]
    while waiting:
        page = waiting.pop()
        if page in reached or page not in pages():
            continue
        reached.add(page)
        for link in links(page):
            path = link.partition("#")[0]
            if path and "://" not in path:
                waiting.append(((ROOT / page).parent / path).resolve().relative_to(ROOT))
    left = {page for page in pages() if page not in reached}
    assert sorted(str(page) for page in left) == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_a_page_names_no_place_of_a_machine_and_no_package_host(page: Path) -> None:
    text = text_of(page)
    assert _PLACES.findall(text) == []
    assert _PACKAGE_HOSTS.findall(text) == []


@pytest.mark.parametrize("page", pages(), ids=str)
def test_manifests_on_a_page_are_valid(page: Path) -> None:
    for block in blocks(page):
        text = "\n".join(block.lines)
        if block.language == "yaml" and "apiVersion: flowctl/v1" in text:
            for document in yaml.load_all(text, yaml.BaseLoader):
                schema = json.loads((SCHEMAS / f"{document['kind'].lower()}.schema.json").read_text(encoding="utf-8"))
                typed = yaml.safe_load(yaml.safe_dump(_typed(document)))
                problems = [
                    f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(typed)
                ]
                assert problems == [], f"{page}:{block.line}"


def _typed(value: object) -> object:
    """Numbers and booleans as flowctl reads them; a time stays text."""
    if isinstance(value, dict):
        return {key: _typed(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d+", value) else value


def test_a_manifest_that_a_page_shows_is_the_file() -> None:
    """`<!-- shows: FILE -->` before a block; the line for the editor is left out."""
    shown = [block for page in pages() for block in blocks(page) if block.comment.startswith("shows: ")]
    assert shown
    for block in shown:
        text = (ROOT / block.comment.removeprefix("shows: ")).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines() if not line.startswith("# yaml-language-server:")]
        assert list(block.lines) == lines


def test_the_readme_has_exactly_two_set_up_commands() -> None:
    found = [line for block in blocks(Path("README.md")) for line in block.lines if "python3 -m venv" in line]
    assert found == [
        "python3 -m venv .venv && .venv/bin/pip install -q . && .venv/bin/flowctl -C examples apply --auto-approve",
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && "
        '.venv/bin/python -m pytest -n auto -m "not contract"',
    ]
