"""Property tests draw the same values whatever ran before them."""

import importlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [f"constant {number}" for number in range(1000)]


@pytest.mark.skipif(
    settings.get_current_profile_name() == "search", reason="the profile `search` draws constants of modules too"
)
def test_no_constant_of_a_loaded_module_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "module_of_words.py").write_text(f"WORDS = {WORDS!r}\n")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("module_of_words")
    drawn = []

    @settings(max_examples=500, deadline=None)
    @given(st.text())
    def draws(value: str) -> None:
        drawn.append(value)

    draws()
    assert not set(drawn) & set(WORDS)
