"""Regular expressions of rules that would run for ever on the text of a manifest: the plan ends and names the rule."""

import time

import pytest

from flowctl.foreign_pattern import foreign_pattern

RULE = """\
  - id: short-titles
    message: Titles are words
    severity: {severity}
    match: {{kind: Pipeline}}
    require: {{metadata.title: {schema}}}
"""
SLOW = '"^(a|a?|aa)+(b|c)+(a|aa|a?)+$"'
TITLE = "a" * 60 + "cb" * 20 + "!"


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the time is long enough to see that a search does not end."""
    monkeypatch.setattr("flowctl.foreign_pattern.SECONDS", 0.05)
    foreign_pattern.cache_clear()


def _rules(ruled, schema: str, severity: str = "error") -> None:
    people = (ruled.root / "flows" / "people.yaml").read_text()
    second = people[people.rindex("---\n") :].replace("  name: people\n", "  name: folk\n").replace("People", "Folk")
    people += second.replace("/in", "/folk")
    ruled.write("flows/people.yaml", people.replace("  labels:", f'  title: "{TITLE}"\n  labels:', 1))
    ruled.rules(RULE.format(severity=severity, schema=schema))


@pytest.mark.parametrize(
    "schema",
    [
        f"{{type: string, pattern: {SLOW}}}",
        f"{{pattern: {SLOW}}}",
        f"{{not: {{not: {{pattern: {SLOW}}}}}}}",
        f"{{prefixItems: [true], pattern: {SLOW}}}",
    ],
)
def test_a_rule_that_takes_too_long_is_named(ruled, schema: str) -> None:
    _rules(ruled, schema)
    begun = time.process_time()
    (problem, *others) = ruled.problems("plan")
    assert time.process_time() - begun < 20
    assert (problem["severity"], problem["code"], problem["file"]) == ("error", "rule-too-slow", "policies/house.yaml")
    assert problem["summary"] == "Pipeline people cannot be checked by the rule `short-titles`"
    assert f"The search for `{SLOW[1:-1]}` in `metadata.title` takes longer than" in problem["detail"]
    assert others == []


def test_a_warning_stays_one(ruled) -> None:
    _rules(ruled, f"{{pattern: {SLOW}}}", "warning")
    result = ruled.run("plan", "--format", "json")
    assert result.code == 0
    assert [(each["severity"], each["code"]) for each in result.json["diagnostics"]] == [("warning", "rule-too-slow")]


def test_an_approval_cannot_stand_in_for_it(ruled) -> None:
    _rules(ruled, f"{{pattern: {SLOW}}}", "approval")
    assert ruled.run("apply", "--auto-approve", "--approve", "short-titles").code == 1


@pytest.mark.parametrize(
    ("schema", "is_broken"),
    [
        ('{pattern: "^(?:a|b|c)+!$"}', False),
        ('{pattern: "^(?:a|b)+!$"}', True),
        ('{prefixItems: [true], pattern: "^[abc]+$"}', True),
        ('{prefixItems: [true], pattern: "!$"}', False),
    ],
)
def test_others_with_groups_are_decided(ruled, schema: str, is_broken: bool) -> None:
    _rules(ruled, schema)
    ruled.rules(RULE.format(severity="error", schema=schema).replace("Pipeline}", "Pipeline, labels: {team: crm}}"))
    broken = [each for each in ruled.problems("plan") if "people" in each["summary"]]
    assert [each["code"] for each in broken] == ["rule-broken"] * is_broken
