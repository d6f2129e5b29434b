"""A small workspace for faults and crashes: pipelines with a connection, a schema and a dataset each."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import forked
import httpx
import pytest

from flowctl.cli.main import main
from flowctl.operations import session

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "schemas"
CANARY = "canary-5f1c8e"
CLOCKS = {
    0: "right",
    -900: "15 minutes behind",
    900: "15 minutes ahead",
    -86_400: "a day behind",
    86_400: "a day ahead",
}
"""How many seconds the platform's clock is off."""
CHOSEN_CLOCKS = [int(seconds) for seconds in os.environ.get("FLOWCTL_CLOCKS", "").split(",") if seconds] or [*CLOCKS]
"""The clocks that the full matrices are tried with."""
PATIENCE = ("--retry-budget", "2", "--read-timeout", "60")
"""Options under which retries are short, and a reply has all the time that a busy machine needs."""

_SETTINGS = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [manifests]
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables: {{password: "{canary}-password"}}
"""

_PIPELINE = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {{name: {name}}}
title: {name} database
connector: postgresql
auth:
  specName: Connection String Based Authentication
  params:
    connectionString: Server={name};Password=${{var:password}}
---
apiVersion: flowctl/v1
kind: Schema
metadata: {{name: {name}}}
title: {name} schema
description: {schema_description}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups:
  - https://ns.adobe.com/xdm/context/profile-person-details
  - https://ns.adobe.com/xdm/context/profile-personal-details
---
apiVersion: flowctl/v1
kind: Dataset
metadata: {{name: {name}}}
title: {name} dataset
description: {dataset_description}
schema: {name}
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {{name: {name}, title: {title}, description: {description}}}
source:
  connection: {name}
  params:
    tableName: {table}
    columns: [{{name: id, type: string}}, {{name: email, type: string}}]
dataset: {name}
mappings:
  - {{source: id, destination: _id}}
  - {{expression: {expression}, destination: personalEmail.address}}
schedule: {{startTime: 2036-12-01T00:00:00Z, frequency: {frequency}, interval: 1, backfill: true}}
"""


@dataclass
class Pipeline:
    """What is said of one pipeline; each member can be edited."""

    name: str
    title: str = ""
    description: str = "first"
    schema_description: str = "first"
    dataset_description: str = "first"
    table: str = "public.people"
    expression: str = "lower(email)"
    frequency: str = "hour"
    rules: str = ""
    state: str = ""

    def manifest(self) -> str:
        text = _PIPELINE.format(**{**vars(self), "title": self.title or f"{self.name} flow"}) + self.rules
        return f"{text}state: {self.state}\n" if self.state else text


@dataclass(frozen=True)
class Ended:
    """How one command ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


@dataclass
class FaultWorkspace:
    """A workspace folder, and the command line run in it: in this process, or as a process of its own."""

    root: Path
    url: str
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    password: str = f"{CANARY}-password"
    moved: dict[str, str] = field(default_factory=dict)

    def save(self) -> None:
        """Writes the settings and the manifest of every pipeline, and removes those of others."""
        folder = self.root / "manifests"
        folder.mkdir(parents=True, exist_ok=True)
        settings = _SETTINGS.format(url=self.url, canary=CANARY).replace(f"{CANARY}-password", self.password)
        lines = ", ".join(f"{{from: {old}, to: {new}}}" for old, new in self.moved.items())
        (self.root / "flowctl.yaml").write_text(f"{settings}moved: [{lines}]\n" if lines else settings)
        for old in folder.glob("*.yaml"):
            if old.stem not in self.pipelines:
                old.unlink()
        for pipeline in self.pipelines.values():
            (folder / f"{pipeline.name}.yaml").write_text(pipeline.manifest())

    def run(self, *arguments: str) -> Ended:
        """The command line in this process."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["-C", str(self.root), *arguments])
        return Ended(code, out.getvalue(), err.getvalue())

    def patiently(self, *arguments: str, late: float = 1.0) -> Ended:
        """The same with `PATIENCE`; what the platform may still do after a reply or a run was lost gets `late` seconds.

        Without it, it would get as many as a reply has.
        """
        with pytest.MonkeyPatch.context() as patch:
            for name in ("LATE", "RESTART"):
                patch.setattr(session, name, late)
            return self.run(*arguments, *PATIENCE)

    def process(self, *arguments: str, program: Path | None = None, **environ: str) -> "subprocess.Popen[str]":
        """The command line as a process; `program` is a script that runs it under conditions."""
        start = [sys.executable, str(program)] if program else [sys.executable, "-c", _RUN]
        return subprocess.Popen(
            [*start, "-C", str(self.root), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environ},
        )

    def ended(self, *arguments: str, program: Path | None = None, **environ: str) -> Ended:
        """The end of the command line as a process."""
        return Ended(*forked.ended(["-C", str(self.root), *arguments], {**os.environ, **environ}, program=program))

    @property
    def lockfile_path(self) -> Path:
        return self.root / "flowctl.dev.lock"

    @property
    def journal_path(self) -> Path:
        return self.root / "flowctl.dev.lock.journal"

    @property
    def entries(self) -> Mapping[str, Any]:
        if not self.lockfile_path.exists():
            return {}
        entries: dict[str, Any] = json.loads(self.lockfile_path.read_text())["entries"]
        return entries


