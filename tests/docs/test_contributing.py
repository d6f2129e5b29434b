"""What CONTRIBUTING says about folders is true."""

import re
from pathlib import Path

from surroundings import ROOT


def test_every_folder_of_tests_is_in_the_table_once() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`tests/.*?) \|", text, re.MULTILINE)
    named = [folder for row in rows for folder in re.findall(r"`tests/(\w+)`", row)]
    assert sorted(named) == sorted({path.parent.name for path in (ROOT / "tests").glob("*/*.py")})


def test_every_package_has_its_folder_of_tests() -> None:
    packages = {path.parent.name for path in (ROOT / "flowctl").glob("*/__init__.py")}
    assert packages - {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")} == set()


def test_names_of_test_files_are_unique() -> None:
    """Most folders are no packages, so two modules of one name would be one."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_every_test_file_that_is_named_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    known = {path.name for path in (ROOT / "tests").rglob("*.py")}
    assert set(re.findall(r"`(?:tests/\w+/)?(test_\w+\.py)`", text)) <= known
    assert all(Path(ROOT, name).exists() for name in re.findall(r"`(tests/\w+/\w+\.py)`", text))
