"""A late pattern finds what the pattern itself finds, and is compiled once."""

import re

import pytest

from flowctl.late_pattern import late_pattern


def test_each_method_is_that_of_the_pattern() -> None:
    source, text = r"(?P<letter>[a-z])\d?", "a1, b"
    late, usual = late_pattern(source), re.compile(source)
    for find in ("match", "fullmatch", "search"):
        found, expected = getattr(late, find)(text), getattr(usual, find)(text)
        assert (found and found.groupdict()) == (expected and expected.groupdict())
    assert late.findall(text) == usual.findall(text) == ["a", "b"]
    assert [found.span() for found in late.finditer(text)] == [found.span() for found in usual.finditer(text)]
    assert late.sub("x", text) == usual.sub("x", text) == "x, x"
    assert late.split(text) == usual.split(text)


def test_flags_count() -> None:
    assert late_pattern("a", re.IGNORECASE).match("A")
    assert late_pattern("a").match("A") is None


def test_it_is_compiled_at_its_first_use_and_only_then(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    usual = re.compile
    late = late_pattern("b+")
    with monkeypatch.context() as patch:
        patch.setattr("re.compile", lambda source, flags=0: compiled.append(source) or usual(source, flags))
        assert not compiled
        assert late.match("bb")
        assert late.search("abb")
    assert compiled == ["b+"]


def test_what_is_not_a_method_of_patterns_is_missing() -> None:
    with pytest.raises(AttributeError):
        late_pattern("a").fullmatches("a")  # type: ignore[attr-defined]
