"""Choices of a repair, ADDRESS=ID: whether each can be recorded."""

from collections.abc import Container, Mapping

from flowctl.model.address import Address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry


def check_choices(
    environment: str,
    chosen: Mapping[Address, str],
    desired: Container[Address],
    entries: Mapping[Address, LockEntry],
    owners: Mapping[str, Address],
) -> None:
    """Raise StateError for a choice that cannot be recorded; `owners` says which address records an ID."""
    forget = f"flowctl -e {environment} state rm"
    for address, object_id in chosen.items():
        if address not in desired:
            raise StateError.because(
                "unknown-target",
                f"{address} is not an address of the manifests",
                hint="flowctl plan shows the addresses.",
            )
        owner, entry = owners.get(object_id), entries.get(address)
        if owner not in (None, address):
            raise StateError.because(
                "address-taken", f"{object_id} is recorded as {owner}", hint=f"{forget} {owner} forgets it."
            )
        if entry is not None and entry.id != object_id:
            raise StateError.because(
                "address-taken",
                f"{address} is recorded as {entry.id}",
                hint=f"{forget} {address} forgets it; then choose again.",
            )
