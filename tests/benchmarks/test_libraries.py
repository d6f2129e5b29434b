"""What is written by hand beside libraries: the comparison runs, and an edit by hand changes nothing else."""

import pytest

from benchmarks import libraries_in_use


def test_edits_and_tables_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries_in_use, "_ROUNDS", 1)
    edits = list(libraries_in_use.yaml_editing())
    assert edits[0].startswith("by hand ")
    assert ", other lines change in 0 of " in edits[0]
    assert [line.split()[0] for line in libraries_in_use.tables()] == ["by", "rich", "tabulate"]
