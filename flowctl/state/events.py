"""Events of the journal as values, read strictly: the writer reads each line before it writes it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from flowctl.model.address import Address
from flowctl.model.json_value import JSONValue
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.state.entry_format import VERSION, Malformed, address_from_json, entry_from_json, intent_from_json

_FIRST: Final = 1
_UNNUMBERED: Final = 0
"""The version of events without one, which version 0.1.0 of flowctl writes."""
_HEXADECIMAL: Final = re.compile(r"(?:[0-9a-f]{2})+\Z")


class Newer(Malformed):
    """A newer flowctl wrote the journal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A run begins: the lockfile that it continues, and the version of its events."""

    version: int
    lineage: str
    salt: str
    serial: int
    organization: str
    sandbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """A write is about to be sent."""

    intent: Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An object was created or changed, or moved here from another address."""

    address: Address
    entry: LockEntry
    nonce: str
    moved_from: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An address no longer has an object."""

    address: Address
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Buried:
    """An old object of an address is deleted."""

    address: Address
    id: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An intended write was not done."""

    nonce: str


Event: TypeAlias = Begin | Intended | Recorded | Gone | Buried | Settled


def begin_to_json(lockfile: Lockfile) -> dict[str, JSONValue]:
    """The event that starts a run's part of the journal."""
    return {
        "event": "begin",
        "version": VERSION,
        "lineage": lockfile.lineage,
        "salt": lockfile.salt,
        "serial": lockfile.serial,
        "organization": lockfile.organization,
        "sandbox": lockfile.sandbox,
    }


def event_from_json(members: Any, version: int = VERSION) -> Event | None:
    """The event of a JSON object; None for one of a name that this flowctl does not know. Raises Malformed.

    `version` is that of the `begin` before it.
    """
    if type(members) is not dict or not isinstance(members.get("event"), str):
        raise Malformed("an event must be an object that names its event")
    read = _EVENTS.get(members["event"])
    return read(members, version) if read is not None else None


def check_head(members: Mapping[str, Any]) -> None:
    """Check what a lockfile and the begin of a journal have in common. Raises Malformed."""
    for name in ("organization", "sandbox", "lineage", "salt"):
        if not isinstance(members.get(name), str):
            raise Malformed(f"{name} must be a string", name)
    if not _HEXADECIMAL.match(members["salt"]):
        raise Malformed("salt must be hexadecimal", "salt")
    serial = members.get("serial")
    if type(serial) is not int or not 0 <= serial < 1 << 53:
        raise Malformed("serial must be an integer, 0 or more", "serial")


def _begin(members: Mapping[str, Any], _version: int) -> Event:
    version = members.get("version", _UNNUMBERED)
    if type(version) is not int:
        raise Malformed("version must be an integer")
    if version > VERSION:
        raise Newer(f"version {version} of its events")
    check_head(members)
    return Begin(
        version=max(version, _FIRST),
        lineage=members["lineage"],
        salt=members["salt"],
        serial=members["serial"],
        organization=members["organization"],
        sandbox=members["sandbox"],
    )


def _recorded(members: Mapping[str, Any], version: int) -> Event:
    entry = entry_from_json(members.get("address"), members.get("entry"), version=version)
    address = address_from_json(members.get("address"), version, "address")
    moved_from = address_from_json(members["from"], version, "from") if "from" in members else None
    return Recorded(address=address, entry=entry, nonce=_text(members, "nonce", ""), moved_from=moved_from)


def _gone(members: Mapping[str, Any], version: int) -> Event:
    address = address_from_json(members.get("address"), version, "address")
    return Gone(address=address, nonce=_text(members, "nonce", ""))


def _buried(members: Mapping[str, Any], version: int) -> Event:
    address = address_from_json(members.get("address"), version, "address")
    return Buried(address=address, id=_text(members, "id"), nonce=_text(members, "nonce", ""))


_EVENTS: Final[Mapping[str, Callable[[Mapping[str, Any], int], Event]]] = {
    "begin": _begin,
    "intent": lambda members, version: Intended(intent=intent_from_json(members, version=version)),
    "entry": _recorded,
    "gone": _gone,
    "buried": _buried,
    "settled": lambda members, _version: Settled(nonce=_text(members, "nonce")),
}


def _text(members: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = members.get(name, default)
    if not isinstance(value, str):
        raise Malformed(f"{name} must be a string")
    return value
