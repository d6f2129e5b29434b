"""The lockfile's text is byte for byte what the standard library writes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowctl.model.address import Address
from flowctl.state.indented_json import indented

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(_VALUES)
def test_any_value_has_the_text_of_the_standard_library(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"a": {}, "b": []},
        {"b": 1, "a": [1, [2, {"x": ()}]]},
        {Address("a.flow[x]"): Address("b.flow")},
        [Address("a.flow")],
        ("a", 1.0, 1e300, True, None, -0.0, 10**30),
        {"z": '\u2028\x7f\x00"\\é😀'},
        "",
        0,
        False,
    ],
)
def test_these_values_have_the_text_of_the_standard_library(value: Any) -> None:
    assert indented(value) == json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
