"""Mappings as they are compared and sent."""

from typing import Any

import pytest

from flowctl.manifest.mapping_rows import as_sent


@pytest.mark.parametrize(("value", "sent"), [(5, "5"), (True, "true"), ([1], "[1]"), ("5", "5"), ("", "")])
def test_a_constant_is_sent_as_text(value: Any, sent: str) -> None:
    entry = {"destination": "a", "value": value}
    assert as_sent(entry) == {"destination": "a", "value": sent}
    assert entry["value"] == value


def test_a_mapping_without_a_constant_is_sent_as_it_stands() -> None:
    entry = {"destination": "a", "source": "b"}
    assert as_sent(entry) is entry
