"""What a lockfile must hold to be believed: it may have been edited or merged by hand."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})+\Z")
_TEXTS = ("organization", "sandbox", "lineage", "salt")


def faults(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong, each with the member where it stands: `(member, words)`."""
    for name in _TEXTS:
        if not isinstance(document.get(name), str):
            yield name, f"{name} must be a text"
    if isinstance(document.get("salt"), str) and not _HEXADECIMAL.match(document["salt"]):
        yield "salt", "salt must be hexadecimal"
    serial = document.get("serial")
    if not isinstance(serial, int) or isinstance(serial, bool) or serial < 0:
        yield "serial", "serial must be a whole number, 0 or more"
    entries = document.get("entries")
    if not isinstance(entries, Mapping):
        yield "entries", "entries must be an object"
        return
    owners: dict[tuple[Any, Any], str] = {}
    for address, entry in entries.items():
        words = _entry_fault(address, entry)
        if words is None:
            owner = owners.setdefault((entry["kind"], entry["id"]), address)
            words = f"{owner} and {address} have the same id" if owner != address else None
        if words is not None:
            yield address, words


def _entry_fault(address: str, entry: Any) -> str | None:
    if not isinstance(entry, Mapping):
        return f"{address} must be an object"
    if not isinstance(entry.get("id"), str) or not entry["id"]:
        return f"{address} has no id"
    name, _, kind = address.rpartition(".")
    if not name or entry.get("kind") != kind:
        return f"{address} must be NAME.KIND, with the kind of its entry"
    if not isinstance(entry.get("applied", {}), Mapping):
        return f"applied of {address} must be an object"
    return None


def without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON whose keys are all different; raises ValueError, as `json.loads` would."""
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        twin = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twin} stands twice")
    return members
