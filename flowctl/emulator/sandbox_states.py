"""Sandboxes in creation or reset: for a while with the setting `transitions`, else not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flowctl.emulator.directory import Sandbox
    from flowctl.emulator.platform import Platform

KIND: Final = "sandbox"
ACTIVE: Final = "active"


def begin_state(platform: Platform, sandbox: Sandbox, state: str) -> None:
    """Put a sandbox into a state that passes, if the setting says so."""
    settings = platform.settings
    if settings.transitions == "immediate" or settings.transitionCount == 0:
        return
    timed = settings.transitions == "seconds"
    due = platform.clock.now_ms() + settings.transitionCount * 1000 if timed else None
    reads = None if timed else settings.transitionCount
    platform.database.connection.execute(
        "INSERT OR REPLACE INTO transition (scope, kind, id, following, due, reads) VALUES (?,?,?,?,?,?)",
        (sandbox.scope, KIND, sandbox.name, ACTIVE, due, reads),
    )
    platform.directory.change_sandbox(sandbox, sandbox.body | {"state": state})


def in_present_state(platform: Platform, sandbox: Sandbox, *, is_read: bool = False) -> Sandbox:
    """Return a sandbox in its present state; a look at it counts if `is_read`."""
    if _transition(platform, sandbox) is None:
        return sandbox
    with platform.database.writing():
        # What was read before may have been changed by another process that held the lock.
        transition, now = _transition(platform, sandbox), platform.directory.sandbox_of(sandbox.scope) or sandbox
        if transition is None:
            return now
        connection, place = platform.database.connection, (sandbox.scope, KIND)
        due, reads = transition
        if (due is not None and due <= platform.clock.now_ms()) or (reads is not None and reads <= 0):
            connection.execute("DELETE FROM transition WHERE scope = ? AND kind = ?", place)
            return platform.directory.change_sandbox(now, now.body | {"state": ACTIVE})
        if reads is not None and is_read:
            connection.execute("UPDATE transition SET reads = reads - 1 WHERE scope = ? AND kind = ?", place)
    return now


def _transition(platform: Platform, sandbox: Sandbox) -> tuple[int | None, int | None] | None:
    """Return when the state of a sandbox passes, or after how many reads; None if it does not."""
    found: tuple[int | None, int | None] | None = platform.database.connection.execute(
        "SELECT due, reads FROM transition WHERE scope = ? AND kind = ?", (sandbox.scope, KIND)
    ).fetchone()
    return found
