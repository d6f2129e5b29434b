"""Runs of Flow Service: the requests for them, and what their bodies say.

The status of a run is in its metrics: runs have no state of their own. Counts of failed runs may be -1, which
tells nothing, and old runs give their times in seconds.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flowctl.kinds.flow_search import groups_that_fit
from flowctl.kinds.flow_service import BASE, PAGE
from flowctl.kinds.identifier import FLOW_SERVICE_ID, listed, only, path_part
from flowctl.kinds.run_error_codes import explained
from flowctl.model.request import Reply, Request
from flowctl.model.run_report import Records, Run, RunError, RunStatus

_LONGEST_NOTE: Final = 200
PAGE_OF_RUNS: Final = PAGE
_MILLISECONDS_FROM: Final = 100_000_000_000
_LATEST: Final = 253_402_300_799_000
"""The last moment of the year 9999, in epoch milliseconds."""
_UNKNOWN_STATUS: Final = "UNKNOWN-STATUS"
_STATUSES: Final[Mapping[str, RunStatus]] = {
    **dict.fromkeys(("scheduled", "queued", "pending"), RunStatus.PENDING),
    **dict.fromkeys(("inprogress", "running", "processing"), RunStatus.IN_PROGRESS),
    **dict.fromkeys(("success", "succeeded", "completed"), RunStatus.SUCCESS),
    **dict.fromkeys(("partialsuccess", "partialfailure"), RunStatus.PARTIAL),
    **dict.fromkeys(("failed", "failure", "error"), RunStatus.FAILED),
    **dict.fromkeys(("canceled", "cancelled", "aborted"), RunStatus.CANCELED),
}


def newest_runs(flow_ids: Sequence[str] = ()) -> list[Request]:
    """The first pages of runs, the newest first: of all flows, or of these ones."""
    if not flow_ids:
        return [_listed()]
    return [_listed(f"flowId=={','.join(group)}") for group in groups_that_fit(flow_ids)]


def unfinished_runs() -> Request:
    """The first page of runs that have not ended."""
    return _listed("metrics.statusSummary.status==scheduled,inProgress")


def runs_in_progress() -> Request:
    """The first page of runs that have started and not ended."""
    return _listed("metrics.statusSummary.status==inProgress")


def runs_with_ids(run_ids: Sequence[str]) -> list[Request]:
    """The reads of some runs at once."""
    return [_listed(f"id=={','.join(group)}") for group in groups_that_fit(run_ids)]


def one_run(run_id: str) -> Request:
    """The read of one run."""
    return Request(method="GET", path=f"{BASE}/runs/{path_part(run_id)}")


def _listed(expression: str = "") -> Request:
    filters = (("property", expression),) if expression else ()
    return Request(method="GET", path=f"{BASE}/runs", query=(*filters, ("orderby", "-createdAt"), ("limit", str(PAGE))))


def runs_of(reply: Reply) -> list[Run]:
    """The runs of a page. Raises Unclear, or an error of a look-up, for what the API does not describe."""
    return [run_of(item) for item in run_items(reply)]


def run_items(reply: Reply) -> list[Any]:
    """The bodies of the runs of a page."""
    return listed(reply.body["items"])


def run_in(reply: Reply) -> Run:
    """The run of a reply that holds one."""
    return run_of(only(reply.body["items"]))


def run_of(body: Mapping[str, Any]) -> Run:
    """The run that a body describes; what has another type than in Adobe's API tells nothing."""
    metrics = _object(body.get("metrics"))
    activities = [_object(each) for each in _list(body.get("activities") or body.get("activites"))]
    duration, summary = _object(metrics.get("durationSummary")), _object(metrics.get("statusSummary"))
    completed = _moment(duration.get("completedAtUTC"))
    records = _records(metrics, activities)
    errors = tuple(_merged([*_errors(summary), *(error for each in activities for error in _activity_errors(each))]))
    word = str(summary.get("status") or body.get("state") or "")
    status = _STATUSES.get("".join(sign for sign in word.lower() if sign.isalpha()))
    if status is None:
        status = RunStatus.IN_PROGRESS if completed is None else RunStatus.FAILED
        errors = (*errors, _unknown(word))
    elif status is RunStatus.SUCCESS and (records.failed or errors):
        status = RunStatus.PARTIAL
    return Run(
        id=FLOW_SERVICE_ID.read(body["id"]),
        flow_id=str(body["flowId"]),
        status=status,
        created_at=_moment(body.get("createdAt")),
        started_at=_moment(duration.get("startedAtUTC")),
        completed_at=completed if status.is_over else None,
        records=records,
        batches=tuple(dict.fromkeys(batch for each in activities for batch in _batches(each))),
        errors=errors,
        note=_note(body.get("numbers")),
    )


