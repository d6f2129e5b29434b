"""Policies that are wrong: told at the place, with the nearest word."""

import pytest

GOOD = "  - {id: one, message: M, severity: error, match: {kind: Pipeline}, require: {title: true}}\n"


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("severity: error", "severity: eror", "invalid-value", "`error`"),
        ("message: M", "mesage: M", "unknown-key", "`message`"),
        ("kind: Pipeline", "kind: Pipelin", "invalid-value", "`Pipeline`"),
        ("kind: Pipeline", "kind: [Pipeline, Pipelin]", "invalid-value", "`Pipeline`"),
        ("kind: Pipeline", "kind: []", "invalid-value", "at least 1 item"),
        ("kind: Pipeline", "kind: 5", "wrong-type", "a string or a list"),
        ("kind: Pipeline", "knd: Pipeline", "unknown-key", "`kind`"),
        ("title: true", "title..x: true", "rule-path", "is not a path"),
        ("title: true", "'a[': true", "rule-path", "is not a path"),
        ("title: true", "title: {enumm: [a]}", "rule-schema", "`enum`"),
        ("title: true", "title: {enum: a}", "rule-schema", "a list of values"),
        ("title: true", "title: {not: {minimum: a}}", "rule-schema", "`minimum` must be a number"),
        ("title: true", "title: {anyOf: [{typ: string}]}", "rule-schema", "`type`"),
        ("title: true", "title: {anyOf: {}}", "rule-schema", "a list of JSON Schemas"),
        ("title: true", "title: {type: text}", "rule-schema", "`string`"),
        ("title: true", "title: {pattern: '('}", "rule-schema", "a regular expression"),
        ("title: true", "title: {patternProperties: {'(': true}}", "rule-schema", "a regular expression"),
        ("title: true", "title: {properties: {a: 5}}", "rule-schema", "a mapping, `true` or `false`"),
        ("title: true", "title: {minLength: -1}", "rule-schema", "an integer of at least 0"),
        ("title: true", "title: {required: [5]}", "rule-schema", "a list of names"),
        ("title: true", "title: {multipleOf: 0}", "rule-schema", "greater than 0"),
        ("title: true", "title: {uniqueItems: 1}", "rule-schema", "`true` or `false`"),
        ("title: true", "title: day", "wrong-type", "a mapping"),
    ],
)
def test_what_is_wrong_is_told_at_its_line(ruled, old: str, new: str, code: str, words: str) -> None:
    ruled.rules(GOOD.replace(old, new))
    problems = ruled.problems("validate")
    told = [each for each in problems if each["code"] == code]
    assert told, problems
    assert (told[0]["file"], told[0]["line"]) == ("policies/house.yaml", 5)
    assert words in f"{told[0]['summary']} {told[0]['detail']}"
    assert ruled.run("plan").code == 1


def test_a_good_policy_is_valid_twice(ruled) -> None:
    ruled.rules(GOOD)
    assert [ruled.codes("validate"), ruled.codes("validate")] == [[], []]


def test_rules_have_different_ids(ruled) -> None:
    ruled.rules(GOOD)
    ruled.rules(GOOD, file="policies/more.yaml")
    ruled.edit("policies/more.yaml", "house", "more")
    (problem,) = ruled.problems("validate")
    assert (problem["code"], problem["file"], problem["line"]) == ("duplicate-rule", "policies/more.yaml", 5)
    assert "policies/house.yaml:5" in problem["detail"]


@pytest.mark.parametrize(
    ("waiver", "code", "words"),
    [
        ("{rule: two, reason: R, expires: 2036-01-01}", "unknown-rule", "Known rules: `one`."),
        ("{rule: one, reason: R, expires: 2036-02-31}", "waiver-date", "is not a date"),
        ("{rule: one, expires: 2036-01-01}", "missing-key", "reason"),
        ("{rule: one, reason: R, expire: 2036-01-01}", "unknown-key", "`expires`"),
    ],
)
def test_a_waiver_that_is_wrong(ruled, waiver: str, code: str, words: str) -> None:
    ruled.rules(GOOD)
    ruled.edit("flows/people.yaml", "  labels: {team: crm}\n", f"  waivers: [{waiver}]\n")
    (problem, *_) = [each for each in ruled.problems("validate") if each["code"] == code]
    assert (problem["file"], problem["line"]) == ("flows/people.yaml", 18)
    assert words in f"{problem['summary']} {problem['detail']}"
