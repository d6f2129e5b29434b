"""Plans that are refused: they delete a protected resource, or more resources than the workspace allows."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flowctl.engine.resolve import unset_secrets
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource
from flowctl.validation.wording import all_of

_GOING: Final = {Action.DELETE: "deletes", Action.REPLACE: "replaces"}


@dataclass(frozen=True, slots=True)
class Limit:
    """The most resources that a plan may delete or replace, and its place in flowctl.yaml. None allows any number."""

    most: int | None
    place: SourceSpan | None = None


def plan_problems(
    changes: Sequence[Change],
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    limit: Limit,
) -> list[Diagnostic]:
    """One error for each document with protected resources that would be deleted, and one if there are too many."""
    going = [change for change in changes if change.action in (Action.DELETE, Action.REPLACE)]
    protected: dict[str, list[Change]] = {}
    for change in going:
        if _prevents_destroy(change.address, desired, entries):
            protected.setdefault(change.address.name, []).append(change)
    problems = [_protected(name, parts, desired) for name, parts in protected.items()]
    problems += _impossible_states(changes, desired)
    if limit.most is not None and len(going) > limit.most:
        problems.append(_too_many(going, limit.most, limit.place))
    return problems


def _too_many(going: Sequence[Change], most: int, place: SourceSpan | None) -> Diagnostic:
    counts = Counter(change.action for change in going)
    deleted = [f"{word} {counts[action]}" for action, word in _GOING.items() if counts[action]]
    resources = "resource" if len(going) == 1 else "resources"
    source = "`maxDelete`" if place is not None else "`--max-delete`"
    return Diagnostic(
        code="too-many-deletions",
        summary=f"the plan {' and '.join(deleted)} {resources}, and {source} allows {most}",
        hint=f"Review the plan. If it is right, run the command with `--max-delete {len(going)}`.",
        span=place,
    )


def _impossible_states(changes: Sequence[Change], desired: Mapping[Address, Resource]) -> Iterator[Diagnostic]:
    """One error for each object whose state no action of the platform leads to the desired one."""
    for change in changes:
        rule = KINDS[change.kind].state
        if rule is None or change.action is not Action.UPDATE:
            continue
        for attribute in change.attributes:
            why = rule.impossible(attribute.before, attribute.after) if attribute.steps == rule.path else ""
            if why and attribute.after is not None:
                yield Diagnostic(
                    code="impossible-state",
                    summary=f"`{change.address}` cannot change from {attribute.before} to {attribute.after}",
                    hint=why,
                    address=change.address,
                    span=desired[change.address].place(*rule.path),
                )


def _protected(name: str, parts: Sequence[Change], desired: Mapping[Address, Resource]) -> Diagnostic:
    """The error for the protected resources of one document, with what forces their replacement."""
    # The cause comes first: a resource that is replaced only because of another one is a consequence.
    first = min(parts, key=lambda change: bool(change.because_of))
    resource = desired.get(first.address)
    actions = " and ".join(dict.fromkeys(str(change.action) for change in parts))
    return Diagnostic(
        code="prevent-destroy",
        summary=f"the plan would {actions} {all_of([f'`{change.address}`' for change in parts])}, but "
        f"`lifecycle.preventDestroy` protects {name}",
        detail=_cause(first),
        hint=_undo(first),
        address=first.address,
        span=_forcing_place(first, resource),
    )


def _cause(change: Change) -> str:
    forced = [f"`{attribute.path}`" for attribute in change.attributes if attribute.forces_replacement]
    if change.because_of:
        return f"{all_of([f'`{address}`' for address in change.because_of])} is replaced, and this forces it."
    return f"{all_of(forced)} of `{change.address}` cannot be updated in place." if forced else ""


def _undo(change: Change) -> str:
    if change.action is Action.DELETE:
        return "Restore the manifest. To delete it, set `preventDestroy` to false, apply, then delete the manifest."
    return "Undo the edit. To make it after all, set `preventDestroy` to false, apply, then edit again."


def _forcing_place(change: Change, resource: Resource | None) -> SourceSpan | None:
    if resource is None:
        return None
    forced = [attribute.steps for attribute in change.attributes if attribute.forces_replacement]
    return resource.place(*forced[0]) if forced else resource.span


def missing_secrets(changes: Sequence[Change], desired: Mapping[Address, Resource]) -> list[Diagnostic]:
    """One error for each secret that has to be sent and is not set."""
    return [
        Diagnostic(
            code="secret-not-set",
            summary=f"the environment variable {secret.variable} is not set",
            detail=f"The value is needed to {change.action} `{change.address}`. Nothing was sent.",
            hint=f"Set it, for example with `export {secret.variable}=...`, and apply again.",
            address=change.address,
            span=desired[change.address].span if change.address in desired else None,
        )
        for change in changes
        if change.action in (Action.CREATE, Action.REPLACE)
        for _, secret in unset_secrets(change.desired)
    ]


def _prevents_destroy(
    address: Address, desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry]
) -> bool:
    holder = desired.get(address) or entries.get(address)
    return holder is not None and holder.lifecycle.prevent_destroy
