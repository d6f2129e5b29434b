"""Rules of policies in plans and applies: what they match, what they require and deny, and where it is told."""

import json

import pytest
from surroundings import Platform

from flowctl.model.diagnostic import SourceSpan
from flowctl.policies.judging import is_about
from flowctl.policies.policy_input import Entry
from flowctl.policies.rule import Rule, Weight

NO_HOURS = """\
  - id: daily
    message: Schedules are daily at most
    severity: {severity}
    match: {match}
    deny: {{schedule.frequency: {{enum: [minute, hour]}}}}
"""


def _hours(severity: str = "error", match: str = "{kind: Pipeline}") -> str:
    return NO_HOURS.format(severity=severity, match=match)


def test_a_broken_rule_is_told_at_its_line(ruled) -> None:
    ruled.rules(_hours())
    result = ruled.run("plan", "--format", "json")
    (problem,) = result.json["diagnostics"]
    assert result.code == 1
    assert problem == {
        "severity": "error",
        "code": "rule-broken",
        "summary": "Pipeline people breaks the rule `daily`",
        "detail": 'Schedules are daily at most. `schedule.frequency` is the string "hour". The rule is in '
        "policies/house.yaml:5. Correct the manifest, or add a waiver to its `metadata.waivers`.",
        "file": "flows/people.yaml",
        "line": 26,
        "column": 14,
        "address": None,
    }


def test_an_error_refuses_to_apply(ruled, platform: Platform) -> None:
    ruled.rules(_hours())
    assert ruled.run("apply", "--auto-approve").code == 1
    assert platform.writes() == []


def test_a_warning_does_not(ruled) -> None:
    ruled.rules(_hours("warning"))
    result = ruled.apply()
    assert "warning: Pipeline people breaks the rule `daily` [rule-broken]" in result.err


def test_every_format_tells_it(ruled) -> None:
    ruled.rules(_hours("warning"))
    assert "::warning file=flows/people.yaml,line=26" in ruled.run("plan", "--format", "github").out
    gitlab = json.loads(ruled.run("plan", "--format", "gitlab").out)
    assert [(each["check_name"], each["location"]["lines"]["begin"]) for each in gitlab] == [("rule-broken", 26)]
    sarif = ruled.run("plan", "--format", "sarif").json["runs"][0]["results"]
    assert [each["ruleId"] for each in sarif] == ["rule-broken"]
    assert "breaks the rule" in ruled.run("plan", "--format", "markdown").out
    assert "breaks the rule" in ruled.run("plan", "--format", "html").out


@pytest.mark.parametrize(
    ("match", "matches"),
    [
        ("{kind: Pipeline}", True),
        ("{kind: [Dataset, Pipeline]}", True),
        ("{kind: Connection}", False),
        ("{kind: Pipeline, environment: dev}", True),
        ("{kind: Pipeline, environment: d*}", True),
        ("{kind: Pipeline, environment: prod}", False),
        ("{kind: Pipeline, environment: [prod, dev]}", True),
        ("{kind: Pipeline, action: create}", True),
        ("{kind: Pipeline, action: [update, replace]}", False),
        ("{kind: Pipeline, labels: {team: c*}}", True),
        ("{kind: Pipeline, labels: {team: shop}}", False),
        ("{kind: Pipeline, labels: {owner: '*'}}", False),
    ],
)
def test_what_a_rule_matches(ruled, match: str, matches: bool) -> None:
    ruled.rules(_hours(match=match))
    assert ruled.codes("plan") == ["rule-broken"] * matches


