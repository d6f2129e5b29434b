"""A refused write that refers to an object of this run which Experience Platform does not show yet.

Such a write was not done, so it is sent again as soon as the object can be read.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from flowctl.engine.execute.context import RunContext
from flowctl.engine.observe.reading import read_object
from flowctl.model.address import Address
from flowctl.model.change import Change
from flowctl.model.errors import PlatformError, Refused
from flowctl.model.record import LockEntry

T = TypeVar("T")

_UNKNOWN = frozenset({400, 404})
"""Statuses of a refusal because an object is unknown: no document says which of them it is."""
_TIMES = 3
"""How often a write is sent again although every object that it needs can be read."""


def sent_when_visible(run: RunContext, change: Change, send: Callable[[], T]) -> T:
    """Make a change; if it is refused, wait for the objects of this run that it refers to, and make it again.

    Raises what `send` raises. A refusal while an object is not visible says so.
    """
    wait, tried = _Wait(run), 0
    while True:
        try:
            return send()
        except Refused as error:
            if error.maybe_done or error.status not in _UNKNOWN or tried == _TIMES:
                raise
            made = _made(run, change)
            hidden = _hidden(run, made, error)
            if not hidden and not _names_one(error, made):
                raise
            tried += 1
            wait.once(error, hidden)
            while hidden := _hidden(run, hidden, error):
                wait.once(error, hidden)


class _Wait:
    """The pauses of one step, which grow, up to a limit of them all together."""

    def __init__(self, run: RunContext) -> None:
        self._backoff = run.backoff
        self._pause = run.backoff.first
        self._waited = 0.0

    def once(self, error: Refused, hidden: Mapping[Address, LockEntry]) -> None:
        """Wait once. Raises the refusal, with what is `hidden`, if there is no more time."""
        if self._waited >= self._backoff.visible or not self._backoff.pause(self._pause):
            raise _explained(error, hidden, self._waited)
        self._waited += self._pause
        self._pause = min(self._pause * 2, self._backoff.longest)


def _made(run: RunContext, change: Change) -> dict[Address, LockEntry]:
    """The objects of this run that the object of a change refers to, directly or through others that show late."""
    found: dict[Address, LockEntry] = {}
    waiting = sorted(change.depends_on)
    seen = set(waiting)
    for address in waiting:
        entry = run.ledger.entry(address)
        if entry is None or not run.kinds[entry.kind].shows_late:
            continue
        if address in run.made:
            found[address] = entry
        more = entry.depends_on - seen
        seen |= more
        waiting += sorted(more)
    return found


def _hidden(run: RunContext, entries: Mapping[Address, LockEntry], error: Refused) -> dict[Address, LockEntry]:
    """Those that cannot be read. Raises the refusal itself if a read fails, because the write was not done."""
    try:
        return {
            address: entry
            for address, entry in entries.items()
            if read_object(run.kinds[entry.kind], entry.id, run.send) is None
        }
    except PlatformError:
        raise error from None


def _names_one(error: Refused, entries: Mapping[Address, LockEntry]) -> bool:
    """Whether the refusal is about one of these: it may have become visible only after the refusal."""
    return any(entry.id in error.diagnostics[0].detail for entry in entries.values())


def _explained(error: Refused, hidden: Mapping[Address, LockEntry], waited: float) -> Refused:
    if not hidden:
        return error
    names = ", ".join(f"`{address}`" for address in hidden)
    were = "was" if len(hidden) == 1 else "were"
    them = "it" if len(hidden) == 1 else "them"
    said = error.diagnostics[0]
    detail = (
        f"{said.detail} {names} {were} created in this run, and after {waited:.1f} s Experience Platform does not show "
        f"{them} yet."
    )
    hint = (
        f"Run `flowctl plan` until it no longer creates {them}, then `flowctl apply`. To wait longer, set "
        "`--retry-budget SECONDS`."
    )
    explained = Refused([replace(said, detail=detail, hint=hint)], status=error.status)
    explained.maybe_done = False
    return explained
