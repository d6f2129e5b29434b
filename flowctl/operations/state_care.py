"""Edit the lockfile: stop managing objects, rename entries, settle an interrupted creation."""

from typing import TYPE_CHECKING

from flowctl.engine.observe.candidates import Candidates
from flowctl.engine.observe.reading import read_object
from flowctl.engine.recover.pending import adopt
from flowctl.kinds.registry import KINDS
from flowctl.model.address import LONGEST_NAME, Address, is_address
from flowctl.model.errors import StateError
from flowctl.model.record import LockEntry
from flowctl.state.ledger import Ledger
from flowctl.validation.wording import all_of, codes, did_you_mean, nearest

if TYPE_CHECKING:
    from flowctl.operations.session import Session


def forget(ledger: Ledger, addresses: tuple[Address, ...]) -> None:
    """Remove entries; the objects stay on Experience Platform. Raises StateError for an unknown address."""
    for address in addresses:
        require_recorded(ledger, address)
    for address in addresses:
        ledger.forget(address)
    ledger.compact()


def rename(ledger: Ledger, old: Address, new: Address) -> None:
    """Give an entry another address of the same kind; entries that depend on it follow.

    Raises StateError if the old address is unknown, or the new one is taken or of another kind.
    """
    entry = require_recorded(ledger, old)
    if ledger.entry(new) is not None:
        raise StateError.because("address-taken", f"`{new}` is already in the lockfile", hint="Choose another address.")
    if old.kind != new.kind or (old.key is None) != (new.key is None) or not new.name:
        ending = old.kind if old.key is None else f"{old.kind}[KEY]"
        raise StateError.because(
            "kind-differs",
            f"`{new}` is not the address of a {KINDS[old.kind].title}",
            hint=f"The new address must end with `.{ending}`.",
        )
    if not is_address(new) or len(new.name) > LONGEST_NAME:
        raise StateError.because(
            "invalid-name",
            f"`{new}` is not a valid address",
            detail=f"A name has at most {LONGEST_NAME} lowercase letters, digits and hyphens, first a letter or digit."
            if new.key is None
            else "A key has no square brackets and no control characters, and does not begin or end with a space.",
            hint="Use the name of a document in the manifests." if new.key is None else "Correct the name or the key.",
        )
    ledger.rename(old, new, entry)
    ledger.compact()


def rename_document(ledger: Ledger, old: str, new: str) -> dict[Address, Address]:
    """Rename every entry of a document; return each old address with its new one.

    Raises StateError if the lockfile has no entry of that name, or an address is taken.
    """
    moved = {address: address.renamed(new) for address in ledger.lockfile.entries if address.name == old}
    if not moved:
        raise StateError.because(
            "not-recorded",
            f"the lockfile has no entry of `{old}`",
            hint=did_you_mean(
                nearest(old, {address.name for address in ledger.lockfile.entries}),
                "Run `flowctl state list` to see the entries.",
            ),
        )
    for address, renamed in moved.items():
        rename(ledger, address, renamed)
    return moved


def settle_by_hand(session: "Session", address: Address, chosen: str) -> str:
    """Settle an interrupted creation: `chosen` is the ID of the object that it created, or `none`.

    Raises StateError if nothing is pending at that address or the object is not found.
    """
    ledger = session.ledger
    intent = next((intent for intent in ledger.lockfile.pending if intent.address == address), None)
    if intent is None:
        pending = sorted({intent.address for intent in ledger.lockfile.pending})
        raise StateError.because(
            "nothing-pending",
            f"there is no interrupted write of `{address}`",
            detail=f"Interrupted: {all_of(codes(pending))}." if pending else "",
            hint=did_you_mean(nearest(address, pending), "Use one of these addresses.")
            if pending
            else "There is nothing to settle. Run `flowctl plan`.",
        )
    if chosen == "none":
        ledger.abandon(intent)
        ledger.compact()
        return f"{address}: settled, the interrupted run created no object"
    kind = KINDS[intent.entry.kind]
    live = read_object(kind, chosen, session.send)
    if live is None:
        detail, near = Candidates(KINDS, session.send).of_id(kind, chosen)
        raise StateError.because(
            "not-found",
            f"there is no {kind.title} with the ID {chosen}",
            detail=detail,
            hint=near or "Correct the ID, or give `none` if the interrupted run created no object.",
        )
    adopt(ledger, intent, live)
    ledger.compact()
    return f"{address}: settled, recorded in the lockfile as {chosen}"


def require_recorded(ledger: Ledger, address: Address) -> LockEntry:
    """The entry of an address; raises StateError with the nearest known address if there is none."""
    entry = ledger.entry(address)
    if entry is None:
        near = nearest(address, ledger.lockfile.entries)
        raise StateError.because(
            "not-recorded",
            f"`{address}` is not in the lockfile",
            hint=f"Did you mean `{near}`?" if near else "Run `flowctl state list` to see the entries.",
        )
    return entry
