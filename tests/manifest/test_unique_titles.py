"""Two schemas of one title are told, whatever stands before, between and beside them."""

import pytest
from surroundings import Workspace

SCHEMA = (
    "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {{name: {}}}\ntitle: {}\n"
    "class: https://ns.adobe.com/xdm/context/profile\n"
)


@pytest.mark.parametrize("odd", ["5", "''", "[a]"])
def test_a_title_that_cannot_be_one_hides_no_other(odd: str, examples: Workspace) -> None:
    for number, title in enumerate((odd, "Twin", "Twin")):
        examples.write(f"schemas/a{number}.yaml", SCHEMA.format(f"a{number}", title))
    assert 'schemas/a2.yaml:4:8: error: two XDM schemas have the title "Twin" ' in examples.run("validate").out


def test_titles_that_cannot_be_one_are_not_the_same_title(examples: Workspace) -> None:
    for number in range(2):
        examples.write(f"schemas/a{number}.yaml", SCHEMA.format(f"a{number}", "5"))
    assert "two schemas have the title" not in examples.run("validate").out


def test_a_schema_without_a_title_has_its_name_as_title(examples: Workspace) -> None:
    examples.write("schemas/a.yaml", SCHEMA.format("twin", "x").replace("title: x\n", ""))
    examples.write("schemas/b.yaml", SCHEMA.format("other", "twin"))
    assert 'schemas/b.yaml:4:8: error: two XDM schemas have the title "twin" ' in examples.run("validate").out
