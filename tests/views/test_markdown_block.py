"""The lines of a result as one block of Markdown: nothing empty at its end, a fence of its own, and a cut."""

from flowctl.views.lines import Line
from flowctl.views.markdown_block import lines_markdown


def test_empty_lines_at_the_end_are_left_out_and_others_are_not() -> None:
    lines = [Line(text) for text in ("a", "", "b", "", "")]
    assert lines_markdown("title", lines) == "### title\n\n```text\na\n\nb\n```\n"
    assert lines_markdown("title", [Line()]) == "### title\n\n```text\n```\n"


def test_the_fence_is_longer_than_any_in_the_lines() -> None:
    assert lines_markdown("title", [Line("a ```` b")]) == "### title\n\n`````text\na ```` b\n`````\n"


def test_what_does_not_fit_is_cut_at_a_line() -> None:
    lines = [Line("x" * 99)] * 10
    whole = lines_markdown("title", lines)
    cut = lines_markdown("title", lines, limit=len(whole) - 1)
    assert cut.startswith("> **This comment is cut: it shows 8 of 10 lines.** Run the command to see all of them.\n\n")
    assert cut.count("x" * 99) == 8
    assert len(cut) < len(whole)
