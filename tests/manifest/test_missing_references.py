"""A reference to what no manifest declares: the message offers every way to refer that the kind has, and no other."""

import shutil
from pathlib import Path

import pytest
from surroundings import EXAMPLES, Workspace

PIPELINES = {
    "Connection": ("pipelines/hubspot-contacts.yaml", "connection: hubspot", True),
    "Dataset": ("pipelines/shop-customers.yaml", "dataset: customers", False),
    "Schema": ("datasets/customers.yaml", "schema: customer", True),
}


@pytest.mark.parametrize("kind", PIPELINES)
def test_what_a_missing_reference_may_be_instead(kind: str, examples: Workspace) -> None:
    file, reference, has_titles = PIPELINES[kind]
    examples.edit(file, reference, f"{reference.partition(':')[0]}: zzzzzz")
    shown = examples.run("validate").out
    assert f'there is no {kind} named "zzzzzz"' in shown
    ways = "`{id: ...}` or `{title: ...}`" if has_titles else "`{id: ...}`"
    assert f"Add a {kind} document of that name, or write {ways} of an object that exists." in shown


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "schemas/store.yaml",
            "class: store",
            "class: zzzzzz",
            "a Class document of that name, or write the `$id` of a class",
        ),
        (
            "schemas/order.yaml",
            "fieldGroups: [order]",
            "fieldGroups: [zzzzzz]",
            "a FieldGroup document of that name, or write the `$id` of a field group",
        ),
        (
            "field-groups/order.yaml",
            "order.total: {ref: amount",
            "order.total: {ref: zzzzzz",
            "a DataType document of that name, or write the `$id` of a data type",
        ),
    ],
)
def test_a_part_of_a_schema_may_be_given_by_its_id(
    file: str, old: str, new: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = Workspace(root=tmp_path / "company", capsys=capsys)
    shutil.copytree(EXAMPLES / "company", company.root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    company.edit(file, old, new)
    shown = company.run("validate").out
    assert f"Add {words} that exists." in shown
    assert "title: ..." not in shown


def test_a_schema_that_a_relationship_leads_to_has_a_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    company = Workspace(root=tmp_path / "company", capsys=capsys)
    shutil.copytree(EXAMPLES / "company", company.root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    company.edit("schemas/order.yaml", "to: store", "to: zzzzzz")
    shown = company.run("validate").out
    assert 'there is no Schema named "zzzzzz"' in shown
    assert "Add a Schema document of that name." in shown
    assert "{id: ...}" not in shown
