"""The threads that read for one command; none of them outlives it."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from flowctl.operations.session import Session

_SWITCH_INTERVAL = 0.0005
"""Seconds that a computing thread keeps the interpreter from one that has a reply to read; the default is ten times
as long, and every request asks for the interpreter many times."""


@contextmanager
def reading_threads(session: Session) -> Iterator[ThreadPoolExecutor]:
    """Threads that read; after a failure what they wait for is abandoned, so that they end within a moment."""
    pool = ThreadPoolExecutor(max_workers=session.parallelism, thread_name_prefix="read")
    before = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_INTERVAL)
    try:
        yield pool
    except BaseException:
        # What is still being read is of no use, and may take as long as the platform likes.
        session.abandon()
        raise
    finally:
        sys.setswitchinterval(before)
        pool.shutdown(cancel_futures=True)
