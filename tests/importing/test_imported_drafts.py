"""A dataflow that someone saved as a draft is imported with its connections, and published from the base up."""

from collections.abc import Iterator

import pytest
from made_model import Model
from saved_drafts import DRAFTS, SERVICE, save_drafts
from surroundings import Platform, Workspace

FILE = "pipelines/draft.yaml"


def states(platform: Platform) -> list[str]:
    return [str(each["state"]) for collection in DRAFTS for each in platform.items(collection)]


@pytest.fixture
def taken_over(empty: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    save_drafts(Model(platform).post)
    assert empty.run("import").code == 0
    for line in (empty.root / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.endswith("="):
            monkeypatch.setenv(line.removesuffix("="), "hush-hush")
    empty.apply()
    platform.clear_log()
    return empty


def test_a_draft_stays_one_until_its_manifest_says_otherwise(taken_over: Workspace, platform: Platform) -> None:
    assert taken_over.run("plan", "--detailed-exitcode").code == 0
    assert taken_over.run("drift").code == 0
    taken_over.edit(FILE, "state: draft\n", "")
    assert taken_over.run("plan", "--detailed-exitcode").code == 0
    assert (platform.writes(), states(platform)) == ([], ["draft"] * 4)


def test_a_draft_is_published_with_its_connections(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "state: draft", "state: enabled")
    plan = taken_over.run("plan")
    assert plan.out.count('state: "draft" -> "enabled"') == len(DRAFTS)
    assert plan.out.count("The draft is published") == len(DRAFTS)
    taken_over.apply()
    asked = [each["path"].split("/")[-3] for each in platform.writes()]
    assert {each["query"] for each in platform.writes()} == {"op=publish"}
    assert (sorted(asked), asked[-1]) == (sorted(DRAFTS), "flows")
    assert asked.index("connections") < asked.index("sourceConnections")
    assert states(platform) == ["enabled"] * len(DRAFTS)
    assert taken_over.run("plan", "--detailed-exitcode").code == 0
    assert taken_over.run("drift").code == 0


def test_what_was_published_before_a_failure_stays_published(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "state: draft", "state: enabled")
    publish = {"method": "POST", "path": f"{SERVICE}/targetConnections/*"}
    platform.fault(match=publish, nth=1, times=1, effect={"status": 403})
    assert taken_over.run("apply", "--auto-approve").code == 1
    assert sorted(states(platform)) == ["draft", "draft", "enabled", "enabled"]
    assert len(taken_over.plan().json["changes"]) == 2
    taken_over.apply()
    assert states(platform) == ["enabled"] * len(DRAFTS)


def test_a_connection_is_changed_and_published_in_one_apply(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "state: draft", "state: enabled")
    taken_over.edit("connections/bucket.yaml", "{name: bucket}", "{name: bucket}\ndescription: Files of partners")
    taken_over.apply()
    account = [each["method"] for each in platform.writes() if "/connections/" in each["path"]]
    assert (account, len(platform.writes())) == (["PATCH", "POST"], len(DRAFTS) + 1)
    assert taken_over.run("plan", "--detailed-exitcode").code == 0


def test_a_new_dataflow_publishes_the_draft_of_its_account(taken_over: Workspace, platform: Platform) -> None:
    text = (taken_over.root / FILE).read_text(encoding="utf-8")
    text = (
        text.replace("state: draft\n", "")
        .replace("title: Draft", "title: Another")
        .replace("name: draft", "name: another")
    )
    taken_over.write("pipelines/another.yaml", text.replace("/a.json", "/b.json"))
    taken_over.apply()
    assert states(platform).count("draft") == len(DRAFTS) - 1
    assert taken_over.run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize("state", ["state: draft\n", "state: enabled\n", ""])
def test_a_draft_that_is_replaced_publishes_its_account(taken_over: Workspace, platform: Platform, state: str) -> None:
    taken_over.edit(FILE, "preventDestroy: true, ", "")
    taken_over.apply()
    taken_over.edit(FILE, "state: draft\n", state)
    taken_over.edit(FILE, "/a.json", "/b.json")
    plan = taken_over.plan().json
    bucket, *others = sorted(plan["changes"], key=lambda change: change["address"] != "bucket.connection")
    assert (bucket["action"], {each["action"] for each in others}) == ("update", {"replace"})
    published = [each["kind"] for each in others if "state" in {change["path"] for change in each["attributes"]}]
    assert set(published) <= {"flow"}
    taken_over.apply()
    flow = "draft" if "draft" in state else "enabled"
    assert states(platform) == ["enabled", "enabled", "enabled", flow]
    assert taken_over.run("plan", "--detailed-exitcode").code == 0
    assert taken_over.run("drift").code == 0


def test_a_new_draft_publishes_its_account(taken_over: Workspace, platform: Platform) -> None:
    text = (taken_over.root / FILE).read_text(encoding="utf-8")
    text = text.replace("title: Draft", "title: Another").replace("name: draft", "name: another")
    taken_over.write("pipelines/another.yaml", text.replace("/a.json", "/b.json"))
    taken_over.apply()
    assert sorted(each["state"] for each in platform.items("flows")) == ["draft", "draft"]
    assert [each["state"] for each in platform.items("connections")] == ["enabled"]


def test_a_draft_whose_state_is_ignored_publishes_nothing(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "preventDestroy: true", "ignoreChanges: [flow.state]")
    taken_over.edit(FILE, "state: draft", "state: enabled")
    taken_over.apply()
    assert (platform.writes(), states(platform)) == ([], ["draft"] * len(DRAFTS))


@pytest.fixture
def slow(platform: Platform) -> Iterator[None]:
    """A platform on which a published object takes some reads to become enabled."""
    settings = "/_emulator/settings"
    platform.http.post(settings, json={"transitions": "reads", "transitionCount": 1}).raise_for_status()
    yield
    platform.http.post(settings, json={"transitions": "immediate", "transitionCount": 0}).raise_for_status()


@pytest.mark.usefixtures("slow")
def test_a_lost_reply_about_a_connection_that_is_being_published(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "state: draft", "state: enabled")
    publish = {"method": "POST", "path": f"{SERVICE}/connections/*"}
    platform.fault(match=publish, nth=1, times=1, effect={"drop": "after"})
    taken_over.apply()
    assert len(platform.writes()) == len(DRAFTS)


@pytest.mark.usefixtures("slow")
def test_a_connection_is_used_when_it_is_published(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "state: draft", "state: enabled")
    taken_over.apply()
    settings = {"transitions": "reads", "transitionCount": 50}
    platform.http.post("/_emulator/settings", json=settings).raise_for_status()
    (bucket,) = platform.items("connections")
    changes = [{"op": "add", "path": "/description", "value": "Of partners"}]
    path = f"{SERVICE}/connections/{bucket['id']}"
    platform.request("PATCH", path, json=changes, headers={"If-Match": bucket["etag"]}).raise_for_status()
    assert [each["state"] for each in platform.items("connections")] == ["updating"]
    assert taken_over.run("drift").code == 0
    assert taken_over.run("plan", "--detailed-exitcode").code == 0


def test_a_draft_that_is_replaced_alone_publishes_its_connections(taken_over: Workspace, platform: Platform) -> None:
    taken_over.edit(FILE, "preventDestroy: true, ", "")
    taken_over.edit(FILE, "2100-01-01T00:00:00Z", "2020-01-01T00:00:00Z")
    taken_over.apply()
    taken_over.edit(FILE, "state: draft\n", "")
    taken_over.edit(FILE, "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z")
    actions = {each["kind"]: each["action"] for each in taken_over.plan().json["changes"]}
    connections = ("connection", "source_connection", "target_connection")
    assert actions == {"flow": "replace", **dict.fromkeys(connections, "update")}
    taken_over.apply()
    assert states(platform) == ["enabled"] * len(DRAFTS)
