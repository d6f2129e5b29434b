"""Replace secrets that an older flowctl recorded in clear with digests."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowctl.model.attribute_path import Path, dotted, value_at
from flowctl.model.record import LockEntry
from flowctl.model.resource import Sensitive
from flowctl.specs.secret_places import secret_places


def without_clear_secrets(entry: LockEntry, salt: str) -> LockEntry:
    """The entry with a digest for each secret that it holds in clear; the entry itself if it has none."""
    if "auth" not in entry.applied and "connectionSpec" not in entry.applied:
        return entry  # known at once for most: no secret is expected in it
    digests: dict[str, str] = {}
    applied: Any = entry.applied
    for path in tuple(secret_places(entry.applied)):
        digests[dotted(path)] = Sensitive(value_at(applied, path, {})).digest(salt)
        applied = _without(applied, path)
    return replace(entry, applied=applied, secret_digests={**digests, **entry.secret_digests}) if digests else entry


def _without(members: Mapping[str, Any], path: Path) -> dict[str, Any]:
    if len(path) == 1:
        return {name: member for name, member in members.items() if name != path[0]}
    return {**members, path[0]: _without(members[path[0]], path[1:])}
