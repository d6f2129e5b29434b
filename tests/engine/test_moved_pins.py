"""Which versions live objects use in place of those that they were applied with."""

from typing import Any

import pytest

from flowctl.engine.observe.moved_pins import moved_pins
from flowctl.kinds.kind import Pin
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject

FLOW, SET = Address("p.flow"), Address("p.mapping_set")


def _uses(set_id: str, version: object) -> dict[str, Any]:
    return {"transformations": [{"name": "Mapping", "params": {"mappingId": set_id, "mappingVersion": version}}]}


def _moved(live: dict[str, Any], applied: dict[str, Any]) -> dict[Address, Pin]:
    entries = {
        FLOW: LockEntry(kind="flow", id="f", applied=applied),
        SET: LockEntry(kind="mapping_set", id="m"),
    }
    objects = {FLOW: RemoteObject(id="f", etag=None, attributes=live, body={})}
    return moved_pins(entries, objects, KINDS)


@pytest.mark.parametrize(
    ("set_id", "version", "moved"),
    [
        ("m", "1", None),
        ("m", 1, None),
        ("m", "01", None),
        ("m", "2", ("m", "2")),
        ("other", "1", ("other", "1")),
        ("other", "2", ("other", "2")),
    ],
)
def test_another_set_or_another_version_has_moved(set_id: str, version: object, moved: tuple[str, str] | None) -> None:
    pins = {SET: Pin(kind="mapping_set", id=moved[0], version=moved[1])} if moved is not None else {}
    assert _moved(_uses(set_id, version), _uses("m", "1")) == pins


def test_version_zero_is_one_however_it_is_written() -> None:
    assert _moved(_uses("m", "00"), _uses("m", 0)) == {}
    assert _moved(_uses("m", "latest"), _uses("m", 0)).keys() == {SET}


def test_what_uses_nothing_now_or_used_something_unknown_has_not_moved() -> None:
    assert _moved({}, _uses("m", "1")) == {}
    assert _moved(_uses("m", "2"), _uses("unknown", "1")) == {}
