"""The structure that is read from a source, and what holds for this one."""

import re
from pathlib import Path

import pytest

from tests.structure.__main__ import report
from tests.structure.checkout import LAYERS, Checkout

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small(tmp_path: Path) -> Checkout:
    """Two modules that import each other, and one that imports upward."""
    for name, text in {
        "flowctl/__init__.py": "",
        "flowctl/cli/__init__.py": "",
        "flowctl/cli/main.py": "from flowctl.model import plan\n",
        "flowctl/model/__init__.py": "",
        "flowctl/model/plan.py": "def f():\n    from flowctl.model.step import g\n    return g\n",
        "flowctl/model/step.py": "import flowctl.model.plan\n\n\ndef g(): ...\n",
        "flowctl/state/__init__.py": "",
        "flowctl/state/store.py": "from flowctl.cli.main import x\nimport json\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Checkout(tmp_path)


def test_what_runs_up_and_in_circles_is_found(small: Checkout) -> None:
    assert small.arrows_up() == ["flowctl.state.store -> flowctl.cli.main"]
    assert small.circles() == [frozenset({"flowctl.model.plan", "flowctl.model.step"})]


def test_modules_and_functions_are_counted(small: Checkout) -> None:
    assert small.packages() == {"flowctl.cli": 1, "flowctl.model": 2, "flowctl.state": 1}
    assert small.modules["flowctl.model.plan"].longest_function == 3
    assert "| modules | 8 | 8 |" in "\n".join(report(small, small))


def test_nothing_of_this_project_runs_up_or_in_circles() -> None:
    here = Checkout(ROOT)
    assert (here.arrows_up(), here.circles()) == ([], [])


def test_the_layers_are_those_of_the_import_contract() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    contract = text.partition('name = "Layers run one way"')[2].partition("layers = [")[2].partition("]")[0]
    listed = [" ".join(line.strip().strip('",').replace("flowctl.", "").split(" | ")) for line in contract.split("\n")]
    assert [line for line in listed if line] == list(LAYERS)


def test_the_page_has_the_folders_of_today_and_nearly_their_modules() -> None:
    """It is measured beside a checkout of the first release, so not after every new module."""
    text = (ROOT / "docs/project/structure.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(flowctl[\w/]*)` \| \d* \| (\d+) \|$", text, re.MULTILINE)
    told = {name.replace("/", "."): int(count) for name, count in rows}
    found = Checkout(ROOT).packages()
    assert told.keys() == found.keys()
    assert abs(sum(told.values()) - sum(found.values())) <= 0.03 * sum(found.values())
