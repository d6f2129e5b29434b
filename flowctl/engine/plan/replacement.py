"""Replacement: when a change cannot be made in place, and the change that creates an object in place of another."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flowctl.kinds.kind import Kind
from flowctl.kinds.replacing import ProposedChange
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, begins_with, value_at
from flowctl.model.change import Action, AttributeChange, Change, Reason
from flowctl.model.durations import rfc3339
from flowctl.model.json_value import JSONObject
from flowctl.model.resource import OnReplace, Order, RemoteObject, Resource, Unknown


def forced_paths(kind: Kind, changes: tuple[AttributeChange, ...], live: RemoteObject, now: float) -> frozenset[Path]:
    """The places that Experience Platform refuses or ignores to change in place."""
    if kind.update is None:
        return frozenset(change.steps for change in changes)
    return frozenset(
        change.steps
        for change in changes
        if any(begins_with(change.steps, prefix) for prefix in kind.replacement.paths)
        or kind.replacement.decides(
            ProposedChange(path=change.steps, before=change.before, after=change.after, now=now, live=live.attributes)
        )
    )


def replacement(
    kind: Kind,
    resource: Resource,
    desired: JSONObject,
    live: RemoteObject,
    found: tuple[AttributeChange, ...],
    forced: frozenset[Path],
    planned: Mapping[Address, Change],
    drawn_in: frozenset[Address],
    users: tuple[Address, ...],
    now: float,
) -> Change:
    """The change that creates an object in place of a live one.

    `forced` are the places that cannot change in place, `drawn_in` the resources that are replaced with a partner.
    `users` are those whose own replacement needs new ones of what they use.
    """
    adapted, _ = kind.replacement.adapted(desired, resource.on_replace, int(now))
    attributes = tuple(
        AttributeChange(
            steps=change.steps,
            before=change.before,
            after=change.after,
            sensitive=change.sensitive,
            forces_replacement=change.steps in forced,
        )
        for change in found
    )
    forcing = [change for change in attributes if change.forces_replacement]
    own = [change for change in forcing if not _unknown_of(change.after)]
    return Change(
        address=resource.address,
        action=Action.REPLACE,
        reason=Reason.FORCES_REPLACEMENT if own else Reason.DEPENDENCY_REPLACED,
        attributes=attributes,
        desired=desired,
        observed=live.attributes,
        remote_id=live.id,
        etag=live.etag,
        depends_on=resource.depends_on,
        because_of=() if own else _causes(resource, forcing, drawn_in) or users,
        on_replace=resource.on_replace,
        notes=(
            *rule_notes(resource.on_replace),
            *kind.replacement.notes(attributes, adapted, recreated_kinds(resource.depends_on, planned)),
            *state_note(kind, desired),
        ),
    )


def creators_first(resources: Iterable[Resource], used: Address) -> Iterator[Address]:
    """The resources on an object that are created before their predecessor is deleted.

    A pair of connections serves one flow, so two flows at a time need two pairs.
    """
    for resource in resources:
        if resource.on_replace.order is Order.CREATE_FIRST and used in resource.depends_on:
            yield resource.address


def rule_notes(rule: OnReplace) -> tuple[str, ...]:
    """What `lifecycle.onReplace` asks for, in sentences."""
    notes: list[str] = []
    if rule.order is Order.CREATE_FIRST:
        notes.append(
            "lifecycle.onReplace: the old flow is disabled, the new one is created, then the old one is deleted. If "
            "the creation fails, the old one is enabled again."
        )
    schedule = []
    if rule.start_time is not None:
        start = rule.start_time
        schedule.append(f"at {rfc3339(start * 1000)}" if isinstance(start, int) else "when it is created")
    if rule.backfill is not None:
        schedule.append("with backfill" if rule.backfill else "without backfill")
    if schedule:
        notes.append(f"lifecycle.onReplace: the new flow starts {', '.join(schedule)}.")
    return tuple(notes)


def recreated_kinds(needed: Iterable[Address], planned: Mapping[Address, Change]) -> frozenset[str]:
    """The kinds of what is created among these and what they depend on, at any distance."""
    found: set[str] = set()
    for address in needed:
        if planned[address].action in (Action.CREATE, Action.REPLACE):
            found.add(address.kind)
        found |= recreated_kinds(planned[address].depends_on, planned)
    return frozenset(found)


def state_note(kind: Kind, desired: JSONObject) -> tuple[str, ...]:
    """What a person should know of the state in which an object is made."""
    wanted = value_at(desired, kind.state.path, {}) if kind.state is not None else None
    note = kind.state.creation_note(wanted) if kind.state is not None and wanted is not None else ""
    return (note,) if note else ()


def _causes(
    resource: Resource, forcing: Iterable[AttributeChange], drawn_in: frozenset[Address]
) -> tuple[Address, ...]:
    """The resources whose replacement forces this one: those that it refers to, else the partner that draws it in."""
    needed = {address for change in forcing for address in _unknown_of(change.after)}
    return tuple(sorted(needed or resource.replaced_with - drawn_in))


def _unknown_of(value: Any) -> frozenset[Address]:
    """The resources that a value refers to and that are created or changed in the same run."""
    if isinstance(value, Unknown):
        return frozenset([value.address])
    return frozenset().union(*map(_unknown_of, value)) if isinstance(value, list) else frozenset()
