"""Fields below each other, as far down as they are looked at."""

from typing import Any

from flowctl.kinds.depth import DEEPEST_FIELD
from flowctl.kinds.xdm_fields import entries_of
from flowctl.kinds.xdm_losses import first_lost


def nested(levels: int, **innermost: Any) -> dict[str, Any]:
    """A resource with so many fields, each in the one before."""
    node: dict[str, Any] = {"type": "string", **innermost}
    for _ in range(levels - 1):
        node = {"type": "object", "properties": {"a": node}}
    return {"properties": {"a": node}}


def test_the_deepest_field_has_an_entry() -> None:
    assert len(entries_of(nested(DEEPEST_FIELD))) == DEEPEST_FIELD == 100


def test_what_is_deeper_has_none_and_ends_nothing() -> None:
    assert len(entries_of(nested(5000))) == DEEPEST_FIELD


def test_a_keyword_is_lost_as_deep_as_fields_are_read() -> None:
    assert first_lost(nested(DEEPEST_FIELD, minLength=1), nested(DEEPEST_FIELD)) is not None
