"""Readiness: a wait for an object that the platform still makes or publishes in the background."""

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.reading import read_object
from flowctl.engine.recover.backoff import Backoff
from flowctl.kinds.kind import Kind
from flowctl.model.errors import PlatformError

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0
_TIMEOUT = 300.0
"""Seconds until an object must be ready."""


def wait_until_ready(kind: Kind, object_id: str, send: Send, backoff: Backoff) -> None:
    """Wait for a recorded object. Raises PlatformError if it is not ready in time."""
    if kind.provisioning is None:
        return
    waited, pause = 0.0, _FIRST_PAUSE
    while (live := read_object(kind, object_id, send)) is not None and kind.provisioning(live):
        if waited >= _TIMEOUT or not backoff.pause(pause):
            raise PlatformError.because(
                "not-ready",
                f"the {kind.title} {object_id} is not ready after {waited:.0f} s",
                hint="Apply again later: the object is in the lockfile, and only the steps that need it are left.",
            )
        waited, pause = waited + pause, min(pause * 2, _LONGEST_PAUSE)
