"""The floor of a run: how long its requests take at least with this latency and this many at once.

The requests of a run come in stages that need each other's replies; within a stage `parallelism` of them can be under
way. A stage of n requests takes at least n / parallelism rounds of one latency each, and at least as many rounds as
its longest chain of requests in which each needs the reply of the one before (the critical path).
"""

from collections.abc import Callable, Sequence
from math import ceil

from benchmarks.served_platform import Logged

_DEEPEST_CREATION = 4
"""Schema, dataset, target connection, flow: the longest chain of creations in a generated workspace."""


def rounds(requests: Sequence[Logged], parallelism: int) -> int:
    """The least number of latencies that these requests of one command can take."""
    tokens = _count(requests, lambda request: request.path.startswith("/ims/"))
    reads = _count(requests, lambda request: request.method == "GET")
    # The schema list is paged by key: each page names the next one.
    schema_pages = _count(requests, lambda request: request.method == "GET" and request.path.endswith("/schemas"))
    writes = len(requests) - tokens - reads
    return (
        tokens
        + _stage(reads, parallelism, deepest=schema_pages)
        + _stage(writes, parallelism, deepest=_DEEPEST_CREATION)
    )


def _stage(requests: int, parallelism: int, *, deepest: int) -> int:
    return max(ceil(requests / parallelism), min(requests, deepest))


def _count(requests: Sequence[Logged], chosen: Callable[[Logged], bool]) -> int:
    return sum(1 for request in requests if chosen(request))
