"""Patterns that a person writes end in time on the text of another, and say what `re` says where they are fast."""

import re
import time

import pytest
import regex

from flowctl.foreign_pattern import MOST_TIMEOUTS, ForeignPattern, SlowPattern, foreign_pattern
from flowctl.manifest.checks.mapping_constants import constant
from flowctl.validation.check import check, matches
from flowctl.validation.patterns import with_foreign_patterns
from flowctl.xdm.conformance import rules_of
from flowctl.xdm.fields import Field
from flowctl.xdm.library import Library
from flowctl.xdm.schema_fields import from_resolved

SLOW = "^(a|a?|aa)+(b|c)+(a|aa|a?)+$"
TEXT = "a" * 60 + "cb" * 20 + "!"


@pytest.fixture(autouse=True)
def limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the time is long enough to see that a search does not end."""
    monkeypatch.setattr("flowctl.foreign_pattern.SECONDS", 0.05)
    foreign_pattern.cache_clear()


def test_a_search_is_given_up_and_not_tried_for_ever() -> None:
    pattern = ForeignPattern(SLOW)
    for _ in range(MOST_TIMEOUTS):
        with pytest.raises(SlowPattern, match=r"longer than 0\.05 s"):
            pattern.search(TEXT)
    begun = time.process_time()
    for _ in range(100):
        with pytest.raises(SlowPattern):
            pattern.search(TEXT)
    assert time.process_time() - begun < 1


@pytest.mark.parametrize("source", ["^L[0-9]+$", "a|b", "(a|b)+c", "x?y?z?", "", r"\(", "[(]+", "^.{3}$", "ß", "(?i)a"])
@pytest.mark.parametrize("text", ["L12", "abc", "", "xyz", "(", "Straße", "A", "a" * 3000])
def test_it_says_what_python_says(source: str, text: str) -> None:
    assert ForeignPattern(source).search(text) is (re.search(source, text) is not None)


@pytest.mark.parametrize("source", ["a?a?b", "a*a*b", "(a)*", "a{3}b*"])
def test_only_one_repetition_is_searched_without_a_limit(source: str) -> None:
    assert ForeignPattern(source)._is_plain is False


def test_what_is_not_a_pattern_is_an_error() -> None:
    with pytest.raises(re.error):
        ForeignPattern("(")


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": SLOW},
        {"type": "string", "pattern": SLOW},
        {"type": "string", "maxLength": 9999, "pattern": SLOW},
        {"contains": True, "pattern": SLOW},
        {"anyOf": [{"pattern": SLOW}]},
    ],
)
def test_a_rule_says_that_it_cannot_say(schema: dict) -> None:
    with pytest.raises(SlowPattern) as raised:
        matches(with_foreign_patterns(schema), TEXT)
    assert raised.value.pattern.startswith("^(a|a?|aa)+")


@pytest.mark.parametrize("rest", [{}, {"additionalProperties": False}])
def test_names_of_members_are_searched_with_a_limit_too(rest: dict) -> None:
    schema = with_foreign_patterns({"patternProperties": {SLOW: True}, **rest})
    with pytest.raises(SlowPattern):
        matches(schema, {TEXT: 1})


@pytest.mark.parametrize(
    ("schema", "value", "holds"),
    [
        ({"patternProperties": {"^a": {"type": "string"}}}, {"ab": "x"}, True),
        ({"patternProperties": {"^a": {"type": "string"}}}, {"ab": 1}, False),
        ({"patternProperties": {"^a": {"type": "string"}}}, {"b": 1}, True),
        ({"patternProperties": {"^a$": True}, "additionalProperties": False}, {"a": 1}, True),
        ({"patternProperties": {"^a$": True}, "additionalProperties": False}, {"a\n": 1}, False),
        ({"patternProperties": {"^a": True}, "properties": {"b": True}, "additionalProperties": False}, {"b": 1}, True),
        ({"patternProperties": {"^a": True}, "additionalProperties": {"type": "null"}}, {"c": 1}, False),
        ({"patternProperties": {"^a": True}, "additionalProperties": {"type": "null"}}, {"c": None}, True),
        ({"patternProperties": {"^a": True}, "additionalProperties": False}, "text", True),
        ({"prefixItems": [{"pattern": "b$"}]}, ["ab"], True),
        ({"prefixItems": [{"pattern": "b$"}]}, ["ab\n"], False),
        ({"prefixItems": [{"pattern": "b$"}]}, [7], True),
        ({"pattern": "(b|c)$"}, "ab", True),
        ({"pattern": "(b|c)$"}, "ab\n", False),
        ({"const": {"pattern": "b$"}}, {"pattern": "b$"}, True),
    ],
)
def test_rules_hold_as_json_schema_has_it(schema: dict, value: object, holds: bool) -> None:
    assert matches(with_foreign_patterns(schema), value) is holds


def test_a_spec_with_such_a_pattern_cannot_be_checked() -> None:
    (problem,) = check({"type": "string", "pattern": SLOW}, TEXT, subject="`params`")
    assert problem.message.startswith("`params` cannot be checked")
    assert check({"type": "string", "pattern": "^(a|b)+$"}, "ab", subject="`params`") == ()
    assert len(check({"type": "string", "pattern": "^(a|b)+$"}, "abc", subject="`params`")) == 1


def test_a_record_with_such_a_text_does_not_fit() -> None:
    record = {"type": "object", "properties": {"a": {"type": "string", "pattern": SLOW}}}
    rules = rules_of(from_resolved(record, Library("")))
    assert [each.code for each in rules({"a": TEXT})] == ["pattern-mismatch"]
    assert rules({"a": "ab"}) == ()


def test_a_constant_with_such_a_text_does_not_fit() -> None:
    (finding,) = constant("a", _field(SLOW), TEXT, 0)
    assert finding.code == "string-constraint"
    assert finding.detail.startswith("Expected a string in which a search for")
    assert list(constant("a", _field(SLOW), "ab", 0)) == []
    assert len(list(constant("a", _field("^(a|b)+$"), "c", 0))) == 1


def _field(pattern: str) -> Field:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}}
    found = from_resolved(schema, Library("")).child("a")
    assert found is not None
    return found


@pytest.mark.parametrize("source", ["a{99999999999999999999}", "a{" + "9" * 5000 + "}", "(" * 3000 + ")" * 3000])
def test_a_pattern_that_is_too_large_is_none(source: str) -> None:
    with pytest.raises(re.error, match="too large"):
        ForeignPattern(source)


@pytest.mark.parametrize("source", ["(((", r"\p{L}+", "a{" + "9" * 5000 + "}", "(" * 3000 + ")" * 3000])
def test_a_pattern_of_a_spec_for_another_engine_is_not_checked(source: str) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "string", "pattern": source}}}
    assert matches(schema, {"a": "x"})


@pytest.mark.parametrize("source", ["(((", r"\p{L}+", "a{" + "9" * 5000 + "}", "(" * 3000 + ")" * 3000])
def test_both_checks_of_a_spec_ignore_a_pattern_for_another_engine_and_check_the_rest(source: str) -> None:
    rule = {"type": "string", "pattern": source, "maxLength": 2}
    schema = {"type": "object", "properties": {"a": rule, "pattern": {"type": "array", "items": rule}}}
    assert check(schema, {"a": "x", "pattern": ["x"]}, subject="`params`") == ()
    assert matches(schema, {"a": "x", "pattern": ["x"]})
    for wrong in ({"a": "xyz"}, {"pattern": ["xyz"]}, {"pattern": "x"}):
        (problem,) = check(schema, wrong, subject="`params`")
        assert "cannot be checked" not in problem.message
        assert not matches(schema, wrong)


def test_a_constant_with_the_key_of_a_pattern_is_no_pattern() -> None:
    for schema in ({"const": {"pattern": "("}}, {"enum": [{"pattern": "("}]}):
        assert check(schema, {"pattern": "("}, subject="`params`") == ()
        assert len(check(schema, {}, subject="`params`")) == 1


@pytest.mark.parametrize(
    "source",
    [
        "(?:(?:[a-z-]{1000}){1000}){1000}",
        "(?:(?:a{1000}){1000}){3}",
        "((a{1000,}){1000,}){3,}",
        "(?:[)]{100}(){5}){400}(?:a{1000}|[]b]{1000}){100}",
        r"(?:\({1000}){101}",
        "(?:(?:a{1000}){101}){}",
        "(?:(?:a{1000}){101}){0,1}",
        "(?:(?:a{1000}?){1000,2000}+)",
    ],
)
def test_a_pattern_that_explodes_on_compiling_is_not_searched(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regex.compile", lambda _: pytest.fail("it is compiled"))
    with pytest.raises(SlowPattern):
        ForeignPattern(source).search("a")


@pytest.mark.parametrize(
    "source",
    [
        "(?:a{1000}){99}",
        "(?:(?:a{0,1000}){0,1000}){0,3}",
        "(?:a{,1000}){,1000}",
        "(a{1000})(b{1000}){9}",
        "((a{2}{)|a){3}",
    ],
)
def test_a_pattern_that_is_compiled_soon_is_searched(source: str) -> None:
    for text in ("a", "aaa" * 3, "aa{" * 3):
        assert ForeignPattern(source).search(text) is (re.search(source, text) is not None)


@pytest.mark.parametrize("error", [OverflowError, RecursionError, MemoryError, regex.error("too large")])
def test_a_pattern_that_is_too_large_for_the_search_is_given_up(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_source: str) -> None:
        raise error

    monkeypatch.setattr("regex.compile", fail)
    with pytest.raises(SlowPattern):
        ForeignPattern("(a)+").search("a")
