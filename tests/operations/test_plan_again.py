"""Applying a saved plan plans again with what the plan was made with."""

from surroundings import Platform, Workspace


def test_a_saved_plan_for_a_target_is_applied_for_that_target(examples: Workspace) -> None:
    file = str(examples.root / "saved.plan")
    printed = examples.run("plan", "--target", "support-tickets", "--format", "json", "--out", file)
    assert examples.run("apply", file).code == 0
    entries = examples.lockfile["entries"]
    assert set(entries) == {change["address"] for change in printed.json["changes"]}
    assert any(change["action"] == "create" for change in examples.plan().json["changes"])


def test_a_limit_of_deletions_holds_for_a_saved_plan_too(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    (examples.root / "pipelines/support-tickets.yaml").unlink()
    file = str(examples.root / "saved.plan")
    assert examples.run("plan", "--out", file).code == 0
    platform.clear_log()
    refused = examples.run("apply", file, "--max-delete", "1")
    assert refused.code == 1
    assert "[too-many-deletions]" in refused.err
    assert platform.writes() == []
    assert examples.run("apply", file).code == 0


def test_the_limit_holds_for_a_saved_destruction(examples: Workspace, platform: Platform) -> None:
    examples.begin_applied()
    file = str(examples.root / "saved.plan")
    assert examples.run("plan", "--destroy", "--out", file).code == 0
    platform.clear_log()
    assert "[too-many-deletions]" in examples.run("apply", file, "--max-delete", "1").err
    assert platform.writes() == []