def last_run_of(flow_id: str, flow: Mapping[str, Any]) -> Run | None:
    """The last run that has ended, as far as the flow itself tells."""
    details = _object(flow.get("lastRunDetails"))
    if not FLOW_SERVICE_ID.holds(details.get("id")):
        return None
    summary = {"status": details.get("state")}
    duration = {name: details.get(name) for name in ("startedAtUTC", "completedAtUTC")}
    metrics = {"statusSummary": summary, "durationSummary": duration}
    return run_of({"id": details["id"], "flowId": flow_id, "metrics": metrics})


def _records(metrics: Mapping[str, Any], activities: Sequence[Mapping[str, Any]]) -> Records:
    """The counts of a run; a count that it does not have is that of its last activity which has one."""
    summaries = [metrics, *reversed(activities)]

    def count(name: str) -> int | None:
        found = (_count(_object(each.get("recordSummary")).get(name)) for each in summaries)
        return next((number for number in found if number is not None), None)

    return Records(
        read=count("inputRecordCount"), written=count("outputRecordCount"), failed=count("failedRecordCount")
    )


def _errors(summary: Mapping[str, Any]) -> Iterator[RunError]:
    for each in (_object(one) for one in _list(summary.get("errors"))):
        code = str(each.get("code") or "unknown")
        known = explained(code)
        yield RunError(
            code=code,
            message=str(each.get("message") or each.get("description") or (known.cause if known else "")),
            records=_count(each.get("recordCount")),
            cause=known.cause if known else "",
            cure=known.cure if known else "",
            source=known.source if known else "",
        )


def _activity_errors(activity: Mapping[str, Any]) -> Iterator[RunError]:
    summary = _object(activity.get("statusSummary"))
    yield from _errors(summary)
    yield from _errors(_object(summary.get("extensions")))
    yield from _errors({"errors": _object(activity.get("recordSummary")).get("failedInfo")})


def _merged(errors: Sequence[RunError]) -> Iterator[RunError]:
    """Each code once: a run repeats the errors of its activities."""
    found: dict[str, RunError] = {}
    for error in errors:
        known = found.get(error.code)
        if known is None or (known.records is None and error.records is not None):
            found[error.code] = error
    yield from found.values()


def _unknown(word: str) -> RunError:
    return RunError(
        code=_UNKNOWN_STATUS,
        message=f'Experience Platform reports the status "{word}", which flowctl does not know.',
        cure="Look at the run in the Experience Platform UI.",
    )


def _batches(activity: Mapping[str, Any]) -> Iterator[str]:
    for target in (_object(each) for each in _list(activity.get("targetInfo"))):
        reference = _object(target.get("reference"))
        if str(reference.get("type")).lower() == "batch":
            yield from (str(one) for one in _list(reference.get("ids")))
    batch = _object(_object(activity.get("statusSummary")).get("extensions")).get("batchId")
    if isinstance(batch, str):
        yield batch


def _note(value: object) -> str:
    """What a run of the emulator says about its numbers; a run of Experience Platform says nothing."""
    return value[:_LONGEST_NOTE] if isinstance(value, str) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _moment(value: object) -> int | None:
    number = _count(value)
    if not number:
        return None
    milliseconds = number if number >= _MILLISECONDS_FROM else number * 1000
    return milliseconds if milliseconds <= _LATEST else None


def run_params(now: int, begin: int, end: int, column: str | None) -> Mapping[str, Any]:
    """The params of a run that reads a window, by a delta column where the source has one; times in epoch seconds."""
    times = {"startTime": now, "windowStartTime": begin, "windowEndTime": end}
    return {**times, **({"deltaColumn": {"name": column}} if column else {})}


def start_run(flow_id: str, params: Mapping[str, Any]) -> Request:
    """The request for a run now; sending it twice starts two."""
    body = {"flowId": flow_id, **({"params": params} if params else {})}
    return Request(method="POST", path=f"{BASE}/runs", body=body, repeatable=False)


def retry_run(run_id: str) -> Request:
    """The request to repeat a run; sending it twice starts two."""
    return Request(
        method="POST", path=f"{BASE}/runs/{path_part(run_id)}/action", query=(("op", "re-trigger"),), repeatable=False
    )


def started(reply: Reply) -> str:
    """The ID of a run that was started: the reply is bare, or a list with one object."""
    body = reply.body
    if isinstance(body, Mapping) and "items" in body:
        body = only(body["items"])
    return FLOW_SERVICE_ID.read(body["id"])
