"""Many pipelines: requests carry groups of IDs, and a list of runs is one list."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from run_bodies import RUNS, flow_id, ran
from surroundings import FLOWS, Platform, Workspace

MANY = 250


@pytest.fixture
def many(examples: Workspace) -> Workspace:
    """A lockfile with many dataflows, none of which is found."""
    examples.begin_applied()
    record_many(examples)
    return examples


def record_many(examples: Workspace) -> None:
    """Make the lockfile one with many dataflows and nothing else."""
    path = examples.root / "flowctl.dev.lock"
    document = json.loads(path.read_text(encoding="utf-8"))
    entry = document["entries"]["shop-customers.flow"]
    document["entries"] = {
        f"p-{number:03}.flow": {**entry, "id": f"00000000-0000-4000-8000-{number:012}", "dependsOn": []}
        for number in range(MANY)
    }
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def test_the_status_reads_dataflows_in_groups(many: Workspace, platform: Platform) -> None:
    platform.clear_log()
    result = many.run("status", "--format", "json")
    assert result.code == 0, result.err
    assert sum(each["state"] == "missing" for each in result.json["pipelines"]) == MANY
    paths = [request["path"] for request in platform.log()]
    assert (paths.count(FLOWS), paths.count(RUNS)) == (3, 1)


def test_many_names_are_one_list(many: Workspace, platform: Platform) -> None:
    platform.clear_log()
    result = many.run("runs", "list", *(f"p-{number:03}" for number in range(MANY)))
    assert result.code == 0, result.err
    assert [request["path"] for request in platform.log()] == [RUNS]
    assert many.run("runs", "list", "p-000").code == 0
    assert "property=flowId" in str(platform.log()[-1]["query"])


def copied(platform: Platform, kind: str, source: str, changes: Callable[[dict[str, Any], int], str]) -> None:
    """Store many copies of an object; `changes` makes a body the one of a number, and returns its ID."""
    assert platform.database is not None
    with closing(sqlite3.connect(platform.database, timeout=30)) as database, database:
        database.row_factory = sqlite3.Row
        row = dict(database.execute("SELECT * FROM object WHERE kind = ? AND id = ?", (kind, source)).fetchone())
        last = int(database.execute("SELECT max(seq) FROM object").fetchone()[0])
        names = ", ".join(row)
        for number in range(MANY):
            body = json.loads(row["body"])
            values = {**row, "seq": last + 1 + number, "id": changes(body, number), "body": json.dumps(body)}
            holes = ", ".join("?" * len(values))
            database.execute(f"INSERT INTO object ({names}) VALUES ({holes})", tuple(values.values()))


def test_the_status_of_many_reads_pages_of_dataflows_and_of_their_last_runs(
    examples: Workspace, platform: Platform
) -> None:
    examples.begin_applied()
    run_id, flow = ran(platform, examples, "shop-customers"), flow_id(examples, "shop-customers")

    def a_flow(body: dict[str, Any], number: int) -> str:
        body["id"] = f"00000000-0000-4000-8000-{number:012}"
        body["lastRunDetails"]["id"] = f"11111111-0000-4000-8000-{number:012}"
        return str(body["id"])

    def a_run(body: dict[str, Any], number: int) -> str:
        body |= {"id": f"11111111-0000-4000-8000-{number:012}", "flowId": f"00000000-0000-4000-8000-{number:012}"}
        return str(body["id"])

    copied(platform, "flow", flow, a_flow)
    copied(platform, "run", run_id, a_run)
    record_many(examples)
    platform.clear_log()
    result = examples.run("status", "--format", "json")
    assert result.code == 0, result.err
    assert sum(each["lastRun"] is not None for each in result.json["pipelines"]) == MANY
    assert {each["lastRun"]["records"]["written"] for each in result.json["pipelines"] if each["lastRun"]} == {100}
    paths = [request["path"] for request in platform.log()]
    assert (paths.count(FLOWS), paths.count(RUNS), len(paths)) == (3, 1 + 3, 7)
