"""What the language does where the documents are silent, each as docs/reference/mapping-language.md has it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

import pytest

from flowctl.dataprep.evaluate import compile_expression, evaluate
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.runtime import Runtime
from flowctl.dataprep.types import plain

RECORD = {
    "a": {"b": [{"c": "x"}, {"c": "y"}], "k.l": "dotted"},
    "sfdc.crmId": "7",
    "deep.column": {"in": 1},
    "both": {"x": "path"},
    "both.x": "column",
    "First Name": "Ana",
    "items": [{"name": "p"}, {"name": "q"}],
    "text": "abc",
    "yes": True,
    "list": [{"type": "home", "v": 1}, {"type": "work", "v": 2}],
    "key": "type",
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        # Null in, null out: never the word None.
        ("lower(missing)", None),
        ("sha256(missing)", None),
        ('md5(missing, "UTF-8")', None),
        ('concat(missing, "x")', None),
        ('lpad(missing, 3, "0")', None),
        ("to_integer(missing)", None),
        ("replacestr(text, missing, text)", None),
        ("substr(text, size_of(text), missing)", None),
        ("date(missing)", None),
        ('date("", "yyyy", now())', datetime(2026, 11, 26, tzinfo=UTC)),
        ("size_of(missing)", None),
        ("is_empty(missing)", True),
        ('join(",", ["a", null, "b"])', "a,b"),
        ('missing.equals("x")', None),
        ("transformArray(missing, x -> x)", None),
        ('get_keys(to_object("k", null))', ["k"]),
        ("to_array(true, missing)", [None]),
        ("map_has_keys(missing, 'a')", None),
        # Delimiters and padding.
        ('str_to_object("a:1,b:2,c")', {"a": "1", "b": "2"}),
        ('get_values("a:1,b:2", "b", ":")', "2"),
        ('lpad("7", 3, "")', "  7"),
        ('rpad("7", 3, null)', "7  "),
        ('lpad("a😀", 5, "xy")', "xya😀"),
        # No Python inside.
        ('left("abc", -1)', ""),
        ('right("abc", 0)', ""),
        ("-7 % 3", -1),
        ("-7 / 2", -3),
        ("7 / -2", -3),
        ("-7.5 % 2", -1.5),
        ('"" ?? "none"', ""),
        ('"" ?: "none"', "none"),
        ("9007199254740993 / 1", 9007199254740993),
        ("true + true", 2),
        ("-true", False),
        ('"5" * "3"', 15),
        ('"1." * 2', 2.0),
        ("1.1B * 1.1B", 1.21),
        ("2.0B * 1", 2),
        ("1 / 3.0B", 0.3333333333333333),
        ('concat("", 2.0B)', "2.0"),
        ('concat("", 12345678.9)', "1.23456789E7"),
        ('concat("", 0.001)', "0.001"),
        ('concat("", 100.0 * 1000000)', "1.0E8"),
        ('concat("", to_float("0.1"))', "0.1"),
        ("empty false", False),
        ("empty 0", True),
        ("size(1..5)", 5),
        ("5..1", [5, 4, 3, 2, 1]),
        ("`a ${text} ${missing}.`", "a abc ."),
        ("1 + 1 // two", 2),
        ("1 + /* + */ 1 ## two", 2),
        ("{1, 2, 2}", [1, 2]),
        ("1 =~ [1.0]", False),
        ('[1] =~ [1, 2] && "a" =~ {"a": 1}', True),
        ('"abc" =~ "b"', False),
        ('5 =^ "5" and "5a" =^ 5', True),
        ('55 =^ "5"', False),
        ('"false" ? 1 : 2', 2),
        ("[] ? 1 : 2", 1),
        ('1 == "x"', False),
        ('"10" < "9"', True),
        ('10 < "9"', False),
        ('"\\uffff" < "😀"', False),
        ("null == missing", True),
        ("a.zz > 5 ? 1 : 2", 2),
        ("null < 1 ? 1 : 2", 2),
        ("a['zz'] + 1 ?? 7", 7),
        ("missing && true ? 1 : 2", 2),
        ("missing == 1 ? 1 : 2", 2),
        ("items[-1] ?? 7", 7),
        ("text.foo ?: 7", 7),
        ("empty(missing + 1)", True),
        ("size(1 / 0)", 0),
        ("!empty(1 / 0)", False),
        # Paths.
        ("sfdc.crmId", "7"),
        ("deep.column.in", 1),
        ("both.x", "column"),
        ("${both.x}", "column"),
        ("${sfdc\\.crmId}", "7"),
        ("${both\\.y}", None),
        ("${a.b}[1].c", "y"),
        ("a.k\\.l", "dotted"),
        ("a['k.l']", "dotted"),
        ("a.b.0.c", "x"),
        ("a.b[1.0].c", "y"),
        ("a.b[5].c", None),
        ("no.such.path[3].x", None),
        ("a?.b[0]?.c", "x"),
        ("${First Name}.length()", 3),
        ("contains_key('a.b[1].c')", True),
        ("contains_key('a.b[2].c')", False),
        ("contains_key('sfdc.crmId')", True),
        ("is_set('a.z')", False),
        # A lambda sees its parameter, the parameters around it, and the fields of the record.
        ("transformArray([1, 2], x -> concat(text, x))", ["abc1", "abc2"]),
        ("transformArray([1, 2], x -> transformArray([10], y -> x * y + size_of(items)))", [[12], [22]]),
        ("transformArray([1], text -> text)", [1]),
        ("filterArray([1, 2], (x) -> {x > 1})", [2]),
        ("transformArray([1, 2], (x, y) -> x)", [1, 2]),
        # Others.
        ("object_to_map(list, type)", {"home": RECORD["list"][0], "work": RECORD["list"][1]}),
        ("object_to_map(text, key)", {"abc": "type"}),
        ("add_to_map({'a': 1}, {'a': 2, 'b': 3})", {"a": 1, "b": 3}),
        ("map_get_values({'a': 1, 'b': 2}, ['b', 'z', 'b'])", [2]),
        ("arrays_to_objects('a', [1, 2], 'b', [3])", [{"a": 1, "b": 3}, {"a": 2, "b": None}]),
        ("decode(2, '2', 'text', 'other')", "other"),
        ("decode('z', 'a', 1)", None),
        ("decode(true, 1, 'one', true, 'yes')", "yes"),
        ("iif(yes, 1, 1 / 0)", 1),
        ("explode('a,b,', ',')", ["a", "b", ""]),
        ("explode('a||b', '\\|')", ["a", "", "b"]),
        ("explode('abc', '')", ["a", "b", "c", ""]),
        ("extract_regex('ab12', '([a-z]+)([0-9])(x)?')", ["ab1", "ab", "1", None]),
        ("instr('aaaa', 'aa', 0, 2)", 1),
        ("instr('😀a', 'a')", 2),
        ("substr('a😀b', 1, 2)", "😀"),
        ("left('😀', 1)", "?"),
        ("concat(left('😀', 1), substr('😀', 1, 1))", "😀"),
        ("replacestr('aaa', 'a', 'bb')", "bbbbbb"),
        ("trim('\u00a0a\u3000')", "\u00a0a"),
        ("to_bigint('1000000.34')", 1000000),
        ("to_integer(12.9)", 12),
        ("to_float('16777217')", 16777216.0),
        ("json_to_object({'a': 1})", {"a": 1}),
        ("array_to_string('_', [{'id': 123, 'n': 'A'}, true])", "{'id':123,'n':'A'}_true"),
        ("hash('SHA-256', 'abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("get_url_host('http://exa mple.com')", None),
        ("get_url_port('HTTPS://e.com')", 443),
        ("get_url_port('http://e.com:8080')", 8080),
        ("get_url_path('http://e.com/a/b.c', false)", "b.c"),
        ("get_url_path('mailto:a@b.c')", None),
        ("get_url_host('http://[::1]:80/')", "[::1]"),
        ("get_url_encoded('a b~*é')", "a%20b%7E%2A%C3%A9"),
        ("get_url_decoded('a+b%20c')", "a b c"),
        ("get_url_query_str('http://e.com/?a&b=1&b=2', 'remove')", {"a": "", "b": "2"}),
        ("aa_get_event_value('event1,event12=3', 'event1')", "1"),
        ("aa_get_event_id('event1=2', 'event1')", None),
        ("aa_get_event_value('event2', 'event1')", None),
        ("timestamp()", 1795651200000),
        ("now()", datetime(2026, 11, 26, tzinfo=UTC)),
        ("concat(uuid(), '-', guid())", "id1-id2"),
    ],
)
def test_values(expression, value):
    numbers = count(1)
    runtime = Runtime(lambda: datetime(2026, 11, 26, tzinfo=UTC), lambda: f"id{next(numbers)}")
    found = evaluate(expression, RECORD, runtime)
    assert plain(found) == plain(value)
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("a.b[-1]", "no-such-member"),
        ("text.foo", "no-such-member"),
        ("items.name", "no-such-member"),
        ("text[0]", "no-such-member"),
        ("upper(1)", "argument-type"),
        ("left('a', 'b')", "argument-type"),
        ("join(',', 'a')", "argument-type"),
        ("filterArray(text, x -> x)", "argument-type"),
        ("get_keys(text)", "argument-type"),
        ("null + 1", "null-operand"),
        ("null < 1", "null-operand"),
        ("!null", "null-operand"),
        ("null && true", "null-operand"),
        ("a.zz > 1", "null-operand"),
        ("missing > 1", "null-column"),
        ("missing > 1 ? 1 : 2", "null-column"),
        ("missing + 1 ?? 2", "null-column"),
        ("!missing ? 1 : 2", "null-column"),
        ("(missing > 1) || true ? 1 : 2", "null-column"),
        ("transformArray([null], x -> x > 1 ? 1 : 2)", "null-column"),
        ("1 + 1 + missing ? 1 : 2", "null-column"),
        ("1 / 0 ?? 7", "evaluation-failed"),
        ("text * 2 ? 1 : 2", "evaluation-failed"),
        ("iif(missing, 1, 2)", "evaluation-failed"),
        ("'x' * 2", "evaluation-failed"),
        ("'x' < 1", "evaluation-failed"),
        ("1.5 == 'x'", "evaluation-failed"),
        ("'2.5' | 1", "evaluation-failed"),
        ("-'5'", "evaluation-failed"),
        ("1 / 0", "evaluation-failed"),
        ("1.0 / 0", "evaluation-failed"),
        ("1 % 0.0", "evaluation-failed"),
        ("5 / ''", "evaluation-failed"),
        ("[1] < [2]", "evaluation-failed"),
        ("'abc'.substring(1, 9)", "evaluation-failed"),
        ("'abc'.substring('x')", "evaluation-failed"),
        ("text.size()", "unknown-method"),
        ("min(1, 'a')", "evaluation-failed"),
        ("min([])", "evaluation-failed"),
        ("to_object(missing, 1)", "evaluation-failed"),
        ("object_to_map(text)", "odd-pairs"),
        ("is_empty(5)", "evaluation-failed"),
        ("to_integer('12.7')", "not-a-number"),
        ("to_integer('3000000000')", "not-a-number"),
        ("to_integer(' 5')", "not-a-number"),
        ("to_decimal('1_0')", "not-a-number"),
        ("to_decimal('inf')", "not-a-number"),
        ("to_float('NaN')", "evaluation-failed"),
        ("1e308 * 10", "evaluation-failed"),
        ("json_to_object('{\"a\": NaN}')", "evaluation-failed"),
        ("json_to_object('[')", "evaluation-failed"),
        ("sha256('a', 'no-such')", "unknown-charset"),
        ("sha256('a', 'base64')", "unknown-charset"),
        ("sha256('a', '')", "unknown-charset"),
        ("get_url_decoded('%zz')", "evaluation-failed"),
        ("get_url_query_str('http://e.com', 'keep')", "evaluation-failed"),
        ("date('not a date')", "not-a-date"),
        ("date(true)", "evaluation-failed"),
        ("date_part(text, now())", "date-part-unknown"),
        ("set_date_part('d', 31, date('2024-04-01'))", "not-a-date"),
        ("make_date_time(2024, 13, 1, 0, 0, 0, 0, 'UTC')", "not-a-date"),
        ("zone_date_to_zone(now(), 'Nowhere/X')", "not-a-date"),
        ("dformat(999999999999999, 'yyyy')", "not-a-date"),
        ("matches_regex('a', concat('(', ''))", "bad-regex"),
        ("lpad('', 1000001, 'x')", "evaluation-failed"),
        ("ua_os_name('x')", "function-not-evaluated"),
    ],
)
def test_problems_when_it_runs(expression, code):
    with pytest.raises(ExpressionError) as caught:
        plain(evaluate(expression, RECORD))
    problem = caught.value.problem
    assert problem.code == code
    assert "argument" not in problem.message or code == "argument-type"


@pytest.mark.parametrize(("charset", "near"), [("UTF-88", "UTF-8"), ("ISO-8859", "ISO-8859-1"), ("klingon", None)])
def test_a_character_set_that_is_not_there_has_a_near_one(charset, near):
    with pytest.raises(ExpressionError) as caught:
        evaluate(f"sha256('a', '{charset}')", RECORD)
    assert caught.value.problem.nearest == near


def test_a_problem_has_the_place_of_the_innermost_part():
    with pytest.raises(ExpressionError) as caught:
        evaluate("concat(text, lower(1 + left(text, 'x')))", RECORD)
    assert (caught.value.problem.start, caught.value.problem.end) == (23, 38)
    assert str(caught.value).endswith("(at character 24).")


def test_an_expression_is_compiled_once_for_many_records():
    program = compile_expression("transformArray(xs, x -> x + n)")
    assert [program({"xs": [1, 2], "n": n}) for n in (0, 10)] == [[1, 2], [11, 12]]
