"""The platform's clock, read from the `Date` of its replies; the local clock of this machine plays no part.

Between replies the machine's monotonic clock counts on, which nobody can set.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flowctl.engine.observe.paging import Send
from flowctl.model.reply_time import reply_time
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
            shown = reply_time(reply.headers)
            if shown is not None:
                self._ahead = shown - self.monotonic()
            return reply

        return watched

    def now(self) -> int | None:
        """Epoch milliseconds on the platform; None if no reply has shown them."""
        return None if self._ahead is None else int((self._ahead + self.monotonic()) * 1000)
