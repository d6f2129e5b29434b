"""Plan files: a plan as it was reviewed, so that apply can do exactly that. They hold no secrets."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from flowctl.model.change import Change
from flowctl.model.errors import StateError
from flowctl.output_file import check_free, write_own
from flowctl.regular_file import read_regular
from flowctl.strict_json import NotJson, parse, text_of

VERSION: Final = "2"
"""The version of this form; plan files of version 1 named neither endpoint nor secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """What a plan file says: from what the plan was made, and for each change a digest and the live etag.

    `endpoint` and `token_url` are None for the emulator inside the process. `secrets` holds a digest of each secret
    that had a value, by address and path, under `salt`; `allowed_duplicates` the IDs of live objects that may
    get a duplicate.
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
    destroy: bool
    changes: Mapping[str, str]
    etags: Mapping[str, str | None]
    allowed_duplicates: tuple[str, ...]
    salt: str
    secrets: Mapping[str, Mapping[str, str]]


def change_key(change: Change) -> str:
    """What tells the changes of a plan apart: leftovers of replacements share an address."""
    return f"{change.address} {change.action} {change.remote_id or ''}".rstrip()


def check_plan_path(path: str) -> None:
    """Raise StateError unless a plan may be saved there: where nothing stands, or a saved plan."""
    try:
        check_free(path, _is_plan)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_plan_file(path: str, saved: SavedPlan) -> None:
    """Save a plan, readable for its owner only. Raises StateError where `check_plan_path` does, or the disk is full."""
    document = {"formatVersion": VERSION, **{_MEMBERS[name]: value for name, value in asdict(saved).items()}}
    text = json.dumps(document, indent=2, sort_keys=True) + "\n"
    try:
        write_own(path, text, _is_plan, 0o600)
    except OSError as error:
        raise _unwritable(path, error) from error


def read_plan_file(path: Path) -> SavedPlan:
    """The plan that a file holds. Raises StateError where it holds none that this flowctl can read."""
    try:
        document = parse(text_of(read_regular(path)))
    except OSError as error:
        raise _not_a_plan(path, f"it cannot be read: {error.strerror or error}") from error
    except NotJson as error:
        raise _not_a_plan(path, error.words) from error
    if not _looks_like_a_plan(document):
        raise _not_a_plan(path, "it does not hold the members of one")
    version = document["formatVersion"]
    if version != VERSION:
        raise StateError.because(
            "not-a-plan-file",
            f"{path} was saved by another release of flowctl",
            detail=f"Its format version is {version}; this release reads {VERSION}.",
            hint="Plan again with --out, and review the new plan. Nothing was changed.",
        )
    wrong = [
        member for name, member in _MEMBERS.items() if member not in document or not _CHECKS[name](document[member])
    ]
    if wrong:
        raise _not_a_plan(path, f"{wrong[0]} is missing or damaged")
    values: dict[str, Any] = {name: document[member] for name, member in _MEMBERS.items()}
    values |= {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return SavedPlan(**values)


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
    "destroy": "destroy",
    "changes": "changes",
    "etags": "etags",
    "allowed_duplicates": "allowedDuplicates",
    "salt": "salt",
    "secrets": "secrets",
}


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
    **dict.fromkeys(("targets", "allowed_duplicates"), _is_list_of_text),
    "destroy": lambda value: isinstance(value, bool),
    "changes": _texts,
    "etags": lambda value: isinstance(value, dict) and all(map(_is_text_or_none, value.values())),
    "salt": _is_salt,
    "secrets": lambda value: isinstance(value, dict) and all(map(_texts, value.values())),
}


def _is_plan(data: bytes) -> bool:
    """Whether a file holds a saved plan, of whatever release."""
    try:
        return _looks_like_a_plan(parse(text_of(data)))
    except NotJson:
        return False


def _looks_like_a_plan(document: Any) -> bool:
    """Whether a document has what every version of a saved plan has, and no other file of flowctl."""
    return (
        isinstance(document, dict)
        and all(_is_text(document.get(name)) for name in ("formatVersion", "environment", "lineage", "manifestDigest"))
        and {"serial", "changes"} <= document.keys()
    )


def _unwritable(path: str, error: OSError) -> StateError:
    return StateError.because(
        "plan-file-unwritable",
        f"the plan cannot be saved in {path or 'a file without a name'}: {error.strerror or error}",
        detail="A plan is saved where nothing stands yet, or where a saved plan stands.",
        hint="Give --out another path.",
    )


def _not_a_plan(path: Path, why: str) -> StateError:
    return StateError.because(
        "not-a-plan-file", f"{path} is not a saved plan: {why}", hint="Save one with flowctl plan --out FILE."
    )
