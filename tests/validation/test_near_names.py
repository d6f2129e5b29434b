"""The known word that a mistyped one is closest to."""

import pytest

from flowctl.validation.wording import nearest


@pytest.mark.parametrize(
    ("word", "likeness", "expected"),
    [
        ("schedul", 0.6, "Schedule"),
        ("SCHEDULE", 1.0, "Schedule"),
        ("sched", 0.6, "Schedule"),
        ("sched", 0.9, None),
        ("source", 0.6, None),
    ],
)
def test_a_word_is_near_by_its_letters_whatever_their_case(word: str, likeness: float, expected: str | None) -> None:
    assert nearest(word, ["Schedule", "name"], likeness) == expected
