"""Texts of a known form: what the form makes of them is what composing reads, and other texts are left alone."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_plain_yaml import EXAMPLES, KEYS, SCALARS, blocks

from flowctl.text import forms as text_forms
from flowctl.text.composing import read_composed
from flowctl.text.forms import ENOUGH, MOST_STRINGS, Form, Forms, form_of
from flowctl.text.plain import NotPlain, read_plain
from flowctl.text.substitution import OPENING, verbatim

TEXT = """\
# a comment
name: x
quoted: "y z"
single: 'y'
number: 1
flow: {a: b, c: "d", e: 'f', g: true, h: [i, {j: k}]}
rows:
  - {source: a_1, destination: "_id"}
  - {source: a b, destination: c.d}
list:
  - one
  - key: two
    other: three
"""


def form(text: str) -> Form | None:
    value = read_plain(text)
    return None if value is NotPlain else form_of(text, value, read_plain)


def agrees(known: Form, text: str) -> bool:
    """Whether a text has another form, or is read to just what composing reads, without a problem."""
    if OPENING in text:  # is never asked for
        return True
    value = known.value(text)
    if value is None:
        return True
    composed = read_composed(text, verbatim)
    return (
        composed.complete
        and not composed.problems
        and len(composed.documents) == 1
        and repr(composed.documents[0].value) == repr(value)
    )


def parts(text: str) -> list[tuple[int, int]]:
    """Where the strings of a text begin and end, in their quotes."""
    return [found.span() for found in text_forms._strings.finditer(text)]


def with_strings(text: str, strings: list[str]) -> str:
    """The text with other strings, over and over the same ones."""
    made, end = "", 0
    for place, (begin, stop) in enumerate(parts(text)):
        made += text[end:begin] + strings[place % len(strings)]
        end = stop
    return made + text[end:]


def test_a_text_of_the_form_is_read():
    known = form(TEXT)
    assert known is not None
    other = TEXT.replace("x", "another name").replace("a_1", "b_2").replace("y z", "")
    assert repr(known.value(other)) == repr(read_composed(other, verbatim).documents[0].value)
    for change in ("number: 2", "numbr: 1", "number: 1\n"):
        assert known.value(TEXT.replace("number: 1", change)) is None


@pytest.mark.parametrize("scalar", SCALARS)
def test_every_odd_scalar_in_each_place(scalar: str):
    known = form(TEXT)
    assert known is not None
    for begin, stop in parts(TEXT):
        assert agrees(known, TEXT[:begin] + scalar + TEXT[stop:])
        assert agrees(known, TEXT[: begin + 1] + scalar + TEXT[stop - 1 :])


@settings(deadline=None)
@given(blocks(), st.lists(st.sampled_from([*SCALARS, *KEYS]), min_size=1, max_size=5))
def test_other_strings_in_any_text_are_read_as_composed(text: str, strings: list[str]):
    known = form(text)
    if known is not None:
        assert repr(known.value(text)) == repr(read_plain(text))
        assert agrees(known, with_strings(text, strings))


@settings(deadline=None)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=12))
def test_any_characters_in_a_form_are_read_as_composed(strings: list[str]):
    known = form(TEXT)
    assert known is not None
    assert agrees(known, with_strings(TEXT, strings))
    assert agrees(known, with_strings(TEXT, [f'"{each}"' for each in strings]))
    assert agrees(known, with_strings(TEXT, [f"'{each}'" for each in strings]))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_form_of_an_example_reads_the_example(path: Path):
    text = path.read_text(encoding="utf-8")
    known = form(text) if OPENING not in text else None
    if known is not None:
        assert repr(known.value(text)) == repr(read_composed(text, verbatim).documents[0].value)


@pytest.mark.parametrize(
    "text",
    [
        "a: b, c\n",  # what looks like a string is a part of one
        "a: b\n# see: this\n",  # in a comment
        "- a: b\n",
        "".join(f"k{number}: v\n" for number in range(MOST_STRINGS + 1)),
        "a: string.0.of.1\n",  # what marks a string stands in the text itself
    ],
)
def test_a_text_without_a_form(text: str):
    assert form(text) is None


def test_a_form_is_used_once_many_texts_had_it():
    forms = Forms()
    for number in range(ENOUGH):
        text = f"kind: K\nname: n{number}\n"
        assert forms.value(text) is None
        forms.note(text, read_plain(text), read_plain)
    assert forms.value("kind: L\nname: other\n") == {"kind": "L", "name": "other"}
    assert forms.value("kind: L\nname: 1\n") is None
    assert forms.value("kind: L\nname: other\nmore: 1\n") is None


def test_no_form_is_looked_for_among_texts_that_all_differ(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(text_forms, "_MOST_OUTSIDE", 10)
    forms = Forms()
    for number in range(ENOUGH + 10):
        text = f"k{min(number, 10)}: v\n"
        forms.note(text, read_plain(text), read_plain)
    assert forms.value("k10: v\n") is None
