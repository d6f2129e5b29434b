"""What apply, plan and show print in which case, and the exit codes that go with it."""

import json

import pytest
from surroundings import Platform, Workspace


def test_an_apply_that_is_not_approved_shows_its_plan_however_quiet(examples: Workspace) -> None:
    result = examples.run("apply", "-q")
    assert (result.code, "will be created" in result.out, "not-approved" in result.err) == (1, True, True)


def test_a_quiet_apply_that_is_approved_shows_its_report_alone(examples: Workspace) -> None:
    result = examples.run("apply", "-q", "--auto-approve")
    assert (result.code, "will be created" in result.out, "Apply complete" in result.out) == (0, False, True)


def test_an_apply_prints_one_document_with_plan_and_steps(examples: Workspace) -> None:
    result = examples.run("apply", "--auto-approve", "--format", "json")
    document = json.loads(result.out)
    assert (result.code, len(document["steps"])) == (0, len(document["changes"]))


@pytest.mark.parametrize(("form", "word"), [("text", "complete"), ("markdown", "Result")])
def test_an_apply_with_nothing_to_do_has_no_report(examples: Workspace, form: str, word: str) -> None:
    first = examples.run("apply", "--auto-approve", "--format", form)
    again = examples.run("apply", "--auto-approve", "--format", form)
    assert (word in first.out, again.code, word in again.out) == (True, 0, False)


def test_changes_have_an_exit_code_only_where_it_is_asked_for(examples: Workspace) -> None:
    codes = [examples.run("plan", *flag).code for flag in ((), ("--detailed-exitcode",))]
    examples.apply()
    codes += [examples.run("plan", *flag).code for flag in ((), ("--detailed-exitcode",))]
    assert codes == [0, 2, 0, 0]


def test_a_secret_is_never_shown_as_differing(examples: Workspace) -> None:
    examples.begin_applied()
    shown = examples.run("show", "hubspot.connection")
    lines = [line for line in shown.out.splitlines() if "(sensitive)" in line]
    assert (shown.code, bool(lines), [line for line in lines if "live" in line]) == (0, True, [])


def test_an_object_that_was_not_found_has_its_recorded_values_and_no_live_ones(
    examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    flow = examples.lockfile["entries"]["hubspot-contacts.flow"]["id"]
    path = f"/data/foundation/flowservice/flows/{flow}"
    platform.request("DELETE", path).raise_for_status()
    shown = examples.run("show", "hubspot-contacts.flow")
    assert (shown.code, "not found on Experience Platform" in shown.out, "live" in shown.out) == (0, True, False)
    assert "  name: " in shown.out


@pytest.mark.parametrize("word", ["aply", "APPLY"])
def test_a_mistyped_command_names_the_nearest_whatever_its_case(examples: Workspace, word: str) -> None:
    result = examples.run(word)
    assert (result.code, "did you mean `apply`?" in result.err) == (1, True)


@pytest.mark.parametrize(
    "words", [("-e", "", "plan"), ("plan", "--environment="), ("destroy", "--auto-approve", "-e", "")], ids=" ".join
)
def test_an_environment_without_a_name_is_not_the_default_one(examples: Workspace, words: tuple[str, ...]) -> None:
    examples.begin_applied()
    result = examples.run(*words)
    assert (result.code, "invalid value for `--environment`: expected a name" in result.err) == (1, True)
    assert examples.lockfile["entries"]
