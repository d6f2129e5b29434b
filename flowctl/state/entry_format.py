"""Entries and intents as JSON objects. Reading is strict, and only this module knows the form of an entry."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final

from flowctl.model.address import FORM, WITHOUT_KEY, Address, alone
from flowctl.model.json_value import JSONValue
from flowctl.model.record import Intent, LockEntry
from flowctl.model.resource import Lifecycle, OnDelete

VERSION: Final = 2
"""The version of lockfiles and journals that is written. In version 1 no address has a key."""
_ADDRESSES: Final = {1: WITHOUT_KEY, 2: FORM}
"""The form of an address, by version."""
_FIRST_MEMBERS: Final = frozenset(
    {"kind", "id", "etag", "applied", "secretDigests", "outputs", "dependsOn", "deposed", "preventDestroy", "onDelete"}
)
_MEMBERS: Final = {1: _FIRST_MEMBERS, 2: _FIRST_MEMBERS | {"suspended", "insteadOf"}}
"""The members that an entry may have, by version."""
_STRINGS: Final = frozenset({str})
_ON_DELETE: Final = frozenset(map(str, OnDelete))
_NOTHING: Final[Mapping[str, Any]] = {}
"""What most entries have of most members; they share it."""
_OPERATIONS: Final = frozenset({"create", "update", "delete"})


class Malformed(ValueError):  # noqa: N818 - reads as what happened
    """A member has the wrong form; `member` is its key, empty for the whole object."""

    def __init__(self, words: str, member: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.member = member


def entry_to_json(entry: LockEntry) -> dict[str, JSONValue]:
    """The JSON object of an entry, without members that are empty."""
    members: dict[str, JSONValue] = {
        "kind": entry.kind,
        "id": entry.id,
        "etag": entry.etag,
        "applied": entry.applied,
        "secretDigests": entry.secret_digests,
        "outputs": entry.outputs,
        "dependsOn": sorted(entry.depends_on),
        "deposed": list(entry.deposed),
        "preventDestroy": entry.lifecycle.prevent_destroy,
        "suspended": entry.suspended,
        "insteadOf": entry.instead_of,
    }
    if entry.lifecycle.on_delete is not OnDelete.AUTO:
        members["onDelete"] = str(entry.lifecycle.on_delete)
    return {name: value for name, value in members.items() if value}


def entry_from_json(
    address: object,
    members: Any,
    *,
    version: int = VERSION,
    is_made: bool = True,
    addresses: Mapping[str, Address] = _NOTHING,
) -> LockEntry:
    """The entry of an address; only one that is not created yet may lack its ID. Raises Malformed.

    `addresses` are those that are checked besides, by their text.
    """
    if not isinstance(address, str) or (form := _ADDRESSES[version].match(address)) is None:
        raise Malformed(f"{address} must be an address, {_form(version)}", str(address))
    if type(members) is not dict:
        raise Malformed(f"{address} must be an object", address)
    kind, object_id, etag = members.get("kind"), members.get("id", ""), members.get("etag")
    applied = members.get("applied", {})
    if not isinstance(object_id, str) or (is_made and not object_id):
        raise Malformed(f"{address} has no id", address)
    if kind != form["kind"]:
        raise Malformed(f"{address} must be {_form(version)}, with the kind of its entry", address)
    if etag is not None and not isinstance(etag, str):
        raise Malformed(f"etag of {address} must be a string", address)
    if type(applied) is not dict:
        raise Malformed(f"applied of {address} must be an object", address)
    if not _MEMBERS[version].issuperset(members):
        unknown = ", ".join(sorted(members.keys() - _MEMBERS[version]))
        raise Malformed(f"{address} has an unknown member: {unknown}", address)
    return LockEntry(
        kind=kind,
        id=object_id,
        etag=etag,
        applied=applied,
        secret_digests=_texts(address, members, "secretDigests") if "secretDigests" in members else _NOTHING,
        outputs=_texts(address, members, "outputs") if "outputs" in members else _NOTHING,
        depends_on=_addresses(address, members, version, addresses) if "dependsOn" in members else frozenset(),
        lifecycle=_lifecycle_of(address, members),
        deposed=_deposed(address, members, object_id) if "deposed" in members else (),
        suspended=_flag(address, members, "suspended") if "suspended" in members else False,
        instead_of=_object(address, members, "insteadOf") if "insteadOf" in members else _NOTHING,
    )


def known_entry(members: Mapping[str, Any], addresses: Mapping[str, Address] = _NOTHING) -> LockEntry:
    """The entry of members that `entry_from_json` has accepted before; `addresses` are known, by their text."""
    return LockEntry(
        kind=members["kind"],
        id=members["id"],
        etag=members.get("etag"),
        applied=members.get("applied", _NOTHING),
        secret_digests=members.get("secretDigests", _NOTHING),
        outputs=members.get("outputs", _NOTHING),
        depends_on=frozenset([addresses.get(one) or Address(one) for one in members.get("dependsOn", ())]),
        lifecycle=_lifecycle_of("", members),
        deposed=tuple(members.get("deposed", ())),
        suspended=members.get("suspended", False),
        instead_of=members.get("insteadOf", _NOTHING),
    )


def intent_to_json(intent: Intent) -> dict[str, JSONValue]:
    """The JSON object of an intent."""
    members: dict[str, JSONValue] = {
        "nonce": intent.nonce,
        "address": intent.address,
        "operation": intent.operation,
        "at": intent.at,
        "entry": entry_to_json(intent.entry),
    }
    return {**members, "measured": True} if intent.measured else members


def intent_from_json(members: Any, *, version: int = VERSION) -> Intent:
    """The intent of a JSON object. Raises Malformed."""
    if type(members) is not dict:
        raise Malformed("a pending write must be an object", "pending")
    address, nonce, operation = members.get("address"), members.get("nonce"), members.get("operation")
    at = members.get("at")
    if not isinstance(nonce, str) or not nonce:
        raise Malformed(f"the pending write of {address} must have a nonce", "pending")
    if not isinstance(operation, str) or operation not in _OPERATIONS:
        raise Malformed(f"operation of the pending write of {address} must be create, update or delete", "pending")
    if type(at) is not int or not 0 <= at < 1 << 53:
        raise Malformed(f"at of the pending write of {address} must be milliseconds since 1970", "pending")
    measured = members.get("measured", False)
    if not isinstance(measured, bool):
        raise Malformed(f"measured of the pending write of {address} must be true or false", "pending")
    entry = entry_from_json(address, members.get("entry"), version=version, is_made=operation != "create")
    return Intent(nonce=nonce, address=Address(address), operation=operation, at=at, measured=measured, entry=entry)


def address_from_json(value: object, version: int, what: str) -> Address:
    """The address that a value is; `what` names it in the message. Raises Malformed."""
    if not isinstance(value, str) or not _ADDRESSES[version].match(value):
        raise Malformed(f"{what} must be an address, {_form(version)}")
    return Address(value)


def _form(version: int) -> str:
    return "NAME.KIND" if _ADDRESSES[version] is WITHOUT_KEY else "NAME.KIND or NAME.KIND[KEY]"


def _strings(address: str, members: Mapping[str, Any], name: str) -> list[str]:
    values = members[name]
    if type(values) is not list or not _are_strings(values):
        raise Malformed(f"{name} of {address} must be a list of strings", address)
    return values


def _are_strings(values: Collection[Any]) -> bool:
    """Whether all values are strings: those of a file by their type alone, an address of a running apply by asking."""
    return _STRINGS.issuperset(map(type, values)) or all(isinstance(value, str) for value in values)


def _deposed(address: str, members: Mapping[str, Any], object_id: str) -> tuple[str, ...]:
    ids = _strings(address, members, "deposed")
    if object_id in ids or not all(ids):
        raise Malformed(f"deposed of {address} must list the IDs of other objects", address)
    return tuple(ids)


def _texts(address: str, members: Mapping[str, Any], name: str) -> Mapping[str, str]:
    values = members[name]
    if type(values) is not dict or not _are_strings(values.values()):
        raise Malformed(f"{name} of {address} must be an object of strings", address)
    return values


def _addresses(
    address: str, members: Mapping[str, Any], version: int, known: Mapping[str, Address]
) -> frozenset[Address]:
    shared = _shared(members["dependsOn"], known)
    if shared is not None:
        return shared
    values = _strings(address, members, "dependsOn")
    if not all(map(_ADDRESSES[version].match, values)):
        raise Malformed(f"dependsOn of {address} must be a list of addresses", address)
    return frozenset(map(Address, values))


def _shared(values: Any, known: Mapping[str, Address]) -> frozenset[Address] | None:
    """The known addresses of these texts; None if they are not a list, or one of them is not known."""
    if type(values) is not list:
        return None
    try:
        return alone(known[values[0]]) if len(values) == 1 else frozenset(map(known.__getitem__, values))
    except (KeyError, TypeError):
        return None


def _flag(address: str, members: Mapping[str, Any], name: str) -> bool:
    value = members.get(name, False)
    if type(value) is not bool:
        raise Malformed(f"{name} of {address} must be true or false", address)
    return value


def _object(address: str, members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name, {})
    if type(value) is not dict:
        raise Malformed(f"{name} of {address} must be an object", address)
    return value


def _lifecycle_of(address: str, members: Mapping[str, Any]) -> Lifecycle:
    if "onDelete" not in members and "preventDestroy" not in members:
        return _PLAIN
    on_delete, prevent_destroy = members.get("onDelete", "auto"), members.get("preventDestroy", False)
    if type(prevent_destroy) is not bool:
        raise Malformed(f"preventDestroy of {address} must be true or false", address)
    if not isinstance(on_delete, str) or on_delete not in _ON_DELETE:
        raise Malformed(f"onDelete of {address} must be auto, retain or delete", address)
    return _lifecycle(on_delete, prevent_destroy)


_PLAIN: Final = Lifecycle()


@cache
def _lifecycle(on_delete: str, prevent_destroy: bool) -> Lifecycle:
    return Lifecycle(on_delete=OnDelete(on_delete), prevent_destroy=prevent_destroy)
