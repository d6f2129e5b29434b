"""`--select` and `--exclude` on status and runs: documents, what is not applied, and what only the lockfile has."""

import pytest
from run_bodies import ran
from surroundings import Platform, Workspace


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def names(workspace: Workspace, *arguments: str, key: str = "pipelines", member: str = "name") -> list[str]:
    result = workspace.run(*arguments, "--format", "json")
    assert result.code == 0, result.err
    return [each[member] for each in result.json[key]]


def test_a_selection_narrows_the_status_and_the_check(applied: Workspace) -> None:
    assert names(applied, "status", "--select", "shop-customers") == ["shop-customers"]
    assert names(applied, "runs", "check", "--select", "shop*") == ["shop-customers", "shopify-orders"]
    assert "shop-customers" not in names(applied, "status", "--exclude", "shop-customers")


def test_a_selection_narrows_the_list(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers")
    ran(platform, applied, "partner-files")
    arguments = ("runs", "list", "--select", "partner-files")
    assert names(applied, *arguments, key="runs", member="pipeline") == ["partner-files"]


def test_a_selection_without_a_pipeline_is_empty_and_not_everything(applied: Workspace, platform: Platform) -> None:
    ran(platform, applied, "shop-customers")
    assert names(applied, "status", "--select", "crm-contact") == []
    assert names(applied, "runs", "list", "--select", "crm-contact", key="runs", member="pipeline") == []


def test_a_selected_pipeline_that_is_not_applied_has_no_runs(examples: Workspace) -> None:
    assert names(examples, "runs", "list", "--select", "shop-customers", key="runs", member="pipeline") == []
    assert names(examples, "status", "--select", "shop-customers") == ["shop-customers"]


@pytest.mark.parametrize("command", [("status",), ("runs", "list"), ("runs", "check")])
def test_names_and_a_selection_exclude_each_other(applied: Workspace, command: tuple[str, ...]) -> None:
    result = applied.run(*command, "shop-customers", "--select", "shop-customers")
    assert (result.code, "PIPELINE cannot be combined with `--select`" in result.err) == (1, True)
