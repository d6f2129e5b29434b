"""Datasets enabled for Profile: whether their schema is enabled too, checked before anything is sent."""

from collections.abc import Sequence
from typing import Final

from flowctl.kinds.live_check import Desired, LiveCheck, LiveObject
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.resource import Reference, RemoteObject, Unknown

_WRITES = (Action.CREATE, Action.UPDATE, Action.REPLACE)
_PROFILE: Final = "profile"
PROFILE_TAGS: Final = ("unifiedProfile", "unifiedIdentity")


def enabled_schema_check(changes: Sequence[Change], desired: Desired) -> LiveCheck:
    """One error for each planned dataset with tags for Profile or Identity whose schema is not in the union."""
    tagged = [
        (change, tag) for change in changes if change.action in _WRITES and (tag := _enabling(change)) is not None
    ]
    named = {str(schema) for change, _ in tagged if not isinstance(schema := _schema(change), Unknown)}
    reads = {schema_id: LiveObject(kind="schema", id=schema_id) for schema_id in sorted(named)}
    if not tagged:
        return ()
    answers = yield tuple(reads.values())
    enabled = {schema_id for schema_id, read in reads.items() if _is_enabled(answers.of(read))}
    return [
        _problem(change, tag, desired)
        for change, tag in tagged
        if str(_schema(change)) not in enabled and not _is_about_to_be(change, desired)
    ]


def _enabling(change: Change) -> str | None:
    """The tag by which a change enables a dataset; None where the tags stay as they are."""
    tags = change.desired.get("tags") or {}
    if change.action is Action.UPDATE and not any(attribute.steps[0] == "tags" for attribute in change.attributes):
        return None
    return next((tag for tag in PROFILE_TAGS if "enabled:true" in (tags.get(tag) or ())), None)


def _schema(change: Change) -> object:
    return change.desired["schemaRef"]["id"]


def _is_enabled(live: RemoteObject | None) -> bool:
    return live is not None and "union" in (live.body.get("meta:immutableTags") or ())


def _is_about_to_be(change: Change, desired: Desired) -> bool:
    """Whether the manifests enable the schema of a dataset."""
    schema = desired[change.address].attributes["schemaRef"]["id"]
    return isinstance(schema, Reference) and Address.of(schema.address.name, _PROFILE) in desired


def _problem(change: Change, tag: str, desired: Desired) -> Diagnostic:
    schema = _schema(change)
    is_new = isinstance(schema, Unknown)
    name = str(schema.address) if isinstance(schema, Unknown) else str(schema)
    return Diagnostic(
        code="schema-not-enabled",
        summary=f"the tag `{tag}` enables `{change.address}`, but its schema is not enabled for Profile",
        detail=f"`{name}` is created in the same run, and nothing enables it."
        if is_new
        else f"Experience Platform would reject it, because the schema `{name}` does not have the tag `union`.",
        hint=f"Write `profile: true` in the Schema document, or remove the tag `{tag}`."
        if is_new
        else f"Enable the schema for Profile, with `profile: true` in its document or in the Experience Platform UI, "
        f"or remove the tag `{tag}`.",
        address=change.address,
        span=desired[change.address].place("tags", tag),
    )
