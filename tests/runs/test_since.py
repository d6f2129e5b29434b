"""Durations and beginnings in every form, and what is said about the others."""

import pytest

from flowctl.model.durations import Beginning, beginning_of, rfc3339, seconds_of

HOUR = 3600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("90m", 90 * 60),
        ("24h", 24 * HOUR),
        ("24H", 24 * HOUR),
        ("7d", 168 * HOUR),
        ("2w", 336 * HOUR),
        ("1d12h", 36 * HOUR),
        (" 1h ", HOUR),
        ("PT24H", 24 * HOUR),
        ("P1DT2H3M4S", 26 * HOUR + 184),
        ("P2W", 336 * HOUR),
    ],
)
def test_durations(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds
    assert beginning_of(text) == Beginning(ago=seconds)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01", "2026-01-01T00:00:00Z"),
        ("2026-01-01T06:00:00Z", "2026-01-01T06:00:00Z"),
        ("2026-01-01t06:00:00z", "2026-01-01T06:00:00Z"),
        ("2026-01-01T06:00:00+02:00", "2026-01-01T04:00:00Z"),
        ("2026-01-01 06:00:00.5Z", "2026-01-01T06:00:00Z"),
        ("1767225600", "2026-01-01T00:00:00Z"),
        ("1767225600000", "2026-01-01T00:00:00Z"),
    ],
)
def test_moments(text: str, moment: str) -> None:
    assert rfc3339(beginning_of(text).at(0)) == moment


@pytest.mark.parametrize(
    "text",
    ["", "24", "h", "-1h", "1.5h", "24x", "h24", "yesterday", "P", "PT", "2026-13-01", "2026-02-30", "1h 2", "１h"],
)
def test_what_is_neither_is_answered_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a duration such as .*, a day such as .* or a time such as"):
        beginning_of(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0h", "at least 1s"),
        ("PT0S", "at least 1s"),
        ("999999999w", "at most 10 years"),
        ("2026-01-01T06:00:00", "time zone"),
    ],
)
def test_what_is_out_of_bounds_says_so(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        beginning_of(text)


def test_a_duration_counts_back_from_now() -> None:
    assert beginning_of("1h").at(10_000_000) == 6_400_000
