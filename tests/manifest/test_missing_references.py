"""A reference to what no manifest declares: the message offers every way to refer that the kind has, and no other."""

import pytest
from surroundings import Workspace

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
