"""The pages of connectors are those that the catalogue makes, and their manifests are those that the command prints."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from surroundings import ROOT, Workspace

from flowctl.model.catalogue_report import Parameter
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.permitted import permitted_words
from flowctl.specs.reference import LIST, navigation, pages, table

DOCS = ROOT / "docs"
PAGES = pages()
_BLOCK = re.compile(r"```yaml\n(?P<text>apiVersion.*?)\n```", re.DOTALL)


@pytest.fixture
def nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A folder that is no workspace."""
    return Workspace(root=tmp_path, capsys=capsys)


def manifests(name: str) -> list[str]:
    """The manifests on the page of a connector, in order."""
    return [match["text"] for match in _BLOCK.finditer(PAGES[f"connectors/{name}.md"])]


def tables(text: str) -> list[list[str]]:
    """The rows of each table of parameters on a page."""
    found = re.findall(r"^\| Key of `[a-z.]+` .*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [rows.splitlines() for rows in found]


def row(param: dict[str, Any]) -> str:
    """A row of such a table, from what the command prints."""
    need = {"required": "yes"}.get(param["need"], param["need"])
    known = Parameter(**param, limits=permitted_words(param["permitted"]))
    meaning = f"{known.explained} **Secret.**" if param["secret"] else known.explained
    return f"| `{param['name']}` | {need} | {meaning.strip()} |"


def test_the_pages_are_current() -> None:
    written = {path.relative_to(DOCS).as_posix() for path in (DOCS / "connectors").glob("*")} | {LIST}
    assert written == set(PAGES)
    old = [place for place, text in PAGES.items() if (DOCS / place).read_text(encoding="utf-8") != text]
    assert old == [], "run: python tests/docs/generate.py"


def test_the_site_lists_the_pages_by_category() -> None:
    nav = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    (listed,) = [item["Connectors"] for item in nav if "Connectors" in item]
    assert listed[0] == LIST
    by_category = {title: tuple(places) for item in listed[1:] for title, places in item.items()}
    assert by_category == navigation(), "run: python tests/docs/generate.py"
    assert sorted(place for places in by_category.values() for place in places) == sorted(set(PAGES) - {LIST})


def test_the_list_has_each_connector_with_its_link_and_mark() -> None:
    rows = re.findall(r"^\| \[`([\w-]+)`\]\(\.\./connectors/([\w-]+)\.md\)( ¹)? \| (.*?) \|", PAGES[LIST], re.MULTILINE)
    assert sorted(row[0] for row in rows) == sorted(connector_names())
    for name, place, mark, title in rows:
        found = connector(name)
        assert found is not None
        assert (place, title, bool(mark)) == (name, found.title, not found.verified)


@pytest.mark.parametrize("name", connector_names())
def test_a_page_has_what_the_command_prints(name: str, nowhere: Workspace) -> None:
    (shown,) = nowhere.run("connectors", name, "--format", "json").json["connectors"]
    text = PAGES[f"connectors/{name}.md"]
    assert manifests(name) == [*(kind["manifest"] for kind in shown["authenticationTypes"]), shown["pipeline"]]
    assert text.startswith(f"# {shown['title']}\n")
    described = [params for kind in shown["authenticationTypes"] if (params := kind["params"])]
    described += [shown["sourceParams"]] if shown["sourceParams"] else []
    assert tables(text) == [[row(param) for param in params] for params in described]
    for fact in (*shown["flowSpecs"], *shown["formats"], shown["connectionSpec"], shown["evidence"]):
        assert fact in text
    assert [f"- <{address}>" for address in shown["documents"]] == re.findall(r"^- <.*>$", text, re.MULTILINE)
    assert shown["page"] == str(DOCS / "connectors" / f"{name}.md")
    assert f"See {shown['page']}" in nowhere.run("connectors", name).out
    assert ("Compare them with the live connection spec" in text) == (not shown["verified"])


def test_what_a_parameter_may_hold_is_on_its_page_as_the_command_prints_it(nowhere: Workspace) -> None:
    printed = " ".join(nowhere.run("connectors", "amazon-kinesis").out.split())
    for words in (
        "Shape of the incoming data. Permitted: raw, xdm.",
        "Where reading starts. Permitted: latest, earliest.",
    ):
        assert words in printed
        assert f" | {words} |" in PAGES["connectors/amazon-kinesis.md"]


def test_a_sign_of_tables_in_a_pattern_stays_in_its_cell() -> None:
    param = Parameter(name="x", need="", secret=False, meaning="A", permitted={}, limits="Pattern: ^(a|b)$")
    assert table("source.params", [param]).splitlines()[-1] == r"| `x` |  | A. Pattern: ^(a\|b)$ |"


def test_every_connection_of_the_pages_is_valid_as_it_is_copied(nowhere: Workspace) -> None:
    nowhere.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [connections]\n")
    blocks = [text for name in connector_names() for text in manifests(name) if "kind: Connection\n" in text]
    assert len(blocks) == sum(len(found.auth_specs) for name in connector_names() if (found := connector(name)))
    for number, text in enumerate(blocks):
        nowhere.write(f"connections/{number}.yaml", re.sub(r"name: my-", f"name: c{number}-", text))
    result = nowhere.run("validate")
    assert result.code == 0, [line for line in result.out.splitlines() if " error: " in line]
