"""Texts follow the style of the project: no phrase that reads as translated, one name for each thing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import pages, prose
from surroundings import ROOT, SCHEMAS
from texts import Call, calls, code_texts, descriptions, texts

from flowctl.model.codes import AREAS
from flowctl.model.codes.code import DiagnosticCode

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

ACTIONS = {
    "add", "begin", "change", "check", "choose", "close", "compare", "correct", "create", "delete", "enable", "enter",
    "escape", "fix", "format", "free", "join", "map", "number", "test",
    "give", "if", "indent", "install", "keep", "look", "move", "put", "read", "refer", "remove", "rename",
    "report", "resolve", "restore", "review", "run", "save", "set", "split", "undo", "use", "wait", "write",
}  # fmt: skip
"""The verbs with which an action begins."""

_PATTERNS = {
    re.compile(pattern, re.IGNORECASE if pattern != r"\bids\b" else 0): better for pattern, better in FORBIDDEN.items()
}
_OLD = {"CHANGELOG.md"}
"""What was written for releases of the past is left as it was."""
_GENERATED: set[str] = set()
"""Pages made of texts that still speak the old way."""
_SCHEMAS = sorted(path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json"))
_FOLDERS = ("manifest", "settings", "specs", "state", "text", "validation")
"""Folders of the package whose diagnostics are read here."""


def faults(text: str) -> Iterator[str]:
    """The forbidden phrases in a text, each with what to write instead; code in back-ticks does not count."""
    plain = re.sub(r"`[^`\n]*`", "", text)
    for pattern, better in _PATTERNS.items():
        for found in pattern.finditer(plain):
            yield f'"{found[0]}": write {better}'


@pytest.mark.parametrize("page", [page for page in pages() if page.name not in _OLD | _GENERATED], ids=str)
def test_a_page_says_it_plainly(page: Path) -> None:
    assert list(faults(prose(page))) == []


def test_what_is_unreleased_is_told_plainly() -> None:
    unreleased = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").split("\n## ")[1]
    entries = [" ".join(entry.split()) for entry in re.split(r"\n(?=- )", unreleased)[1:]]
    assert list(faults(unreleased)) == []
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize("name", _SCHEMAS)
def test_a_schema_says_it_plainly(name: str) -> None:
    assert [fault for text in descriptions(name) for fault in faults(text)] == []


@pytest.mark.parametrize(("code", "text"), list(code_texts()))
def test_a_code_says_it_plainly(code: str, text: str) -> None:
    assert list(faults(text)) == [], code
    assert not re.search(r"\b(the platform|user interface|anew|id)\b", re.sub(r"`[^`]*`", "", text))


@pytest.mark.parametrize("call", calls(*_FOLDERS), ids=lambda call: call.place)
def test_a_diagnostic_says_it_plainly(call: Call) -> None:
    assert [fault for text in call.texts() for fault in faults(text)] == []


@pytest.mark.parametrize("call", calls(*_FOLDERS), ids=lambda call: call.place)
def test_a_summary_begins_in_lowercase_and_has_no_full_stop(call: Call) -> None:
    summary = call.parts.get("summary", call.parts.get("message"))
    if isinstance(summary, ast.Constant | ast.JoinedStr):
        (text, *_) = texts(summary)
        assert not text.endswith(".")
        assert not re.match(r"[A-Z][a-z]", text)


@pytest.mark.parametrize("call", calls(*_FOLDERS), ids=lambda call: call.place)
def test_a_diagnostic_has_an_action(call: Call) -> None:
    hint = call.parts.get("hint")
    assert hint is not None
    assert not (isinstance(hint, ast.Constant) and not hint.value)
    if isinstance(hint, ast.IfExp):
        assert all(not isinstance(part, ast.Constant) or part.value for part in (hint.body, hint.orelse))


@pytest.mark.parametrize("row", [row for area in AREAS for row in area.codes], ids=lambda row: row.code)
def test_what_to_do_begins_with_a_verb(row: DiagnosticCode) -> None:
    first = row.cure.removeprefix("400: ").split()[0].rstrip(",:").lower()
    assert first in ACTIONS
