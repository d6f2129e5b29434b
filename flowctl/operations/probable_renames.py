"""Probable renames: a document that is gone and a new one of the same content are a question for the author."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from flowctl.engine.plan.equivalence import alike, canonical
from flowctl.engine.plan.places import leaves
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.attribute_path import Path, value_at
from flowctl.model.change import Action, Change, Reason
from flowctl.model.diagnostic import Diagnostic, Severity
from flowctl.model.json_value import JSON
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource, Sensitive, Unknown
from flowctl.validation.wording import code

_Part: TypeAlias = tuple[str, str | None]
"""What tells the resources of a document apart: the kind and the key."""
_Value: TypeAlias = tuple[_Part, Path, str]
"""A value of a document, with its place."""


def probable_renames(
    changes: Sequence[Change], entries: Mapping[Address, LockEntry], desired: Mapping[Address, Resource]
) -> Iterator[Diagnostic]:
    """A warning for each new document with the content of one that the plan removes."""
    gone: dict[str, dict[_Part, LockEntry]] = {}
    new: dict[str, dict[_Part, Change]] = {}
    for change in changes:
        address = change.address
        part = (address.kind, address.key)
        entry = entries.get(address)
        if entry is not None and address not in desired and entry.id == change.remote_id:
            gone.setdefault(address.name, {})[part] = entry
        elif change.action is Action.CREATE and change.reason is Reason.NOT_RECORDED:
            new.setdefault(address.name, {})[part] = change
    index = _index(gone) if new else {}
    for name, made in new.items():
        old = next((old for old in _candidates(made, index) if old in gone and _are_alike(made, gone[old])), None)
        if old is not None:
            del gone[old]
            first = next((each for each in made.values() if KINDS[each.kind].is_pipeline), None)
            yield _question(old, name, desired[(first or next(iter(made.values()))).address])


def _index(gone: Mapping[str, Mapping[_Part, LockEntry]]) -> Mapping[_Value, Sequence[str]]:
    """The names of removed documents by each value that they have: many are not compared with many."""
    found: dict[_Value, list[str]] = {}
    for name, parts in gone.items():
        for part, entry in parts.items():
            for path, value in leaves(entry.applied, KINDS[entry.kind].keyed_lists):
                found.setdefault((part, path, str(canonical(value))), []).append(name)
    return found


def _candidates(made: Mapping[_Part, Change], index: Mapping[_Value, Sequence[str]]) -> Sequence[str]:
    """The removed documents that have the rarest value of a new one."""
    shared = (
        index.get((part, path, str(canonical(value))), ())
        for part, change in made.items()
        for path, value in leaves(change.desired, KINDS[change.kind].keyed_lists)
        if path != (KINDS[change.kind].label,) and not _is_open(value)
    )
    return min(shared, key=len, default=())


def _are_alike(made: Mapping[_Part, Change], parts: Mapping[_Part, LockEntry]) -> bool:
    return made.keys() == parts.keys() and all(_is_alike(change, parts[part]) for part, change in made.items())


def _is_alike(change: Change, entry: LockEntry) -> bool:
    """Whether a new object is as a recorded one, apart from titles, secrets and the IDs of other new objects."""
    kind = KINDS[change.kind]
    forms = kind.forms(change.desired)
    for path, value in leaves(change.desired, kind.keyed_lists):
        recorded = value_at(entry.applied, path, kind.keyed_lists)
        if path != (kind.label,) and not _is_open(value) and not alike(forms, path, recorded, value):
            return False
    return all(
        path == (kind.label,) or value_at(change.desired, path, kind.keyed_lists) is not None
        for path, _ in leaves(entry.applied, kind.keyed_lists)
    )


def _is_open(value: JSON) -> bool:
    """Whether a value tells nothing: a secret, or what is known only after apply."""
    return isinstance(value, Unknown | Sensitive) or (isinstance(value, list) and any(map(_is_open, value)))


def _question(old: str, new: str, resource: Resource) -> Diagnostic:
    return Diagnostic(
        code="probable-rename",
        severity=Severity.WARNING,
        summary=f"{code(new)} has the content of {code(old)}, which the plan removes: was it renamed?",
        hint=f"If so, add `moved: [{{from: {old}, to: {new}}}]` to flowctl.yaml: then nothing is created or deleted.",
        address=resource.address,
        span=resource.span,
    )
