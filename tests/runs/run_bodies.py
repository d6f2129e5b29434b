"""Runs for tests: flows that ran on the served platform, and bodies as Flow Service documents them."""

from typing import Any

from surroundings import Platform, Workspace

RUNS = "/data/foundation/flowservice/runs"
FLOW = "11111111-aaaa-4bbb-8ccc-000000000001"
RUN = "22222222-aaaa-4bbb-8ccc-000000000002"


def flow_id(workspace: Workspace, pipeline: str) -> str:
    """The recorded dataflow of a pipeline."""
    found: str = workspace.lockfile["entries"][f"{pipeline}.flow"]["id"]
    return found


def settings(platform: Platform, **values: Any) -> None:
    platform.http.post("/_emulator/settings", json=values).raise_for_status()


def advance(platform: Platform, **parts: int) -> None:
    """Move the platform's clock: `advance(platform, days=1)`."""
    seconds = {"minutes": 60, "hours": 3600, "days": 86_400}
    moved = sum(seconds[unit] * count for unit, count in parts.items())
    platform.http.post("/_emulator/clock", json={"advanceSeconds": moved}).raise_for_status()


def ran(platform: Platform, workspace: Workspace, pipeline: str, outcome: str = "success") -> str:
    """Let a pipeline run as its schedule would, with this outcome; return the run's ID."""
    settings(platform, runOutcome=outcome)
    reply = platform.http.post("/_emulator/runs", json={"flowId": flow_id(workspace, pipeline)})
    run_id: str = reply.raise_for_status().json()["id"]
    return run_id


def body(status: str, **members: Any) -> dict[str, Any]:
    """A run as Flow Service returns it."""
    metrics = {
        "durationSummary": {"startedAtUTC": 1_767_229_200_000, "completedAtUTC": 1_767_229_260_000},
        "recordSummary": {"inputRecordCount": 100, "outputRecordCount": 100, "failedRecordCount": 0},
        "statusSummary": {"status": status, "errors": []},
    }
    metrics.update(members.pop("metrics", {}))
    return {"id": RUN, "flowId": FLOW, "createdAt": 1_767_229_190_000, "metrics": metrics, "activities": [], **members}
