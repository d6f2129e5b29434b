"""Who made and who changed an object, by the members that each kind's service has for it."""

from typing import Any

import pytest

from flowctl.kinds.registry import KINDS

SERVICE = {
    "createdAt": 1,
    "createdBy": "a",
    "updatedAt": 2,
    "updatedBy": "b",
    "updatedClient": "c",
}
REGISTRY = {
    "meta:registryMetadata": {
        "repo:createdDate": 1,
        "xdm:createdUserId": "a",
        "repo:lastModifiedDate": 2,
        "xdm:lastModifiedUserId": "b",
        "xdm:lastModifiedClientId": "c",
    }
}


def _told(kind: str, body: Any) -> tuple[object, ...]:
    provenance = KINDS[kind].provenance
    return (
        provenance.created_at(body),
        provenance.created_by(body),
        provenance.updated_at(body),
        provenance.updated_by(body),
        provenance.updated_client(body),
    )


@pytest.mark.parametrize(("kind", "body"), [("flow", SERVICE), ("connection", SERVICE), ("schema", REGISTRY)])
def test_the_members_of_each_service_are_read(kind: str, body: Any) -> None:
    assert _told(kind, body) == (1, "a", 2, "b", "c")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [{}, {"meta:registryMetadata": None}])
def test_nothing_is_told_where_the_members_are_missing(kind: str, body: Any) -> None:
    assert _told(kind, body) == (None,) * 5


def test_a_schema_may_spell_its_creation_in_another_way() -> None:
    body = {"meta:registryMetadata": {"repo:createDate": 1}}
    assert KINDS["schema"].provenance.created_at(body) == 1
