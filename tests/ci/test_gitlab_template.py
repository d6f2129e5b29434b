"""The template for GitLab: the scripts of its jobs, run on a Git repository, against the emulator and a stand-in."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from code_host import served
from surroundings import ROOT, Platform

TEMPLATE = yaml.safe_load((ROOT / "ci" / "gitlab" / "flowctl.gitlab-ci.yml").read_text(encoding="utf-8"))
WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments: {{dev: {{endpoint: "{url}"}}}}
"""
SCHEMA = """\
apiVersion: flowctl/v1
kind: Schema
metadata: {name: person}
title: Acme people
description: People
class: https://ns.adobe.com/xdm/context/profile
"""
ME = 5


@dataclass
class GitLab:
    """Notes and issues in memory, and the merge request of a commit."""

    notes: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    merged: dict[str, list[str]] = field(default_factory=dict)
    url: str = ""

    def answer(self, method: str, path: str, body: Any) -> Any:
        where, _, _ = path.removeprefix("/projects/1").partition("?")
        if path == "/user":
            return {"id": ME}
        if found := re.fullmatch(r"/repository/commits/(\w+)/merge_requests", where):
            labels = self.merged.get(found[1])
            return [] if labels is None else [{"iid": 7, "state": "merged", "labels": labels}]
        kept, key = (self.notes, "id") if "/notes" in where else (self.issues, "iid")
        if method == "GET":
            return [each for each in kept if each.get("state", "opened") == "opened"]
        if method == "POST":
            kept.append({key: len(kept) + 1, "state": "opened", "author": {"id": ME}, **body})
            return kept[-1]
        (one,) = [each for each in kept if str(each[key]) == where.rpartition("/")[2]]
        one.update(body)
        if body.get("state_event") == "close":
            one["state"] = "closed"
        return one


@dataclass
class Project:
    """A checkout with its origin, and the jobs of the template in it."""

    folder: Path
    host: GitLab

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Edit")
        self.git("push", "-q", "origin", "HEAD:main")
        return self.git("rev-parse", "HEAD")

    def run(self, job: str, sha: str = "0") -> tuple[int, str]:
        """Run the script of a job as a runner does, without the installation; its exit code and its log."""
        functions = TEMPLATE[".flowctl"]["before_script"][-1]
        assert functions.startswith("api()")
        environ = {
            **{name: value for name, value in os.environ.items() if name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")},
            **{name: str(value) for name, value in TEMPLATE["variables"].items()},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "FLOWCTL_TOKEN": "canary-host-token",
            "CI_API_V4_URL": self.host.url,
            "CI_PROJECT_ID": "1",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_COMMIT_SHA": sha,
            "CI_COMMIT_BRANCH": "main",
            "CI_REPOSITORY_URL": self.git("remote", "get-url", "origin"),
        }
        script = "\n".join([functions, *TEMPLATE[job]["script"]])
        command = ["bash", "-eo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)
        assert "canary" not in done.stdout + done.stderr
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def project(tmp_path: Path, platform: Platform) -> Iterator[Project]:
    origin, folder = tmp_path / "origin", tmp_path / "checkout"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", origin], check=True)
    subprocess.run(["git", "-C", origin, "config", "receive.advertisePushOptions", "true"], check=True)
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    with served(GitLab(), ("PRIVATE-TOKEN", "canary-host-token")) as host:
        made = Project(folder, host)
        (folder / "flowctl.yaml").write_text(WORKSPACE.format(url=platform.url))
        (folder / "person.yaml").write_text(SCHEMA)
        (folder / ".gitignore").write_text(".flowctl/\n")
        made.git("remote", "add", "origin", str(origin))
        made.commit()
        yield made


def test_from_a_merge_request_to_the_end_of_drift(project: Project, platform: Platform) -> None:
    host = project.host
    stranger = {"id": 99, "author": {"id": 6}, "body": f"<!-- flowctl:plan env=dev digest={'a' * 64} -->"}
    host.notes.append(dict(stranger))
    assert project.run("flowctl-validate")[0] == 0
    assert json.loads((project.folder / "gl-code-quality-report.json").read_text()) == []
    (project.folder / "gl-code-quality-report.json").unlink()
    assert project.run("flowctl-plan")[0] == 0
    first = host.notes[1]["body"]
    (project.folder / "person.yaml").write_text(SCHEMA.replace("description: People", "description: Everybody"))
    assert project.run("flowctl-plan")[0] == 0
    assert len(host.notes) == 2
    assert host.notes[0] == stranger
    assert host.notes[1]["body"] != first

    code, log = project.run("flowctl-apply", project.commit())
    assert code == 1
    assert "belongs to no merged merge request" in log
    merge = project.commit()
    host.merged[merge] = []
    code, log = project.run("flowctl-apply", merge)
    assert code == 0, log
    project.git("fetch", "-q")
    assert "person.schema" in project.git("show", "origin/main:flowctl.dev.lock")

    assert project.run("flowctl-drift")[0] == 0
    assert host.issues == []
    lockfile = json.loads((project.folder / "flowctl.dev.lock").read_text())
    _describe(platform, lockfile["entries"]["person.schema"]["id"], "Nobody")
    assert [project.run("flowctl-drift")[0] for _ in range(2)] == [0, 0]
    assert [issue["state"] for issue in host.issues] == ["opened"]
    _describe(platform, lockfile["entries"]["person.schema"]["id"], "Everybody")
    assert project.run("flowctl-drift")[0] == 0
    assert [issue["state"] for issue in host.issues] == ["closed"]


def _describe(platform: Platform, schema: str, text: str) -> None:
    platform.request(
        "PATCH",
        f"/data/foundation/schemaregistry/tenant/schemas/{quote(schema, safe='')}",
        json=[{"op": "replace", "path": "/description", "value": text}],
    ).raise_for_status()


def test_another_plan_than_that_of_the_note_is_refused(project: Project, platform: Platform) -> None:
    project.host.notes.append(
        {"id": 1, "author": {"id": ME}, "body": f"<!-- flowctl:plan env=dev digest={'a' * 64} -->"}
    )
    merge = project.commit()
    project.host.merged[merge] = []
    code, log = project.run("flowctl-apply", merge)
    assert code == 1
    assert "plan-not-expected" in log
    assert platform.writes() == []
