"""Regular expressions, date patterns and zones as Java has them; the values were taken from Java 17."""

from __future__ import annotations

import pytest

from flowctl.dataprep.dates import DEFAULT_PATTERNS, format_date, parse_date
from flowctl.dataprep.functions.moments import in_zone
from flowctl.dataprep.patterns import full_match, groups, replaced, split
from flowctl.dataprep.problem import ExpressionError
from flowctl.dataprep.types import iso


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        (r"\d+", "١", False),
        (r"(?U)\d+", "١", True),
        (r"\w", "é", False),
        (r"(?U)\w", "é", True),
        (r"(?i)é", "É", False),
        (r"(?iu)É", "é", True),
        (r"(?i)[X-c]", "x", True),
        (r"(?i)a(?-i)b", "AB", False),
        (r"(?i:a)b", "Ab", True),
        (r"\Qa.b\E+", "a.bb", True),
        (r"[\Q]\E]", "]", True),
        (r"[]a]+", "]a", True),
        (r"[a-c&&[^b]]", "b", False),
        (r"[a[bc]d]", "c", True),
        (r"[&a]", "&", True),
        (r"[a-]", "-", True),
        (r"[\d-z]", "-", True),
        (r"(?<n>a)\k<n>", "aa", True),
        (r"\p{Lower}", "é", False),
        (r"\p{javaLowerCase}", "é", True),
        (r"\p{IsAlphabetic}\p{InGreek}", "aα", True),
        (r"\p{Lu}\pL\P{L}", "Aé1", True),
        (r"[[:alpha:]]", "l", True),
        (r"[[:alpha:]]", "b", False),
        (r"\h\R\v", "\u00a0\r\n\x0b", True),
        (r"a.c", "a\u0085c", False),
        (r"(?s)a.c", "a\nc", True),
        (r"(?d)a.c", "a\rc", True),
        (r"(?x) a b # c", "ab", True),
        (r"a{2}{3}", "aa", True),
        (r"\0101\x41\u0041\x{41}\cA", "AAAA\x01", True),
        (r"a++b", "aab", True),
        (r"a*+a", "aa", False),
        (r"(?>a|ab)c", "abc", False),
        (r"(?<=a{1,3})b|cb", "cb", True),
        (r"é\b", "é", True),
        ("😀.", "😀😀", True),
        (r"\ud83d\ude00", "\\ud83d\\ude00", False),
        (r"(a)?\1", "", False),
        (r"\1(a)", "a", False),
        (r"(?i)ß", "SS", False),
        (r"\e\a\t", "\x1b\x07\t", True),
    ],
)
def test_regular_expressions(pattern, text, matches):
    assert full_match(pattern, text) is matches


@pytest.mark.parametrize(
    "pattern",
    [
        "a**",
        "*a",
        "a{",
        "{",
        "{,2}",
        "a{2,1}",
        "a{99999999999}",
        "(",
        "a)",
        "[a",
        "[z-a]",
        r"[a-\d]",
        "a\\",
        r"\y",
        r"\N",
        r"\b{g}",
        r"\k<x>",
        r"\xZ",
        r"\p{Foo}",
        r"\p{IsFoo}",
        r"\p{L",
        "(?P<n>a)",
        "(?#c)",
        "(?|a|b)",
        "(?<1>a)",
        "(?<n>a)(?<n>b)",
        "(?<=(ab)+)c",
        "(?<=a+?)c",
        "(?z)",
        "[a&&",
        "(" * 70 + ")" * 70,
        "a" * 4097,
    ],
)
def test_what_java_refuses(pattern):
    with pytest.raises(ExpressionError) as caught:
        full_match(pattern, "a")
    assert caught.value.problem.code == "bad-regex"


def test_dollar_is_before_the_last_line_end():
    assert [groups("b$", text) != [] for text in ("b", "b\n", "b\r\n", "b\u2028", "b\n\n", "b\nc")] == [
        True,
        True,
        True,
        True,
        False,
        False,
    ]
    assert groups("(?m)^b$", "a\nb\r\nc") == ["b"]
    assert groups("(?m)^", "\n") == [""]
    assert groups(r"b\z", "b\n") == []


