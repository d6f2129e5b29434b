"""One dataflow or run with a value of another type than in Adobe's API: the others are told of nevertheless."""

from collections.abc import Sequence
from typing import Any

import pytest
from fault_proxy import proxied
from odd_bodies import showing
from run_bodies import ran
from surroundings import Platform, Workspace


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def test_the_status_of_the_others_is_told(applied: Workspace, platform: Platform) -> None:
    flow = platform.one("flows", "Shop customers")["id"]
    with proxied(platform.url) as proxy:
        proxy.reworded = showing(flow, ("name",), 5)
        applied.edit("flowctl.yaml", platform.url, proxy.url)
        found = applied.run("status", "--format", "json")
        assert found.code == 0, found.err
        states = {each["name"]: (each["state"], each["healthy"]) for each in found.json["pipelines"]}
        assert states.pop("shop-customers") == ("unknown", False)
        assert set(states.values()) == {("enabled", True)}
        checked = applied.run("runs", "check", "--format", "json")
        assert checked.code == 3
        (problem,) = next(each for each in checked.json["pipelines"] if each["healthy"] is False)["problems"]
        assert problem["code"] == "unreadable"
        assert "`name` has the wrong type" in problem["message"]


@pytest.mark.parametrize(
    "place", [("activities",), ("metrics",), ("createdAt",), ("metrics", "statusSummary", "status"), ("etag",)]
)
def test_a_run_is_told_of_as_far_as_it_can_be_read(
    applied: Workspace, platform: Platform, place: Sequence[str | int]
) -> None:
    run, other = ran(platform, applied, "shop-customers"), ran(platform, applied, "partner-files")
    with proxied(platform.url) as proxy:
        proxy.reworded = showing(run, place, "x")
        applied.edit("flowctl.yaml", platform.url, proxy.url)
        found = applied.run("runs", "list", "--format", "json")
        assert found.code == 0, found.err
        assert {each["id"] for each in found.json["runs"]} == {run, other}


@pytest.mark.parametrize(("place", "value"), [(("id",), 5), (("id",), None)])
def test_a_run_without_an_id_is_counted(
    applied: Workspace, platform: Platform, place: Sequence[str | int], value: Any
) -> None:
    run, other = ran(platform, applied, "shop-customers"), ran(platform, applied, "partner-files")
    with proxied(platform.url) as proxy:
        proxy.reworded = showing(run, place, value)
        applied.edit("flowctl.yaml", platform.url, proxy.url)
        found = applied.run("runs", "list", "--format", "json")
        assert (found.code, [each["id"] for each in found.json["runs"]]) == (1, [other])
        (problem,) = found.json["diagnostics"]
        assert problem["code"] == "unreadable-object"
        assert problem["summary"] == '1 run of "shop-customers" cannot be read'
        unhealthy = {
            each["name"]
            for each in applied.run("runs", "check", "--format", "json").json["pipelines"]
            if each["problems"]
        }
        assert "shop-customers" in unhealthy
        of_other = applied.run("runs", "list", "partner-files", "--format", "json")
        assert (of_other.code, of_other.json["diagnostics"]) == (0, [])
