"""The lockfile as JSON text: sorted keys, no timestamps, so that a merge conflict shows what differs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.errors import StateError
from flowctl.model.json_value import JSONValue
from flowctl.model.record import LockEntry, Lockfile
from flowctl.state.entry_format import (
    VERSION,
    Malformed,
    entry_from_json,
    entry_to_json,
    intent_from_json,
    intent_to_json,
    known_entry,
)
from flowctl.state.events import check_head
from flowctl.state.indented_json import indented
from flowctl.state.owners import Owners
from flowctl.strict_json import NotJson, parse, text_of

_OLDEST = 1
_BELOW = "\n    "
"""Where the members of the entries stand."""
_MEMBERS = frozenset(
    {"version", "organization", "sandbox", "lineage", "serial", "salt", "entries", "pending", "tenant"}
)


def to_bytes(lockfile: Lockfile) -> bytes:
    """The text of a lockfile in UTF-8; the same lockfile always has the same text."""
    return b"".join(parts_of(lockfile))


def parts_of(lockfile: Lockfile) -> Iterator[bytes]:
    """The text of a lockfile in parts, one for each entry: of thousands of entries it is large."""
    document: dict[str, JSONValue] = {
        "version": VERSION,
        "organization": lockfile.organization,
        "sandbox": lockfile.sandbox,
        "lineage": lockfile.lineage,
        "serial": lockfile.serial,
        "salt": lockfile.salt,
    }
    if lockfile.tenant:
        document["tenant"] = lockfile.tenant
    if lockfile.pending:
        document["pending"] = [intent_to_json(intent) for intent in lockfile.pending]
    # "entries" comes first of these. It is most of the text, and is never there twice.
    yield b'{\n  "entries": {'
    comma = ""
    for address, entry in sorted(lockfile.entries.items(), key=itemgetter(0)):
        yield f"{comma}\n    {_quoted(address)}: {indented(entry_to_json(entry), _BELOW)}".encode()
        comma = ","
    yield (("\n  }," if comma else "},") + indented(document).removeprefix("{") + "\n").encode()


def from_bytes(data: bytes, name: str) -> Lockfile:
    """The lockfile in the bytes of a file; `name` is the file's name for messages. Raises StateError."""
    try:
        text = text_of(data)
        _check_conflict(text, name)
        document = parse(text, data)
    except NotJson as error:
        raise unreadable(name, error.words, SourceSpan(file=name, line=error.line, column=error.column)) from error
    if type(document) is not dict:
        raise unreadable(name, "it is not a JSON object")
    version = document.get("version")
    if type(version) is not int:
        raise unreadable(name, "it has no version number")
    if version > VERSION:
        raise StateError.because(
            "lockfile-newer",
            f"a newer release of flowctl wrote {name}",
            detail=f"Its format version is {version}; this release reads versions up to {VERSION}.",
            hint="Install that release.",
            span=_span(text, name, '"version"'),
        )
    try:
        return _lockfile(document)
    except Malformed as error:
        raise unreadable(name, error.words, _span(text, name, _quoted(error.member))) from error


def from_known_bytes(data: bytes) -> Lockfile:
    """The lockfile in bytes that `from_bytes` has accepted before."""
    document = json.loads(text_of(data))
    addresses = _addresses(document["entries"])
    entries = {addresses[key]: known_entry(entry, addresses) for key, entry in document["entries"].items()}
    return _with_entries(document, entries)


def place_of(member: str, data: bytes, name: str) -> SourceSpan:
    """The place of a member in the bytes of a lockfile; the beginning if it is not there."""
    try:
        text = text_of(data)
    except NotJson:
        return SourceSpan(file=name)
    return _span(text, name, _quoted(member))


def unreadable(name: str, why: str, span: SourceSpan | None = None) -> StateError:
    """The error of a lockfile that cannot be read; `why` follows a colon."""
    return StateError.because(
        "lockfile-unreadable",
        f"{name} cannot be read: {why}",
        detail="Nothing was changed.",
        hint="Restore it from version control, or move it away and run `flowctl state repair`.",
        span=span or SourceSpan(file=name),
    )


def _lockfile(document: Mapping[str, Any]) -> Lockfile:
    """The lockfile of a document of any version that is known. Raises Malformed."""
    check_head(document)
    version = document["version"]
    if not _OLDEST <= version <= VERSION:
        raise Malformed(f"version must be {_OLDEST} to {VERSION}", "version")
    entries, pending = document.get("entries"), document.get("pending", [])
    if type(entries) is not dict:
        raise Malformed("entries must be an object", "entries")
    if type(pending) is not list:
        raise Malformed("pending must be a list", "pending")
    if not isinstance(document.get("tenant", ""), str):
        raise Malformed("tenant must be a string", "tenant")
    if not _MEMBERS.issuperset(document):
        unknown = min(document.keys() - _MEMBERS)
        raise Malformed(f"it has an unknown member: {unknown}", unknown)
    addresses = _addresses(entries)
    found = {
        addresses[key]: entry_from_json(key, entry, version=version, addresses=addresses)
        for key, entry in entries.items()
    }
    ids = {(entry.kind, entry.id) for entry in found.values()}
    if len(ids) < len(found) or any(entry.deposed for entry in found.values()):
        _check_owners(found)
    return _with_entries(document, found)


def _addresses(entries: Iterable[str]) -> dict[str, Address]:
    """The address of each entry by its text. The entries that depend on it share it."""
    return {key: Address.shared(key) for key in entries}


def _check_owners(entries: Mapping[Address, LockEntry]) -> None:
    """Raise Malformed if two addresses have the same object."""
    owners = Owners()
    for address, entry in entries.items():
        other = owners.claim(address, entry)
        if other is not None:
            raise Malformed(f"{other} and {address} have the same id", address)


def _with_entries(document: Mapping[str, Any], entries: Mapping[Address, LockEntry]) -> Lockfile:
    version = document["version"]
    return Lockfile(
        organization=document["organization"],
        sandbox=document["sandbox"],
        lineage=document["lineage"],
        serial=document["serial"],
        salt=document["salt"],
        entries=entries,
        tenant=document.get("tenant", ""),
        pending=tuple(intent_from_json(members, version=version) for members in document.get("pending", ())),
    )


def _check_conflict(text: str, name: str) -> None:
    # One sign is looked for ten times faster than several, and most lockfiles have none.
    if "<" in text and "<<<<<<<" in text and (text.startswith("<<<<<<<") or "\n<<<<<<<" in text):
        raise StateError.because(
            "lockfile-conflict",
            f"{name} has a merge conflict",
            hint="Keep the entries of both sides, each address once; or restore one side and run `flowctl plan`.",
            span=_span(text, name, "<<<<<<<"),
        )


def _quoted(member: str) -> str:
    return json.dumps(member, ensure_ascii=False)


def _span(text: str, name: str, what: str) -> SourceSpan:
    """The first place of a string; the beginning if it is not there."""
    before = text[: max(text.find(what), 0)]
    return SourceSpan(file=name, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