def test_pieces_and_replacements():
    assert split("b*?", "abc") == ["a", "b", "c", ""]
    assert split("(?=b)", "abcb") == ["a", "bc", "b"]
    assert split("", "ab") == ["a", "b", ""]
    assert split("x", "axb") == ["a", "b"]
    assert replaced("(a)(b)?", "abac", "<$1$2>") == "<ab><a>c"
    assert replaced("(?<n>a)", "aa", r"${n}\$", once=True) == "a$a"
    assert replaced("x*", "ab", "-") == "-a-b-"
    with pytest.raises(ExpressionError):
        replaced("a", "a", "$2")


MOMENT = in_zone(parse_date("2024-12-29T23:05:09.005Z"), "Europe/Paris")


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("G y yy yyy yyyy yyyyy", "AD 2024 24 2024 2024 02024"),
        ("GGGG GGGGG", "Anno Domini A"),
        ("M MM MMM MMMM MMMMM L LLLL", "12 12 Dec December D 12 December"),
        ("d dd D DDD", "30 30 365 365"),
        ("E EEEE EEEEE u e c", "Mon Monday M 1 2 2"),
        ("Q QQ QQQ QQQQ q", "4 04 Q4 4th quarter 4"),
        ("Y-w W F", "2025-1 5 5"),
        ("H HH h hh k K a", "0 00 12 12 24 0 AM"),
        ("m mm s ss", "5 05 9 09"),
        ("S SS SSS SSSS SSSSSS", "5 05 005 0050 005000"),
        ("z zzzz VV", "CET Central European Standard Time Europe/Paris"),
        ("O OOOO X XX XXX XXXX XXXXX", "GMT+1 GMT+01:00 +01 +0100 +01:00 +0100 +01:00"),
        ("x xxx Z ZZZZ ZZZZZ", "+01 +01:00 +0100 GMT+01:00 +01:00"),
        ("'it''s' ''yy'' [HH]", "it's '24' 00"),
        ("uuuu A n", "2024 309005 5000000"),
    ],
)
def test_written_dates(pattern, text):
    assert format_date(MOMENT, pattern) == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "UTC Coordinated Universal Time Z Z GMT"),
        ("Asia/Kolkata", "IST India Standard Time +0530 +05:30 GMT+5:30"),
        ("America/Sao_Paulo", "BRT Brasilia Standard Time -03 -03:00 GMT-3"),
        ("Asia/Dubai", "GST Gulf Standard Time +04 +04:00 GMT+4"),
        ("-02:30", "-02:30 -02:30 -0230 -02:30 GMT-2:30"),
    ],
)
def test_zones(zone, text):
    assert format_date(in_zone(MOMENT, zone), "z zzzz X XXX O") == text


