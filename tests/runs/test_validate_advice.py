"""`validate` suggests error diagnostics for batch pipelines that say nothing about them, and nowhere else."""

import pytest
from surroundings import Workspace

from flowctl.operations.rejected_rows_advice import rejected_rows_advice

SUGGESTION = "Suggestion: set `options.errorDiagnosticsEnabled: true` in "


def test_pipelines_without_the_option_are_named_and_few_of_them(examples: Workspace) -> None:
    result = examples.run("validate")
    assert (result.code, result.out) == (0, "Valid.\n")
    assert f"{SUGGESTION}hubspot-contacts, shop-customers, shopify-orders and 1 more, so that" in result.err
    assert "shop-customers, so that" in examples.run("validate", "--select", "shop-customers").err


@pytest.mark.parametrize("value", ["true", "false"])
def test_who_has_decided_is_not_asked(examples: Workspace, value: str) -> None:
    path = examples.root / "pipelines" / "shop-customers.yaml"
    path.write_text(path.read_text() + f"options: {{errorDiagnosticsEnabled: {value}}}\n")
    assert examples.run("validate", "--select", "shop-customers").err == ""


def test_results_and_quiet_runs_have_no_suggestion(examples: Workspace) -> None:
    assert examples.run("validate", "--format", "json").err == ""
    assert examples.run("validate", "-q").err == ""


def test_errors_come_first(examples: Workspace) -> None:
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: hourly")
    assert SUGGESTION not in examples.run("validate").err


def test_a_workspace_without_pipelines_gets_none() -> None:
    assert rejected_rows_advice([]) == ""
