"""Schema documents of live schemas: which descriptors they declare, and paths without the tenant ID."""

from typing import Any

import pytest

from flowctl.manifest.collapse.dataset import dataset
from flowctl.manifest.collapse.schema import left_out
from flowctl.manifest.collapse.subject import Subject
from flowctl.model.tenant import without_tenant
from flowctl.text.writer import Substitution

REFERENCE = {"type": "reference", "sourceSchema": "one", "path": "a", "namespace": "Email"}
RELATIONSHIP = {
    "type": "relationship",
    "sourceSchema": "one",
    "path": "a",
    "destinationSchema": "two",
    "destinationPath": "b",
}
IDENTITY = {"type": "identity", "sourceSchema": "two", "path": "b", "namespace": "Email", "primary": True}
NAMES = {"two": "second"}


def subject(**members: Any) -> Subject:
    return Subject(**{"name": "x", "attributes": {}, "refers": {}, "variable": str, **members})


def test_a_relationship_is_declared_with_all_that_belongs_to_it() -> None:
    assert left_out([REFERENCE, RELATIONSHIP], [IDENTITY], NAMES) == {}


@pytest.mark.parametrize(
    ("own", "others", "names", "why"),
    [
        ([REFERENCE, RELATIONSHIP], [{**IDENTITY, "namespace": "Phone"}], NAMES, "the field that it leads to is not"),
        ([REFERENCE, RELATIONSHIP], [{**IDENTITY, "path": "c"}], NAMES, "the field that it leads to is not"),
        ([REFERENCE, RELATIONSHIP], [IDENTITY], {}, "the schema two that it leads to has no manifest"),
        ([REFERENCE, {**RELATIONSHIP, "path": "z"}], [IDENTITY], NAMES, "its field has no re"),
    ],
)
def test_both_descriptors_of_another_relationship_are_left_out(
    own: list[Any], others: list[Any], names: dict[str, str], why: str
) -> None:
    found = left_out(own, others, names)
    assert [*found] == [0, 1]
    assert all(reason.startswith(why) for reason in found.values())


def test_the_second_descriptor_of_a_type_and_a_field_is_left_out() -> None:
    twice = [IDENTITY, {**IDENTITY, "namespace": "Phone"}]
    assert left_out(twice, twice, {}) == {1: "another descriptor of its type is that of the same field"}


@pytest.mark.parametrize(
    ("tags", "is_enabled", "is_short"),
    [
        ({"unifiedProfile": ["enabled:true"], "unifiedIdentity": ["enabled:true"]}, True, True),
        ({"unifiedProfile": ["enabled:true"], "unifiedIdentity": ["enabled:true"]}, False, False),
        ({"unifiedProfile": ["enabled:true"]}, True, False),
        ({"unifiedProfile": ["enabled:false"], "unifiedIdentity": ["enabled:true"]}, True, False),
    ],
)
def test_a_dataset_of_a_schema_in_profile_says_so(tags: Any, is_enabled: bool, is_short: bool) -> None:
    attributes = {"dataset": {"name": "d", "schemaRef": {"id": "one"}, "tags": tags}}
    found = dataset(subject(attributes=attributes, refers={"schema": "one"}, used={"schema": {"profile": is_enabled}}))
    assert ("profile" in found, "tags" in found) == (is_short, not is_short)


def test_paths_have_no_tenant_id() -> None:
    assert without_tenant("_acme.a", "acme") == "_${tenant}.a"
    assert without_tenant("_acme", "acme") == "_${tenant}"
    assert without_tenant("_acmex.a", "acme") == "_acmex.a"
    assert without_tenant("_TENANT.a", "") == "_TENANT.a"
    assert isinstance(subject(tenant="acme").portable("_acme.a"), Substitution)
    for odd in ('_acme["a"]', '_acme.a"b', "_acme.${a}"):
        assert not isinstance(subject(tenant="acme").portable(odd), Substitution)