@pytest.mark.parametrize(
    ("text", "pattern", "date"),
    [
        ("31/04/2024", "dd/MM/yyyy", "2024-04-30T00:00:00Z"),
        ("2023-02-29", "yyyy-MM-dd", "2023-02-28T00:00:00Z"),
        ("05/17/24", "MM/dd/yy", "2024-05-17T00:00:00Z"),
        ("05/17/99", "MM/dd/yy", "2099-05-17T00:00:00Z"),
        ("20240517101112", "yyyyMMddHHmmss", "2024-05-17T10:11:12Z"),
        ("10:00 PM 17.05.24", "hh:mm a dd.MM.yy", "2024-05-17T22:00:00Z"),
        ("12:00 AM 17.05.24", "hh:mm a dd.MM.yy", "2024-05-17T00:00:00Z"),
        ("10:00 17.05.24", "hh:mm dd.MM.yy", "2024-05-17T10:00:00Z"),
        ("2024-05-17 24:00", "yyyy-MM-dd HH:mm", "2024-05-18T00:00:00Z"),
        ("2024-138", "yyyy-DDD", "2024-05-17T00:00:00Z"),
        ("2024-20-5", "YYYY-ww-e", "2024-05-16T00:00:00Z"),
        ("Friday 17 May 2024 AD", "EEEE d MMMM y G", "2024-05-17T00:00:00Z"),
        ("2024-07-17 PST", "yyyy-MM-dd z", "2024-07-17T00:00:00-08:00"),
        ("2024-07-17 Europe/Paris", "yyyy-MM-dd VV", "2024-07-17T00:00:00+02:00"),
        ("2024-07-17 GMT+2", "yyyy-MM-dd O", "2024-07-17T00:00:00+02:00"),
        ("2024-07-17 +0230", "yyyy-MM-dd X", "2024-07-17T00:00:00+02:30"),
        ("2024-07-17 5", "yyyy-MM-dd S", "2024-07-17T00:00:00.005Z"),
        ("2024-07-17 000500", "yyyy-MM-dd SSSSSS", "2024-07-17T00:00:00.000500Z"),
        ("2024-07-17", "yyyy-MM-dd[ HH:mm]", "2024-07-17T00:00:00Z"),
        ("2024-07-17 10:00", "yyyy-MM-dd[ HH:mm]", "2024-07-17T10:00:00Z"),
        ("2024-03-31 02:30 Europe/Paris", "yyyy-MM-dd HH:mm VV", "2024-03-31T03:30:00+02:00"),
        ("12112020", None, "2020-12-11T00:00:00Z"),
        ("2024-05-17T10:00", None, "2024-05-17T10:00:00Z"),
        ("2024-05-17T10:00:00.123456+02:00", None, "2024-05-17T10:00:00.123456+02:00"),
        ("5/17/2024 10:11:12 PM", None, "2024-05-17T22:11:12Z"),
    ],
)
def test_read_dates(text, pattern, date):
    assert iso(parse_date(text, pattern)) == date


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("2024-02-32", "yyyy-MM-dd"),
        ("2024-5-7", "yyyy-MM-dd"),
        ("17 MAY 2024", "d MMM yyyy"),
        ("10:00 pm 17.05.24", "hh:mm a dd.MM.yy"),
        ("13:00 PM 17.05.24", "hh:mm a dd.MM.yy"),
        ("Thursday 17 May 2024", "EEEE d MMMM y"),
        ("2024-05-17 24:01", "yyyy-MM-dd HH:mm"),
        ("2024-05-17 10:60", "yyyy-MM-dd HH:mm"),
        ("2023-366", "yyyy-DDD"),
        ("05/2024", "MM/yyyy"),
        ("1752024", "dMyyyy"),
        ("1112024", "dMyyyy"),
        ("2024-07-17 +02:00", "yyyy-MM-dd Z"),
        ("2024-07-17 +19:00", "yyyy-MM-dd XXX"),
        ("2024-07-17 Nowhere", "yyyy-MM-dd VV"),
        ("0000-01-01", "yyyy-MM-dd"),
        ("2024-05-17 2024-05-18", "yyyy-MM-dd yyyy-MM-dd"),
        ("٢٠٢٤-05-17", "yyyy-MM-dd"),
        (" 2024-05-17", None),
        ("5/7/2024", None),
        ("2024-W20-5", None),
    ],
)
def test_texts_that_are_no_dates(text, pattern):
    with pytest.raises(ExpressionError) as caught:
        parse_date(text, pattern)
    assert caught.value.problem.code == "not-a-date"


@pytest.mark.parametrize("pattern", ["b", "ddd", "HHH", "aa", "OO", "'a", "{", "a]", "yyyyyyyyyy"])
def test_texts_that_are_no_date_patterns(pattern):
    for run in (parse_date, lambda _, pattern: format_date(MOMENT, pattern)):
        with pytest.raises(ExpressionError) as caught:
            run("2024", pattern)
        assert caught.value.problem.code == "bad-date-pattern"


def test_each_default_pattern_reads_what_it_writes():
    for pattern in DEFAULT_PATTERNS:
        text = format_date(in_zone(MOMENT, "UTC"), pattern)
        assert parse_date(text).date() == parse_date(text, pattern).date(), pattern
