"""What accepting drift would write: the value in its own type, the place in the manifest, or why there is none."""

from pathlib import Path
from typing import Any

import pytest
from surroundings import EXAMPLES

from flowctl.manifest.reading.in_memory import beside
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.address import Address
from flowctl.model.drift_report import DriftedObject
from flowctl.model.plan import DriftedAttribute
from flowctl.model.resource import Resource
from flowctl.operations.accepting.proposals import NO_MANIFEST, Owner, Proposal, edits_of, propose
from flowctl.text.edit import REMOVED, Edit

FLOW, SET = Address("partner-files.flow"), Address("partner-files.mapping_set")
FILES = (
    "pipelines/partner-files.yaml",
    "datasets/customers.yaml",
    "schemas/customer.yaml",
    "connections/landing-bucket.yaml",
)


def _owner(address: Address, old: str = "", new: str = "") -> Owner:
    """The owner of a resource of an example, with an edit of its file."""
    texts = {file: Path(EXAMPLES, file).read_text(encoding="utf-8") for file in FILES}
    assert old in texts[FILES[0]]
    texts[FILES[0]] = texts[FILES[0]].replace(old, new)
    texts[FILES[3]] = texts[FILES[3]].replace("${", "{")
    documents, _ = beside([], texts)
    known = {(document.kind, document.name): document for document in documents}
    document = known["Pipeline", "partner-files"]
    resources: dict[Address, Resource] = {
        resource.address: resource for resource in DOCUMENT_KINDS["Pipeline"].expand(document, known)
    }
    return Owner(document=document, resource=resources[address])


def _proposals(address: Address, owner: Owner | None, *attributes: tuple[tuple[str, ...], Any, Any]) -> list[Proposal]:
    drifted = tuple(DriftedAttribute(steps=steps, recorded=old, observed=new) for steps, old, new in attributes)
    applied: dict[str, Any] = owner.resource.attributes if owner is not None else {}  # type: ignore[assignment]
    return list(propose(DriftedObject(address=address, id="1", attributes=drifted), owner, applied))


@pytest.mark.parametrize(
    ("steps", "observed", "path", "value"),
    [
        (("scheduleParams", "interval"), "2", ("schedule", "interval"), 2),
        (("scheduleParams", "interval"), "2.0", ("schedule", "interval"), 2),
        (("scheduleParams", "interval"), 3, ("schedule", "interval"), 3),
        (("scheduleParams", "interval"), "often", ("schedule", "interval"), "often"),
        (("scheduleParams", "backfill"), "TRUE", ("schedule", "backfill"), True),
        (("scheduleParams", "backfill"), "perhaps", ("schedule", "backfill"), "perhaps"),
        (("options", "partialIngestionPercent"), "7", ("options", "partialIngestionPercent"), 7),
        (("options", "partialIngestionPercent"), "7.5", ("options", "partialIngestionPercent"), 7.5),
        (("options", "partialIngestionPercent"), "most", ("options", "partialIngestionPercent"), "most"),
        (("scheduleParams", "frequency"), "week", ("schedule", "frequency"), "week"),
        (("options", "partialIngestionPercent"), None, ("options", "partialIngestionPercent"), REMOVED),
    ],
)
def test_a_live_value_has_the_type_of_its_attribute(
    steps: tuple[str, ...], observed: Any, path: tuple[str, ...], value: Any
) -> None:
    (proposal,) = _proposals(FLOW, _owner(FLOW), (steps, None, observed))
    assert proposal.edit == Edit(path=path, value=value)
    assert proposal.edit is not None
    assert type(proposal.edit.value) is type(value)
    assert (proposal.why_not, proposal.follows) == ("", None)


def test_without_a_manifest_nothing_can_be_written() -> None:
    (proposal,) = _proposals(FLOW, None, (("name",), "a", "b"))
    assert (proposal.why_not, proposal.edit) == (NO_MANIFEST, None)


