"""The platform's clock, read from the `Date` of its replies; the local clock of this machine plays no part.

Between replies the machine's monotonic clock counts on, which nobody can set.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from flowctl.engine.reading import Send
from flowctl.model.request import Reply, Request


@dataclass(slots=True)
class PlatformClock:
    """The time on the platform, once a reply has shown it. Threads may share it."""

    monotonic: Callable[[], float] = time.monotonic
    _ahead: float | None = field(default=None, init=False)

    def watching(self, send: Send) -> Send:
        """The same as `send`, and every reply sets this clock."""

        def watched(request: Request) -> Reply:
            reply = send(request)
            shown = _shown(reply.headers)
            if shown is not None:
                self._ahead = shown - self.monotonic() * 1000
            return reply

        return watched

    def now(self) -> int | None:
        """Epoch milliseconds on the platform; None if no reply has shown them."""
        return None if self._ahead is None else int(self._ahead + self.monotonic() * 1000)


def _shown(headers: Mapping[str, str]) -> float | None:
    """The time of a reply in epoch milliseconds; `Age` says how long a cache has kept it."""
    try:
        age = max(0, int(headers.get("age", "0")))
        return (parsedate_to_datetime(headers["date"]).timestamp() + age) * 1000
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
