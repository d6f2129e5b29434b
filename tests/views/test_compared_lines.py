"""A record beside the emulator, in lines."""

from flowctl.model.comparison_report import ComparedRecord
from flowctl.views.compared import compared_lines


def test_a_line_that_is_left_out_is_told() -> None:
    cut = ComparedRecord(file="r", exchanges=1, compared=1, differing=(), skipped=(), is_cut=True)
    assert [line.text for line in compared_lines(cut)] == [
        "The last line of the record is incomplete and was left out.",
        "Compared 1 of 1 exchange: no difference.",
    ]
