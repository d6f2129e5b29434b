"""Edits of YAML in place: the value is another one afterwards, and nothing else is."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flowctl.text.composing import compose_all, read_composed
from flowctl.text.edit import REMOVED, Edit, NotEditable, document_at, edited, why_not_editable
from flowctl.text.positions import APPEND, ValuePath
from flowctl.text.substitution import expander
from flowctl.text.written import written

TEXT = """\
# about ü 😀
kind: X   # the kind
metadata:
  name: a
  # about the source
source:
  params: {path: "a b", n: 1}
  data:
    format: json # a format

mappings:
  - {source: a, destination: b}   # a row
  # a note
  - source: c
    destination: d
list: [x, y, z]
text: |
  hello
  there
flow: {
  a: 1, # about a
  # a note on b
  b: 2 # about b
}
last: 'it''s'
"""
SUBSTITUTE = expander({}, {})


def value_of(text: str) -> Any:
    reading = read_composed(text, SUBSTITUTE)
    assert not [each for each in reading.problems if not each.warning], text
    return [document.value for document in reading.documents]


def edit(path: ValuePath, value: Any, renamed: str | None = None) -> Edit:
    return Edit(path=path, value=value, renamed=renamed)


EDITS: dict[str, tuple[list[Edit], list[tuple[str, str]]]] = {
    "a plain value": ([edit(("kind",), "Y")], [("kind: X   #", "kind: Y   #")]),
    "a plain value that needs quotes": ([edit(("kind",), "true")], [("kind: X   #", 'kind: "true"   #')]),
    "a number": ([edit(("source", "params", "n"), 2.5)], [("n: 1}", "n: 2.5}")]),
    "quotes stay": (
        [edit(("source", "params", "path"), 'c "d"'), edit(("last",), "don't")],
        [('"a b"', '"c \\"d\\""'), ("'it''s'", "'don''t'")],
    ),
    "a substitution is not made": ([edit(("kind",), "${var:x}")], [("kind: X ", 'kind: "$${var:x}" ')]),
    "lines become one": ([edit(("text",), "x: y")], [("text: |\n  hello\n  there\n", 'text: "x: y"\n')]),
    "the last of a flow over lines": (
        [edit(("flow", "b"), REMOVED)],
        [("  b: 2 # about b\n", "")],
    ),
    "the first of a flow over lines": ([edit(("flow", "a"), REMOVED)], [("  a: 1, # about a\n", "")]),
    "a new key of a block": ([edit(("metadata", "title"), "T")], [("  name: a\n", "  name: a\n  title: T\n")]),
    "a new key in braces": ([edit(("source", "params", "z"), {"a": [1]})], [("n: 1}", "n: 1, z: {a: [1]}}")]),
    "a new key after a comment": (
        [edit(("source", "data", "encoding"), "UTF-8")],
        [("json # a format\n", "json # a format\n    encoding: UTF-8\n")],
    ),
    "a new parent": ([edit(("options", "a"), True)], [("'it''s'\n", "'it''s'\noptions: {a: true}\n")]),
    "a new item of a block": (
        [edit(("mappings", APPEND), {"source": "q", "destination": "w"})],
        [("    destination: d\n", "    destination: d\n  - {source: q, destination: w}\n")],
    ),
    "a new item in brackets": ([edit(("list", APPEND), "n")], [("z]", "z, n]")]),
    "an item of a block goes": (
        [edit(("mappings", 0), REMOVED)],
        [("  - {source: a, destination: b}   # a row\n", "")],
    ),
    "the last item of a block goes": ([edit(("mappings", 1), REMOVED)], [("  - source: c\n    destination: d\n", "")]),
    "items in brackets go": ([edit(("list", 0), REMOVED), edit(("list", 1), REMOVED)], [("[x, y, z]", "[z]")]),
    "the last item in brackets goes": ([edit(("list", 2), REMOVED)], [("y, z]", "y]")]),
    "the first key of an item goes": (
        [edit(("mappings", 1, "source"), REMOVED)],
        [("- source: c\n    destination", "- destination")],
    ),
    "a key in braces goes": ([edit(("source", "params", "path"), REMOVED)], [('{path: "a b", n', "{n")]),
    "a key with an only child goes": (
        [edit(("source", "data", "format"), REMOVED)],
        [("  data:\n    format: json # a format\n", "")],
    ),
    "lines go": ([edit(("text",), REMOVED)], [("text: |\n  hello\n  there\n", "")]),
    "a key becomes another": (
        [edit(("mappings", 0, "source"), "lower(a)", "expression")],
        [("{source: a,", "{expression: lower(a),")],
    ),
    "what is not there need not go": ([edit(("nothing",), REMOVED), edit(("source", "x"), REMOVED)], []),
    "a list in brackets": ([edit(("list",), ["p", "q"])], [("[x, y, z]", "[p, q]")]),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("case", EDITS)
def test_only_the_value_changes(case: str, newline: str) -> None:
    edits, changes = EDITS[case]
    expected = TEXT
    for old, new in changes:
        assert expected.count(old) == 1, old
        expected = expected.replace(old, new)
    text = TEXT.replace("\n", newline)
    assert edited(text, 0, edits) == expected.replace("\n", newline)
    value_of(expected)


def test_a_document_is_found_among_others() -> None:
    text = "# one\na: 1\n---\n# nothing\n---\nb: 1\n---\na: 2\n"
    lines = [root.start_mark.line for root in compose_all(text)]
    assert [document_at(text, line) for line in lines] == [0, 1, 2]
    assert edited(text, 2, [edit(("a",), 3)]) == text.replace("a: 2", "a: 3")
    assert edited(text, 1, [edit(("c",), 3)]) == text.replace("b: 1\n", "b: 1\nc: 3\n")


def test_a_text_without_a_last_line_end_gets_one_where_a_line_is_added() -> None:
    assert edited("a: 1", 0, [edit(("b",), 2)]) == "a: 1\nb: 2\n"
    assert edited("a: 1", 0, [edit(("a",), 2)]) == "a: 2"


def test_an_empty_value_and_empty_braces_are_filled() -> None:
    assert edited("a:\nb: {}\nc: []\n", 0, [edit(("a", "x"), 1), edit(("b", "y"), 2), edit(("c", APPEND), 3)]) == (
        "a: {x: 1}\nb: {y: 2}\nc: [3]\n"
    )


def test_a_new_list_comes_with_its_first_item() -> None:
    assert edited("a: 1\n", 0, [edit(("rows", APPEND), {"x": 1})]) == "a: 1\nrows: [{x: 1}]\n"


SHARED = "base: &b {x: 1}\nother: *b\nplain: &p 1\nagain: *p\ntagged: !!str 5\nfree: 2\n"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("base", "x"), "an alias repeats it in another place"),
        (("other", "x"), "an alias repeats it in another place"),
        (("other", "new"), "an alias repeats it in another place"),
        (("plain",), "an alias repeats it in another place"),
        (("tagged",), "it has an anchor or a tag"),
        (("free",), ""),
        (("nothing",), ""),
    ],
)
def test_what_an_anchor_an_alias_or_a_tag_makes_is_refused(path: ValuePath, words: str) -> None:
    (root,) = compose_all(SHARED)
    assert why_not_editable(SHARED, root, path) == words
    if words:
        with pytest.raises(NotEditable, match=words):
            edited(SHARED, 0, [edit(path, 9)])
    else:
        assert edited(SHARED, 0, [edit(path, 9)]) != SHARED


def test_an_anchor_that_nothing_repeats_is_refused_too() -> None:
    text = "a: &x 1\n"
    (root,) = compose_all(text)
    assert why_not_editable(text, root, ("a",)) == "it has an anchor or a tag"


def test_a_list_with_comments_in_it_is_not_overwritten() -> None:
    with pytest.raises(NotEditable, match="there are comments in it"):
        edited("list:\n  - a # why\n  - b\n", 0, [edit(("list",), ["c"])])


def test_a_scalar_has_no_members() -> None:
    with pytest.raises(NotEditable, match="its parent is not a mapping"):
        edited("a: x\n", 0, [edit(("a", "b"), 1)])


SCALARS = st.one_of(
    st.booleans(),
    st.integers(min_value=-(2**60), max_value=2**60),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            " ",
            "~",
            "null",
            "yes",
            "1e3",
            "0x1",
            "- a",
            "a: b",
            "a #b",
            "${x}",
            "$${",
            "'",
            '"',
            "\\",
            "😀",
            "\u2028",
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@example(value={"${": False}, style=None)
@example(value={"<<": False}, style=None)
@given(value=VALUES, style=st.sampled_from([None, "'", '"']))
def test_what_is_written_is_read(value: Any, style: str | None) -> None:
    text = written(value, style if isinstance(value, str) else None)
    assert "\n" not in text
    (document,) = value_of(f"a: {text} # end\nb: [{text}, {{c: {text}}}]\n")
    assert document == {"a": value, "b": [value, {"c": value}]}


PATHS = [
    ("kind",), ("metadata", "name"), ("source", "params", "path"), ("source", "data", "format"), ("source", "new"),
    ("mappings", 0, "source"), ("mappings", 1, "destination"), ("list", 1), ("text",), ("last",), ("new", "below"),
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PATHS), st.text(max_size=8)), max_size=6, unique_by=lambda each: each[0]))
def test_many_edits_lead_to_their_values_and_keep_every_comment(chosen: list[tuple[ValuePath, str]]) -> None:
    text = edited(TEXT, 0, [edit(path, value) for path, value in chosen])
    (document,) = value_of(text)
    for path, value in chosen:
        found = document
        for step in path:
            found = found[step]
        assert found == value
    for comment in ("# about ü 😀", "# the kind", "# about the source", "# a format", "# a row", "# a note"):
        assert comment in text
