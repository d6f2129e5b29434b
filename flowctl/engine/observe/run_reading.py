"""Reading runs: the newest as far back as they are wanted, several by ID, and one."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import TypeAlias

from flowctl.engine.observe.paging import Send, pages
from flowctl.engine.observe.understood import UNREADABLE, understood
from flowctl.kinds.flow_runs import one_run, run_in, run_items, run_of, runs_of, runs_with_ids
from flowctl.kinds.identifier import FLOW_SERVICE_ID
from flowctl.kinds.registry import PIPELINE
from flowctl.model.errors import Refused
from flowctl.model.request import Reply, Request
from flowctl.model.run_report import Run

UnreadRun: TypeAlias = Callable[[str], None]
"""Is told the ID of the dataflow to which a run belongs that cannot be read."""


def listed_runs(
    request: Request,
    send: Send,
    begins: Callable[[], int | None] = lambda: None,
    unread: UnreadRun | None = None,
) -> Iterator[Run]:
    """The runs of a list, the newest first. No page is read after one that reaches back to before the beginning.

    `begins` is asked after the first reply, because that shows the time of Experience Platform. A run that cannot be
    read is told to `unread`; without it, raises UnclearReply, and so does one that does not say whose it is: nobody
    could be told what is missing.
    """

    def read(request: Request, reply: Reply) -> list[Run]:
        if unread is None:
            return understood(request, reply, runs_of)
        found: list[Run] = []
        for item in understood(request, reply, run_items):
            try:
                found.append(run_of(item))
            except UNREADABLE:
                unread(understood(request, reply, partial(_flow_of, item)))
        return found

    for page in pages(request, send, read=read, names=_ids, next_page=PIPELINE.next_page):
        since = begins()
        for run in page:
            if since is not None and (run.created_at or since) < since:
                return
            yield run


def _flow_of(item: object, _reply: Reply) -> str:
    """The dataflow of a run in a reply. Raises ValueError if it names none."""
    flow_id = item.get("flowId") if isinstance(item, Mapping) else None
    if not FLOW_SERVICE_ID.holds(flow_id):
        raise ValueError("a run does not name its dataflow")
    return str(flow_id)


def _ids(page: list[Run]) -> Iterator[str]:
    return (run.id for run in page)


def runs_by_id(run_ids: list[str], send: Send, pool: Executor, unread: UnreadRun) -> dict[str, Run]:
    """The runs of these IDs; those that Experience Platform no longer keeps are missing."""
    found = pool.map(partial(_all, send=send, unread=unread), runs_with_ids(run_ids))
    return {run.id: run for page in found for run in page}


def _all(request: Request, send: Send, unread: UnreadRun) -> list[Run]:
    return list(listed_runs(request, send, unread=unread))


def read_run(run_id: str, send: Send) -> Run | None:
    """One run; None if there is none of this ID in the sandbox. What is not an ID is not sent."""
    if not FLOW_SERVICE_ID.holds(run_id):
        return None
    request = one_run(run_id)
    try:
        reply = send(request)
    except Refused as error:
        if error.status == 404:
            return None
        raise
    return understood(request, reply, run_in)
