"""The sample of small changes: each is a program that differs, and the same seed gives the same sample."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.mutations.__main__ import sample  # noqa: E402
from tests.mutations.nearness import Nearness  # noqa: E402
from tests.mutations.outcomes import RECORDED, Outcome, Outcomes, read  # noqa: E402
from tests.mutations.sites import Mutation, mutations  # noqa: E402


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
        known.add(Outcome.of(first, red))
    again = Outcomes(tmp_path / "outcomes.jsonl")
    assert again.get(first) == Outcome.of(first, "tests/engine/test_graph.py::test")
    assert again.get(second) is None


def test_a_change_keeps_its_name_while_other_functions_change() -> None:
    source = b"def f():\n    return g(1, 1)\n"
    before = {_name(change) for change in mutations(source)}
    after = {_name(change) for change in mutations(b"def e():\n    return g(1)\n\n\n" + source)}
    assert before < after
    assert ("f", "1 becomes 2", "1", 2) in before


def _name(change: Mutation) -> tuple[str, str, str, int]:
    return change.scope, change.what, change.before, change.number


def test_the_nearest_tests_come_first_and_slow_ones_last() -> None:
    files = Nearness(ROOT).files("flowctl/engine/plan/planner.py", "def plan_changes(inputs: PlanInput): ...")
    assert "tests/engine/test_planner.py" in files[:3]
    assert files[-1].split("/")[1] in ("faults", "property", "trust", "ci")


def test_every_recorded_outcome_has_a_test_or_a_reason() -> None:
    for outcome in read(RECORDED):
        file, _, name = outcome.red.partition("::")
        assert outcome.equal or name.partition("[")[0] in (ROOT / file).read_text(encoding="utf-8"), outcome
