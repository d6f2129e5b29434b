"""Many pipelines: requests carry groups of IDs, and a list of runs is one list."""

import json

import pytest
from run_bodies import RUNS
from surroundings import FLOWS, Platform, Workspace

MANY = 250


@pytest.fixture
def many(examples: Workspace) -> Workspace:
    """A lockfile with many dataflows, none of which is found."""
    examples.begin_applied()
    path = examples.root / "flowctl.dev.lock"
    document = json.loads(path.read_text(encoding="utf-8"))
    entry = document["entries"]["shop-customers.flow"]
    document["entries"] = {
        f"p-{number:03}.flow": {**entry, "id": f"00000000-0000-4000-8000-{number:012}", "dependsOn": []}
        for number in range(MANY)
    }
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return examples


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
