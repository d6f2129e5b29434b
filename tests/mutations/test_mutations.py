"""The sample of small changes: each is a program that differs, and the same seed gives the same sample."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.mutations.__main__ import sample  # noqa: E402
from tests.mutations.outcomes import Outcomes  # noqa: E402
from tests.mutations.sites import mutations  # noqa: E402
from tests.mutations.trial import Outcome  # noqa: E402


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("x = a == b", "x = (a != b)"),
        ("x = a and b", "x = ((a) or (b))"),
        ("x = not a", "x = bool(a)"),
        ("if a:\n    f()", "if (not (a)):\n    f()"),
        ("x = é + 1", "x = (é - 1)"),
        ("x = 1", "x = 2"),
        ("def f():\n    return g()", "def f():\n    return None"),
        ("def f():\n    yield 1", "def f():\n    yield from ()"),
        ("f(x=y)", "f(x=None)"),
        ("a.b = c", "pass"),
    ],
)
def test_a_change(source: str, changed: str) -> None:
    assert changed in [change.applied(source.encode()).decode() for change in mutations(source.encode())]


@pytest.mark.parametrize("source", ['"""A docstring."""', "x: int", "import a", "from a import b"])
def test_what_only_readers_see_stays(source: str) -> None:
    assert mutations(source.encode()) == []


def test_every_change_of_a_sample_is_another_program() -> None:
    for module, change in sample(["engine", "state"], 200, seed=1):
        source = (ROOT / module).read_bytes()
        assert ast.dump(ast.parse(change.applied(source))) != ast.dump(ast.parse(source)), f"{module}:{change.line}"


def test_the_same_seed_gives_the_same_sample() -> None:
    assert sample(["engine"], 20, seed=7) == sample(["engine"], 20, seed=7)
    assert sample(["engine"], 20, seed=7) != sample(["engine"], 20, seed=8)


def test_a_stopped_run_knows_what_it_tried(tmp_path: Path) -> None:
    first, second = sample(["engine"], 2, seed=1)
    known = Outcomes(tmp_path / "outcomes.jsonl")
    for red in ("", "tests/engine/test_graph.py::test"):
        known.add(first, Outcome(module=first[0], line=first[1].line, what=first[1].what, red=red, tests=1))
    again = Outcomes(tmp_path / "outcomes.jsonl")
    assert again[first].red == "tests/engine/test_graph.py::test"
    assert (first in again, second in again) == (True, False)
