"""Care for the record: list, forget, rename, settle by hand."""

from flowctl.engine.observe.reading import read_object
from flowctl.engine.recover.pending import adopt
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address, is_address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry
from flowctl.operations.session import Session
from flowctl.state.ledger import Ledger
from flowctl.validation.wording import nearest


def forget(ledger: Ledger, addresses: tuple[Address, ...]) -> None:
    """Drops entries from the record; the objects stay on the platform. Raises StateError for an unknown address."""
    for address in addresses:
        require_recorded(ledger, address)
    for address in addresses:
        ledger.forget(address)
    ledger.compact()


def rename(ledger: Ledger, old: Address, new: Address) -> None:
    """Gives an entry another address of the same kind; entries that depend on it follow.

    Raises StateError where the old address is unknown, the new one taken or of another kind.
    """
    entry = require_recorded(ledger, old)
    if ledger.entry(new) is not None:
        raise StateError.because("address-taken", f"{new} is recorded already", hint="Choose another address.")
    if old.kind != new.kind or (old.key is None) != (new.key is None) or not new.name:
        ending = old.kind if old.key is None else f"{old.kind}[KEY]"
        raise StateError.because("kind-differs", f"{new} is no address of a {old.kind}", hint=f"End it with .{ending}.")
    if not is_address(new):
        raise StateError.because(
            "invalid-name",
            f"{new} is not an address",
            detail="A name has lowercase letters, digits and hyphens, and begins with a letter or digit."
            if new.key is None
            else "A key has no square brackets and no control characters, and neither begins nor ends with a blank.",
            hint="Choose the name of a manifest." if new.key is None else "Correct the name or the key.",
        )
    ledger.rename(old, new, entry)
    ledger.compact()


def rename_document(ledger: Ledger, old: str, new: str) -> dict[Address, Address]:
    """Gives every entry of a document the addresses of another name; answers each old address with its new one.

    Raises StateError where nothing of that name is recorded, or an address is taken.
    """
    moved = {address: address.renamed(new) for address in ledger.lockfile.entries if address.name == old}
    if not moved:
        raise StateError.because(
            "not-recorded", f"nothing of {old} is recorded", hint="flowctl state list shows what is recorded."
        )
    for address, renamed in moved.items():
        rename(ledger, address, renamed)
    return moved


def settle_by_hand(session: Session, address: Address, chosen: str) -> str:
    """Settles a pending creation: `chosen` is the id of the object that it made, or `none`.

    Raises StateError where nothing is pending at that address or the object is not found.
    """
    ledger = session.ledger
    intent = next((intent for intent in ledger.lockfile.pending if intent.address == address), None)
    if intent is None:
        raise StateError.because("nothing-pending", f"no write of {address} is pending", hint="flowctl state list")
    if chosen == "none":
        ledger.abandon(intent)
        ledger.compact()
        return f"{address}: the interrupted run is taken not to have created it"
    live = read_object(KINDS[intent.entry.kind], chosen, session.send)
    if live is None:
        raise StateError.because("not-found", f"no {intent.entry.kind} {chosen} is found on the platform")
    adopt(ledger, intent, live)
    ledger.compact()
    return f"{address}: recorded as {chosen}"


def require_recorded(ledger: Ledger, address: Address) -> LockEntry:
    """The entry of an address; raises StateError with the nearest known address where there is none."""
    entry = ledger.entry(address)
    if entry is None:
        near = nearest(address, ledger.lockfile.entries)
        raise StateError.because(
            "not-recorded",
            f"{address} is not recorded",
            hint=f"Did you mean {near}?" if near else "flowctl state list shows what is recorded.",
        )
    return entry