_RUN = "from flowctl.cli.main import run; run()"
KINDS = ("connection", "source_connection", "target_connection", "flow", "schema", "dataset", "mapping_set")
_FLOW_SERVICE = {
    "connection": "connections",
    "source_connection": "sourceConnections",
    "target_connection": "targetConnections",
    "flow": "flows",
}


@dataclass
class Seen:
    """The platform, read with the token and the headers of somebody else; `clock` is how far off its clock is."""

    http: httpx.Client
    clock: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Authorization": "Bearer local-token",
            "x-api-key": "local-client",
            "x-gw-ims-org-id": "LOCAL@AdobeOrg",
            "x-sandbox-name": "dev",
        }

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.http.request(method, f"/data/foundation{path}", headers=headers, **options)

    def control(self, method: str, path: str, **document: Any) -> None:
        body = {"json": document} if document else {}
        self.http.request(method, f"/_emulator/{path}", **body).raise_for_status()

    def fresh(self) -> None:
        self.control("DELETE", "faults")
        self.control("POST", "reset")
        self.control("POST", "clock", advanceSeconds=self.clock)

    def objects(self) -> dict[str, dict[str, str]]:
        """Every object of the sandbox by kind: names by id."""
        found = {kind: self._flow_service(collection) for kind, collection in _FLOW_SERVICE.items()}
        found["schema"] = self._schemas()
        found["dataset"] = self._datasets()
        found["mapping_set"] = self._mapping_sets()
        return found

    def _flow_service(self, collection: str) -> dict[str, str]:
        items: dict[str, str] = {}
        query: dict[str, Any] = {"limit": 100}
        while True:
            page = self.request("GET", f"/flowservice/{collection}", params=query).raise_for_status().json()
            items |= {item["id"]: item["name"] for item in page["items"]}
            href = ((page.get("_links") or {}).get("next") or {}).get("href")
            if not href:
                return items
            query["continuationToken"] = httpx.URL(f"http://host{href}").params["continuationToken"]

    def _schemas(self) -> dict[str, str]:
        items: dict[str, str] = {}
        query: dict[str, Any] = {"limit": 300, "orderby": "title"}
        while True:
            page = self.request(
                "GET",
                "/schemaregistry/tenant/schemas",
                params=query,
                headers={"Accept": "application/vnd.adobe.xed-id+json"},
            )
            document = page.raise_for_status().json()
            items |= {item["$id"]: item["title"] for item in document["results"]}
            if (document.get("_page") or {}).get("next") is None:
                return items
            query["start"] = document["_page"]["next"]

    def _datasets(self) -> dict[str, str]:
        return self._paged("/catalog/dataSets", lambda page: {key: one["name"] for key, one in page.items()})

    def _mapping_sets(self) -> dict[str, str]:
        return self._paged("/conversion/mappingSets", lambda page: {one["id"]: "" for one in page["data"]})

    def _paged(self, path: str, names: Callable[[Any], dict[str, str]]) -> dict[str, str]:
        items: dict[str, str] = {}
        start = 0
        while True:
            reply = self.request("GET", path, params={"limit": 100, "start": start})
            page = names(reply.raise_for_status().json())
            items |= page
            start += 100
            if len(page) < 100:
                return items


def counted(seen: Seen) -> Counter[str]:
    """How many objects of each kind the platform holds."""
    return Counter({kind: len(found) for kind, found in seen.objects().items()})


def what_is_wrong(workspace: FaultWorkspace, seen: Seen, *, spare_mapping_sets: int = 0) -> list[str]:
    """Why the platform does not hold exactly what the workspace wants, one each, all of it recorded; empty if it does.

    Mapping sets cannot be deleted on the platform, so `spare_mapping_sets` of earlier pipelines may be left.
    """
    wrong = []
    live = seen.objects()
    wanted = len(workspace.pipelines)
    for kind, found in live.items():
        most = wanted + (spare_mapping_sets if kind == "mapping_set" else 0)
        if not wanted <= len(found) <= most:
            wrong.append(f"{len(found)} objects of kind {kind}, {wanted} wanted: {sorted(found.values())}")
    for address, entry in workspace.entries.items():
        if entry["id"] not in live[entry["kind"]]:
            wrong.append(f"{address} is recorded as {entry['id']}, which does not exist")
        if entry.get("deposed"):
            wrong.append(f"{address} has predecessors left: {entry['deposed']}")
    if len(workspace.entries) != wanted * len(KINDS):
        wrong.append(f"{len(workspace.entries)} entries are recorded, {wanted * len(KINDS)} wanted")
    wrong += [f"{path.name} is left" for path in workspace.root.glob("*.journal")]
    wrong += [f"{path.name} is left" for path in workspace.root.glob(".*.new")]
    plan = workspace.run("plan", "--detailed-exitcode")
    if plan.code != 0:
        wrong.append(f"the plan is not empty: {plan.text}")
    return wrong


def after_recovery(workspace: FaultWorkspace, seen: Seen, *options: str, spare_mapping_sets: int = 0) -> list[str]:
    """What is wrong after one more apply without faults."""
    again = workspace.patiently("apply", "--auto-approve", *options)
    if again.code != 0:
        return [f"the next apply fails: {again.text}"]
    return what_is_wrong(workspace, seen, spare_mapping_sets=spare_mapping_sets)
