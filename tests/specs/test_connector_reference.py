"""The reference page of the connectors is the one that the catalogue makes."""

from pathlib import Path

from flowctl.specs.catalogue import connector_names
from flowctl.specs.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "connectors.md"


def test_the_page_is_current() -> None:
    current = PAGE.read_text(encoding="utf-8")
    assert current == page(), "run: python -m flowctl.specs.reference > docs/reference/connectors.md"


def test_the_page_has_a_row_for_each_connector() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == 2 * len(connector_names())
    assert any("`clientSecret`** (secret)" in row for row in rows if row.startswith("| `hubspot`"))
