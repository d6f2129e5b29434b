"""The live checks of kinds as conversations in values: what they ask, and what they make of the answers."""

from collections.abc import Sequence
from typing import cast

import pytest

from flowctl.kinds.flow_service import USED_BY_FLOWS
from flowctl.kinds.identifier import Unclear
from flowctl.kinds.live_check import Answers, LiveCheck, LiveObject, Read
from flowctl.kinds.preflight.profile_tags import enabled_schema_check
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import RemoteObject, Resource

DATASET = Address("orders.dataset")
SCHEMA = "https://ns.adobe.com/acme/schemas/1"
TAGGED: JSONObject = {"tags": {"unifiedProfile": ["enabled:true"]}, "schemaRef": {"id": SCHEMA}}
ENABLED = RemoteObject(id=SCHEMA, etag=None, attributes={}, body={"meta:immutableTags": ["union"]})
PLAIN = RemoteObject(id=SCHEMA, etag=None, attributes={}, body={})


def ended(check: LiveCheck, answer: object) -> tuple[Sequence[Read[object]], Sequence[Diagnostic]]:
    """What a check asks, and what it finds if everything is answered so."""
    reads = next(check)
    with pytest.raises(StopIteration) as end:
        check.send(Answers(dict.fromkeys(reads, answer)))
    return reads, cast(Sequence[Diagnostic], end.value.value)


def check_of(action: Action, *changed: str) -> LiveCheck:
    change = Change(
        address=DATASET,
        action=action,
        reason=Reason.ATTRIBUTES_CHANGED,
        attributes=tuple(AttributeChange(steps=(name,)) for name in changed),
        desired=TAGGED,
    )
    return enabled_schema_check([change, change], {DATASET: Resource(address=DATASET, attributes=TAGGED)})


@pytest.mark.parametrize("live", [None, PLAIN])
@pytest.mark.parametrize(
    ("action", "changed"), [(Action.CREATE, "tags"), (Action.UPDATE, "tags"), (Action.REPLACE, "schemaRef")]
)
def test_a_schema_that_is_not_enabled_is_an_error_of_each_dataset(
    action: Action, changed: str, live: RemoteObject | None
) -> None:
    reads, found = ended(check_of(action, changed), live)
    assert [(type(read), read.kind, read.id) for read in reads if isinstance(read, LiveObject)] == [
        (LiveObject, "schema", SCHEMA)
    ]
    assert [each.code for each in found] == ["schema-not-enabled"] * 2


def test_an_enabled_schema_is_right() -> None:
    assert ended(check_of(Action.CREATE, "tags"), ENABLED)[1] == []


@pytest.mark.parametrize(("action", "changed"), [(Action.UPDATE, "name"), (Action.DELETE, "tags")])
def test_tags_that_are_not_sent_ask_nothing(action: Action, changed: str) -> None:
    with pytest.raises(StopIteration) as end:
        next(check_of(action, changed))
    assert end.value.value == ()


def test_a_flow_names_the_connections_at_both_of_its_ends() -> None:
    assert USED_BY_FLOWS.ids({"sourceConnectionIds": ["a", "b"], "targetConnectionIds": ["c"]}) == ("a", "b", "c")
    assert USED_BY_FLOWS.ids({}) == ()
    with pytest.raises(Unclear):
        USED_BY_FLOWS.ids({"targetConnectionIds": "c"})


@pytest.mark.parametrize(
    ("kind", "body", "who"),
    [
        ("flow", {"updatedClient": "ui", "updatedBy": "me", "updatedAt": 7}, ("me", "ui", 7)),
        ("connection", {"updatedBy": "me"}, ("me", None, None)),
        ("dataset", {"updatedClient": "ui", "updatedUser": "me", "updated": 7}, ("me", "ui", 7)),
        ("mapping_set", {"modifiedBy": "me", "modifiedDate": 7}, ("me", None, 7)),
        ("schema", {"updatedClient": "ui"}, (None, None, None)),
        (
            "schema",
            {
                "meta:registryMetadata": {
                    "xdm:lastModifiedUserId": "me",
                    "xdm:lastModifiedClientId": "ui",
                    "repo:lastModifiedDate": 7,
                }
            },
            ("me", "ui", 7),
        ),
    ],
)
def test_who_changed_an_object_last(
    kind: str, body: JSONObject, who: tuple[str | None, str | None, int | None]
) -> None:
    provenance = KINDS[kind].provenance
    assert (provenance.updated_by(body), provenance.updated_client(body), provenance.updated_at(body)) == who


@pytest.mark.parametrize(("kind", "status"), [("flow", "enabled"), ("dataset", "enabled"), ("schema", None)])
def test_the_state_of_an_object(kind: str, status: str | None) -> None:
    assert KINDS[kind].status({"state": "enabled"}) == status


def test_a_version_is_read_from_the_output_that_the_kind_declares() -> None:
    assert KINDS["mapping_set"].version({"version": "3"}) == "3"
    assert KINDS["mapping_set"].version({}) == ""
    assert KINDS["flow"].version({"version": "3"}) == ""


def test_one_kind_stands_for_a_pipeline() -> None:
    assert [kind.name for kind in KINDS.values() if kind.is_pipeline] == ["flow"]


def test_a_version_is_asked_for_by_its_number() -> None:
    versions = KINDS["mapping_set"].versions
    assert versions is not None
    assert versions.read("0123", "3").query == (("version", "3"),)
    assert versions.read("0123", "").query == ()
