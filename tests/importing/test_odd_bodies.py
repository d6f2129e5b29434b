"""One object with a value of another type than in Adobe's API: it is left out with its reason, and the rest goes on."""

from collections.abc import Sequence
from typing import Any

import pytest
from fault_proxy import proxied
from odd_bodies import showing
from surroundings import Platform, Workspace

TITLE = "Shop customers"
NOT_THE_API = "it is not what Adobe's API describes"


@pytest.fixture
def applied(examples: Workspace) -> Workspace:
    examples.begin_applied()
    return examples


def ids(platform: Platform) -> dict[str, str]:
    """The objects of one pipeline by kind."""
    flow = platform.one("flows", TITLE)
    source, target = flow["sourceConnectionIds"][0], flow["targetConnectionIds"][0]
    mapping = next(each for each in flow["transformations"] if each["name"] == "Mapping")["params"]["mappingId"]
    connections = {each["id"]: each for each in platform.items("sourceConnections")}
    return {
        "flow": flow["id"],
        "source": source,
        "target": target,
        "mapping": mapping,
        "connection": connections[source]["baseConnectionId"],
    }


CASES: list[tuple[str, Sequence[str | int], Any, str]] = [
    ("flow", ("name",), 5, "it cannot be read: `name` has the wrong type"),
    ("flow", (), "text", f"it cannot be read: {NOT_THE_API}"),
    ("flow", ("id",), ["x"], "it cannot be read: the ID in it is not a UUID"),
    ("flow", ("flowSpec",), [], "it cannot be read: `flowSpec` has the wrong type"),
    ("flow", ("transformations", 0, "params"), 5, f"a value in {NOT_THE_API}"),
    ("flow", ("inheritedAttributes",), [5], f"it cannot be read: {NOT_THE_API}"),
    ("flow", ("scheduleParams", "startTime"), {"a": 1}, "a manifest cannot say it"),
    ("source", ("params",), "x", "its source connection {source} cannot be read: `params` has the wrong type"),
    ("source", ("id",), 5, "its source connection {source} cannot be read: the ID in it is not a UUID"),
    ("target", ("data", "schema"), 5, f"its target connection {{target}} cannot be read: {NOT_THE_API}"),
    ("mapping", ("mappings", 0), 5, f"its mapping set {{mapping}} cannot be read: {NOT_THE_API}"),
    ("mapping", ("mappings",), {"a": 1}, f"its mapping set {{mapping}} cannot be read: {NOT_THE_API}"),
    ("connection", ("name",), [[]], "its base connection {connection} cannot be read: `name` has the wrong type"),
]


@pytest.mark.parametrize(("kind", "place", "value", "reason"), CASES)
def test_an_import_goes_on_without_it(
    applied: Workspace,
    empty: Workspace,
    platform: Platform,
    kind: str,
    place: Sequence[str | int],
    value: Any,
    reason: str,
) -> None:
    objects = ids(platform)
    with proxied(platform.url) as proxy:
        proxy.reworded = showing(objects[kind], place, value)
        empty.edit("flowctl.yaml", platform.url, proxy.url)
        found = empty.run("import", "--format", "json")
        assert found.code == 1, found.err
        assert [each["reason"][: len(reason.format(**objects))] for each in found.json["skipped"]] == [
            reason.format(**objects)
        ]
        assert len([file for file in found.json["written"] if file["file"].startswith("pipelines/")]) == 4
        assert found.json["diagnostics"] == []
    empty.edit("flowctl.yaml", proxy.url, platform.url)
    assert set(empty.plan().actions().values()) == {"import"}
    assert applied.root.exists()


def test_a_flow_that_is_asked_for_and_cannot_be_read_is_skipped(
    applied: Workspace, empty: Workspace, platform: Platform
) -> None:
    flow = ids(platform)["flow"]
    with proxied(platform.url) as proxy:
        proxy.reworded = showing(flow, ("options",), "x")
        empty.edit("flowctl.yaml", platform.url, proxy.url)
        for chosen in (flow, TITLE, "Shop *"):
            found = empty.run("import", "--flow", chosen, "--format", "json")
            assert (found.code, [each["id"] for each in found.json["skipped"]]) == (1, [flow])
        assert empty.run("import", "--flow", "Partner files").code == 0
    assert applied.root.exists()


@pytest.mark.parametrize(
    ("kind", "place", "address", "why"),
    [
        ("flow", ("name",), "shop-customers.flow", "`name` has the wrong type"),
        ("source", ("id",), "shop-customers.source_connection", "the ID in it is not a UUID"),
        ("connection", ("connectionSpec",), "shop-database.connection", "`connectionSpec` has the wrong type"),
    ],
)
def test_drift_compares_the_others(
    applied: Workspace, platform: Platform, kind: str, place: Sequence[str | int], address: str, why: str
) -> None:
    other = platform.one("flows", "Partner files")
    path = f"/data/foundation/flowservice/flows/{other['id']}"
    patch = [{"op": "replace", "path": "/scheduleParams/frequency", "value": "week"}]
    platform.request("PATCH", path, headers={"If-Match": other["etag"]}, json=patch).raise_for_status()
    with proxied(platform.url) as proxy:
        proxy.reworded = showing(ids(platform)[kind], place, 5)
        applied.edit("flowctl.yaml", platform.url, proxy.url)
        found = applied.run("drift", "--format", "json")
        assert found.code == 1, found.err
        assert [each["address"] for each in found.json["drift"]] == ["partner-files.flow"]
        errors = [each for each in found.json["diagnostics"] if each["severity"] == "error"]
        assert [(each["code"], each["address"], each["summary"]) for each in errors] == [
            ("unreadable-object", address, f"`{address}` cannot be compared: {why}")
        ]
        assert errors[0]["file"] is not None
        assert applied.run("drift", "--accept").code == 1
    assert "frequency: week" in (applied.root / "pipelines/partner-files.yaml").read_text(encoding="utf-8")
    applied.edit("flowctl.yaml", proxy.url, platform.url)
    assert applied.plan().actions() == {}
