"""Addresses: their parts, their form, and where they stand in a sorted list."""

import pytest

from flowctl.model.address import WITHOUT_KEY, Address, assigned, is_address


@pytest.mark.parametrize(
    ("text", "name", "kind", "key"),
    [
        ("hubspot-contacts.flow", "hubspot-contacts", "flow", None),
        ("crm-contact.descriptor[_acme.crm.id]", "crm-contact", "descriptor", "_acme.crm.id"),
        ("crm.descriptor[https://ns.adobe.com/a:b=c d]", "crm", "descriptor", "https://ns.adobe.com/a:b=c d"),
        ("a.source_connection[x]", "a", "source_connection", "x"),
        ("a.b.flow", "a.b", "flow", None),
        ("flow", "", "flow", None),
        (".flow", "", "flow", None),
    ],
)
def test_an_address_has_a_name_a_kind_and_perhaps_a_key(text: str, name: str, kind: str, key: str | None) -> None:
    address = Address(text)
    assert (address.name, address.kind, address.key) == (name, kind, key)
    if name:
        assert Address.of(name, kind, key) == text
        assert address.renamed("other") == Address.of("other", kind, key)


@pytest.mark.parametrize("text", ["a.flow", "a-1.source_connection", "0.flow", "a._"])
def test_an_address_without_a_key_has_the_form_of_every_version(text: str) -> None:
    assert is_address(text)
    assert WITHOUT_KEY.match(text)


@pytest.mark.parametrize(
    "key", ["x", "_acme.crm.id", "/a/b", "a:b", "a b", "a=b", "é", '"', "'", "\\", "$x", "`x`", "{a}", "(a)", "*", "😀"]
)
def test_a_key_may_hold_what_names_and_paths_need(key: str) -> None:
    address = Address.of("a", "descriptor", key)
    assert is_address(address)
    assert not (isinstance(address, str) and WITHOUT_KEY.match(address))
    assert address.key == key


@pytest.mark.parametrize(
    "key",
    [
        *("", " ", " x", "x ", "\u00a0x", "x\u3000", "[", "]", "a[0]", "[a]", "a]", "a[", "a\nb", "a\tb", "a\x00b"),
        *("a\x7fb", "a\x85b", "a\u2028b", "a\u2029b", "a\ud800b"),
    ],
)
def test_a_key_holds_no_bracket_no_control_character_and_no_blank_at_its_ends(key: str) -> None:
    assert not is_address(Address.of("a", "descriptor", key))


@pytest.mark.parametrize(
    "value",
    [
        *("", "flow", "a.", ".flow", "A.flow", "-a.flow", "a.Flow", "a.b.flow", "a.flow\n", "a.flow[", "a.flow[x"),
        *("a.flow]", "a.flow[x]y", "a.flow[x]\n", "a.flow[x].y", "[x]", "a[x].flow", "a.[x]", " a.flow", None, 7),
        ["a.flow"],
    ],
)
def test_anything_else_is_not_an_address(value: object) -> None:
    assert not is_address(value)
    assert not (isinstance(value, str) and WITHOUT_KEY.match(value))


def test_addresses_sort_as_strings_so_that_a_key_follows_its_kind() -> None:
    ordered = ["a-b.schema", "a.descriptor", "a.descriptor[a.b]", "a.descriptor[b]", "a.schema", "b.schema"]
    assert sorted(map(Address, reversed(ordered))) == ordered


@pytest.mark.parametrize(
    ("text", "address", "object_id"),
    [
        ("a.flow=7", "a.flow", "7"),
        ("a.schema=https://x?a=b", "a.schema", "https://x?a=b"),
        ("a.descriptor[x=y]=7", "a.descriptor[x=y]", "7"),
        ("a.descriptor[x]=7=8]", "a.descriptor[x]", "7=8]"),
        ("a.flow", "a.flow", ""),
        ("a.flow=", "a.flow", ""),
        ("=7", "", "7"),
        ("a.descriptor[x", "a.descriptor[x", ""),
        ("a.flow=[x]=7", "a.flow", "[x]=7"),
    ],
)
def test_an_assignment_is_an_address_and_an_id(text: str, address: str, object_id: str) -> None:
    assert assigned(text) == (address, object_id)
