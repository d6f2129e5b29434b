"""The plan of a plan file from its JSON object, read strictly: the file may have been edited by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from flowctl.model.address import Address, is_address
from flowctl.model.change import Action, AttributeChange, Change, Effect, Note, Origin, Reason
from flowctl.model.diagnostic import Diagnostic, Severity, SourceSpan
from flowctl.model.json_value import JSON
from flowctl.model.moves import MovedEntry
from flowctl.model.plan import Drift, DriftedAttribute, IgnoredAttribute
from flowctl.state.entry_format import Malformed
from flowctl.state.planfile_writing import SECRET

T = TypeVar("T")
_CHANGE: Final = {
    *("address", "action", "reason", "id", "becauseOf", "attributes", "notes"),
    *("pipeline", "labels", "span", "schedule"),
}
"""The members of a change; those of the second line were not there at first."""


def changes_from_json(members: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes of a plan. Raises Malformed."""
    return tuple(_with_needs(change, members) for change in _each(members, "changes", _change))


def kept_from_json(members: Mapping[str, Any]) -> tuple[Change, ...]:
    """What stays as it is, as changes that do nothing. Raises Malformed."""
    kept = _each(
        members,
        "kept",
        lambda item: Change(address=_address({"address": item}), action=Action.NO_OP, reason=Reason.UP_TO_DATE),
    )
    return tuple(_with_needs(change, members) for change in kept)


def drift_from_json(members: Mapping[str, Any]) -> tuple[Drift, ...]:
    """What was changed outside flowctl. Raises Malformed."""
    return _each(members, "drift", _drift)


def ignored_from_json(members: Mapping[str, Any]) -> tuple[IgnoredAttribute, ...]:
    """The differences that a plan leaves as they are; files of earlier releases have none. Raises Malformed."""
    return _each(members, "ignored", _ignored)


def moved_from_json(members: Mapping[str, Any]) -> tuple[MovedEntry, ...]:
    """The lockfile entries that move; files of earlier releases have none. Raises Malformed."""
    return _each(members, "moved", _moved)


