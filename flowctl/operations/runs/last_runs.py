"""The last run of pipelines as policies look at it.

The dataflows that a plan has read tell the last run of each; one query tells the numbers of rows.
"""

from collections.abc import Mapping
from concurrent.futures import Executor

from flowctl.engine.observe.paging import Send
from flowctl.engine.observe.run_reading import runs_by_id
from flowctl.kinds.flow_runs import last_run_of
from flowctl.kinds.registry import KINDS
from flowctl.model.address import Address
from flowctl.model.durations import rfc3339
from flowctl.model.json_value import JSON, JSONObject
from flowctl.model.resource import RemoteObject
from flowctl.model.run_report import Run

_HOUR = 3_600_000


def last_runs(live: Mapping[Address, RemoteObject], now: int, send: Send, pool: Executor) -> dict[str, JSONObject]:
    """The facts of the last run that has ended, by pipeline; one without such a run is not in it.

    `live` are dataflows with their bodies, `now` is in epoch milliseconds. Raises PlatformError.
    """
    told = {
        address.name: run
        for address, flow in live.items()
        if KINDS[address.kind].is_pipeline and (run := last_run_of(flow.id, flow.body)) is not None
    }
    # Of a run that cannot be read, the dataflow tells how it ended.
    found = runs_by_id([run.id for run in told.values()], send, pool, lambda _id: None) if told else {}
    return {name: _facts(found.get(run.id, run), now) for name, run in told.items()}


def _facts(run: Run, now: int) -> JSONObject:
    """What is known of a run; a number that the run does not tell is left out."""
    moments = {"startedAt": run.begun, "completedAt": run.completed_at}
    records = {"read": run.records.read, "written": run.records.written, "failed": run.records.failed}
    facts: dict[str, JSON] = {"status": str(run.status)}
    facts |= {name: rfc3339(moment) for name, moment in moments.items() if moment is not None}
    facts |= {f"{name}Records": number for name, number in records.items() if number is not None}
    if run.failed_percent is not None:
        facts["failedPercent"] = run.failed_percent
    ended = run.completed_at or run.begun
    if ended is not None:
        facts["ageHours"] = max(0, now - ended) // _HOUR
    return facts
