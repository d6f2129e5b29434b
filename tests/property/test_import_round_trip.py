"""Random workspaces: applied, forgotten with their manifests, imported and applied again, they send no write."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from surroundings import Platform, Workspace

FULL = os.environ.get("FLOWCTL_FAULTS") == "full"
_WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables: {{password: canary-password-of-all}}
"""
_CLASS = "https://ns.adobe.com/xdm/context/profile"
_GROUPS = ("profile-person-details", "profile-work-details")
_TITLES = st.sampled_from(
    ["Orders", "orders", "Orders (EU)", "  blanks ", "Größe ☃", "☃☃", "a/b\\c", "yes", "1.0", "# x: y", "${env:NOT}"]
)
_TEXTS = st.sampled_from(["", "one line", "two\nlines: # no comment", "- not a list", "'\"", "null", "{{ open }}"])


@st.composite
def _maybe(draw: st.DrawFn, key: str, values: st.SearchStrategy[Any]) -> dict[str, Any]:
    """A key with a value, or nothing."""
    value = draw(st.none() | values)
    return {} if value is None or value == "" else {key: value}


_DATABASE = {
    "connector": "postgresql",
    "auth": {
        "specName": "Connection String Based Authentication",
        "params": {"connectionString": "Server=db;Password=${var:password}"},
    },
}
_BUCKET = {
    "connector": "amazon-s3",
    "auth": {"specName": "Access Key", "params": {"s3AccessKey": "AKIAEXAMPLE", "s3SecretKey": "${var:password}"}},
}


@st.composite
def workspaces(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The documents of a workspace."""
    kinds = draw(st.lists(st.sampled_from(["database", "bucket"]), min_size=1, max_size=2, unique=True))
    documents: list[dict[str, Any]] = []
    for name in kinds:
        spec = _DATABASE if name == "database" else _BUCKET
        title = draw(_maybe("title", _TITLES))
        documents.append(_document("Connection", name, **title, **draw(_maybe("description", _TEXTS)), **spec))
    groups = draw(st.lists(st.sampled_from(_GROUPS), unique=True))
    fields = [f"https://ns.adobe.com/xdm/context/{group}" for group in ("profile-personal-details", *groups)]
    documents.append(
        _document("Schema", "person", **{"title": "Person of ours", "class": _CLASS, "fieldGroups": fields})
    )
    documents.append(_document("Dataset", "people", title=draw(_TITLES), schema="person"))
    number = draw(st.integers(1, 4))
    return [*documents, *(draw(_pipelines(f"p{each}", draw(st.sampled_from(kinds)))) for each in range(number))]


@st.composite
def _pipelines(draw: st.DrawFn, name: str, connection: str) -> dict[str, Any]:
    is_table = connection == "database"
    dataset: Any = draw(st.sampled_from(["people", "inline"]))
    params = {"tableName": f"public.{name}"} if is_table else {"path": f"/in/{name}.csv", "type": "file"}
    source = {"connection": connection, "params": params, **draw(_maybe("title", _TITLES))}
    frequency = draw(st.sampled_from(["once", "minute", "day"]))
    schedule: dict[str, Any] = {"startTime": draw(st.sampled_from([1796083200, 2000000000])), "frequency": frequency}
    if frequency != "once":
        schedule |= {"interval": 60, **draw(_maybe("backfill", st.booleans()))}
    expression = draw(st.sampled_from(["lower(Email)", "concat($${First Name}, ' \"x\" ')", "iif(a == 1, \"b\", 'c')"]))
    rows = [
        {"source": "Id", "destination": "_id"},
        {"expression": expression, "destination": "personalEmail.address"},
        {"value": draw(st.sampled_from(["crm", "1", "true", ""])) or "x", "destination": "personalEmail.label"},
    ]
    metadata = {"name": name, **draw(_maybe("title", _TITLES)), **draw(_maybe("description", _TEXTS))}
    document = _document(
        "Pipeline",
        name,
        source=source if is_table or draw(st.booleans()) else {**source, "data": {"format": "delimited"}},
        dataset={"title": f"{name} data", "schema": "person"} if dataset == "inline" else dataset,
        mappings=draw(st.lists(st.sampled_from(rows), min_size=1, unique_by=lambda row: row["destination"])),
        schedule=schedule,
        **draw(_maybe("target", st.fixed_dictionaries({"title": _TITLES}))),
        **draw(_maybe("options", st.fixed_dictionaries({"partialIngestionPercent": st.integers(1, 50)}))),
        **(draw(_maybe("incremental", st.just({"column": "changed"}))) if is_table else {}),
    )
    return {**document, "metadata": metadata}


def _document(kind: str, name: str, **content: Any) -> dict[str, Any]:
    return {"apiVersion": "flowctl/v1", "kind": kind, "metadata": {"name": name}, **content}


def test_what_is_forgotten_is_imported(platform: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    @settings(
        max_examples=40 if FULL else 6,
        deadline=None,
        derandomize=not FULL,
        suppress_health_check=list(HealthCheck),
        database=None,
        phases=(Phase.generate,),
    )
    @given(workspaces())
    def try_one(documents: list[dict[str, Any]]) -> None:
        root = Path(tempfile.mkdtemp(prefix="flowctl-import-"))
        try:
            _round_trip(Workspace(root=root, capsys=capsys), platform, documents)
        finally:
            shutil.rmtree(root)

    try_one()


def _round_trip(workspace: Workspace, platform: Platform, documents: list[dict[str, Any]]) -> None:
    platform.reset()
    workspace.write("flowctl.yaml", _WORKSPACE.format(url=platform.url))
    text = "---\n".join(yaml.safe_dump(document, allow_unicode=True, sort_keys=False) for document in documents)
    workspace.write("all.yaml", text.replace("${env:NOT}", "$${env:NOT}"))
    workspace.apply("--allow-duplicates")
    known = {entry["id"] for entry in workspace.lockfile["entries"].values()}
    used = _used(workspace.lockfile["entries"])
    (workspace.root / "flowctl.dev.lock").unlink()
    (workspace.root / "all.yaml").unlink()
    platform.clear_log()
    found = workspace.run("import", "--format", "json")
    assert found.code == 0, (found.out, found.err, text)
    planned = workspace.plan().json
    assert {change["action"] for change in planned["changes"]} == {"import"}, planned["changes"]
    assert {change["id"] for change in planned["changes"]} == used <= known
    workspace.apply()
    assert workspace.run("plan", "--detailed-exitcode").code == 0
    assert workspace.run("import").out.startswith("There is nothing to import")
    assert platform.writes() == []


def _used(entries: dict[str, Any]) -> set[str]:
    """The IDs of flows and of all that they stand on."""
    waiting = [address for address in entries if address.endswith(".flow")]
    found: set[str] = set()
    while waiting:
        entry = entries[waiting.pop()]
        if entry["id"] not in found:
            found.add(entry["id"])
            waiting += entry.get("dependsOn", ())
    return found
