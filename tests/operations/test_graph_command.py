"""`flowctl graph`: the way of data through a workspace, marked with what the manifests change."""

from typing import Any

import pytest
from surroundings import Platform, Workspace


def nodes(examples: Workspace, *arguments: str) -> dict[str, dict[str, Any]]:
    result = examples.run("graph", "--format", "json", *arguments)
    assert result.code == 0, result.err
    return {node["id"]: node for node in result.json["nodes"]}


def marks(examples: Workspace, *arguments: str) -> dict[str, str]:
    found = nodes(examples, *arguments)
    return {id_: node["action"] or "touched" for id_, node in found.items() if node["action"] or node["touched"]}


def test_nothing_is_sent_and_nothing_needs_a_credential(examples: Workspace, platform: Platform) -> None:
    platform.clear_log()
    assert set(marks(examples).values()) == {"create"}
    assert platform.log() == []
    assert not (examples.root / "flowctl.dev.lock").exists()


def test_what_is_applied_has_no_marks(examples: Workspace) -> None:
    examples.apply()
    assert marks(examples) == {}


def test_what_changed_is_marked_and_what_depends_on_it(examples: Workspace) -> None:
    examples.apply()
    examples.edit("pipelines/support-tickets.yaml", "interval: 30", "interval: 45")
    examples.edit("datasets/customers.yaml", "title: Customers", "title: Clients")
    (examples.root / "pipelines/hubspot-contacts.yaml").unlink()
    found = marks(examples)
    assert {id_: mark for id_, mark in found.items() if not id_.startswith("hubspot-contacts")} == {
        "support-tickets.flow": "update",
        "customers.dataset": "update",
        **{f"{name}.{kind}": "touched" for name in ("shop-customers", "partner-files")
           for kind in ("target_connection", "flow")},
    }  # fmt: skip
    assert {mark for id_, mark in found.items() if id_.startswith("hubspot-contacts")} == {"delete"}
    assert nodes(examples)["hubspot-contacts.flow"]["pipeline"] == "hubspot-contacts"


def test_another_secret_is_a_change(examples: Workspace) -> None:
    examples.apply()
    examples.edit("flowctl.yaml", "canary-rest", "canary-rest-2")
    assert marks(examples)["support-desk.connection"] == "update"


def test_a_secret_that_is_not_set_is_not_compared(examples: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    examples.edit("flowctl.yaml", "canary-rest", "${env:REST_PASSWORD_OF_THIS_TEST}")
    monkeypatch.setenv("REST_PASSWORD_OF_THIS_TEST", "canary-rest")
    examples.apply()
    monkeypatch.delenv("REST_PASSWORD_OF_THIS_TEST")
    assert marks(examples) == {}


def test_what_only_the_platform_knows_is_not_compared(examples: Workspace) -> None:
    examples.apply()
    examples.edit("pipelines/shopify-orders.yaml", "schema: customer", "schema: {title: Customer}")
    assert marks(examples) == {}


def test_a_removed_value_is_a_change(examples: Workspace) -> None:
    examples.apply()
    examples.edit("pipelines/shop-customers.yaml", "  description: Customers of the web shop\n", "")
    assert marks(examples) == {"shop-customers.flow": "update"}


def test_a_removed_mapping_is_a_change(examples: Workspace) -> None:
    examples.apply()
    examples.edit("pipelines/shop-customers.yaml", "  - {source: first_name, destination: person.name.firstName}\n", "")
    assert marks(examples)["shop-customers.mapping_set"] == "update"


def test_what_exists_elsewhere_is_shown_by_its_name(examples: Workspace) -> None:
    examples.edit(
        "pipelines/shop-customers.yaml", "dataset: customers", "dataset: {title: Shop, schema: {title: Some schema}}"
    )
    result = examples.run("graph", "--format", "json").json
    (outside,) = [node for node in result["nodes"] if node["address"] is None]
    assert (outside["kind"], outside["name"], outside["action"]) == ("schema", "Some schema", None)
    assert {"from": "shop-customers.dataset", "to": outside["id"]} in result["edges"]


def test_a_saved_plan_is_drawn_from_its_file(examples: Workspace, platform: Platform) -> None:
    examples.apply()
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    file = str(examples.root / "plan.json")
    examples.plan("--out", file)
    (examples.root / "flowctl.yaml").unlink()
    platform.clear_log()
    found = marks(examples, "--plan", file)
    assert {id_: mark for id_, mark in found.items() if mark != "touched"} == {
        f"shop-customers.{kind}": "replace" for kind in ("source_connection", "target_connection", "flow")
    }
    assert "shop-database.connection" in nodes(examples, "--plan", file)
    assert platform.log() == []


def test_manifests_with_errors_have_no_picture(examples: Workspace) -> None:
    examples.edit("pipelines/partner-files.yaml", "dataset: customers", "dataset: custmers")
    for form in ("text", "mermaid", "dot", "svg"):
        result = examples.run("graph", "--format", form)
        assert (result.code, result.out) == (1, "")
        assert "custmers" in result.err


@pytest.mark.parametrize(
    ("form", "begin"),
    [
        ("text", "hubspot-contacts: base connection hubspot (create) > source connection (create) > "),
        ("mermaid", "flowchart LR\n"),
        ("markdown", "```mermaid\nflowchart LR\n"),
        ("dot", "digraph flowctl {\n"),
        ("svg", '<svg xmlns="http://www.w3.org/2000/svg"'),
    ],
)
def test_each_format_has_a_picture(examples: Workspace, form: str, begin: str) -> None:
    result = examples.run("graph", "--format", form)
    assert result.code == 0
    assert result.out.startswith(begin)
    assert "canary" not in result.out


@pytest.mark.parametrize("command", ["plan", "validate", "show"])
@pytest.mark.parametrize("form", ["mermaid", "dot", "svg"])
def test_other_commands_have_no_such_format(examples: Workspace, command: str, form: str) -> None:
    result = examples.run(command, "--format", form)
    assert result.code == 1
    assert f"`{command}` has no format `{form}`" in result.err


def test_a_graph_has_no_problems_to_show(examples: Workspace) -> None:
    assert examples.run("graph", "--format", "sarif").code == 1
