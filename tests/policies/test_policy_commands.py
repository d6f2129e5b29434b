"""`policy list` and `policy test`, and the rules to begin with."""

import shutil

import pytest
from surroundings import EXAMPLES, Workspace

RULE = (
    "  - {id: daily, message: M, severity: error, match: {kind: Pipeline}, deny: {schedule.frequency: {const: hour}}}\n"
)
TEST = "apiVersion: flowctl/v1\nkind: PolicyTest\nmetadata: {name: house}\ncases:\n"
CASE = (
    "  - {{name: one, given: [{{kind: {kind}, manifest: {{schedule: {{frequency: hour}}}}}}],"
    " expect: {{daily: {wanted}}}}}\n"
)


def _test(ruled, wanted: str, kind: str = "Pipeline") -> None:
    ruled.write("policies/tests.yaml", TEST + CASE.format(wanted=wanted, kind=kind))


@pytest.mark.parametrize(
    ("wanted", "kind", "actual"),
    [
        ("broken", "Pipeline", "broken"),
        ("kept", "Pipeline", "broken"),
        ("broken", "Dataset", "unmatched"),
        ("unmatched", "Dataset", "unmatched"),
    ],
)
def test_cases(ruled, wanted: str, kind: str, actual: str) -> None:
    ruled.rules(RULE)
    _test(ruled, wanted, kind)
    result = ruled.run("policy", "test", "--format", "json")
    (case,) = result.json["tests"]
    has_passed = wanted == actual
    assert result.code == (0 if has_passed else 1)
    assert (case["name"], case["case"], case["line"]) == ("house", "one", 5)
    assert case["status"] == ("passed" if has_passed else "failed")
    assert [each["actual"] for each in case["differences"]] == ([] if has_passed else [actual])
    assert result.json["summary"] == {"passed": int(has_passed), "failed": int(not has_passed)}


def test_what_failed_is_told_with_its_reason(ruled) -> None:
    ruled.rules(RULE)
    _test(ruled, "kept")
    result = ruled.run("policy", "test")
    assert result.out == (
        "FAILED  house: one (policies/tests.yaml:5)\n"
        "    daily: expected kept, found broken\n"
        '      `schedule.frequency` is the string "hour".\n'
        "No case breaks daily\n"
        "0 passed, 1 failed\n"
    )


def test_names_choose_tests(ruled) -> None:
    ruled.rules(RULE)
    _test(ruled, "broken")
    assert ruled.run("policy", "test", "house").code == 0
    assert "unknown-name" in ruled.codes("policy", "test", "home")


def test_a_test_of_no_rule(ruled) -> None:
    ruled.rules(RULE)
    ruled.write("policies/tests.yaml", TEST + CASE.format(wanted="kept", kind="Pipeline").replace("daily", "dayly"))
    (problem,) = ruled.problems("validate")
    assert (problem["code"], problem["file"], problem["line"]) == ("unknown-rule", "policies/tests.yaml", 5)
    assert "Did you mean `daily`?" in problem["detail"]


def test_tests_do_not_need_the_other_manifests(ruled) -> None:
    ruled.rules(RULE)
    _test(ruled, "broken")
    ruled.edit("flows/people.yaml", "frequency: hour", "frequency: never")
    assert ruled.run("policy", "test").code == 0
    ruled.rules("  - {id: daily}\n")
    assert "missing-key" in ruled.codes("policy", "test")


def test_entries_of_resources(ruled) -> None:
    ruled.rules(
        "  - {id: daily, message: M, severity: error, match: {kind: flow, action: replace, labels: {team: crm}},"
        " deny: {scheduleParams.frequency: {const: hour}, effects: {contains: {const: deletes_data}}}}\n"
    )
    given = (
        "{kind: flow, actions: [replace], labels: {team: crm}, effects: [%s],"
        " attributes: {scheduleParams: {frequency: day}}}"
    )
    ruled.write(
        "policies/tests.yaml",
        TEST
        + f"  - {{name: one, given: [{given % 'deletes_data'}], expect: {{daily: broken}}}}\n"
        + f"  - {{name: two, given: [{given % 'ingests_history'}], expect: {{daily: kept}}}}\n",
    )
    result = ruled.run("policy", "test")
    assert result.code == 0, result.out + result.err


def test_labels_of_a_manifest_are_labels(ruled) -> None:
    ruled.rules(RULE.replace("kind: Pipeline}", "kind: Pipeline, labels: {team: crm}}"))
    manifest = "{metadata: {labels: {team: crm}}, schedule: {frequency: hour}}"
    ruled.write(
        "policies/tests.yaml",
        f"{TEST}  - {{name: one, given: [{{kind: Pipeline, manifest: {manifest}}}], expect: {{daily: broken}}}}\n",
    )
    assert ruled.run("policy", "test").code == 0


def test_the_list(ruled) -> None:
    ruled.rules(RULE)
    ruled.edit(
        "flows/people.yaml", "  labels: {team: crm}\n", "  waivers: [{rule: daily, reason: R, expires: 2020-01-01}]\n"
    )
    assert ruled.run("policy", "list").out == (
        "daily (error): M\n"
        "    policies/house.yaml:5  Pipeline: deny schedule.frequency\n"
        "    waived for Pipeline people expired on 2020-01-01: R\n"
    )
    (rule,) = ruled.run("policy", "list", "--format", "json").json["rules"]
    assert rule == {
        "id": "daily",
        "policy": "house",
        "severity": "error",
        "message": "M",
        "file": "policies/house.yaml",
        "line": 5,
        "match": {"kind": ["Pipeline"], "action": [], "environment": [], "labels": {}},
        "require": [],
        "deny": ["schedule.frequency"],
        "waivers": [
            {
                "document": "Pipeline people",
                "file": "flows/people.yaml",
                "line": 18,
                "reason": "R",
                "expires": "2020-01-01",
                "expired": True,
            }
        ],
    }


def test_a_workspace_without_rules(ruled) -> None:
    assert ruled.run("policy", "list").out == "No rules: the workspace has no policy.\n"
    assert ruled.run("policy", "test").out == "0 passed, 0 failed\n"


def test_the_rules_to_begin_with_are_tested(examples: Workspace) -> None:
    shutil.copytree(EXAMPLES / "starter-policies", examples.root / "policies")
    result = examples.run("policy", "test", "--format", "json")
    assert result.code == 0, result.out
    assert result.json["untested"] == []
    found = {
        problem["summary"].rpartition("`")[0].rpartition("`")[2]
        for problem in examples.run("plan", "--format", "json").json["diagnostics"]
    }
    assert found == {"owner-label", "no-fast-schedules-in-dev", "secrets-from-environment"}


def test_a_replacement_that_ingests_history_again_asks(examples: Workspace) -> None:
    examples.begin_applied()
    shutil.copytree(EXAMPLES / "starter-policies", examples.root / "policies")
    examples.edit("pipelines/shop-customers.yaml", "tableName: public.customers", "tableName: public.clients")
    asked = [
        problem
        for problem in examples.run("plan", "--format", "json").json["diagnostics"]
        if problem["code"] == "approval-needed"
    ]
    assert [problem["summary"] for problem in asked] == [
        "Pipeline shop-customers needs an approval by the rule `backfill-on-replacement`"
    ]