@pytest.mark.parametrize(
    ("side", "path", "schema", "is_broken"),
    [
        ("require", "metadata.labels.team", "{type: string}", False),
        ("require", "metadata.labels.owner", "true", True),
        ("deny", "metadata.labels.owner", "true", False),
        ("deny", "metadata.labels.team", "true", True),
        ("require", "labels.team", "{pattern: '^c'}", False),
        ("require", "schedule.interval", "{minimum: 2}", True),
        ("require", "mappings[*].destination", "{type: string}", False),
        ("require", "mappings[*].destination", "{const: _id}", True),
        ("deny", "mappings[1].source", "{const: name}", True),
        ("deny", "mappings[2].source", "true", False),
        ("require", "mappings[_id].source", "{const: id}", False),
        ("require", "schedule.*", "{not: {const: 3}}", False),
        ("require", "manifest", "{required: [options]}", True),
        ("require", "mappings", "{contains: {required: [source]}, minContains: 3}", True),
    ],
)
def test_paths_and_schemas(ruled, side: str, path: str, schema: str, is_broken: bool) -> None:
    rule = '  - {{id: one, message: M, severity: error, match: {{kind: Pipeline}}, {}: {{"{}": {}}}}}\n'
    ruled.rules(rule.format(side, path, schema))
    assert ruled.codes("plan") == ["rule-broken"] * is_broken


def test_a_missing_value_is_told_where_it_would_be(ruled) -> None:
    ruled.rules(
        "  - {id: owner, message: M, severity: error, match: {kind: Pipeline},"
        " require: {metadata.labels.owner: true}}\n"
    )
    (problem,) = ruled.problems("plan")
    assert "There is no `metadata.labels.owner`." in problem["detail"]
    assert problem["line"] == 18


def test_resources_have_the_words_of_plans(ruled) -> None:
    ruled.rules(
        "  - {id: one, message: M, severity: error, match: {kind: flow},"
        " deny: {scheduleParams.frequency: {const: hour}}}\n"
        "  - {id: two, message: M, severity: error, match: {kind: mapping_set},"
        ' deny: {"mappings[*].destination": {pattern: firstName}}}\n'
        "  - {id: three, message: M, severity: error, deny: {name: {const: People}}}\n"
    )
    found = {(each["address"], each["line"]) for each in ruled.problems("plan")}
    assert found == {("people.flow", 26), ("people.mapping_set", 23), ("people.dataset", 20)}


def test_of_several_places_the_first_is_told(ruled) -> None:
    ruled.rules(
        "  - {id: one, message: M, severity: error, match: {kind: Pipeline},"
        ' deny: {"mappings[*].source": {type: string}}}\n'
    )
    (problem,) = ruled.problems("plan")
    assert (problem["line"], "`mappings[0].source`" in problem["detail"]) == (22, True)


def test_a_document_that_changes_is_not_unchanged(ruled) -> None:
    ruled.apply()
    ruled.edit("flows/people.yaml", "frequency: hour", "frequency: day")
    for action, is_broken in (("noop", False), ("update", True)):
        ruled.rules(
            f"  - {{id: one, message: M, severity: error, match: {{kind: Pipeline, action: {action}}},"
            " deny: {schedule.frequency: true}}\n"
        )
        assert ruled.codes("plan") == ["rule-broken"] * is_broken


def test_an_entry_that_is_deleted_in_part_is_looked_at() -> None:
    place = SourceSpan(file="a.yaml")
    rule = Rule(id="one", policy="p", message="M", weight=Weight.ERROR, span=place, kinds=("Pipeline",))
    for actions, is_looked_at in (({"create", "delete"}, True), ({"delete"}, False), ({"delete", "forget"}, False)):
        entry = Entry(kind="Pipeline", name="x", environment="dev", actions=frozenset(actions), body={})
        assert is_about(rule, entry) is is_looked_at


def test_unchanged_resources_are_looked_at_too(ruled) -> None:
    ruled.apply()
    ruled.rules(_hours(match="{kind: Pipeline, action: noop}"))
    assert ruled.codes("plan") == ["rule-broken"]
    ruled.rules("  - {id: one, message: M, severity: error, match: {kind: flow}, require: {x: true}}\n")
    assert ruled.codes("plan") == ["rule-broken"]


def test_deletions_are_matched_only_where_a_rule_says_so(ruled) -> None:
    ruled.apply()
    ruled.rules("  - {id: one, message: M, severity: error, match: {kind: flow}, require: {nothing: true}}\n")
    (ruled.root / "flows" / "people.yaml").write_text("")
    assert ruled.codes("plan") == []
    ruled.rules(
        "  - {id: one, message: M, severity: error, match: {kind: flow, action: delete},"
        " deny: {name: {const: people}}}\n"
    )
    (problem,) = ruled.problems("plan")
    assert (problem["address"], problem["file"]) == ("people.flow", None)
    assert "Restore the manifest, or change the rule." in problem["detail"]


