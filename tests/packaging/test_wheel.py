"""What goes into the wheel, from the build settings: building one needs a network, so `.ci/run` does that."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from surroundings import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
WHEEL = SETTINGS["tool"]["hatch"]["build"]["targets"]["wheel"]


def wheel_files() -> Iterator[Path]:
    """The files of the wheel, by their place in it."""
    for package in WHEEL["packages"]:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT / Path(package).parent)
    for source, place in WHEEL["force-include"].items():
        for path in (ROOT / source).rglob("*"):
            if path.is_file():
                yield Path(place) / path.relative_to(ROOT / source)


def test_the_wheel_holds_the_schemas() -> None:
    held = {str(path) for path in wheel_files()}
    for path in (ROOT / "schemas").rglob("*.json"):
        assert f"flowctl/schemas/{path.relative_to(ROOT / 'schemas')}" in held


def test_the_wheel_holds_the_pages_that_explanations_name() -> None:
    held = {str(path) for path in wheel_files()}
    for folder in ("concepts", "connectors", "guides", "reference"):
        for page in (ROOT / "docs" / folder).glob("*.md"):
            assert f"flowctl/docs/{folder}/{page.name}" in held


def test_the_wheel_holds_only_the_package() -> None:
    assert {path.parts[0] for path in wheel_files()} == {"flowctl"}
    assert not [path for path in wheel_files() if "tests" in path.parts or path.name.startswith("test_")]


def test_the_wheel_holds_the_data_of_its_libraries_and_the_type_marker() -> None:
    held = {str(path) for path in wheel_files()}
    assert "flowctl/py.typed" in held
    assert {"flowctl/xdm/data/standard.jsonl", "flowctl/dataprep/data/signatures.txt"} <= held


def test_the_settings_name_files_that_exist() -> None:
    project = SETTINGS["project"]
    for name in (
        project["readme"],
        *project["license-files"],
        *SETTINGS["tool"]["hatch"]["build"]["targets"]["sdist"]["include"],
    ):
        assert (ROOT / name).exists(), name
