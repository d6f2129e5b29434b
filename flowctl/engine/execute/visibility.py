"""What this run has written and Experience Platform does not show yet.

A change is waited for before its step ends, because what is read until then is the old object. A new object is waited
for only if a write that refers to it is refused: such a write was not done, so it is sent again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from flowctl.engine.execute.context import RunContext, Written
from flowctl.engine.observe.reading import read_object
from flowctl.engine.observe.visibility import Visibility
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.errors import PlatformError, Refused
from flowctl.validation.wording import all_of

T = TypeVar("T")

_UNKNOWN = frozenset({400, 404})
"""Statuses of a refusal because an object is unknown: no document says which of them it is."""
_TIMES = 3
"""How often a write is sent again although every object that it needs can be read."""


def wait_until_shown(run: RunContext, address: Address, written: Written) -> str:
    """Wait for a change that was made and recorded; return a sentence if it is not shown in time.

    A read that fails ends the wait: it says nothing about the change.
    """
    run.written[address] = written
    wait = run.backoff.visibility()
    if _is_shown(run, address, written, wait):
        return ""
    return f"Experience Platform does not show the update after {wait.waited:.1f} s."


def wait_until_certain(run: RunContext, address: Address, written: Written) -> None:
    """Wait for a change of unknown outcome, so that the next read does not show the object before the change."""
    _is_shown(run, address, written, run.backoff.uncertain())


def _is_shown(run: RunContext, address: Address, written: Written, wait: Visibility) -> bool:
    """Whether a change is shown before the wait is over; true also if a read fails."""
    try:
        while not _shows(run, written):
            if not wait.wait([address]):
                return False
    except PlatformError:
        pass
    return True


def sent_when_visible(run: RunContext, change: Change, send: Callable[[], T]) -> T:
    """Send a change; if it is refused, wait for what this run wrote and the change refers to, and send it again.

    Raises what `send` raises. A refusal while an object is not visible says so.
    """
    wait, tried = run.backoff.visibility(), 0
    while True:
        try:
            return send()
        except Refused as error:
            if error.maybe_done or error.status not in _UNKNOWN or tried == _TIMES:
                raise
            needed = _needed(run, change)
            hidden = _hidden(run, needed, error)
            if not hidden and not _names_one(error, needed):
                raise
            tried += 1
            while True:
                if not wait.wait(hidden):
                    raise _explained(error, hidden, wait.waited) from None
                if not (hidden := _hidden(run, hidden, error)):
                    break


def _needed(run: RunContext, change: Change) -> dict[Address, Written]:
    """What this run wrote and a change refers to, directly or through other objects that may be shown late."""
    found: dict[Address, Written] = {}
    waiting = sorted(change.depends_on)
    seen = set(waiting)
    for address in waiting:
        entry = run.ledger.entry(address)
        if entry is None or not run.kinds[entry.kind].shows_late:
            continue
        if address in run.written:
            found[address] = run.written[address]
        more = entry.depends_on - seen
        seen |= more
        waiting += sorted(more)
    return found


def _hidden(run: RunContext, objects: Mapping[Address, Written], error: Refused) -> dict[Address, Written]:
    """Those that are not shown. Raises the refusal itself if a read fails, because the write was not done."""
    try:
        return {address: written for address, written in objects.items() if not _shows(run, written)}
    except PlatformError:
        raise error from None


def _shows(run: RunContext, written: Written) -> bool:
    live = read_object(written.kind, written.id, run.send)
    return live is not None and written.is_shown(live)


def _names_one(error: Refused, objects: Mapping[Address, Written]) -> bool:
    """Whether the refusal is about one of these: it may have become visible only after the refusal."""
    return any(written.id in error.diagnostics[0].detail for written in objects.values())


def _explained(error: Refused, hidden: Mapping[Address, Written], waited: float) -> Refused:
    if not hidden:
        return error
    created = [address for address, written in hidden.items() if written.is_new]
    updated = [address for address, written in hidden.items() if not written.is_new]
    deeds = [
        f"{all_of([f'`{address}`' for address in addresses])} {'was' if len(addresses) == 1 else 'were'} {deed}"
        for addresses, deed in ((created, "created"), (updated, "updated"))
        if addresses
    ]
    them = "it" if len(hidden) == 1 else "them"
    said = error.diagnostics[0]
    detail = (
        f"{said.detail} {all_of(deeds)} in this run, and Experience Platform does not show {them} after {waited:.1f} s."
    )
    until = f"until it no longer {'creates' if created else 'updates'} {them}"
    hint = f"Run `flowctl plan` {until}, then `flowctl apply`. To wait longer, set `--retry-budget SECONDS`."
    explained = Refused([replace(said, detail=detail, hint=hint)], status=error.status)
    explained.maybe_done = False
    return explained
