"""Lost replies to writes that Schema Registry shows late: nothing is made twice, nothing is changed twice."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fault_proxy import NONE, Asked, Effect, answered, dropped_before, proxied
from late_workspace import DATASET, REGISTRY, field_group, late_workspace, lead_to, schema, set_delays
from surroundings import Platform, Result, Workspace

_APPLY = ("apply", "--auto-approve")
_DOCUMENTS = "".join(map(field_group, ("red", "green", "blue"))) + schema("red", "green")
_IDENTITY = """\
identities:
  - {path: "_${tenant}.red.id", namespace: Email}
"""


@pytest.fixture
def applied(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    workspace = late_workspace(tmp_path, capsys, platform, _DOCUMENTS)
    workspace.begin_applied()
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    return workspace


def delays(platform: Platform, **milliseconds: int) -> None:
    set_delays(platform, **milliseconds)
    platform.clear_log()


def sent(platform: Platform, method: str, collection: str) -> list[int]:
    log = [each for each in platform.log() if each["method"] == method]
    return [each["status"] for each in log if each["path"].startswith(f"{REGISTRY}/{collection}")]


def dropping(method: str, collection: str, *, then_fails: bool = False) -> Callable[[Asked], Effect]:
    """A script that loses the reply to the first write of a collection, and lets all that follows fail if so told."""
    dropped: list[str] = []

    def script(request: Asked) -> Effect:
        if dropped:
            return answered(403) if then_fails else NONE
        if (request.method, request.collection) != (method, collection):
            return NONE
        dropped.append(request.path)
        return Effect(drop=True)

    return script


def losing(workspace: Workspace, platform: Platform, script: Callable[[Asked], Effect], *options: str) -> Result:
    """How an apply ends whose requests go through a proxy."""
    with proxied(platform.url) as proxy:
        proxy.script = script
        lead_to(workspace, proxy.url)
        result = workspace.run(*_APPLY, *options)
    lead_to(workspace, platform.url)
    return result


def parts(platform: Platform) -> list[str]:
    """The titles of what the schema consists of."""
    accept = {"Accept": "application/vnd.adobe.xed+json"}
    reply = platform.request("GET", f"{REGISTRY}/schemas", headers=accept)
    (schema,) = reply.json()["results"]
    groups = platform.request("GET", f"{REGISTRY}/fieldgroups", headers=accept)
    titles = {each["$id"]: each["title"].removeprefix("Acme ") for each in groups.json()["results"]}
    return [titles.get(each["$ref"], "class") for each in schema["allOf"]]


def descriptors(platform: Platform) -> int:
    accept = {"Accept": "application/vnd.adobe.xdm-v2+json"}
    reply = platform.request("GET", f"{REGISTRY}/descriptors", headers=accept)
    return len(reply.json()["results"])


def test_a_lost_reply_to_an_update_removes_no_other_field_group(applied: Workspace, platform: Platform) -> None:
    """The places in the list are those of the old schema as long as it is shown."""
    applied.edit("all.yaml", "[red, green]", "[green, blue]")
    delays(platform, updateDelay=2000)
    assert losing(applied, platform, dropping("PATCH", "schemas")).code == 0
    assert sent(platform, "PATCH", "schemas") == [200]
    delays(platform, updateDelay=0)
    assert parts(platform) == ["class", "green", "blue"]


def test_the_next_run_removes_no_other_field_group(applied: Workspace, platform: Platform) -> None:
    applied.edit("all.yaml", "[red, green]", "[green, blue]")
    delays(platform, updateDelay=4000)
    assert losing(applied, platform, dropping("PATCH", "schemas", then_fails=True)).code == 1
    again = applied.run(*_APPLY)
    assert again.code == 0, again.out + again.err
    assert "the interrupted run updated the object" in again.err
    assert sent(platform, "PATCH", "schemas") == [200]
    delays(platform, updateDelay=0)
    assert parts(platform) == ["class", "green", "blue"]


@pytest.mark.parametrize("collection", ["descriptors", "fieldgroups"])
def test_a_lost_reply_to_a_creation_makes_nothing_twice(
    applied: Workspace, platform: Platform, collection: str
) -> None:
    applied.edit("all.yaml", "[red, green]", "[red, green, more]")
    applied.write("all.yaml", (applied.root / "all.yaml").read_text(encoding="utf-8") + _IDENTITY)
    applied.write("more.yaml", field_group("more"))
    delays(platform, visibilityDelay=2000)
    result = losing(applied, platform, dropping("POST", collection))
    assert result.code == 0, result.out + result.err
    assert sent(platform, "POST", collection).count(201) == 1
    delays(platform, visibilityDelay=0)
    assert descriptors(platform) == 1
    assert applied.plan().actions() == {}


def test_the_next_run_makes_nothing_twice(applied: Workspace, platform: Platform) -> None:
    applied.write("all.yaml", (applied.root / "all.yaml").read_text(encoding="utf-8") + _IDENTITY)
    delays(platform, visibilityDelay=5000)
    assert losing(applied, platform, dropping("POST", "descriptors", then_fails=True)).code == 1
    again = applied.run(*_APPLY)
    assert again.code == 0, again.out + again.err
    assert "the interrupted run created" in again.err
    delays(platform, visibilityDelay=0)
    assert descriptors(platform) == 1


def test_a_write_that_was_not_done_is_sent_again(applied: Workspace, platform: Platform) -> None:
    applied.edit("all.yaml", "[red, green]", "[green, blue]")
    asked: list[str] = []

    def script(request: Asked) -> Effect:
        if request.method != "PATCH" or asked:
            return NONE
        asked.append(request.path)
        return dropped_before()

    result = losing(applied, platform, script, "--retry-budget", "2")
    assert result.code == 0, result.out + result.err
    assert parts(platform) == ["class", "green", "blue"]


def test_what_is_shown_at_once_is_looked_for_once(applied: Workspace, platform: Platform) -> None:
    applied.write("dataset.yaml", DATASET)
    asked: list[str] = []

    def script(request: Asked) -> Effect:
        if request.collection != "dataSets" or (request.method == "GET" and not asked):
            return NONE
        asked.append(request.method)
        return dropped_before() if len(asked) == 1 else NONE

    result = losing(applied, platform, script, "--retry-budget", "2")
    assert result.code == 0, result.out + result.err
    assert asked == ["POST", "GET", "POST"]


def test_the_next_run_waits_only_for_what_is_shown_late(applied: Workspace, platform: Platform) -> None:
    applied.write("dataset.yaml", DATASET)
    dropped: list[str] = []

    def script(request: Asked) -> Effect:
        if dropped:
            return answered(403)
        if (request.method, request.collection) != ("POST", "dataSets"):
            return NONE
        dropped.append(request.path)
        return dropped_before()

    assert losing(applied, platform, script).code == 1
    again = applied.run(*_APPLY)
    assert again.code == 0, again.out + again.err
    assert "the interrupted run did not create the object" in again.err
    assert "Waiting" not in again.err