def diagnostics_from_json(members: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """The diagnostics of a plan. Raises Malformed."""
    return _each(members, "diagnostics", _diagnostic)


def _change(item: JSON) -> Change:
    members = _object(item, _CHANGE)
    action = _member_of(Action, members, "action")
    if action is Action.NO_OP:
        raise Malformed("action must be something that is done", "action")
    return Change(
        address=_address(members),
        action=action,
        reason=_member_of(Reason, members, "reason"),
        attributes=_each(members, "attributes", _attribute),
        remote_id=_text_or_none(members, "id"),
        because_of=_each(members, "becauseOf", lambda item: _address({"address": item})),
        notes=_each(members, "notes", _note),
        origin=_origin(members),
        schedule=_object(members["schedule"]) if "schedule" in members else None,
    )


def _with_needs(change: Change, members: Mapping[str, Any]) -> Change:
    """The change with what its resource depends on."""
    needs = members.get("dependsOn", {})
    if type(needs) is not dict:
        raise Malformed("dependsOn must be an object", "dependsOn")
    needed = _each(needs, change.address, lambda item: _address({"address": item}))
    return replace(change, depends_on=frozenset(needed)) if needed else change


def _note(item: JSON) -> str:
    if isinstance(item, str):
        return item
    members = _object(item, {"text", "effect"})
    return Note(_string(members.get("text")), _member_of(Effect, members, "effect"))


def _origin(members: Mapping[str, Any]) -> Origin:
    labels = members.get("labels", {})
    if type(labels) is not dict:
        raise Malformed("labels must be an object", "labels")
    return Origin(
        pipeline=_text_or_none(members, "pipeline"),
        labels={name: _string(value) for name, value in labels.items()},
        span=_span(members["span"]) if "span" in members else None,
    )


def _attribute(item: JSON) -> AttributeChange:
    members = _object(item, {"path", "before", "after", "sensitive", "forcesReplacement"})
    before, after, sensitive = members.get("before"), members.get("after"), _flag(members, "sensitive")
    if sensitive and not {type(before), type(after)} <= {str, type(None)}:
        raise Malformed("a secret must be hidden", "sensitive")
    if sensitive and not {before, after} <= {SECRET, None}:
        raise Malformed("a secret must be hidden", "sensitive")
    return AttributeChange(
        steps=_steps(members),
        before=before,
        after=after,
        sensitive=sensitive,
        forces_replacement=_flag(members, "forcesReplacement"),
    )


def _drift(item: JSON) -> Drift:
    members = _object(item, {"address", "missing", "attributes"})
    return Drift(
        address=_address(members),
        attributes=_each(members, "attributes", _drifted),
        missing=_flag(members, "missing"),
    )


def _drifted(item: JSON) -> DriftedAttribute:
    members = _object(item, {"path", "recorded", "observed"})
    return DriftedAttribute(steps=_steps(members), recorded=members.get("recorded"), observed=members.get("observed"))


def _ignored(item: JSON) -> IgnoredAttribute:
    members = _object(item, {"address", "path", "observed", "desired"})
    return IgnoredAttribute(
        address=_address(members),
        steps=_steps(members),
        observed=members.get("observed"),
        desired=members.get("desired"),
    )


def _moved(item: JSON) -> MovedEntry:
    members = _object(item, {"from", "to"})
    return MovedEntry(old=_address({"address": members.get("from")}), new=_address({"address": members.get("to")}))


def _diagnostic(item: JSON) -> Diagnostic:
    members = _object(item, {"severity", "code", "summary", "detail", "hint", "address", "span"})
    return Diagnostic(
        severity=_member_of(Severity, members, "severity"),
        code=_string(members.get("code")),
        summary=_string(members.get("summary")),
        detail=_string(members.get("detail", "")),
        hint=_string(members.get("hint", "")),
        address=_address(members) if "address" in members else None,
        span=_span(members["span"]) if "span" in members else None,
    )


def _span(item: JSON) -> SourceSpan:
    members = _object(item, {"file", "line", "column"})
    return SourceSpan(file=_string(members.get("file")), line=_count(members, "line"), column=_count(members, "column"))


def _object(item: JSON, known: set[str] | None = None) -> Mapping[str, Any]:
    if type(item) is not dict:
        raise Malformed("an object is expected")
    if known is not None and not known.issuperset(item):
        raise Malformed(f"{min(item.keys() - known)} is not a member of it")
    return item


def _each(members: Mapping[str, Any], name: str, read: Callable[[JSON], T]) -> tuple[T, ...]:
    """The items of a list, which may be missing if it is empty."""
    items = members.get(name, [])
    if type(items) is not list:
        raise Malformed(f"{name} must be a list", name)
    return tuple(map(read, items))


def _steps(members: Mapping[str, Any]) -> tuple[str, ...]:
    steps = _each(members, "path", _string)
    if not steps:
        raise Malformed("path must not be empty", "path")
    return steps


def _member_of(words: Callable[[str], T], members: Mapping[str, Any], name: str) -> T:
    try:
        return words(_string(members.get(name)))
    except ValueError:
        raise Malformed(f"{name} is not a word that flowctl writes", name) from None


def _address(members: Mapping[str, Any]) -> Address:
    if not is_address(members.get("address")):
        raise Malformed("address must be NAME.KIND", "address")
    return Address(members["address"])


def _string(item: JSON) -> str:
    if not isinstance(item, str):
        raise Malformed("a string is expected")
    return item


def _text_or_none(members: Mapping[str, Any], name: str) -> str | None:
    return _string(members[name]) if name in members else None


def _flag(members: Mapping[str, Any], name: str) -> bool:
    value = members.get(name, False)
    if not isinstance(value, bool):
        raise Malformed(f"{name} must be true or false", name)
    return value


def _count(members: Mapping[str, Any], name: str) -> int:
    value = members.get(name)
    if type(value) is not int or value < 1:
        raise Malformed(f"{name} must be an integer, 1 or more", name)
    return value
