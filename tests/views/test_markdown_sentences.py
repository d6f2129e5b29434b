"""Messages as Markdown: what stands in back-ticks is code, however much of it there is."""

from flowctl.views.markdown_text import sentence


def test_each_part_in_back_ticks_is_code() -> None:
    assert sentence("Use `a` and `b`, or `c`.").count("<code>") == 3
