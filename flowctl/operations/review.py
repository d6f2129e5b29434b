"""Review: a plan with all that a reviewer is told about it, and its digest, by which it is approved."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.graph import Declaration, declarations
from flowctl.masking.secret_values import SecretValues
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path
from flowctl.model.change import Action, Change, Origin
from flowctl.model.diagnostic import SourceSpan, has_errors
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSON
from flowctl.model.plan import Plan
from flowctl.model.resource import Resource

if TYPE_CHECKING:
    from flowctl.state.planfile_document import SavedPlan

_AT_APPLY: Final = -1
"""What stands for the time at which an object will be created."""


def reviewed(plan: Plan, manifests: Manifests | None, recorded: Callable[[], Iterable[Address]]) -> Plan:
    """The plan with the pipeline, the labels, the place and the schedule of each change.

    `recorded` gives the entries of the lockfile, which a plan without changes does not have to decode.
    """
    if not plan.changes:
        return plan
    # A plan that deletes everything is made whatever the manifests say: wrong ones describe nothing.
    documents = manifests.documents if manifests is not None and not has_errors(manifests.diagnostics) else ()
    declared = declarations(documents, frozenset(change.address for change in plan.changes))
    pipelines = _pipelines(recorded())
    origins = {
        change.address: _origin(change, declared.get(change.address), pipelines)
        for change in sorted(plan.changes, key=lambda change: _file(declared.get(change.address)))
    }
    changes = tuple(
        replace(change, origin=origins[change.address], schedule=_schedule(change)) for change in plan.changes
    )
    return replace(plan, changes=changes)


def digest_of(plan: Plan, secrets: SecretValues) -> str:
    """The digest by which a plan is approved."""
    from flowctl.state.review_digest import review_digest, sent_digests  # only for a plan that someone must approve

    return review_digest(plan, sent_digests(plan, secrets), secrets)


def saved_digest(saved: "SavedPlan") -> str:
    """The digest of a saved plan as its file shows it; empty if an earlier release saved it, without what it sends."""
    if saved.plan.changes and not saved.sends:
        return ""
    from flowctl.state.review_digest import review_digest

    return review_digest(saved.plan, saved.sends, SecretValues())


def check_expected(plan: Plan, expected: str | None, secrets: SecretValues) -> None:
    """Raise StateError unless this is the plan that was approved; one with errors is refused for those."""
    if expected is None or has_errors(plan.diagnostics):
        return
    found = digest_of(plan, secrets)
    if found != expected:
        raise StateError.because(
            "plan-not-expected",
            "the plan is not the one that `--expect-digest` names",
            detail=f"Its digest is {found}. A manifest, a live object or the lockfile changed after the review.",
            hint="Nothing was changed. Run `flowctl plan` with the same options and review the new plan.",
        )


def _file(declaration: Declaration | None) -> str:
    """Where places are looked up: each file is composed once if they are asked for file by file."""
    return declaration.document.file if declaration is not None else ""


def _origin(change: Change, declaration: Declaration | None, pipelines: Set[str]) -> Origin:
    """Where a change comes from; `pipelines` are the names of the recorded ones, which manifests may no longer have."""
    address = change.address
    if declaration is None:
        was_in_pipeline = KINDS[address.kind].in_pipeline and address.name in pipelines
        return Origin(pipeline=address.name if was_in_pipeline else None)
    labels = declaration.document.at("metadata", "labels") or {}
    return Origin(
        pipeline=address.name if _pipelines(declaration.together) else None,
        labels={str(name): str(value) for name, value in labels.items()},
        span=_place(change, declaration.resource),
    )


def _schedule(change: Change) -> Mapping[str, JSON] | None:
    """The whole schedule of an object, if it changes or if the object is new; without a start that is not known yet."""
    kind = KINDS[change.kind]
    name = kind.schedule
    if name is None or change.action in (Action.DELETE, Action.FORGET):
        return None
    is_new = change.action in (Action.CREATE, Action.REPLACE)
    value = change.desired.get(name)
    if is_new and isinstance(value, Mapping):
        value = kind.replacement.adapted({name: value}, change.on_replace, _AT_APPLY)[0][name]
        value = {key: part for key, part in value.items() if part != _AT_APPLY}
    is_told = isinstance(value, Mapping) and (is_new or any(each.steps[0] == name for each in change.attributes))
    return value if is_told else None


def _place(change: Change, resource: Resource) -> SourceSpan | None:
    """The place of what forces a replacement, else of the first value that changes, else of the resource."""
    if change.action is Action.CREATE:
        return resource.span
    forcing: Sequence[Path] = [each.steps for each in change.attributes if each.forces_replacement]
    paths = forcing or [each.steps for each in change.attributes]
    return resource.place(*paths[0]) if paths else resource.span


def _pipelines(addresses: Iterable[Address]) -> frozenset[str]:
    return frozenset(address.name for address in addresses if KINDS[address.kind].is_pipeline)
