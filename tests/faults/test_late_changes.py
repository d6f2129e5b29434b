"""Changes that Schema Registry shows late: a step that needs one runs after it is shown."""

import os
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fault_proxy import NONE, Asked, Effect, answered, proxied
from late_workspace import REGISTRY, late_workspace, lead_to, set_delays
from surroundings import Platform, Workspace

_MAPPINGS = "/data/foundation/conversion/mappingSets"
_APPLY = ("apply", "--auto-approve", "--allow-irreversible")
_MODEL = """\
apiVersion: flowctl/v1
kind: DataType
metadata: {name: amount}
title: Acme amount
fields:
  value: {type: number}
  # amount
---
apiVersion: flowctl/v1
kind: Class
metadata: {name: store}
title: Acme store
behavior: record
fields:
  store.id: {type: string}
  # store
---
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {name: loyalty}
title: Acme loyalty
extends: [store]
fields:
  loyalty.id: {type: string}
  loyalty.spent: {ref: amount}
  # loyalty
---
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {name: extra}
title: Acme extra
extends: [store]
fields:
  extra.note: {type: string}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {name: member}
title: Acme member
class: store
fieldGroups: [loyalty, extra]
identities:
  - {path: "_${tenant}.loyalty.id", namespace: Email, primary: false}
  # member
"""
_PIPELINE = """\
apiVersion: flowctl/v1
kind: Dataset
metadata: {name: members}
title: Acme members
schema: member
---
apiVersion: flowctl/v1
kind: Connection
metadata: {name: warehouse}
title: Acme warehouse
connector: postgresql
auth:
  specName: Connection String Based Authentication
  params: {connectionString: Server=db.example.com;Database=shop;UID=reader;Password=none}
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: members-of-stores}
source: {connection: warehouse, params: {tableName: public.members}}
dataset: members
mappings:
  - {source: tier, destination: "_${tenant}.loyalty.tier"}
schedule: {startTime: 2026-12-01T00:00:00Z, frequency: once}
"""
_TIER = {"# loyalty": "loyalty.tier: {type: string}"}


