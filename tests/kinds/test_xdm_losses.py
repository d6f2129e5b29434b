"""What a manifest cannot say of a live field group or descriptor, and what only looks as if it were lost."""

from typing import Any

import pytest

from flowctl.kinds.registry import KINDS
from flowctl.kinds.registry_parts import own_parts
from flowctl.kinds.xdm_fields import properties_of
from flowctl.model.request import Reply

PROFILE = "https://ns.adobe.com/xdm/context/profile"
ADDRESS = "https://ns.adobe.com/xdm/common/address"
OWN = "https://ns.adobe.com/acme/mixins/0a1b"


def group(field: Any, **members: Any) -> dict[str, Any]:
    return {
        "$id": OWN,
        "title": "Odd",
        "type": "object",
        "meta:intendedToExtend": [PROFILE],
        "definitions": {"any": {"properties": {"_acme": {"properties": {"odd": field}}}}},
        "allOf": [{"$ref": "#/definitions/any"}],
        **members,
    }


def obstacle(kind: str, body: dict[str, Any]) -> str | None:
    (live,) = KINDS[kind].objects(Reply(status=200, headers={}, body=body))
    return KINDS[kind].obstacle(live)


@pytest.mark.parametrize(
    "field",
    [
        {"type": "string", "enum": ["b", "a"], "meta:enum": {"a": "a", "b": "b"}},
        {"type": "string", "enum": ["b", "a"], "meta:enum": {"a": "Ay"}},
        {"properties": {"in": {"type": "string", "title": ""}}},
        {"$ref": ADDRESS, "type": "object", "meta:xdmType": "object"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "integer", "meta:xdmType": "int", "meta:xdmField": "xdm:odd"},
    ],
)
def test_what_means_the_same_is_not_lost(field: dict[str, Any]) -> None:
    assert obstacle("field_group", group(field)) is None


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        (group({"$ref": ADDRESS, "properties": {"more": {"type": "string"}}}), "the field `_acme.odd.more`"),
        (group({"type": "string", "const": "x"}), "`const` of the field `_acme.odd`"),
        (group({"type": "string"}, **{"meta:status": "deprecated"}), "its `meta:status`"),
        (group({"type": "string"}, allOf=[{"$ref": ADDRESS}]), f"that it is made of `{ADDRESS}`"),
        (group({"type": "object", "properties": {"a": {"type": ["string", "null"]}}}), "`type` of the field"),
    ],
)
def test_what_no_key_describes_is_named(body: dict[str, Any], lost: str) -> None:
    assert str(obstacle("field_group", body)).startswith(f"no key of a manifest describes {lost}")


IDENTITY = {
    "@id": "a" * 40,
    "@type": "xdm:descriptorIdentity",
    "xdm:sourceSchema": "https://ns.adobe.com/acme/schemas/0a1b",
    "xdm:sourceProperty": ["/_acme/id"],
    "xdm:namespace": "Email",
}


def test_a_descriptor_may_leave_out_what_is_meant_anyway() -> None:
    assert obstacle("descriptor", IDENTITY) is None
    assert obstacle("descriptor", {**IDENTITY, "xdm:sourceVersion": "1", "xdm:isPrimary": False}) is None


@pytest.mark.parametrize(
    ("member", "value"),
    [("xdm:sourceVersion", 2), ("xdm:property", "xdm:id"), ("xdm:other", "x"), ("xdm:sourceProperty", ["/a", "/b"])],
)
def test_a_descriptor_that_says_more_is_told(member: str, value: Any) -> None:
    assert obstacle("descriptor", {**IDENTITY, member: value}) == f"no key of a manifest describes its `{member}`"


def test_resources_of_adobe_are_no_parts_of_an_organization() -> None:
    standard = (
        "https://ns.adobe.com/xdm/mixins/profile-consents",
        "https://ns.adobe.com/experience/classes/x",
        PROFILE,
    )
    assert [*own_parts([*standard, None, OWN])] == [*own_parts([OWN])]
    assert [(use.kind, use.id) for use in own_parts([OWN])] == [("field_group", OWN)]


def test_values_without_labels_are_sent_without_labels() -> None:
    sent = properties_of([{"path": "a", "type": "string", "enum": ["x"]}])
    assert sent["properties"]["a"] == {"type": "string", "enum": ["x"]}
    labelled = properties_of([{"path": "a", "type": "string", "enum": ["x", "y"], "labels": {"x": "X"}}])
    assert labelled["properties"]["a"]["meta:enum"] == {"x": "X", "y": "y"}
