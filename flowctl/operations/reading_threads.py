"""The threads that read for one command; none of them outlives it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from flowctl.operations.session import Session

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def reading_threads(session: Session) -> Iterator[ThreadPoolExecutor]:
    """Threads that read.

    The first failure, here or in a thread, ends what all of them wait for: nothing of it is of use, and the platform
    may take as long over it as it likes. That failure is raised, and not what follows from it.
    """
    readers = _Readers(session)
    try:
        yield readers
    except Exception as error:
        first = readers.failed(error)
        if first is error:
            raise
        raise first from None
    except BaseException:
        session.abandon()
        raise
    finally:
        readers.shutdown(cancel_futures=True)


class _Readers(ThreadPoolExecutor):
    """A pool that stops at its first failure."""

    def __init__(self, session: Session) -> None:
        super().__init__(max_workers=session.parallelism, thread_name_prefix="read")
        self._session = session
        self._mutex = threading.Lock()
        self._first: Exception | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let a thread call a function."""

        def read() -> T:
            try:
                return fn(*args, **kwargs)
            except Exception as error:
                self.failed(error)
                raise

        return super().submit(read)

    def failed(self, error: Exception) -> Exception:
        """Note a failure, and return the first one."""
        with self._mutex:
            self._first = self._first or error
        self._session.abandon()
        return self._first
