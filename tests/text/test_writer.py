"""What is written as YAML is read as the same, by the reader of manifests and by others."""

from typing import Any

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import given, settings

from flowctl.text.reader import read
from flowctl.text.substitution import expander
from flowctl.text.writer import Substitution, document_text

_TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="ab:#-'\"{}[]!&*%@`|>?,.0123456789 \n\t\\$~=<", max_size=12),
    st.sampled_from(
        ["yes", "No", "null", "~", "1e3", "0x1F", "012", "1_000", ".inf", "2026-12-01", "12:30:45", "true", "=", "<<"]
    ),
)
_KEYS = st.one_of(
    st.text("abcXYZ_${}:'", min_size=1, max_size=5), st.sampled_from(["${", "$${", "${env:A}", "1", "yes", "<<"])
)
_VALUES = st.recursive(
    st.one_of(_TEXTS, st.booleans(), st.integers(-(10**15), 10**15)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_KEYS, inner, max_size=3)),
    max_leaves=12,
)


def _read(text: str) -> Any:
    reading = read(text, expander({}, {}))
    assert [problem for problem in reading.problems if not problem.warning] == []
    (built,) = reading.documents
    return built.value


@given(st.dictionaries(st.sampled_from(["kind", "title", "params", "rows"]), _VALUES, min_size=1))
@settings(max_examples=200, deadline=None)
def test_what_is_written_is_read_again(content: dict[str, Any]) -> None:
    assert _read(document_text(content)) == content


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_other_readers_see_the_same_strings(text: str) -> None:
    written = document_text({"a": text, "b": [text], "c": {"d": text}})
    if "${" not in text:
        assert yaml.safe_load(written) == {"a": text, "b": [text], "c": {"d": text}}


def test_a_substitution_stays_and_everything_like_it_is_escaped() -> None:
    text = document_text({"secret": Substitution("${env:TOKEN}"), "title": "costs ${env:TOKEN}"})
    assert text == 'secret: "${env:TOKEN}"\ntitle: "costs $${env:TOKEN}"\n'


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"metadata": {"name": "orders"}}, "metadata: {name: orders}\n"),
        ({"a": {"b": {"c": 1}, "d": 2}}, "a:\n  b: {c: 1}\n  d: 2\n"),
        ({"rows": [{"source": "Id", "destination": "_id"}]}, "rows:\n  - {source: Id, destination: _id}\n"),
        ({"none": {}, "nothing": []}, "none: {}\nnothing: []\n"),
        ({"e": 'say "x"'}, "e: 'say \"x\"'\n"),
        ({"t": "2026-12-01T00:00:00Z"}, "t: 2026-12-01T00:00:00Z\n"),
    ],
)
def test_short_things_stand_on_one_line(content: dict[str, Any], wanted: str) -> None:
    assert document_text(content) == wanted
