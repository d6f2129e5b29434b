"""What Profile fixes: that a schema takes part in it, and its primary identity; checked before anything is sent."""

from collections.abc import Mapping, Sequence
from typing import Final

from flowctl.kinds.evolution_rules import BY_NAME
from flowctl.kinds.live_check import Desired, LiveCheck, LiveObject, PlannedCheck
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic, SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.resource import RemoteObject

_PROFILE: Final = "profile"
_FIXED: Final = ("type", "sourceSchema", "path", "namespace", "primary")
_ENDS: Final = (Action.DELETE, Action.FORGET)


def profile_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each Schema document that no longer enables its schema, and each primary identity that changes."""
    found = [
        _disabled(change, desired)
        for change in changes
        if change.kind == _PROFILE and change.action in _ENDS and _schema(change) in desired
    ]
    lost = [change for change in changes if change.kind != _PROFILE and _loses_primary(change, desired)]
    reads = {
        schema_id: LiveObject(kind="schema", id=schema_id) for schema_id in sorted({_schema_id(each) for each in lost})
    }
    if not reads:
        return found
    answers = yield tuple(reads.values())
    live = {schema_id: answers.of(read) for schema_id, read in reads.items()}
    return found + [_changed(change, desired) for change in lost if _is_in_profile(live, _schema_id(change))]


def _schema(change: Change) -> Address:
    """The address of the schema that a Schema document declares beside what changes."""
    return Address.of(change.address.name, "schema")


def _schema_id(change: Change) -> str:
    return str((change.observed or {}).get("sourceSchema"))


def _loses_primary(change: Change, desired: Desired) -> bool:
    """Whether a change takes a primary identity from a schema that stays, or makes it another one."""
    before: Mapping[str, JSON] = change.observed or {}
    if before.get("type") != "identity" or before.get("primary") is not True or _schema(change) not in desired:
        return False
    if change.action in (*_ENDS, Action.REPLACE):
        return True
    return any(attribute.steps[0] in _FIXED for attribute in change.attributes)


def _is_in_profile(live: Mapping[str, RemoteObject | None], schema_id: str) -> bool:
    schema = live[schema_id]
    return schema is not None and schema.attributes.get("profile") is True


def _disabled(change: Change, desired: Desired) -> Diagnostic:
    return Diagnostic(
        code="breaking-change",
        summary=f"`{_schema(change)}` stays enabled for Profile, but its document no longer says so",
        detail=f"Experience Platform cannot disable a schema for Profile. {BY_NAME['profile-disabled'].named}",
        hint="Restore `profile: true`. To do without Profile, declare another schema and another dataset.",
        address=change.address,
        span=_place(change, desired),
    )


def _changed(change: Change, desired: Desired) -> Diagnostic:
    before = change.observed or {}
    return Diagnostic(
        code="breaking-change",
        summary=f"`{before['path']}` is the primary identity of `{_schema(change)}`, which is in Profile",
        detail=f"It identifies records by the namespace `{before.get('namespace')}`, and has to stay as it is. "
        f"{BY_NAME['identity-changed'].named}",
        hint=BY_NAME["identity-changed"].cure,
        address=change.address,
        span=_place(change, desired),
    )


def _place(change: Change, desired: Desired) -> SourceSpan | None:
    """The line of the attribute that changes; of the schema where the document no longer has what was declared."""
    resource = desired.get(change.address)
    if resource is None:
        return desired[_schema(change)].place("identities" if change.kind != _PROFILE else _PROFILE)
    steps = next((attribute.steps for attribute in change.attributes if attribute.steps[0] in _FIXED), ())
    return resource.place(*steps)


PROFILE_RULES: Final = PlannedCheck(begin=profile_check)
"""The check that the kinds `descriptor` and `profile` have; it runs once for both."""
