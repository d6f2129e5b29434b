"""A secret that stands in fields that are no secrets: no format for reviewers shows it, nor a part of it."""

import pytest
from surroundings import Workspace

SECRET = "".join(f"s{number * 7919 % 997:03}Q" for number in range(80))
"""So long that every cut goes through it."""
FORMATS = {
    **{form: ("plan", "--format", form) for form in ("text", "json", "markdown", "html", "github", "gitlab", "sarif")},
    **{
        f"graph in {form}": ("graph", "--format", form)
        for form in ("text", "json", "markdown", "mermaid", "dot", "svg")
    },
}
PIECE = 15


@pytest.fixture
def careless(examples: Workspace) -> Workspace:
    """The examples with a secret in every field that takes a text."""
    examples.edit("flowctl.yaml", "canary-rest", SECRET)
    examples.edit("pipelines/shop-customers.yaml", "title: Shop customers", f"title: {SECRET}")
    examples.edit("pipelines/shop-customers.yaml", "description: Customers of the web shop", f"description: x {SECRET}")
    examples.edit("pipelines/shop-customers.yaml", "labels: {team: shop}", f"labels: {{team: {SECRET}}}")
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", f"tableName: {SECRET}")
    examples.edit("pipelines/shop-customers.yaml", "lower(email)", f"\"concat(email, '{SECRET}')\"")
    examples.edit("pipelines/shopify-orders.yaml", "title: Shopify orders", f"title: {'x' * 150}{SECRET}")
    return examples


@pytest.mark.parametrize("arguments", FORMATS.values(), ids=FORMATS)
def test_no_part_of_a_secret_is_shown(careless: Workspace, arguments: tuple[str, ...]) -> None:
    if arguments[0] == "graph":
        careless.edit("datasets/customers.yaml", "schema: customer", f"schema: {{title: {SECRET}}}")
    result = careless.run(*arguments)
    printed = result.out + result.err
    assert result.code == 0, printed
    assert [SECRET[at : at + PIECE] for at in range(len(SECRET) - PIECE) if SECRET[at : at + PIECE] in printed] == []
