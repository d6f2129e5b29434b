"""The document of a plan file: the plan, and what it is bound to. Its version, its members and their types."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from flowctl.masking.secret_values import SecretValues
from flowctl.model.change import Change
from flowctl.model.json_value import JSON
from flowctl.model.plan import Plan
from flowctl.model.selection import Selection
from flowctl.state.entry_format import Malformed
from flowctl.state.planfile_reading import (
    changes_from_json,
    diagnostics_from_json,
    drift_from_json,
    ignored_from_json,
    kept_from_json,
    moved_from_json,
)
from flowctl.state.planfile_writing import Masked, plan_to_json
from flowctl.strict_json import check

VERSION: Final = "2"
"""The version of this form; plan files of version 1 named neither endpoint nor secrets, and could not be shown."""
_LINE_BY_LINE: Final = 2
"""Levels of a plan file that have a line for each member; below, each change is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """What a plan file says: the plan, from what it was made, and for each change a digest and the live etag.

    `compared` holds a digest of the live attributes of each change, under `salt`; where it has none, the etag counts.
    `endpoint` and `token_url` are None for the emulator inside the process. `secrets` holds a digest of each secret
    that had a value, by address and path, under `salt`; `files` one of each manifest file; `allowed_duplicates` the
    IDs of live objects that may get a duplicate. `chosen` holds what the selection chose when the plan was saved:
    documents as `KIND NAME`, and addresses that no manifest describes. `sends` holds a digest of what each change
    sends, without secrets, and `made_at` the time of the plan in epoch seconds. `plan` is what a reviewer sees: it
    lacks what is to be sent. `approvals` are the rules that ask for an
    approval, and `allows_irreversible` allows changes that cannot be undone.
    """

    environment: str
    endpoint: str | None
    token_url: str | None
    organization: str
    sandbox: str
    lineage: str
    serial: int
    manifest_digest: str
    targets: tuple[str, ...]
    select: tuple[str, ...]
    exclude: tuple[str, ...]
    chosen: tuple[str, ...]
    destroy: bool
    changes: Mapping[str, str]
    etags: Mapping[str, str | None]
    allowed_duplicates: tuple[str, ...]
    salt: str
    secrets: Mapping[str, Mapping[str, str]]
    files: Mapping[str, str]
    compared: Mapping[str, str] = field(default_factory=dict)
    sends: Mapping[str, str] = field(default_factory=dict)
    made_at: int | None = None
    approvals: tuple[str, ...] = ()
    allows_irreversible: bool = False
    plan: Plan


def change_key(change: Change) -> str:
    """What tells the changes of a plan apart: leftovers of replacements share an address."""
    return f"{change.address} {change.action} {change.remote_id or ''}".rstrip()


def plan_file_text(saved: SavedPlan, secrets: SecretValues) -> str:
    """The text of a plan file, without the secrets of the run.

    Raises NotJson for a plan that could not be read again.
    """
    text = _text(saved, lambda value: value)
    # Looking once through the whole text is much faster than looking into each value.
    return text if secrets.masked(text) == text else _text(saved, secrets.masked_value)


def _text(saved: SavedPlan, masked: Masked) -> str:
    members = {_MEMBERS[field.name]: getattr(saved, field.name) for field in fields(saved) if field.name in _MEMBERS}
    document = {"formatVersion": VERSION, **members, "plan": plan_to_json(saved.plan, masked)}
    check(document)
    return _written(document) + "\n"


def _written(value: JSON, level: int = 0) -> str:
    """The value as JSON in ASCII, in its order: attributes are shown in the order in which they were found."""
    if level > _LINE_BY_LINE or not value or not isinstance(value, dict | list | tuple):
        return json.dumps(value)
    indent = "  " * (level + 1)
    if isinstance(value, dict):
        parts = [f"{indent}{json.dumps(name)}: {_written(member, level + 1)}" for name, member in value.items()]
        opening, closing = "{", "}"
    else:
        parts = [f"{indent}{json.dumps(item)}" for item in value]
        opening, closing = "[", "]"
    return "\n".join([opening, ",\n".join(parts), "  " * level + closing])


