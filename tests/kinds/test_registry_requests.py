"""What the kinds of Schema Registry ask and read alike."""

import pytest

from flowctl.kinds.schema_registry import DESCRIPTORS, SCHEMAS, registered


@pytest.mark.parametrize("title", [" a", "a ", 'a"b', "a'b", "a\\b"])
def test_a_title_that_a_filter_cannot_hold_is_looked_for_in_the_whole_list(title: str) -> None:
    assert SCHEMAS.titled(title) == SCHEMAS.all()
    assert SCHEMAS.titled("a b").query == (("property", "title==a b"),)


def test_one_id_is_looked_up_and_several_are_listed() -> None:
    assert SCHEMAS.many(["https://x/a"]).path.endswith("/tenant/schemas/https%3A%2F%2Fx%2Fa")
    assert SCHEMAS.many(["a", "b"]) == SCHEMAS.all()
    assert DESCRIPTORS.all().query == (("limit", "300"),)


@pytest.mark.parametrize(
    ("notes", "created"),
    [
        ({"repo:createdDate": 7, "repo:createDate": 8}, 7),
        ({"repo:createdDate": None, "repo:createDate": 8}, 8),
        ({"repo:createDate": 8}, 8),
        ({}, None),
    ],
)
def test_the_date_of_creation_has_two_names(notes: dict[str, object], created: int | None) -> None:
    assert registered("Schema").created_at({"meta:registryMetadata": notes}) == created
