"""Texts follow the style of the project: no phrase that reads as translated, one name for each thing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import pages, prose

FORBIDDEN = {
    r"\bany ?more\b": "no longer",
    r"\banew\b": "again, re-create, replace",
    r"(?<!there )(?<!There )\bis no\b(?! longer)": "is not a",
    r"\bwhere there (is|are)\b": "if there is",
    r"\bembedded platform\b": "emulator",
    r"\bserved (emulator|platform)\b": "the emulator",
    r"\bdata sets?\b": "dataset",
    r"\b(a|of|the|some|these|those) texts\b": "strings",
    r"\bsmall letters\b": "lowercase letters",
    r"\bcolours?\b": "color",
    r"\bbehaviours?\b": "behavior",
    r"\bshall\b": "must, will",
    r"\bmend(s|ed|ing)?\b": "fix, repair",
    r"\bby itself\b": "automatically, standalone",
    r"\bsomebody\b": "someone",
    r"\bthe user interface\b": "the Experience Platform UI",
    r"\bafresh\b": "again, over",
    r"\bids\b": "IDs",
    r"\bcures?\b": "what to do",
    r"\bin turns\b": "alternately",
    r"\bbefalls?\b": "happens to",
}
"""What no text says, and what it says instead."""

_PATTERNS = {
    re.compile(pattern, re.IGNORECASE if pattern != r"\bids\b" else 0): better for pattern, better in FORBIDDEN.items()
}
_OLD = {"CHANGELOG.md"}
"""What was written for releases of the past is left as it was."""
_GENERATED = {"cli.md", "state.md", "diagnostics.md", "plan-json.md"}
"""Made of help texts and schemas that still speak the old way."""


def faults(text: str) -> Iterator[str]:
    """The forbidden phrases in a text, each with what to write instead; code in back-ticks does not count."""
    plain = re.sub(r"`[^`\n]*`", "", text)
    for pattern, better in _PATTERNS.items():
        for found in pattern.finditer(plain):
            yield f'"{found[0]}": write {better}'


@pytest.mark.parametrize("page", [page for page in pages() if page.name not in _OLD | _GENERATED], ids=str)
def test_a_page_says_it_plainly(page: Path) -> None:
    assert list(faults(prose(page))) == []
