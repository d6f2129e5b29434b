"""Start times to epoch seconds."""

import pytest

from flowctl.manifest.times import epoch_seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1796083200, 1796083200),
        ("1591043454", 1591043454),
        ("2026-12-01T00:00:00Z", 1796083200),
        ("2026-12-01t00:00:00z", 1796083200),
        ("2026-12-01 09:00:00+09:00", 1796083200),
        ("2026-11-30T19:00:00-05:00", 1796083200),
        ("2026-12-01T00:00:00.000Z", 1796083200),
        (1796083200.0, 1796083200),
    ],
)
def test_seconds(value, seconds):
    assert epoch_seconds(value) == seconds


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-12-01", "is not a valid time"),
        ("2026-12-01T00:00:00", "has no time zone"),
        ("2026-12-01T00:00:00.5Z", "fractions of a second"),
        ("2026-13-01T00:00:00Z", "is a time that does not exist"),
        ("2026-12-01T00:00:60Z", "is a time that does not exist"),
        ("2026-12-01T00:00:00+25:00", "is a time that does not exist"),
        ("1969-12-31T23:59:59Z", "before 1970"),
        (1796083200000, "is in milliseconds instead of seconds"),
        (-1, "before 1970"),
        (True, "is not a valid time"),
        (1.5, "is not a valid time"),
        ("١٢٣", "is not a valid time"),
        ("", "is not a valid time"),
    ],
)
def test_words(value, words):
    with pytest.raises(ValueError, match=words):
        epoch_seconds(value)
