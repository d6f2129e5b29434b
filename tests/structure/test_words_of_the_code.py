"""Words of the code as CONTRIBUTING explains them: one has one meaning, and docstrings have one mood."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import flowctl

SOURCE = Path(flowctl.__file__).parent
HOMES = {
    r"settle": (
        "cli/commands/state.py",
        "engine/recover/",
        "model/",
        "operations/state_care.py",
        "state/",
        "views/listed",
    ),
    r"buried": ("state/",),
    r"situation|patience|expectation$": (),
    r"^(utils?|helpers?|managers?|handlers?)$": (),
}
"""Words and where alone a name may have them: `buried` is an event of journals, `settle` a command and an event."""
NO_MOOD = re.compile(r"(Returns|Yields|Answers|Makes|Reads|Writes|Tells|Finds|Gives|Takes|Raises|Sends)\b")
"""How a description begins that is neither an order nor a noun."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def names(place: str, tree: ast.Module) -> Iterator[str]:
    yield place.rpartition("/")[2].removesuffix(".py")
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


@pytest.mark.parametrize("word", HOMES)
def test_a_word_has_its_home(word: str) -> None:
    found = [
        f"{place}: {name}"
        for place, tree in modules()
        if not place.startswith(HOMES[word])
        for name in names(place, tree)
        if re.search(word, name.strip("_"), re.IGNORECASE)
    ]
    assert found == []


def test_a_description_is_an_order_or_a_noun() -> None:
    found = [
        f"{place}:{node.lineno}: {text.splitlines()[0]}"
        for place, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (text := ast.get_docstring(node))
        if NO_MOOD.match(text)
    ]
    assert found == []
