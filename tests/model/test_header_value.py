"""What can stand in a header of a request."""

import re

import pytest

from flowctl.model.header_value import LONGEST, is_sendable

_SENDABLE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
"""RFC 9110, section 5.5, without what it only allows for the sake of old programs."""


@pytest.mark.parametrize("code", [*range(0x180), 0x2028, 0xD800, 0xFEFF, 0x1F600])
@pytest.mark.parametrize("form", ["{}", "a{}", "{}a", "a{}b", "a{0}{0}b"])
def test_a_character_can_stand_where_the_pattern_allows_it(code: int, form: str) -> None:
    value = form.format(chr(code))
    assert is_sendable(value) == (_SENDABLE.fullmatch(value) is not None)


@pytest.mark.parametrize(
    ("value", "can_stand"),
    [("", False), ("x" * LONGEST, True), ("x" * (LONGEST + 1), False), (None, False), (5, False), (b"x", False)],
)
def test_a_value_is_text_that_is_not_empty_and_not_endless(value: object, can_stand: bool) -> None:
    assert is_sendable(value) == can_stand
