"""What became of tests is found by their names, wherever they are."""

from pathlib import Path

import pytest

from tests.structure.kept_tests import known_tests, report


@pytest.fixture
def checkouts(tmp_path: Path) -> tuple[Path, Path]:
    """One with three tests, and one in which a test moved, one asks for less and one is gone."""
    for name, text in {
        "before/tests/unit/test_a.py": "def test_one(): assert a\ndef test_two():\n    assert a\n    assert b\n",
        "before/tests/unit/test_b.py": "def test_three():\n    assert c\n",
        "after/tests/model/test_c.py": "def test_one(): assert a\ndef test_two(): assert a\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "before", tmp_path / "after"


def test_a_test_that_moved_is_kept_and_what_asks_for_less_is_named(checkouts: tuple[Path, Path]) -> None:
    before, after = map(known_tests, checkouts)
    assert list(report(before, after)) == [
        "3 tests before, 2 now",
        "1 have the same body, 1 another one, 1 are gone by name",
        "1 have fewer assertions",
        "fewer: tests/model/test_c.py test_two",
        "gone: tests/unit/test_b.py test_three",
    ]
