"""The import contracts leave nothing out: every library, format and store has one that is about it."""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import flowctl
from flowctl.views.formats import Format

ROOT = Path(__file__).parents[2]
SOURCE = Path(flowctl.__file__).parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = SETTINGS["tool"]["importlinter"]["contracts"]


def contract(beginning: str) -> Mapping[str, Any]:
    (found,) = [each for each in CONTRACTS if each["name"].startswith(beginning)]
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


@pytest.fixture(scope="module")
def libraries() -> set[str]:
    """What is imported and neither of Python nor of this project."""
    modules = {
        name.split(".")[0]
        for path in SOURCE.rglob("*.py")
        for name in imported(ast.parse(path.read_text(encoding="utf-8")))
    }
    return modules - sys.stdlib_module_names - {"flowctl"}


def test_each_library_has_its_packages(libraries: set[str]) -> None:
    protected = {name for each in CONTRACTS if each["type"] == "protected" for name in each["protected_modules"]}
    assert libraries == {name for name in protected if "." not in name}


def test_each_library_is_installed_with_flowctl(libraries: set[str]) -> None:
    """Not only because another one happens to need it."""
    project = SETTINGS["project"]
    needs = [*project["dependencies"], *project["optional-dependencies"]["parquet"]]
    asked = {each.partition(">=")[0] for each in needs}
    names = {{"yaml": "pyyaml"}.get(name, name.replace("_", "-")) for name in libraries}
    assert names - asked == set()


def test_the_contract_of_formats_names_every_format() -> None:
    rendered = ast.parse((SOURCE / "views/render.py").read_text(encoding="utf-8"))
    modules = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(rendered)
        if isinstance(node, ast.ImportFrom) and node.module == "flowctl.views"
        for alias in node.names
    }
    assert len(modules) == len(Format)
    assert set(contract("A format knows no other format")["modules"]) == modules


def test_the_contracts_of_stores_name_every_store() -> None:
    stores = {f"flowctl.state.{path.parent.name}" for path in (SOURCE / "state").glob("*/__init__.py")}
    assert set(contract("A store knows no other store")["modules"]) == stores
    assert set(contract("Only operations choose")["protected_modules"]) == stores
