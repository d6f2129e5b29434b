"""Results in Markdown: what a job posts as a comment, also where there is no result."""

import pytest
from surroundings import Platform, Workspace

from flowctl.views.lines import Line
from flowctl.views.markdown_block import LIMIT, lines_markdown


def test_an_apply_shows_its_plan_and_its_result(examples: Workspace) -> None:
    result = examples.run("apply", "--auto-approve", "--format", "markdown")
    assert result.code == 0
    assert result.out.startswith("**flowctl plan: dev (sandbox dev): 31 to create.** ")
    assert "\n### Result: dev\n\n```text\nApply complete: 31 created" in result.out
    assert len(result.out) <= LIMIT


def test_a_failed_step_is_in_the_result(examples: Workspace, platform: Platform) -> None:
    platform.fault(
        match={"method": "POST", "path": "/data/foundation/flowservice/flows"}, nth=1, times=1, effect={"status": 400}
    )
    result = examples.run("apply", "--auto-approve", "--format", "markdown")
    assert result.code == 1
    assert "Apply incomplete: 30 created, 1 failed" in result.out


@pytest.mark.parametrize(("command", "begin"), [("plan", "<!-- flowctl:plan env=dev -->\n"), ("apply", "")])
def test_without_a_result_the_reason_is_there_and_on_stderr(examples: Workspace, command: str, begin: str) -> None:
    examples.edit("pipelines/shop-customers.yaml", "frequency: hour", "frequency: hourly")
    result = examples.run(command, "--format", "markdown")
    assert result.code == 1
    assert result.out.startswith(f"{begin}### flowctl failed\n\n```text\npipelines/shop-customers.yaml:")
    assert "Did you mean `hour`?" in result.out
    assert "Did you mean `hour`?" in result.err


def test_other_results_are_blocks_under_a_heading(examples: Workspace) -> None:
    examples.begin_applied()
    for arguments, heading in (
        (("validate",), "### flowctl validate\n"),
        (("show",), "### flowctl show: dev\n"),
        (("show", "shop-customers.flow"), "### flowctl show shop-customers.flow\n"),
        (("state", "list"), "### flowctl state list: dev\n"),
        (("state", "orphans"), "### flowctl state orphans\n"),
    ):
        result = examples.run(*arguments, "--format=markdown")
        assert result.code == 0
        assert result.out.startswith(heading)
        assert result.out.endswith("\n```\n")


def test_what_does_not_fit_is_cut_and_said_to_be() -> None:
    text = lines_markdown("many", [Line("x" * 99)] * 2000)
    assert len(text) <= LIMIT
    assert text.startswith("> **This comment is cut: it shows 64")
    assert text.endswith("\n```\n")


def test_backticks_do_not_end_the_block() -> None:
    assert lines_markdown("t", [Line("a ``` b")]) == "### t\n\n````text\na ``` b\n````\n"
