"""What a plan must not do: destroy what `preventDestroy` protects, or delete more than the workspace allows."""

from collections.abc import Mapping, Sequence

from flowctl.engine.resolve import unset_secrets
from flowctl.model.address import Address
from flowctl.model.change import Action, Change
from flowctl.model.diagnostic import Diagnostic
from flowctl.model.record import LockEntry
from flowctl.model.resource import Resource


def plan_problems(
    changes: Sequence[Change],
    desired: Mapping[Address, Resource],
    entries: Mapping[Address, LockEntry],
    max_delete: int | None,
) -> list[Diagnostic]:
    """One error for each protected resource that would go, and one where too many would."""
    going = [change for change in changes if change.action in (Action.DELETE, Action.REPLACE)]
    problems = [
        Diagnostic(
            code="prevent-destroy",
            summary=f"{change.address} is guarded by lifecycle.preventDestroy and would be {change.action}d",
            hint="Keep its manifest as it was; if it really shall go, remove the guard there and apply that first.",
            address=change.address,
            span=desired[change.address].span if change.address in desired else None,
        )
        for change in going
        if _prevents_destroy(change.address, desired, entries)
    ]
    if max_delete is not None and len(going) > max_delete:
        problems.append(
            Diagnostic(
                code="too-many-deletions",
                summary=f"the plan deletes or replaces {len(going)} resources, and at most {max_delete} are allowed",
                hint="Look at the plan; if it is right, give --max-delete N or raise maxDelete in flowctl.yaml.",
            )
        )
    return problems


def missing_secrets(changes: Sequence[Change], desired: Mapping[Address, Resource]) -> list[Diagnostic]:
    """One error for each secret that has to be sent and is not set."""
    return [
        Diagnostic(
            code="secret-not-set",
            summary=f"the environment variable {secret.variable} is not set, and {change.address} needs its value",
            hint=f"Set {secret.variable} and run again; nothing was sent.",
            address=change.address,
            span=desired[change.address].span if change.address in desired else None,
        )
        for change in changes
        if change.action in (Action.CREATE, Action.REPLACE)
        for _, secret in unset_secrets(change.desired)
    ]


def _prevents_destroy(
    address: Address, desired: Mapping[Address, Resource], entries: Mapping[Address, LockEntry]
) -> bool:
    holder = desired.get(address) or entries.get(address)
    return holder is not None and holder.lifecycle.prevent_destroy
