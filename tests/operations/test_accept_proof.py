"""Which proposals hold: those after which the manifests can be read, edited, and declare what is live."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from surroundings import Workspace

from flowctl.manifest.document import Manifests
from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.errors import ManifestError
from flowctl.model.plan import DriftedAttribute
from flowctl.model.record import LockEntry
from flowctl.model.resource import RemoteObject
from flowctl.operations.accepting.proof import Proof
from flowctl.operations.accepting.proposals import Owner, Proposal
from flowctl.operations.validate import load_manifests
from flowctl.settings.workspace import find
from flowctl.text.edit import Edit

FILES, SHOP = "pipelines/partner-files.yaml", "pipelines/shop-customers.yaml"
FREQUENCY = ("scheduleParams", "frequency")
Reload = Callable[[Mapping[str, bytes]], Manifests]


def _reload(workspace: Workspace) -> Reload:
    def reload(edited: Mapping[str, bytes]) -> Manifests:
        return load_manifests(
            find(workspace.root), environment="dev", overrides={}, environ={}, secrets=SecretValues(), edited=edited
        )

    return reload


def _proposal(workspace: Workspace, file: str = FILES, value: str = "week", **members: Any) -> Proposal:
    """The frequency of a pipeline becomes another one."""
    name = file.removeprefix("pipelines/").removesuffix(".yaml")
    document = next(each for each in _reload(workspace)({}).documents if each.name == name)
    owner = Owner(document=document, resource=None)  # type: ignore[arg-type]
    attribute = DriftedAttribute(steps=FREQUENCY, recorded="day", observed=value)
    edit = Edit(path=("schedule", "frequency"), value=value)
    proposal = Proposal(address=Address(f"{name}.flow"), attribute=attribute, owner=owner, edit=edit)
    return replace(proposal, **members)


def _judged(
    workspace: Workspace, proposals: list[Proposal], reload: Reload | None = None, live: str = "week"
) -> tuple[list[Address], dict[Address, str]]:
    """The addresses of what holds, and why the others do not; every live flow has one frequency."""
    addresses = {proposal.address for proposal in proposals}
    objects = {
        address: RemoteObject(id="1", etag=None, attributes={"scheduleParams": {"frequency": live}}, body={})
        for address in addresses
    }
    entries = {address: LockEntry(kind=address.kind, id="1") for address in addresses}
    session: Any = SimpleNamespace(workspace=SimpleNamespace(root=workspace.root))
    found: Any = SimpleNamespace(live=objects)
    proof = Proof(session, found, entries, reload or _reload(workspace))
    accepted, texts, _ = proof.accepted(proposals)
    edited = {proposal.owner.document.file for proposal in accepted if proposal.owner is not None and proposal.edit}
    assert texts.keys() == edited
    return (
        [proposal.address for proposal in accepted],
        {proposal.address: proposal.why_not for proposal in proof.judged if proposal.why_not},
    )


ONE, TWO = Address("partner-files.flow"), Address("shop-customers.flow")


def test_what_holds_is_accepted(examples: Workspace) -> None:
    assert _judged(examples, [_proposal(examples), _proposal(examples, SHOP)]) == ([ONE, TWO], {})


def test_a_value_that_is_not_the_live_one_is_not_accepted(examples: Workspace) -> None:
    proposals = [_proposal(examples), _proposal(examples, SHOP, "day")]
    assert _judged(examples, proposals) == ([ONE], {TWO: "the manifest would not lead to the live value"})


def test_a_place_that_cannot_be_edited_leaves_only_what_is_there(examples: Workspace) -> None:
    examples.edit(SHOP, "frequency: hour", "frequency: &often hour")
    accepted, left = _judged(examples, [_proposal(examples), _proposal(examples, SHOP)])
    assert (accepted, left) == ([ONE], {TWO: "it has an anchor or a tag"})


def _wrong(file: str, span: str | None, reload: Reload, severity: Severity = Severity.ERROR) -> Reload:
    """Manifests with a problem, in a file or in none, as soon as a file is edited."""

    def wrong(edited: Mapping[str, bytes]) -> Manifests:
        manifests = reload(edited)
        if file not in edited:
            return manifests
        place = SourceSpan(file=span, line=1, column=1) if span is not None else None
        problem = Diagnostic(code="c", severity=severity, summary="the problem", span=place)
        return manifests._replace(diagnostics=(problem,))

    return wrong


def test_an_error_leaves_what_is_in_its_file(examples: Workspace) -> None:
    proposals = [_proposal(examples), _proposal(examples, SHOP)]
    found = _judged(examples, proposals, _wrong(SHOP, SHOP, _reload(examples)))
    assert found == ([ONE], {TWO: "the manifest would be wrong: the problem"})


@pytest.mark.parametrize("span", ["elsewhere.yaml", None])
def test_an_error_elsewhere_leaves_everything(examples: Workspace, span: str | None) -> None:
    proposals = [_proposal(examples), _proposal(examples, SHOP)]
    why = "the manifest would be wrong: the problem"
    assert _judged(examples, proposals, _wrong(SHOP, span, _reload(examples))) == ([], {ONE: why, TWO: why})


def test_a_warning_leaves_nothing(examples: Workspace) -> None:
    reload = _wrong(FILES, FILES, _reload(examples), Severity.WARNING)
    assert _judged(examples, [_proposal(examples)], reload) == ([ONE], {})


def test_an_error_without_an_edit_is_raised(examples: Workspace) -> None:
    examples.edit(SHOP, "dataset: customers", "dataset: custmers")
    with pytest.raises(ManifestError):
        _judged(examples, [_proposal(examples, why_not="it is not wanted")])


def test_of_a_group_all_are_accepted_or_none(examples: Workspace) -> None:
    first = _proposal(examples, why_not="it is not wanted")
    again, other = _proposal(examples), _proposal(examples, SHOP)
    assert _judged(examples, [first, again, other]) == ([TWO], {ONE: "it is not wanted"})


def test_what_follows_something_that_is_left_is_left(examples: Workspace) -> None:
    left = _proposal(examples, SHOP, why_not="it is not wanted")
    follower = _proposal(examples, edit=None, follows=TWO)
    assert _judged(examples, [left, follower]) == (
        [],
        {TWO: "it is not wanted", ONE: f"`{TWO}` is not accepted"},
    )
