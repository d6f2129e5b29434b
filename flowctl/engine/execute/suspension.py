"""Suspension: an object is stopped while another one takes its place, and started again if that fails."""

from dataclasses import replace

from flowctl.engine.execute.context import TRIES, RunContext
from flowctl.engine.observe.reading import read_object
from flowctl.kinds.replacing import Suspension
from flowctl.model.address import Address
from flowctl.model.errors import OutcomeUnknown, PlatformError
from flowctl.model.record import LockEntry


def suspend(run: RunContext, address: Address, entry: LockEntry) -> bool:
    """Stop a recorded object, if it runs. The lockfile knows of it before anything is sent.

    Return whether it has to be started again if nothing takes its place: not if someone else had stopped it. Raises
    PlatformError.
    """
    rule = _rule(run, address)
    if not (entry.suspended or _runs(run, rule, address, entry.id)):
        return False
    run.ledger.record(address, replace(entry, suspended=True))
    try:
        _switch(run, rule, address, entry.id, on=False)
    except PlatformError as error:
        if not error.maybe_done:
            run.ledger.record(address, replace(entry, suspended=False))
        raise
    return True


def resume(run: RunContext, address: Address) -> None:
    """Start a recorded object again. Raises PlatformError; then the lockfile still knows that it is stopped."""
    entry = run.ledger.entry(address)
    if entry is None:
        return
    _switch(run, _rule(run, address), address, entry.id, on=True)
    run.ledger.record(address, replace(entry, suspended=False))


def _rule(run: RunContext, address: Address) -> Suspension:
    rule = run.kinds[address.kind].replacement.suspension
    if rule is None:
        raise AssertionError(f"{address} cannot be stopped")
    return rule


def _runs(run: RunContext, rule: Suspension, address: Address, object_id: str) -> bool:
    live = read_object(run.kinds[address.kind], object_id, run.send)
    return live is not None and rule.runs(live)


def _switch(run: RunContext, rule: Suspension, address: Address, object_id: str, *, on: bool) -> None:
    """Bring an object into a state. The action is refused where that is its state already, so the object is read."""
    tried = 0
    while _runs(run, rule, address, object_id) is not on:
        tried += 1
        try:
            run.send(rule.resume(object_id) if on else rule.suspend(object_id))
            return
        except PlatformError as error:
            if error.maybe_done and (tried == TRIES or not run.backoff.after(error, tried)):
                raise OutcomeUnknown(error.diagnostics) from error
            if not error.maybe_done and _runs(run, rule, address, object_id) is not on:
                raise
