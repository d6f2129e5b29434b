"""The action for GitHub: its own steps, run on a Git repository, against the emulator and a stand-in for the host."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from code_host import CodeHost, served
from surroundings import FLOWS, ROOT, Platform

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables: {{secret: canary-secret-key}}
"""
PIPELINE = """\
apiVersion: flowctl/v1
kind: Schema
metadata: {name: person}
title: Acme people
class: https://ns.adobe.com/xdm/context/profile
---
apiVersion: flowctl/v1
kind: Connection
metadata: {name: bucket}
connector: amazon-s3
auth: {specName: Access Key, params: {s3AccessKey: key, s3SecretKey: "${var:secret}"}}
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: people}
source: {connection: bucket, data: {format: delimited}, params: {path: /in, type: folder}}
dataset: {title: People, schema: person}
mappings: [{source: id, destination: _id}]
schedule: {startTime: 2036-12-01T00:00:00Z, frequency: day, interval: 1}
"""
LAST = """\
---
apiVersion: flowctl/v1
kind: Schema
metadata: {name: more}
class: https://ns.adobe.com/xdm/context/profile
title: More people
"""
POLICY = """\
apiVersion: flowctl/v1
kind: Policy
metadata: {name: house}
rules:
  - {id: new, message: New dataflows cost., severity: approval, match: {kind: flow, action: create}, deny: {name: true}}
"""


