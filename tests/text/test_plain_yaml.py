"""The quick reading of plain YAML: what it reads is what composing reads, and everything else is left to that."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowctl.text.composing import read_composed
from flowctl.text.plain import DEEPEST, NotPlain, plain_value
from flowctl.text.reader import read
from flowctl.text.substitution import expander, verbatim

EXAMPLES = sorted(Path(__file__).parents[2].glob("examples/**/*.yaml"))
SUBSTITUTE = expander({"a": 7, "b": "{x: 1}", "c": {"d": ["${env:E}"]}}, {"E": "e: # f"})
SCALARS = [
    "text",
    "two words",
    "a-b",
    "a - b",
    "x/y.z",
    "1",
    "-1",
    "0",
    "007",
    "+5",
    "1.5",
    ".5",
    "1e3",
    "-.5",
    "0x1F",
    "0o17",
    "1_000",
    "12:30",
    "2036-12-01T00:00:00Z",
    "true",
    "True",
    "TRUE",
    "false",
    "null",
    "~",
    "no",
    "yes",
    "on",
    "nullable",
    "truest",
    ".inf",
    ".nan",
    "9223372036854775808",
    "<<",
    "=",
    "-",
    "- a",
    "a: b",
    "a:b",
    "a #b",
    "a#b",
    "#b",
    "a:",
    "'",
    '"',
    "''",
    '""',
    "'a'",
    '"a"',
    "'it''s'",
    '"a\\nb"',
    '"a" ',
    '"true"',
    "'1'",
    "&a b",
    "*a",
    "!!str 1",
    "!x",
    "| ",
    "> ",
    "|",
    "%a",
    "@a",
    "`a`",
    "?",
    "? a",
    "?a",
    "[",
    "]",
    "{",
    "}",
    "[]",
    "{}",
    "[a, b]",
    "[a, {b: c}]",
    "[1, true, ~]",
    "{a: 1, b: two}",
    "{a: 1, a: 2}",
    "{a: [b, c], d: {e: f}}",
    "{a: b,}",
    "[a,]",
    "{a}",
    "{a: }",
    "{a:b}",
    "{'a': \"b\"}",
    '{"a":1}',
    "{ a: b }",
    "[ a , b ]",
    "{a: b}c",
    "[a]]",
    "{a: -}",
    "{a: - b}",
    "{a: b # c}",
    "{true: 1}",
    "{1: a}",
    "{a: 'b, c: d'}",
    "{a: 'it''s'}",
    "{a: x y, b: z}",
    "{a: 007}",
    "{a: -1, b: -x}",
    "{<<: a}",
    "{a: <<}",
    "ä ö",
    "{ä: ö}",
    "\u00a0",
    "\ufeff",
    "\x07",
    "\t",
    "a\tb",
    "\U0001f600",
    "x" * 300,
    "${var:a}",
    "'${var:a}'",
    '"${var:b}"',
    "7${var:a}",
    "${var:c}",
    "x ${env:E} y",
    "${env:NO}",
    "${var:no} ${env:E}",
    "${env: E}",
    "$${env:E}",
    "${env:E",
    "[${var:a}]",
    "['${var:a}', '$${b}']",
    "{a: '${env:E}', b: \"${var:c}\"}",
    "{'${var:a}': b}",
    "${var:a}: b",
    "${var:a}:",
    "${var:a} # b",
    "a ${b}",
    "$${b}",
    "$a",
    "a,b",
    "(a)",
]
KEYS = [
    "a",
    "b",
    "key",
    "two words",
    "a.b",
    "a/b",
    "$x",
    "true",
    "${var:a}",
    "'${env:E}'",
    "null",
    "n",
    "1",
    "'q'",
    '"q"',
    "<<",
    "?",
    "- a",
    "ä",
    "",
]
LINES = [
    "",
    "# comment",
    "  # comment",
    "---",
    "...",
    "- a",
    "  - a",
    "  more",
    "a:",
    "    deep: 1",
    "%YAML 1.2",
    " ",
    "\t",
]


def is_the_same(text: str) -> bool:
    """Whether a text is left to composing, or read to just what that reads, without a problem.

    Substitutions are replaced and told in the same way, in the same order; their values are written to be mistaken.
    """
    if plain_value(text) is NotPlain:
        return True
    (quick,) = read(text, SUBSTITUTE).documents
    composed = read_composed(text, SUBSTITUTE)
    return (
        composed.complete
        and not composed.problems
        and len(composed.documents) == 1
        and repr(composed.documents[0].value) == repr(quick.value)
        and repr(composed.documents[0].expanded) == repr(quick.expanded)
        and composed.documents[0].sound == quick.sound
    )


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> str:
    """Lines of a block, most of them right."""
    indent = draw(st.sampled_from(["  ", "  ", "    ", " ", ""])) * depth
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        head = indent + draw(st.sampled_from(["", "", "", "- ", "-  "]))
        head += draw(st.sampled_from(["", "{}: ", "{}: ", "{}: ", "{}:", "{}:  "])).format(draw(st.sampled_from(KEYS)))
        if depth < 3 and draw(st.integers(0, 3)) == 0:
            lines += [head.rstrip(" "), draw(blocks(depth=depth + 1))]
        else:
            lines.append(head + draw(st.sampled_from(SCALARS)))
        if draw(st.integers(0, 4)) == 0:
            lines.append(draw(st.sampled_from(LINES)))
    return "\n".join(lines)


@settings(max_examples=600, deadline=None)
@given(text=blocks())
def test_what_is_read_at_once_is_what_composing_reads(text: str) -> None:
    assert is_the_same(text)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_manifest_with_slips_in_it_is_read_as_composing_reads_it(file: Path) -> None:
    text, chance = file.read_text(), random.Random(file.name)
    signs = " :#{}[]'\"-,&*!|>%@`?\n\t~0aä$\\<="
    for _ in range(400):
        slipped = text
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(text))
            slipped = slipped[:at] + chance.choice(["", chance.choice(signs)]) + slipped[at + chance.randrange(2) :]
        assert is_the_same(slipped), slipped


@pytest.mark.parametrize("scalar", SCALARS)
@pytest.mark.parametrize("frame", ["a: {}", "- {}", "a: [{}]", "a: {{b: {}, c: d}}", "a:\n- {{b: {}}}\n- {{b: c}}"])
def test_each_scalar_in_each_place(frame: str, scalar: str) -> None:
    assert is_the_same(frame.format(scalar))


@pytest.mark.parametrize(
    "text",
    [
        "a: text\nb: 1\nc: [x, {y: z}]\nd:\n  - {e: f, g: 'h'}\n  - {e: i}\nj:\n- k: l\n  m: n\n- o\n",
        "---\n# said\na:  b # no\n".replace(" # no", ""),
        'a: "x: y # z"\n',
        "a: http://x.y/z?q\n",
        "title: Ärzte\n",
        "a: ${var:b}\n",
        "a: x${env:E}/y\nb: {c: '${var:a}'}\n",
        'auth: {params: {password: "${env:E}", user: "$${x}"}}\n',
    ],
)
def test_plain_texts_are_read_at_once(text: str) -> None:
    assert plain_value(text) is not NotPlain
    assert is_the_same(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only\n",
        " a: b\n",
        "a: &x b\n",
        "a: *x\n",
        "a: !!str b\n",
        "a: |\n  b\n",
        "a: >\n  b\n",
        "a: b\n  c\n",
        'a: "b\n  c"\n',
        "a: b # c\n",
        "a: {b: c,\n  d: e}\n",
        "a: 1\n---\nb: 2\n",
        "a: {b: ${var:c}}\n",
        "a: ${var: b}\n",
        "a: b\na: c\n",
        "a:\n",
        "a: 007\n",
        "a: .inf\n",
        'a: "\\x41"\n',
        "a: 'it''s'\n",
        "a:\tb\n",
        "a: b\r\n",
        "? a\n: b\n",
        "text\n",
        "- - a\n",
        "- {a: 1, a: 2}\n- {a: 3}\n",
        "true: a\n",
    ],
)
def test_everything_else_is_left_to_composing(text: str) -> None:
    assert plain_value(text) is NotPlain


def test_what_is_nested_deep_is_left_to_composing() -> None:
    brackets = "a: " + "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2)
    lines = "\n".join(" " * depth + "a:" for depth in range(DEEPEST + 2)) + " 1"
    assert plain_value(brackets) is NotPlain
    assert plain_value(lines) is NotPlain


def test_what_was_substituted_is_told_by_its_place_in_the_order_of_the_text() -> None:
    text = "b: {c: '${var:a}', d: plain}\n'${var:a}': [1, '${env:E}', '${env:NO}', '$${x}']\n"
    (document,) = read(text, SUBSTITUTE).documents
    assert plain_value(text) is not NotPlain
    assert document.value == {"b": {"c": 7, "d": "plain"}, "${var:a}": [1, "e: # f", "${env:NO}", "${x}"]}
    assert [(path, found.raw) for path, found in document.expanded.items()] == [
        (("b", "c"), "${var:a}"),
        (("${var:a}", 1), "${env:E}"),
        (("${var:a}", 2), "${env:NO}"),
        (("${var:a}", 3), "$${x}"),
    ]


def test_an_alias_has_its_own_place_and_what_was_refused_has_none() -> None:
    text = "a: &a {b: '${env:E}', 1: *a}\nc: [*a, '${env:E}']\n'b': &b [x]\nb: '${env:E}'\n"
    (document,) = read(text, SUBSTITUTE).documents
    assert not document.sound
    assert list(document.expanded) == [("a", "b"), ("c", 0, "b"), ("c", 1)]


def test_a_place_is_found_in_a_text_that_was_read_at_once() -> None:
    (document,) = read("a: 1\nb:\n  - {c: d}\n", verbatim).documents
    assert document.value == {"a": 1, "b": [{"c": "d"}]}
    assert document.root.start_mark.line == 0
    assert document.root is document.root
    assert [key.value for key, _ in document.root.value] == ["a", "b"]


@pytest.mark.timeout(60)
def test_a_long_list_with_one_odd_item_takes_no_longer_than_its_length() -> None:
    items = ["- {a: b}"] * 60_000
    assert len(plain_value("\n".join([*items, "- {a: [b]}"]))) == 60_001  # type: ignore[arg-type]
