"""Rules that ask for an approval, and documents that may break a rule for a while."""

import json

import pytest
from surroundings import Platform

ASKS = """\
  - id: hourly
    message: An hourly schedule costs.
    severity: approval
    match: {kind: Pipeline}
    deny: {schedule.frequency: {const: hour}}
"""
WAIVER = "  waivers: [{{rule: daily, reason: Load test, expires: {}}}]\n"
DENIES = ASKS.replace("approval", "error").replace("hourly\n", "daily\n")


def test_a_plan_asks_and_succeeds(ruled) -> None:
    ruled.rules(ASKS)
    result = ruled.plan()
    assert result.json["approvals"] == ["hourly"]
    assert [each["severity"] for each in result.json["diagnostics"]] == ["warning"]
    assert [each["code"] for each in result.json["diagnostics"]] == ["approval-needed"]


def test_apply_needs_the_approval(ruled, platform: Platform) -> None:
    ruled.rules(ASKS)
    refused = ruled.run("apply", "--auto-approve")
    assert refused.code == 1
    assert "error: the rule `hourly` needs an approval of this plan [approval-needed]" in refused.err
    assert platform.writes() == []
    assert ruled.run("apply", "--auto-approve", "--approve", "hourly").code == 0


def test_what_does_not_change_needs_none(ruled) -> None:
    ruled.rules(ASKS)
    ruled.apply("--approve", "hourly")
    assert "approvals" not in ruled.plan().json
    ruled.apply()


def test_a_rule_that_names_the_action_asks_for_what_does_not_change(ruled) -> None:
    ruled.apply()
    ruled.rules(ASKS.replace("kind: Pipeline", "kind: Pipeline, action: noop"))
    assert ruled.plan().json["approvals"] == ["hourly"]


def test_an_approval_of_no_rule(ruled) -> None:
    ruled.rules(ASKS)
    result = ruled.run("apply", "--auto-approve", "--approve", "hourly", "--approve", "hurly")
    assert result.code == 1
    assert "`--approve hurly` is the ID of no rule" in result.err
    assert "Did you mean `hourly`?" in result.err
    assert "needs an approval of this plan" not in result.err


def test_the_comment_asks_and_its_command_approves(ruled) -> None:
    ruled.rules(ASKS)
    text = ruled.run("plan", "--format", "markdown").out
    assert "An approval is needed by the rule `hourly`." in text.splitlines()[1]
    assert "--approve hourly --auto-approve --expect-digest" in text
    digest = ruled.plan().json["digest"]
    assert ruled.run("apply", "--auto-approve", "--expect-digest", digest).code == 1
    assert ruled.run("apply", "--auto-approve", "--expect-digest", digest, "--approve", "hourly").code == 0


def test_a_saved_plan_keeps_which_rules_asked(ruled, tmp_path) -> None:
    ruled.rules(ASKS)
    file = str(tmp_path / "plan.json")
    assert "apply --approve hourly" in ruled.run("plan", "--out", file).err
    assert ruled.run("show", file, "--format", "json").json["approvals"] == ["hourly"]
    assert ruled.run("apply", file).code == 1
    saved = json.loads((tmp_path / "plan.json").read_text())
    (tmp_path / "plan.json").write_text(json.dumps({**saved, "approvals": []}))
    stale = ruled.run("apply", file, "--approve", "hourly")
    assert stale.code == 1
    assert "the rule `hourly` asks for an approval, and did not when the plan was saved [plan-stale]" in stale.err
    (tmp_path / "plan.json").write_text(json.dumps(saved))
    assert ruled.run("apply", file, "--approve", "hourly").code == 0


def test_destroy_asks_too(ruled) -> None:
    ruled.apply()
    ruled.rules(
        "  - {id: gone, message: M, severity: approval, match: {kind: flow, action: delete}, deny: {name: true}}\n"
    )
    assert ruled.codes("destroy", "--auto-approve") == ["approval-needed", "approval-needed"]
    assert ruled.run("destroy", "--auto-approve", "--approve", "gone").code == 0


def test_a_waiver_is_shown_with_its_reason(ruled) -> None:
    ruled.rules(DENIES)
    ruled.edit("flows/people.yaml", "  labels: {team: crm}\n", WAIVER.format("2036-12-31"))
    (problem,) = ruled.problems("plan")
    assert problem["severity"] == "warning"
    assert problem["code"] == "rule-waived"
    assert problem["summary"] == "Pipeline people breaks the rule `daily`, which is waived until 2036-12-31"
    assert problem["detail"] == "Reason: Load test."
    assert "Reason: Load test." in ruled.run("plan", "--format", "markdown").out
    ruled.apply()


def test_a_waiver_is_for_one_rule(ruled) -> None:
    ruled.rules(DENIES + ASKS)
    ruled.edit("flows/people.yaml", "  labels: {team: crm}\n", WAIVER.format("2036-12-31").replace("daily", "hourly"))
    assert sorted(ruled.codes("plan")) == ["rule-broken", "rule-waived"]


def test_a_waiver_ends(ruled) -> None:
    ruled.rules(DENIES)
    ruled.edit("flows/people.yaml", "  labels: {team: crm}\n", WAIVER.format("2020-12-31"))
    (problem,) = ruled.problems("plan")
    assert (problem["severity"], problem["code"]) == ("error", "rule-broken")
    assert "Its waiver expired on 2020-12-31." in problem["detail"]


def test_a_waiver_counts_for_the_resources_of_its_document_and_for_approvals(ruled) -> None:
    ruled.rules(ASKS.replace("Pipeline", "flow").replace("schedule.", "scheduleParams."))
    ruled.edit("flows/people.yaml", "  labels: {team: crm}\n", WAIVER.format("2036-12-31").replace("daily", "hourly"))
    result = ruled.plan()
    assert "approvals" not in result.json
    assert [each["code"] for each in result.json["diagnostics"]] == ["rule-waived"]


@pytest.mark.parametrize(("day", "is_waived"), [(0, True), (-1, False)])
def test_the_last_day_counts(day: int, is_waived: bool) -> None:
    from datetime import date, timedelta

    from flowctl.model.diagnostic import SourceSpan
    from flowctl.policies.judging import breaches
    from flowctl.policies.policy_input import Entry
    from flowctl.policies.rule import Demand, Rule, Waiver, Weight
    from flowctl.policies.sentences import day_of, waiver_of

    today = day_of(1_800_000_000)
    place = SourceSpan(file="a.yaml")
    waiver = Waiver(rule="one", reason="R", expires=today + timedelta(days=day), span=place)
    demand = Demand(path="a", steps=("a",), schema=True, denies=False)
    rule = Rule(id="one", policy="p", message="M", weight=Weight.ERROR, span=place, demands=(demand,))
    entry = Entry(kind="flow", name="x", environment="dev", actions=frozenset({"create"}), body={}, waivers=(waiver,))
    (breach,) = breaches([rule], [entry])
    assert today == date(2027, 1, 15)
    assert (waiver_of(breach, today) is not None) is is_waived
