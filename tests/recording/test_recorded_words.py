"""The words of Adobe's descriptions that a record keeps are those of the descriptions."""

import json
from pathlib import Path

import pytest

from .words import DATA, words_of


@pytest.mark.contract
def test_the_words_are_those_of_the_descriptions(descriptions_folder: Path) -> None:
    assert json.loads(DATA.read_text(encoding="utf-8")) == words_of(descriptions_folder)
