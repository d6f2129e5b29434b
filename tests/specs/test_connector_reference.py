"""The reference page of the connectors is the one that the catalogue makes, and its manifests can be copied."""

import re
from pathlib import Path

import pytest
from surroundings import Workspace

from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "connectors.md"
_BLOCK = re.compile(r"```yaml\n(?P<text>apiVersion.*?)```", re.DOTALL)


def test_the_page_is_current() -> None:
    current = PAGE.read_text(encoding="utf-8")
    assert current == page(), "run: python -m flowctl.specs.reference > docs/reference/connectors.md"


def test_each_connector_has_a_section_and_its_secrets_are_marked() -> None:
    sections = dict(re.findall(r"^### `([\w-]+)`\n(.*?)(?=^##|\Z)", page(), re.MULTILINE | re.DOTALL))
    assert sorted(sections) == sorted(connector_names())
    for name, section in sections.items():
        found = connector(name)
        assert found is not None
        secrets = {param for spec in found.auth_specs for param in spec.secret_params}
        marked = re.findall(r"^\| `(\w+)` \| auth.*\*\*Secret\.\*\*", section, re.MULTILINE)
        assert secrets == set(marked), name


def test_every_connection_of_the_page_is_valid_as_it_is_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace(root=tmp_path, capsys=capsys)
    workspace.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\nmanifests: [connections]\n")
    blocks = [match["text"] for match in _BLOCK.finditer(page())]
    assert len(blocks) >= len(connector_names()) - 1
    for number, text in enumerate(blocks):
        workspace.write(f"connections/{number}.yaml", re.sub(r"name: my-", f"name: c{number}-", text))
    result = workspace.run("validate")
    assert result.code == 0, [line for line in result.out.splitlines() if " error: " in line]
