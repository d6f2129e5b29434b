"""The benchmark of a run: it runs every row, and compares with the evaluator of the same mappings."""

from pathlib import Path

from benchmarks.real_run import figures


def test_a_run_of_few_rows_is_measured_beside_the_evaluator(tmp_path: Path) -> None:
    found = list(figures(tmp_path, rows=50, many=0))
    assert [figure.note.endswith("50 records") for figure in found] == [True, False]
    assert "the bare evaluator" in found[1].against
    assert found[1].ratio is not None
    assert found[1].ratio > 0