@dataclass
class Ended:
    """How the steps of the action ended."""

    code: int
    log: str
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Repository:
    """A checkout with its origin, and a host that knows its pull requests."""

    folder: Path
    host: CodeHost
    runner: Path

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        command = ["git", *who, *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def write(self, name: str, text: str) -> None:
        (self.folder / "flows" / name).write_text(text, encoding="utf-8")

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Edit")
        self.git("push", "-q", "origin", "HEAD:main")
        return self.git("rev-parse", "HEAD")

    def merged(self, *labels: str) -> str:
        """Commit what there is, as the merge of the pull request."""
        sha = self.commit()
        self.host.pulls[sha] = {"number": 7, "merged_at": "now", "labels": [{"name": name} for name in labels]}
        return sha

    def run(self, command: str, *, pull_request: str = "", head: str = "", sha: str = "0") -> Ended:
        """Run the steps of the action that this command has, as a runner does."""
        inputs = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
        inputs |= {"command": command, "environment": "dev", "workspace": "flows", "token": "canary-host-token"}
        known = {f"inputs.{name}": value for name, value in inputs.items()}
        known["github.event.pull_request.number"] = pull_request
        known["github.event.pull_request.head.repo.full_name"] = head
        files = {name: self.runner / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        environ = {
            **{name: value for name, value in os.environ.items() if name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_API_URL": self.host.url,
            "GITHUB_REPOSITORY": "acme/flows",
            "GITHUB_SHA": sha,
            "GITHUB_REF_NAME": "main",
            **{name: str(file) for name, file in files.items()},
        }
        log = ""
        for step in ACTION["runs"]["steps"]:
            condition = re.fullmatch(r"inputs\.command == '(\w+)'", step.get("if", f"inputs.command == '{command}'"))
            assert condition is not None, step
            if "uses" in step or step["id"] == "install" or condition[1] != command:
                continue
            own = {name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: known[found[1]], value)
                   for name, value in step["env"].items()}  # fmt: skip
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", step["run"]],
                cwd=self.folder, env={**environ, **own}, capture_output=True, text=True, check=False,
            )  # fmt: skip
            log += done.stdout + done.stderr
            assert "canary" not in log
            if done.returncode:
                return Ended(done.returncode, log, summary=files["GITHUB_STEP_SUMMARY"].read_text())
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        return Ended(0, log, outputs, files["GITHUB_STEP_SUMMARY"].read_text())


@pytest.fixture
def repository(tmp_path: Path, platform: Platform) -> Iterator[Repository]:
    origin, folder, runner = (tmp_path / name for name in ("origin", "checkout", "runner"))
    runner.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", origin], check=True)
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    with served(CodeHost()) as host:
        made = Repository(folder, host, runner)
        (folder / "flows").mkdir()
        made.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
        made.write("people.yaml", PIPELINE)
        (folder / ".gitignore").write_text(".flowctl/\n")
        made.git("remote", "add", "origin", str(origin))
        made.commit()
        yield made


def test_from_a_pull_request_to_the_end_of_drift(repository: Repository, platform: Platform) -> None:
    host = repository.host
    stranger = host.comment(f"<!-- flowctl:plan env=dev digest={'a' * 64} -->", author="stranger")
    other = host.comment("<!-- flowctl:plan env=dev-2 -->")

    opened = repository.run("plan", pull_request="7", head="acme/flows")
    assert opened.code == 0, opened.log
    assert (opened.outputs["changes"], opened.outputs["replacements"], opened.outputs["deletes"]) == ("7", "0", "0")
    _, _, comment = host.comments
    assert comment["body"].startswith(f"<!-- flowctl:plan env=dev digest={opened.outputs['digest']} -->\n")
    assert opened.summary == comment["body"]
    assert platform.writes() == []

    repository.write("people.yaml", PIPELINE.replace("frequency: day", "frequency: week"))
    pushed = repository.run("plan", pull_request="7", head="acme/flows")
    assert pushed.outputs["digest"] != opened.outputs["digest"]
    assert len(host.comments) == 3
    assert pushed.outputs["digest"] in host.comments[2]["body"]
    assert "a" * 64 in stranger["body"]
    assert other["body"] == "<!-- flowctl:plan env=dev-2 -->"

    applied = repository.run("apply", sha=repository.merged())
    assert applied.code == 0, applied.log
    assert len(platform.items("flows")) == 1
    lockfile = json.loads(repository.git("show", "origin/main:flows/flowctl.dev.lock"))
    assert "people.flow" in lockfile["entries"]
    assert repository.git("log", "-1", "--format=%s", "origin/main") == "Record the apply in dev"

    assert repository.run("drift").code == 0
    assert host.issues == []
    flow = platform.one("flows", "people")
    _schedule(platform, flow, "hour")
    assert [repository.run("drift").code, repository.run("drift").code] == [0, 0]
    (issue,) = host.issues
    assert (issue["title"], issue["state"]) == ("Drift in environment dev", "open")
    assert issue["body"].startswith("<!-- flowctl:drift env=dev -->\n")
    assert "people" in issue["body"]
    _schedule(platform, platform.one("flows", "people"), "week")
    assert repository.run("drift").code == 0
    assert [each["state"] for each in host.issues] == ["closed"]


def _schedule(platform: Platform, flow: dict[str, Any], frequency: str) -> None:
    platform.request(
        "PATCH",
        f"{FLOWS}/{flow['id']}",
        headers={"If-Match": flow["etag"]},
        json=[{"op": "replace", "path": "/scheduleParams/frequency", "value": frequency}],
    ).raise_for_status()


def test_what_was_not_reviewed_is_not_applied(repository: Repository, platform: Platform) -> None:
    host = repository.host
    assert "belongs to no merged pull request" in _refused(repository, repository.commit())
    merge = repository.merged()
    assert "Pull request 7 has no comment with a plan" in _refused(repository, merge)
    host.comment(f"<!-- flowctl:plan env=dev digest={'a' * 64} -->", author="stranger")
    host.comment(f"<!-- flowctl:plan env=dev-2 digest={'a' * 64} -->")
    host.comment("<!-- flowctl:plan env=dev -->")
    assert "Pull request 7 has no comment with a plan" in _refused(repository, merge)
    host.comments[-1]["body"] = f"<!-- flowctl:plan env=dev digest={'a' * 64} -->"
    assert "plan-not-expected" in _refused(repository, merge)
    assert platform.writes() == []


def _refused(repository: Repository, sha: str) -> str:
    """The log of an apply that fails."""
    ended = repository.run("apply", sha=sha)
    assert ended.code == 1
    return ended.log


def test_a_lockfile_that_cannot_be_pushed_is_in_the_log(repository: Repository, platform: Platform) -> None:
    assert repository.run("plan", pull_request="7", head="acme/flows").code == 0
    merge = repository.merged()
    hook = Path(repository.git("remote", "get-url", "origin")) / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    log = _refused(repository, merge)
    assert "The lockfile could not be pushed." in log
    printed = json.loads(log[log.index('{\n  "entries"') : log.index("\n}\n") + 2])
    assert printed["entries"]["people.flow"]["id"] == platform.one("flows", "people")["id"]


def test_two_merges_are_applied_one_after_the_other(repository: Repository, platform: Platform) -> None:
    repository.run("plan", pull_request="7", head="acme/flows")
    first = repository.merged()
    repository.write("people.yaml", PIPELINE + LAST)
    second = repository.merged()
    for sha in (first, second):
        repository.git("checkout", "-q", "--force", sha)
        ended = repository.run("apply", sha=sha)
        assert ended.code == 0, ended.log
        assert len(platform.items("flows")) == 1
        if sha == first:
            repository.git("checkout", "-q", "--force", second)
            repository.git("fetch", "-q")
            lockfile = repository.git("show", "origin/main:flows/flowctl.dev.lock")
            (repository.folder / "flows" / "flowctl.dev.lock").write_text(lockfile + "\n")
            repository.run("plan", pull_request="7", head="acme/flows")
    recorded = json.loads(repository.git("show", "origin/main:flows/flowctl.dev.lock"))["entries"]
    assert {"people.flow", "more.schema"} <= recorded.keys()
    assert repository.git("show", "origin/main:flows/people.yaml").endswith("title: More people")


def test_a_fork_is_validated_and_nothing_else(repository: Repository, platform: Platform) -> None:
    ended = repository.run("plan", pull_request="7", head="stranger/flows")
    assert ended.code == 0, ended.log
    assert "comes from a fork" in ended.log
    assert (repository.host.requests, platform.log()) == ([], [])


def test_a_plan_with_errors_is_in_the_comment_and_cannot_be_applied(repository: Repository) -> None:
    repository.write("policy.yaml", POLICY.replace("approval", "error"))
    ended = repository.run("plan", pull_request="7", head="acme/flows")
    assert ended.code == 1
    (comment,) = repository.host.comments
    assert re.match("<!-- flowctl:plan env=dev digest=[0-9a-f]{64} -->\n", comment["body"])
    assert "breaks the rule" in comment["body"]
    assert "rule-broken" in _refused(repository, repository.merged())


def test_a_plan_that_cannot_be_made_replaces_the_comment(repository: Repository, platform: Platform) -> None:
    repository.host.comment(f"<!-- flowctl:plan env=dev digest={'a' * 64} -->\nA plan")
    platform.fault(match={"method": "GET", "path": FLOWS}, times=9, effect={"status": 403})
    ended = repository.run("plan", pull_request="7", head="acme/flows")
    assert ended.code == 1
    (comment,) = repository.host.comments
    assert comment["body"].startswith("<!-- flowctl:plan env=dev -->\n")
    assert "http-403" in comment["body"]


def test_a_wrong_manifest_stops_before_the_plan(repository: Repository) -> None:
    repository.write("people.yaml", PIPELINE.replace("frequency: day", "frequency: dya"))
    ended = repository.run("plan", pull_request="7", head="acme/flows")
    assert ended.code == 1
    assert "::error file=flows/people.yaml,line=" in ended.log
    assert repository.host.requests == []


def test_a_label_approves_what_a_rule_asks(repository: Repository, platform: Platform) -> None:
    repository.write("policy.yaml", POLICY)
    repository.run("plan", pull_request="7", head="acme/flows")
    refused = repository.run("apply", sha=repository.merged("bug"))
    assert refused.code == 1
    assert "approval-needed" in refused.log
    assert platform.writes() == []
    for pull in repository.host.pulls.values():
        pull["labels"].append({"name": "flowctl-approve:new"})
    applied = repository.run("apply", sha=repository.git("rev-parse", "HEAD"))
    assert applied.code == 0, applied.log


def test_an_unknown_command_is_refused(repository: Repository) -> None:
    ended = repository.run("destroy")
    assert ended.code == 1
    assert "command must be" in ended.log


def test_the_steps_use_what_the_action_declares() -> None:
    declared = {f"inputs.{name}" for name in ACTION["inputs"]}
    used = {
        found
        for step in ACTION["runs"]["steps"]
        for value in (step.get("env") or {}).values()
        for found in re.findall(r"\$\{\{ (.*?) \}\}", value)
    }
    known = {"github.event.pull_request.number", "github.event.pull_request.head.repo.full_name"}
    assert used <= declared | known
    assert all("${{" not in step.get("run", "") for step in ACTION["runs"]["steps"])
    assert set(ACTION["outputs"]) == {"changes", "replacements", "deletes", "digest"}