def test_destroy_is_judged_whatever_other_manifests_say(ruled, platform: Platform) -> None:
    ruled.apply()
    ruled.rules(
        "  - {id: keep, message: M, severity: error, match: {kind: flow, action: delete}, require: {nothing: true}}\n"
    )
    ruled.edit("flows/people.yaml", "frequency: hour", "frequency: never")
    platform.clear_log()
    for command in (("plan", "--destroy"), ("destroy", "--auto-approve")):
        assert ruled.codes(*command) == ["rule-broken"]
    assert platform.writes() == []
    ruled.rules("  - {id: keep}\n")
    assert "missing-key" in ruled.codes("destroy", "--auto-approve")
    ruled.write("policies/house.yaml", "a: [")
    assert ruled.run("destroy", "--auto-approve").code == 1
    assert platform.writes() == []
    (ruled.root / "policies" / "house.yaml").unlink()
    assert ruled.run("destroy", "--auto-approve").code == 0


def test_secrets_are_told_apart_by_where_they_come_from(ruled, monkeypatch: pytest.MonkeyPatch) -> None:
    ruled.rules(
        "  - {id: env, message: M, severity: warning, match: {kind: Connection},"
        ' deny: {"auth.params.*": {const: (sensitive)}}}\n'
    )
    result = ruled.run("plan")
    assert "breaks the rule `env`" in result.err
    assert "`auth.params.s3SecretKey` is a secret, which rules see as `(sensitive)`." in result.err
    assert "canary" not in result.err + result.out
    monkeypatch.setenv("S3_SECRET", "canary-other")
    ruled.edit("flows/people.yaml", "${var:secret}", "${env:S3_SECRET}")
    assert ruled.codes("plan") == []


def test_policies_are_read_beside_the_folders_of_manifests(ruled) -> None:
    ruled.rules(_hours(), file="flows/policies.yaml")
    ruled.edit("flowctl.yaml", "[flows]", "[flows, policies]")
    (ruled.root / "policies").mkdir()
    assert ruled.codes("plan") == ["rule-broken"]
    ruled.edit("flowctl.yaml", "[flows, policies]", "[.]")
    assert ruled.codes("plan") == ["rule-broken"]


def test_targets_narrow_what_is_looked_at(ruled) -> None:
    ruled.rules(_hours())
    assert ruled.codes("plan", "--target", "bucket") == []


def test_a_selection_leaves_out_no_rule(ruled) -> None:
    ruled.rules(_hours())
    assert ruled.codes("plan", "--select", "people") == ["rule-broken"]
    assert ruled.codes("plan", "--exclude", "people") == []
    ruled.rules("  - {id: daily}\n")
    assert "missing-key" in ruled.codes("plan", "--select", "people")


def test_the_folder_of_policies_is_read_once(ruled) -> None:
    ruled.edit("flowctl.yaml", "[flows]", "[.]")
    (ruled.root / "policies").mkdir()
    (ruled.root / "flows" / "people.yaml").unlink()
    assert "/policies" not in ruled.run("validate").out
    ruled.edit("flowctl.yaml", "[.]", "[flows]")
    assert "/policies" in ruled.run("validate").out


def test_a_long_value_is_cut_and_a_message_keeps_its_end(ruled) -> None:
    ruled.edit("flows/people.yaml", "labels: {team: crm}", f"labels: {{team: {'x' * 200}}}")
    ruled.rules(
        "  - {id: one, message: Why that long?, severity: error, match: {kind: Pipeline},"
        " deny: {metadata.labels.team: true}}\n"
    )
    (problem,) = ruled.problems("plan")
    assert problem["detail"].startswith('Why that long? `metadata.labels.team` is the string "xxx')
    assert "x" * 80 not in problem["detail"]
