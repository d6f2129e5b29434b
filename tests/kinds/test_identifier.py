"""The forms of IDs: a whole ID counts, however often it is asked about."""

import pytest

from flowctl.kinds import identifier
from flowctl.kinds.identifier import IdForm, Unclear

UUID = "6d3a1f0a-1111-4222-8333-abcdefabcdef"
HEX = "0123456789abcdef0123456789abcdef"
GOOD = [
    (identifier.FLOW_SERVICE_ID, UUID),
    (identifier.DATASET_ID, HEX[:24]),
    (identifier.MAPPING_SET_ID, HEX),
    (identifier.MAPPING_SET_ID, HEX[:31]),
    (identifier.MAPPING_SET_ID, UUID),
    (identifier.SCHEMA_ALT_ID, "_acme.schemas.a1"),
    (identifier.SCHEMA_ID, "https://ns.adobe.com/acme/schemas/a1"),
    (identifier.FIELD_GROUP_ID, "https://ns.adobe.com/acme/mixins/a1"),
    (identifier.DATA_TYPE_ID, "https://ns.adobe.com/acme/datatypes/a1"),
    (identifier.CLASS_ID, "https://ns.adobe.com/acme/classes/a1"),
    (identifier.DESCRIPTOR_ID, HEX + HEX[:8]),
    (identifier.NAMESPACE_ID, "12"),
]


@pytest.mark.parametrize(("form", "text"), GOOD)
def test_an_id_is_one_as_a_whole(form: IdForm, text: str) -> None:
    for _ in range(2):
        assert form.holds(text)
        assert form.holds(text.upper())
        assert form.read(text) == text
        for wrong in (f"{text}/", f"/{text}", f"{text}\n", text + "é", "", None, 5):
            assert not form.holds(wrong), wrong
            with pytest.raises(Unclear):
                form.read(wrong)


@pytest.mark.parametrize(
    ("value", "read"), [('"1"', '"1"'), ("W/1", "W/1"), ("x" * 256, "x" * 256), ("", None), (None, None)]
)
def test_an_etag_is_text_that_a_header_holds(value: object, read: str | None) -> None:
    assert identifier.etag(value) == read


@pytest.mark.parametrize("value", ["a b", " a", "a ", "a\n", "é", "x" * 257, 5, True, ["a"]])
def test_what_a_header_cannot_hold_is_no_etag(value: object) -> None:
    with pytest.raises(Unclear):
        identifier.etag(value)


def test_many_are_told_at_once_and_are_known_then() -> None:
    form, one = IdForm("[0-9a-f]{24}", "24 hexadecimal characters"), HEX[:24]
    assert form.all_hold([])
    for wrong in (f"{one}/", f"/{one}", f"{one}\n", one + "é", ""):
        assert not form.all_hold([one, wrong]), wrong
    for odd in (None, 5, True, 1.5, ["a"], {"a": 1}, one.encode()):
        assert not form.all_hold([one, odd]), odd
    assert form.all_hold([one, one.upper(), one])
    for wrong in (f"{one}/", ""):
        assert not form.all_hold([one, wrong]), wrong
        assert not form.holds(wrong), wrong
    assert form.holds(one)


def test_forms_know_nothing_of_each_other() -> None:
    assert identifier.FLOW_SERVICE_ID.holds(UUID)
    assert not identifier.DATASET_ID.holds(UUID)
    assert not IdForm("[0-9a-f]{24}", "another form").holds(UUID)