def saved_plan_of(document: Mapping[str, Any]) -> SavedPlan:
    """The saved plan of a document of this version. Raises Malformed, whose words follow a colon."""
    document = {**_ADDED, **document}
    for name, member in _MEMBERS.items():
        if member not in document or not _CHECKS[name](document[member]):
            raise Malformed(f"{member} is missing or damaged", member)
    values: dict[str, Any] = {name: document[member] for name, member in _MEMBERS.items()}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    try:
        return SavedPlan(**values, plan=_plan(document))
    except Malformed as error:
        raise Malformed(f"plan is missing or damaged: {error.words}", "plan") from error


def looks_like_a_plan(document: JSON) -> bool:
    """Whether a document has what every version of a saved plan has, and no other file of flowctl."""
    return (
        isinstance(document, dict)
        and all(_is_text(document.get(name)) for name in ("formatVersion", "environment", "lineage", "manifestDigest"))
        and {"serial", "changes"} <= document.keys()
    )


def _plan(document: Mapping[str, Any]) -> Plan:
    """The plan of a document whose other members are as they must be. Raises Malformed."""
    members = document.get("plan")
    if type(members) is not dict or _ADDED_TO_PLANS | members.keys() != _PLAN:
        raise Malformed("it must hold changes, kept, drift and diagnostics")
    return Plan(
        environment=document["environment"],
        organization=document["organization"],
        sandbox=document["sandbox"],
        lineage=document["lineage"],
        serial=document["serial"],
        manifest_digest=document["manifestDigest"],
        changes=changes_from_json(members),
        kept=kept_from_json(members),
        drift=drift_from_json(members),
        moved=moved_from_json(members),
        ignored=ignored_from_json(members),
        diagnostics=diagnostics_from_json(members),
        destroys=document["destroy"],
        allowed_duplicates=frozenset(document["allowedDuplicates"]),
        selection=Selection(select=tuple(document["select"]), exclude=tuple(document["exclude"])),
        made_at=document["madeAt"],
        targets=tuple(document["targets"]),
        approvals=tuple(document["approvals"]),
        allows_irreversible=document["allowsIrreversible"],
    )


_ADDED_TO_PLANS: Final = frozenset({"moved", "ignored", "dependsOn"})
"""Members that the plan in a file of this version did not have at first; they may be missing."""
_PLAN: Final = frozenset({"changes", "kept", "drift", "diagnostics"}) | _ADDED_TO_PLANS
_MEMBERS: Final = {
    "environment": "environment",
    "endpoint": "endpoint",
    "token_url": "tokenUrl",
    "organization": "organization",
    "sandbox": "sandbox",
    "lineage": "lineage",
    "serial": "serial",
    "manifest_digest": "manifestDigest",
    "targets": "targets",
    "select": "select",
    "exclude": "exclude",
    "chosen": "chosen",
    "destroy": "destroy",
    "changes": "changes",
    "etags": "etags",
    "compared": "compared",
    "allowed_duplicates": "allowedDuplicates",
    "salt": "salt",
    "secrets": "secrets",
    "files": "files",
    "sends": "sends",
    "made_at": "madeAt",
    "approvals": "approvals",
    "allows_irreversible": "allowsIrreversible",
}
_ADDED: Final[Mapping[str, Any]] = {
    "files": {},
    "compared": {},
    "sends": {},
    "madeAt": None,
    "select": [],
    "exclude": [],
    "chosen": [],
    "approvals": [],
    "allowsIrreversible": False,
}
"""Members that plan files of this version did not have at first, with their values there."""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_text_or_none(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_salt(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and len(value) % 2 == 0 and set(value) <= set("0123456789abcdef")


def _texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("environment", "organization", "sandbox", "lineage", "manifest_digest"), _is_text),
    **dict.fromkeys(("endpoint", "token_url"), _is_text_or_none),
    "serial": lambda value: type(value) is int and value >= 0,
    **dict.fromkeys(("targets", "select", "exclude", "chosen", "approvals", "allowed_duplicates"), _is_list_of_text),
    **dict.fromkeys(("destroy", "allows_irreversible"), lambda value: isinstance(value, bool)),
    **dict.fromkeys(("changes", "compared", "files", "sends"), _texts),
    "made_at": lambda value: value is None or (type(value) is int and value >= 0),
    "etags": lambda value: isinstance(value, dict) and all(map(_is_text_or_none, value.values())),
    "salt": _is_salt,
    "secrets": lambda value: isinstance(value, dict) and all(map(_texts, value.values())),
}
