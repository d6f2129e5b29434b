"""Values that a replacement sent in place of those that the manifest declares."""

from collections.abc import Mapping
from typing import Any

from flowctl.model.attribute_path import Path, dotted, value_at
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.record import LockEntry


def as_sent(desired: JSONObject, entry: LockEntry) -> JSONObject:
    """The desired attributes with what was sent, as long as the manifest declares what it did then."""
    for path, declared in entry.instead_of.items():
        steps = tuple(path.split("."))
        if value_at(desired, steps, {}) == declared:
            desired = _with(desired, steps, value_at(entry.applied, steps, {}))
    return desired


def recorded_declarations(declared: Mapping[Path, JSON]) -> dict[str, JSON]:
    """The declared values in the form of the lockfile."""
    return {dotted(path): value for path, value in declared.items()}


def _with(value: Any, steps: Path, new: JSON) -> JSONObject:
    members = dict(value) if isinstance(value, Mapping) else {}
    members[steps[0]] = new if len(steps) == 1 else _with(members.get(steps[0]), steps[1:], new)
    return members
