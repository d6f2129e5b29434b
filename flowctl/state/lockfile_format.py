"""The lockfile as JSON text: sorted keys, no timestamps, so that a merge conflict says what differs."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flowctl.model.address import Address
from flowctl.model.diagnostic import SourceSpan
from flowctl.model.errors import StateError
from flowctl.model.record import Intent, LockEntry, Lockfile
from flowctl.model.resource import Lifecycle, OnDelete
from flowctl.state.lockfile_check import faults, without_twins

VERSION = 1


def to_text(lockfile: Lockfile) -> str:
    """The text of a lockfile; the same lockfile always has the same text."""
    document: dict[str, Any] = {
        "version": VERSION,
        "organization": lockfile.organization,
        "sandbox": lockfile.sandbox,
        "lineage": lockfile.lineage,
        "serial": lockfile.serial,
        "salt": lockfile.salt,
        "entries": {address: entry_to_json(entry) for address, entry in lockfile.entries.items()},
    }
    if lockfile.pending:
        document["pending"] = [intent_to_json(intent) for intent in lockfile.pending]
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def from_text(text: str, name: str) -> Lockfile:
    """The lockfile of this text; `name` is the file's name for messages. Raises StateError."""
    document = _document(text, name)
    version = document.get("version")
    if not isinstance(version, int):
        raise _unreadable(name, "it has no version number")
    if version > VERSION:
        raise StateError.because(
            "lockfile-newer",
            f"{name} has format version {version}; this flowctl reads versions up to {VERSION}",
            hint="Install a newer release of flowctl.",
            span=_span(text, name, '"version"'),
        )
    for member, words in faults(document):
        raise _unreadable(name, words, _span(text, name, json.dumps(member)))
    try:
        return Lockfile(
            organization=document["organization"],
            sandbox=document["sandbox"],
            lineage=document["lineage"],
            serial=int(document["serial"]),
            salt=document["salt"],
            entries={Address(key): entry_from_json(entry) for key, entry in document["entries"].items()},
            pending=tuple(intent_from_json(intent) for intent in document.get("pending", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(name, f"{type(error).__name__}: {error}") from error


def place_of(member: str, path: Path) -> SourceSpan:
    """The place of a member in a lockfile that could be read."""
    return _span(path.read_text(encoding="utf-8"), path.name, json.dumps(member))


def _span(text: str, name: str, what: str) -> SourceSpan:
    """The first place of a text; the beginning where it does not stand there."""
    before = text[: max(text.find(what), 0)]
    return SourceSpan(file=name, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))


def entry_to_json(entry: LockEntry) -> dict[str, Any]:
    """The JSON object of an entry, without members that are empty."""
    members: dict[str, Any] = {
        "kind": entry.kind,
        "id": entry.id,
        "etag": entry.etag,
        "applied": entry.applied,
        "secretDigests": entry.secret_digests,
        "outputs": entry.outputs,
        "dependsOn": sorted(entry.depends_on),
        "deposed": list(entry.deposed),
        "preventDestroy": entry.lifecycle.prevent_destroy,
    }
    if entry.lifecycle.on_delete is not OnDelete.AUTO:
        members["onDelete"] = str(entry.lifecycle.on_delete)
    return {name: value for name, value in members.items() if value}


def entry_from_json(members: Mapping[str, Any]) -> LockEntry:
    """The entry of a JSON object; raises KeyError, TypeError or ValueError where it is none."""
    return LockEntry(
        kind=members["kind"],
        id=members.get("id", ""),
        etag=members.get("etag"),
        applied=members.get("applied", {}),
        secret_digests=members.get("secretDigests", {}),
        outputs=members.get("outputs", {}),
        depends_on=frozenset(map(Address, members.get("dependsOn", ()))),
        lifecycle=_lifecycle(members.get("onDelete", "auto"), bool(members.get("preventDestroy", False))),
        deposed=tuple(members.get("deposed", ())),
    )


@cache
def _lifecycle(on_delete: str, prevent_destroy: bool) -> Lifecycle:
    return Lifecycle(on_delete=OnDelete(on_delete), prevent_destroy=prevent_destroy)


def intent_to_json(intent: Intent) -> dict[str, Any]:
    """The JSON object of an intent."""
    members = {
        "nonce": intent.nonce,
        "address": intent.address,
        "operation": intent.operation,
        "at": intent.at,
        "entry": entry_to_json(intent.entry),
    }
    return {**members, "measured": True} if intent.measured else members


def intent_from_json(members: Mapping[str, Any]) -> Intent:
    """The intent of a JSON object; raises KeyError, TypeError or ValueError where it is none."""
    return Intent(
        nonce=members["nonce"],
        address=Address(members["address"]),
        operation=members["operation"],
        at=int(members["at"]),
        measured=members.get("measured") is True,
        entry=entry_from_json(members["entry"]),
    )


def _document(text: str, name: str) -> Mapping[str, Any]:
    if text.startswith("<<<<<<<") or "\n<<<<<<<" in text:
        raise StateError.because(
            "lockfile-conflict",
            f"{name} holds merge conflict markers",
            hint="Keep the entries of both sides (each address once), or restore one side and run flowctl plan.",
            span=_span(text, name, "<<<<<<<"),
        )
    try:
        document = json.loads(text, object_pairs_hook=without_twins)
    except RecursionError as error:
        raise _unreadable(name, "it is nested too deep") from error
    except json.JSONDecodeError as error:
        raise _unreadable(name, error.msg, SourceSpan(file=name, line=error.lineno, column=error.colno)) from error
    except ValueError as error:
        raise _unreadable(name, str(error)) from error
    if not isinstance(document, dict):
        raise _unreadable(name, "it is not a JSON object")
    return document


def _unreadable(name: str, why: str, span: SourceSpan | None = None) -> StateError:
    return StateError.because(
        "lockfile-unreadable",
        f"{name} cannot be read: {why}",
        hint="Restore it from version control, or move it away and run flowctl state repair. Nothing was changed.",
        span=span or SourceSpan(file=name),
    )