def test_what_refers_to_another_object_follows_it() -> None:
    steps = ("transformations", "[Mapping]", "params", "mappingId")
    (proposal,) = _proposals(FLOW, _owner(FLOW), (steps, "a", "b"))
    assert (proposal.follows, proposal.edit, proposal.why_not) == (SET, None, "")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("interval: 1", "interval: ${env:OFTEN}", "its value comes from `${env:OFTEN}`"),
        ("interval: 1", "interval: '${env:A}${env:B}'", "its value comes from `${env:A}`, `${env:B}`"),
        ("interval: 1", "interval: '$${a}'", "it has an escaped `${`"),
        ("interval: 1", "interval: &often 1", "it has an anchor or a tag"),
    ],
)
def test_a_value_that_something_else_gives_cannot_be_edited(old: str, new: str, why: str) -> None:
    (proposal,) = _proposals(FLOW, _owner(FLOW, old, new), (("scheduleParams", "interval"), 1, 2))
    assert proposal.why_not == why


def test_places_of_an_item_are_one_group_and_a_set_is_one() -> None:
    owner = _owner(FLOW)
    copied = ("transformations", "[Copy]", "params")
    two = _proposals(FLOW, owner, ((*copied, "a"), 1, 2), ((*copied, "b"), 1, 2), (("name",), "a", "b"))
    assert [proposal.group for proposal in two] == [
        (FLOW, copied[:2]),
        (FLOW, copied[:2]),
        (FLOW, ("name",)),
    ]
    rows = _proposals(SET, _owner(SET), (("mappings", "[_id]", "source"), "a", "b"), (("xdmSchema",), "a", "b"))
    assert [proposal.group for proposal in rows] == [(SET, ()), (SET, ())]


def _edits(*attributes: tuple[tuple[str, ...], Any, Any]) -> list[Edit]:
    found = edits_of(_proposals(SET, _owner(SET), *attributes))
    return [edit for edits in found.values() for edit in edits]


ROW = ("mappings", "[_id]")


def test_a_key_that_takes_the_place_of_another_is_renamed() -> None:
    edits = _edits(((*ROW, "source"), "customer_id", None), ((*ROW, "expression"), None, "upper(a)"))
    assert edits == [Edit(path=("mappings", 0, "source"), value="upper(a)", renamed="expression")]
    edits = _edits(((*ROW, "expression"), None, "upper(a)"), ((*ROW, "source"), "customer_id", None))
    assert edits == [Edit(path=("mappings", 0, "source"), value="upper(a)", renamed="expression")]


def test_only_one_new_key_takes_the_place_of_one_that_is_gone() -> None:
    edits = _edits(
        ((*ROW, "source"), "customer_id", None),
        ((*ROW, "expression"), None, "upper(a)"),
        ((*ROW, "identityGroup"), None, "g"),
    )
    assert edits == [
        Edit(path=("mappings", 0, "source"), value="upper(a)", renamed="expression"),
        Edit(path=("mappings", 0, "identityGroup"), value="g"),
    ]


def test_a_key_of_another_item_is_not_renamed() -> None:
    other = ("mappings", "[person.name.firstName]")
    edits = _edits(((*ROW, "source"), "customer_id", None), ((*other, "identityGroup"), None, "g"))
    assert edits == [
        Edit(path=("mappings", 1, "identityGroup"), value="g"),
        Edit(path=("mappings", 0, "source"), value=REMOVED),
    ]


def test_what_is_written_already_is_not_written_again() -> None:
    assert _edits(((*ROW, "source"), "old", "customer_id"), ((*ROW, "identityGroup"), None, "g")) == [
        Edit(path=("mappings", 0, "identityGroup"), value="g")
    ]


@pytest.mark.parametrize(
    ("steps", "outcome"),
    [
        (("scheduleParams", "interval"), "edit"),
        (("flowSpec", "id"), "why_not"),
        (("transformations", "[Mapping]", "params", "mappingVersion"), "follows"),
    ],
)
def test_every_proposal_has_its_owner_and_one_outcome(steps: tuple[str, ...], outcome: str) -> None:
    owner = _owner(FLOW)
    (proposal,) = _proposals(FLOW, owner, (steps, 1, 2))
    assert (proposal.owner, proposal.address, proposal.attribute.steps) == (owner, FLOW, steps)
    assert [name for name in ("edit", "why_not", "follows") if getattr(proposal, name)] == [outcome]


def test_a_proposal_without_an_edit_hides_no_later_edit() -> None:
    follows = ("transformations", "[Mapping]", "params", "mappingVersion")
    proposals = _proposals(FLOW, _owner(FLOW), (follows, 0, 1), (("scheduleParams", "interval"), 1, 2))
    (edits,) = edits_of([*_proposals(FLOW, None, (("name",), "a", "b")), *proposals]).values()
    assert edits == [Edit(path=("schedule", "interval"), value=2)]
