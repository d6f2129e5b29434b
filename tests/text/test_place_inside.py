"""The place of a character of a value in the file, however the value is quoted, escaped, folded or indented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowctl.text.inside import place_inside
from flowctl.text.nodes import is_scalar
from flowctl.text.positions import node_at
from flowctl.text.reader import read
from flowctl.text.substitution import verbatim


def place(text: str, offset: int) -> tuple[int, int]:
    node = node_at(read(text, verbatim).documents[0].root, ("a",))
    assert is_scalar(node)
    found = place_inside(node, text, "a.yaml", offset)
    return found.line, found.column


@pytest.mark.parametrize(
    "text",
    [
        "a: one(#)\n",
        "a: 'one(#)'\n",
        'a: "one(#)"\n',
        "a: 'it''s and ''#'\n",
        'a: "q\\"\\x41\\u0041\\U00000041\\\\#"\n',
        'a: "tab\\tline\\n\\_ \\  #"\n',
        'a: "one \\\n   two #"\n',
        "a: |\n  one(\n    #)\n",
        "a: |2-\n    one(\n  #)\n",
        "a: >-\n  one(\n  #\n\n  )\n",
        "a: >  # a remark\n  one #\n",
        "a: one\n  two\n\n  #\n",
        'a: "one\n  two\n\n  #"\n',
        "a: !!str 'one #'\n",
        "a: &anchor one(#)\n",
        "a: |\r\n  one(\r\n    #)\r\n",
        "a: 'é😀 #'\n",
    ],
)
def test_the_place_of_a_character(text):
    # A sign that YAML reads as itself everywhere.
    text = text.replace("# a remark", "% a remark").replace("#", "§").replace("% a remark", "# a remark")
    node = node_at(read(text, verbatim).documents[0].root, ("a",))
    assert is_scalar(node)
    before = text[: text.index("§")]
    line = before.count("\n") + 1
    assert place(text, node.value.index("§")) == (line, len(before) - before.rfind("\n"))


@pytest.mark.parametrize(
    ("text", "column"), [('a: concat("x", \n', 15), ("a: 'one'\n", 8), ("a: 'one  '\n", 10), ("a: o\n", 5)]
)
def test_the_end_of_a_value(text, column):
    node = node_at(read(text, verbatim).documents[0].root, ("a",))
    assert is_scalar(node)
    assert place(text, len(node.value)) == (1, column)


def test_a_text_that_does_not_fit_gives_the_place_of_the_value():
    node = node_at(read("a: one\n", verbatim).documents[0].root, ("a",))
    assert is_scalar(node)
    assert place_inside(node, "", "a.yaml", 2).column == 4


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=20))
def test_every_visible_character_of_a_single_quoted_text_is_found(value):
    text = "a: '" + value.replace("'", "''") + "'\n"
    reading = read(text, verbatim)
    if reading.problems:
        return
    node = node_at(reading.documents[0].root, ("a",))
    if not is_scalar(node):
        return
    for offset, character in enumerate(node.value):
        line, column = place(text, offset)
        if not character.isspace() and line == 1:
            assert text[column - 1] == character
