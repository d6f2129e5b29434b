"""Plan files: a plan as it was reviewed, so that apply can do exactly that. They hold no secrets."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowctl.durable import replace_text
from flowctl.model.change import Change
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import StateError
from flowctl.model.plan import FORMAT_VERSION, Plan
from flowctl.state.plan_digest import change_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPlan:
    """What a plan file says: from what the plan was made, and for each change a digest and the live etag."""

    environment: str
    organization: str
    sandbox: str
    lineage: str
    serial: int
    manifest_digest: str
    targets: tuple[str, ...]
    destroy: bool
    changes: Mapping[str, str]
    etags: Mapping[str, str | None]
    allowed_duplicates: frozenset[str] = frozenset()


def change_key(change: Change) -> str:
    """What tells the changes of a plan apart: leftovers of replacements share an address."""
    return f"{change.address} {change.action} {change.remote_id or ''}".rstrip()


def write_plan_file(path: Path, plan: Plan, *, targets: Sequence[str], destroy: bool) -> None:
    """Saves a plan, readable for its owner only. Raises StateError for a plan with errors or a bad path."""
    if has_errors(plan.diagnostics):
        raise StateError.because("plan-has-errors", "a plan with errors cannot be saved")
    document = {
        "formatVersion": FORMAT_VERSION,
        "environment": plan.environment,
        "organization": plan.organization,
        "sandbox": plan.sandbox,
        "lineage": plan.lineage,
        "serial": plan.serial,
        "manifestDigest": plan.manifest_digest,
        "targets": list(targets),
        "destroy": destroy,
        "allowedDuplicates": sorted(plan.allowed_duplicates),
        "changes": {change_key(change): change_digest(change) for change in plan.changes},
        "etags": {change_key(change): change.etag for change in plan.changes},
    }
    try:
        replace_text(path, json.dumps(document, indent=2, sort_keys=True) + "\n", mode=0o600)
    except OSError as error:
        raise StateError.because("plan-file-unwritable", f"{path} cannot be written: {error}") from error


def read_plan_file(path: Path) -> SavedPlan:
    """The plan that a file holds; raises StateError where it holds none that this flowctl can read."""
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["formatVersion"] != FORMAT_VERSION:
            raise _not_a_plan(path, f"its format version is {document['formatVersion']}, not {FORMAT_VERSION}")
        return SavedPlan(
            environment=document["environment"],
            organization=document["organization"],
            sandbox=document["sandbox"],
            lineage=document["lineage"],
            serial=document["serial"],
            manifest_digest=document["manifestDigest"],
            targets=tuple(document["targets"]),
            destroy=document["destroy"],
            changes=document["changes"],
            etags=document["etags"],
            allowed_duplicates=frozenset(document["allowedDuplicates"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _not_a_plan(path, f"{type(error).__name__}: {error}") from error


def _not_a_plan(path: Path, why: str) -> StateError:
    return StateError.because(
        "not-a-plan-file", f"{path} is not a saved plan: {why}", hint="Save one with flowctl plan --out FILE."
    )