@pytest.fixture
def applied(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A model, which was created some time ago."""
    workspace = late_workspace(tmp_path, capsys, platform, _MODEL)
    workspace.begin_applied()
    return workspace


def change(workspace: Workspace, places: dict[str, str]) -> None:
    for old, new in places.items():
        workspace.edit("all.yaml", old, new)


def late(platform: Platform, milliseconds: int) -> None:
    set_delays(platform, updateDelay=milliseconds)
    platform.clear_log()


def sent(platform: Platform, method: str) -> list[tuple[str, int]]:
    """Collection and status of the requests that change something."""
    log = [each for each in platform.log() if each["method"] == method]
    parts = [each["path"].removeprefix(f"{REGISTRY}/").partition("/")[0] for each in log]
    return [(part, each["status"]) for part, each in zip(parts, log, strict=True)]


def reads(platform: Platform, collection: str) -> int:
    """How often a single object was read."""
    prefix = f"{REGISTRY}/{collection}/"
    return sum(each["method"] == "GET" and each["path"].startswith(prefix) for each in platform.log())


def lists(platform: Platform, collection: str) -> int:
    """How often the list of all objects was read."""
    return sum(each["method"] == "GET" and each["path"] == f"{REGISTRY}/{collection}" for each in platform.log())


def words(result: Any) -> str:
    return " ".join((result.out + result.err).split())


@pytest.mark.parametrize(
    ("places", "path"),
    [
        (_TIER, "loyalty.tier"),
        ({"# amount": "currency: {type: string}"}, "loyalty.spent.currency"),
        ({"# store": "store.town: {type: string}"}, "store.town"),
    ],
    ids=["field group", "data type", "class"],
)
def test_an_identity_of_a_new_field(applied: Workspace, platform: Platform, places: dict[str, str], path: str) -> None:
    change(applied, places | {"# member": f'- {{path: "_${{tenant}}.{path}", namespace: Phone}}'})
    late(platform, 1500)
    result = applied.run(*_APPLY)
    assert result.code == 0, words(result)
    assert sent(platform, "POST") == [("descriptors", 201)], "the step began after the change was shown"
    assert applied.plan().actions() == {}, "a plan right after it finds nothing to do"


def test_a_schema_that_gets_a_field_group(applied: Workspace, platform: Platform) -> None:
    more = "---\nkind: FieldGroup\napiVersion: flowctl/v1\nmetadata: {name: more}\ntitle: Acme more\nextends: [store]\n"
    applied.write("more.yaml", f"{more}fields:\n  more.id: {{type: string}}\n")
    change(applied, {"[loyalty, extra]": "[loyalty, extra, more]"})
    change(applied, {"# member": '- {path: "_${tenant}.more.id", namespace: Phone}'})
    late(platform, 1500)
    result = applied.run(*_APPLY)
    assert result.code == 0, words(result)
    assert sent(platform, "POST") == [("fieldgroups", 201), ("descriptors", 201)]


def test_profile_needs_a_changed_identity(applied: Workspace, platform: Platform) -> None:
    change(applied, {"primary: false": "primary: true", "# member": "", "- {path": "- {path"})
    text = applied.root.joinpath("all.yaml").read_text(encoding="utf-8")
    applied.write("all.yaml", text.rstrip() + "\nprofile: true\n")
    late(platform, 1500)
    result = applied.run(*_APPLY)
    assert result.code == 0, words(result)
    assert sent(platform, "PATCH") == [("schemas", 200)]
    assert sent(platform, "PUT") == [("descriptors", 200)]


def test_a_mapping_into_a_new_field(applied: Workspace, platform: Platform) -> None:
    platform.http.post("/_emulator/settings", json={"mappingChecks": "strict"}).raise_for_status()
    change(applied, _TIER)
    applied.write("pipeline.yaml", _PIPELINE)
    late(platform, 1500)
    result = applied.run(*_APPLY)
    assert result.code == 0, words(result)
    assert [each["status"] for each in platform.log() if each["path"] == _MAPPINGS] == [200]


def test_a_change_that_is_shown_at_once_takes_one_read(applied: Workspace, platform: Platform) -> None:
    change(applied, _TIER)
    late(platform, 0)
    applied.apply()
    assert sent(platform, "PUT") == [("fieldgroups", 200)]
    assert platform.log()[-1]["method"] == "GET"
    assert reads(platform, "fieldgroups") == 2, "before the change and after it"


def test_a_change_that_is_not_shown_in_time_is_made_and_said(applied: Workspace, platform: Platform) -> None:
    change(applied, _TIER)
    late(platform, 600_000)
    result = applied.run(*_APPLY, "--retry-budget", "1")
    assert result.code == 0
    assert "loyalty.field_group: Experience Platform does not show the update after 1.0 s." in words(result)
    assert result.err.count("until Experience Platform shows `loyalty.field_group`.") == 1
    fields = applied.lockfile["entries"]["loyalty.field_group"]["applied"]["fields"]
    assert "tier" in str(fields)


def test_a_step_that_is_refused_because_of_it_says_so(applied: Workspace, platform: Platform) -> None:
    change(applied, _TIER | {"# member": '- {path: "_${tenant}.loyalty.tier", namespace: Phone}'})
    late(platform, 600_000)
    result = applied.run(*_APPLY, "--retry-budget", "1")
    assert result.code == 1
    assert "`loyalty.field_group` was updated in this run" in words(result)
    assert "Experience Platform does not show it after" in words(result)
    assert "Run `flowctl plan` until it no longer updates it, then `flowctl apply`." in words(result)
    assert sent(platform, "POST") == [("descriptors", 400)]


def test_a_read_that_fails_ends_the_wait(applied: Workspace, platform: Platform) -> None:
    """The change is made and recorded."""
    change(applied, {"title: Acme amount": "title: Acme money"})
    changed: list[str] = []

    def script(request: Asked) -> Effect:
        if request.collection != "datatypes":
            return NONE
        if request.method == "GET" and changed:
            return answered(403, "{}")
        if request.method == "PUT":
            changed.append(request.path)
        return NONE

    late(platform, 600_000)
    with proxied(platform.url) as proxy:
        proxy.script = script
        lead_to(applied, proxy.url)
        result = applied.run(*_APPLY, "--retry-budget", "1")
    assert (result.code, len(changed)) == (0, 1), words(result)
    assert "does not show" not in words(result)
    assert applied.lockfile["entries"]["amount.data_type"]["applied"]["title"] == "Acme money"


@pytest.mark.parametrize(
    ("options", "told"),
    [((), True), (("--format", "markdown"), True), (("--format", "json"), False), (("-q",), False)],
)
def test_a_wait_is_told_to_people(applied: Workspace, platform: Platform, options: tuple[str, ...], told: bool) -> None:
    change(applied, _TIER)
    late(platform, 1000)
    result = applied.run(*_APPLY, "--retry-budget", "30", *options)
    assert result.code == 0
    line = "Waiting up to 30 s until Experience Platform shows `loyalty.field_group`.\n"
    assert (line in result.err) == told
    assert "Waiting" not in result.out


def test_a_wait_that_the_first_pause_ends_is_not_told(applied: Workspace, platform: Platform) -> None:
    change(applied, _TIER)
    late(platform, 300)
    assert "Waiting" not in applied.run(*_APPLY).err


def changed_a_moment_ago(workspace: Workspace, platform: Platform, milliseconds: int) -> None:
    """A field group was changed, and its change is not shown yet."""
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    change(workspace, _TIER)
    late(platform, milliseconds)
    assert workspace.run(*_APPLY, "--retry-budget", "0.1").code == 0
    platform.clear_log()


@pytest.mark.parametrize("command", ["plan", "drift"])
def test_a_later_command_waits_for_a_change(applied: Workspace, platform: Platform, command: str) -> None:
    changed_a_moment_ago(applied, platform, 3000)
    result = applied.run(command)
    assert result.code == 0, words(result)
    assert "until Experience Platform shows `loyalty.field_group`." in result.err
    assert words(result).count("No changes") + words(result).count("No drift") == 1


def test_a_later_apply_sends_nothing_again(applied: Workspace, platform: Platform) -> None:
    changed_a_moment_ago(applied, platform, 3000)
    assert applied.run(*_APPLY).code == 0
    assert platform.writes() == []


def test_a_later_command_waits_no_longer_than_the_record_is_new(applied: Workspace, platform: Platform) -> None:
    changed_a_moment_ago(applied, platform, 600_000)
    written = time.time() - 14
    os.utime(applied.root / "flowctl.dev.lock", (written, written))
    assert applied.plan().actions() == {"loyalty.field_group": "update"}
    assert 2 <= reads(platform, "fieldgroups") + lists(platform, "fieldgroups") <= 3


def test_a_change_by_somebody_else_is_drift_at_once(applied: Workspace, platform: Platform) -> None:
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    change(applied, _TIER)
    late(platform, 0)
    applied.apply()
    found = quote(applied.lockfile["entries"]["loyalty.field_group"]["id"], safe="")
    edit = [{"op": "replace", "path": "/title", "value": "Acme points"}]
    platform.request("PATCH", f"{REGISTRY}/fieldgroups/{found}", json=edit).raise_for_status()
    platform.clear_log()
    result = applied.run("drift")
    assert result.code != 0
    assert "Waiting" not in result.err
    assert reads(platform, "fieldgroups") + lists(platform, "fieldgroups") == 1


def test_an_old_change_by_somebody_else_is_waited_for_only_as_long_as_the_record_is_new(
    applied: Workspace, platform: Platform
) -> None:
    """Nothing tells it from what this workspace wrote last."""
    found = quote(applied.lockfile["entries"]["loyalty.field_group"]["id"], safe="")
    edit = [{"op": "replace", "path": "/title", "value": "Acme points"}]
    platform.request("PATCH", f"{REGISTRY}/fieldgroups/{found}", json=edit).raise_for_status()
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    applied.write("flowctl.dev.lock", (applied.root / "flowctl.dev.lock").read_text(encoding="utf-8"))
    result = applied.run("drift", "--retry-budget", "2")
    assert result.code != 0
    assert "Waiting up to 2 s" in result.err


def test_what_is_shown_at_once_is_drift_at_once(applied: Workspace, platform: Platform) -> None:
    applied.write("dataset.yaml", _PIPELINE.partition("---\n")[0])
    applied.apply()
    dataset = applied.lockfile["entries"]["members.dataset"]["id"]
    path = f"/data/foundation/catalog/dataSets/{dataset}"
    platform.request("PATCH", path, json={"name": "Acme people"}).raise_for_status()
    platform.http.post("/_emulator/clock", json={"advanceSeconds": 60}).raise_for_status()
    result = applied.run("drift")
    assert "members.dataset" in result.out
    assert "Waiting" not in result.err
