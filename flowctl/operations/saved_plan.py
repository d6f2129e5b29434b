"""Saved plans: where a plan may be saved, what is saved of it, and how it is read to be shown."""

import os
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from flowctl.kinds.registry import KINDS
from flowctl.manifest.document import Manifests
from flowctl.manifest.reading.discover import ENDINGS, WORKSPACE_FILE
from flowctl.model.address import Address, is_address
from flowctl.model.diagnostic import has_errors
from flowctl.model.errors import StateError
from flowctl.model.plan import Plan
from flowctl.model.selection import Choice
from flowctl.model.values import secret_digests
from flowctl.operations.compared_attributes import compared_digests
from flowctl.operations.manifest_files import file_digests
from flowctl.operations.review import saved_digest
from flowctl.operations.session import Session
from flowctl.settings.workspace import Workspace
from flowctl.state.plan_digest import change_digest
from flowctl.state.planfile import check_plan_path, read_plan_file, write_plan_file
from flowctl.state.planfile_document import SavedPlan, change_key
from flowctl.state.review_digest import sent_digests
from flowctl.validation.wording import did_you_mean, nearest

_SEPARATORS: Final = frozenset(filter(None, ("/", os.sep, os.altsep)))
"""Characters that divide the folders of a path."""


def check_out(path: str, workspace: Workspace) -> None:
    """Raise StateError unless a plan may be saved there; asked before anything is read from the platform."""
    check_plan_path(path)
    reason = _belongs_to(os.path.realpath(path), workspace)
    if reason:
        raise StateError.because(
            "plan-file-unwritable",
            f"the plan cannot be saved in {path}: flowctl would read the file as {reason}",
            hint="Choose another path, such as `--out plan.json`.",
        )


def _belongs_to(path: str, workspace: Workspace) -> str:
    """What a file at that path would be to flowctl, in words; empty where it would be nothing."""
    place, root = Path(path), Path(os.path.realpath(workspace.root))
    if place.name == WORKSPACE_FILE:
        return "a workspace file"
    if place.parent == root and place.name.startswith("flowctl.") and place.name.endswith((".lock", ".lock.journal")):
        return "a lockfile or a journal"
    if place.is_relative_to(root / ".flowctl" / "local") or place.suffix == ".runlock":
        return "one of its own files"
    if place.name.endswith(ENDINGS):
        folders = (os.path.realpath(workspace.root / entry) for entry in workspace.manifests)
        if any(place.is_relative_to(folder) for folder in folders):
            return "a manifest"
    return ""


def save_plan(
    path: str,
    session: Session,
    plan: Plan,
    manifests: Manifests,
    *,
    targets: Sequence[str],
    choice: Choice | None,
    destroy: bool,
) -> None:
    """Save a plan with what it is bound to. Raises StateError for a plan with errors, and if it cannot be saved."""
    if has_errors(plan.diagnostics):
        raise StateError.because(
            "plan-has-errors", "a plan with errors cannot be saved", hint="Fix the errors, then plan again."
        )
    salt = secrets.token_hex(16)
    saved = SavedPlan(
        environment=plan.environment,
        endpoint=session.environment.endpoint,
        token_url=session.environment.token_url,
        organization=plan.organization,
        sandbox=plan.sandbox,
        lineage=plan.lineage,
        serial=plan.serial,
        manifest_digest=plan.manifest_digest,
        files=file_digests(session.workspace.root, manifests, salt),
        targets=tuple(targets),
        select=plan.selection.select,
        exclude=plan.selection.exclude,
        chosen=_words_of(choice),
        destroy=destroy,
        changes={change_key(change): change_digest(change) for change in plan.changes},
        etags={change_key(change): change.etag for change in plan.changes},
        compared=compared_digests(plan, salt),
        allowed_duplicates=tuple(sorted(plan.allowed_duplicates)),
        salt=salt,
        secrets=bound_secrets(plan, salt),
        sends=sent_digests(plan, session.secrets),
        made_at=plan.made_at,
        approvals=plan.approvals,
        allows_irreversible=plan.allows_irreversible,
        plan=plan,
    )
    write_plan_file(path, saved, session.secrets)


def _words_of(choice: Choice | None) -> tuple[str, ...]:
    """What a choice holds, as strings: it is kept because git may know another history when the plan is applied."""
    return () if choice is None else (*sorted(map(" ".join, choice.documents)), *sorted(choice.gone))


def saved_choice(saved: SavedPlan, manifests: Manifests) -> Choice | None:
    """The choice of a saved plan; None if it has no selection."""
    selection = saved.plan.selection
    if not selection:
        return None
    known = frozenset((document.kind, document.name) for document in manifests.documents)
    chosen = frozenset(key for key in known if " ".join(key) in saved.chosen)
    gone = frozenset(Address(word) for word in saved.chosen if is_address(word))
    return Choice(selection=selection, documents=chosen, others=known - chosen, gone=gone)


def bound_secrets(plan: Plan, salt: str) -> Mapping[str, Mapping[str, str]]:
    """The digests of all secrets that have a value, of what changes and of what stays as it is."""
    found: dict[str, dict[str, str]] = {}
    for change in (*plan.changes, *plan.kept):
        digests = secret_digests(change.desired, salt)
        if digests:
            found[str(change.address)] = digests
    return found


def is_plan_file(word: str) -> bool:
    """Whether a word is the path of a plan file and not an address: an address ends with a kind."""
    address = Address(word)
    return address.kind not in KINDS or not (is_address(word) or _SEPARATORS.isdisjoint(word))


def shown_plan(path: str, addresses: Callable[[], Iterable[str]] = tuple) -> Plan:
    """The plan that a file holds, as it was shown when it was saved.

    Raises StateError if there is none, with the nearest of the addresses, which are only then asked for.
    """
    if _SEPARATORS.isdisjoint(path) and not os.path.lexists(path):
        raise StateError.because(
            "not-a-plan-file",
            f"{path} is neither an address nor a file",
            detail="An address is NAME.KIND, such as `shop-customers.flow`.",
            hint=did_you_mean(
                nearest(path, addresses()),
                "Run `flowctl show` to list the addresses, or `flowctl plan --out FILE` to save a plan.",
            ),
        )
    saved = read_plan_file(Path(path))
    return replace(saved.plan, digest=saved_digest(saved))
