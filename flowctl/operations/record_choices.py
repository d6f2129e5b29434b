"""Choices of a repair, ADDRESS=ID: whether each can be recorded."""

from collections.abc import Collection, Mapping

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry
from flowctl.validation.wording import did_you_mean, nearest


def check_choices(
    environment: str,
    chosen: Mapping[Address, str],
    desired: Collection[Address],
    entries: Mapping[Address, LockEntry],
    owners: Mapping[str, Address],
) -> None:
    """Raise StateError for a choice that cannot be recorded; `owners` says which address records an ID."""
    forget = f"flowctl -e {environment} state rm"
    for address, object_id in chosen.items():
        if address not in desired:
            raise StateError.because(
                "unknown-target",
                f"no manifest describes `{address}`",
                hint=did_you_mean(
                    nearest(address, desired), "Run `flowctl plan` to see the addresses of the manifests."
                ),
            )
        owner, entry = owners.get(object_id), entries.get(address)
        if owner not in (None, address):
            raise StateError.because(
                "address-taken",
                f"{object_id} is already in the lockfile as `{owner}`",
                hint=f"Run `{forget} {owner}` to stop managing it there, then run this command again.",
            )
        if entry is not None and entry.id != object_id:
            raise StateError.because(
                "address-taken",
                f"`{address}` is already in the lockfile as {entry.id}",
                hint=f"Run `{forget} {address}` to stop managing that object, then run this command again.",
            )
