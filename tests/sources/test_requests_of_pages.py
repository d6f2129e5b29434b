"""What the pages of Adobe send is what the catalogue describes, the emulator accepts, and flowctl sends."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from surroundings import Platform, Workspace

from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.flow_specs import pinned
from flowctl.specs.validate import auth_problems
from tests.sources.__main__ import PAGE, report, written
from tests.sources.copies import COPIES
from tests.sources.documented_pages import ELSEWHERE, PAGES, WITHOUT, Page
from tests.sources.replay import Replay, replayed
from tests.sources.values import auth_params, known, source_params, value

_BEGIN = "https://github.com/AdobeDocs/experience-platform.en/blob/main/help/sources/tutorials/api/"
INLET = {"inletUrl", "inletId"}
"""What the service adds to the parameters of HTTP API."""

_SIGNS_IN = [(name, *sent) for name, page in PAGES.items() for sent in page.signs_in]


def test_the_pages_are_the_documents_of_the_catalogue() -> None:
    read = {
        (address.removeprefix(_BEGIN).removesuffix(".md"), name)
        for name in connector_names()
        for address in known(name).documents
    }
    assert {(place, name) for place, name in read if place.startswith("create/")} == {
        (place, page.connector) for place, page in PAGES.items()
    }
    assert {page.connector for page in PAGES.values()} | set(ELSEWHERE) == set(connector_names())
    assert not set(PAGES) & set(WITHOUT)
    assert all(known(name).documents for name in ELSEWHERE)


def test_each_page_names_the_copy_that_was_read() -> None:
    assert set(COPIES) == {*PAGES, *WITHOUT}
    assert [copy for copy in COPIES.values() if not re.fullmatch(r"[0-9a-f]{40}|\d{4}-\d\d-\d\d", copy)] == []


@pytest.mark.parametrize(("name", "spec_name", "params"), _SIGNS_IN)
def test_what_a_page_sends_to_sign_in_is_accepted(name: str, spec_name: str, params: str) -> None:
    entry = known(PAGES[name].connector)
    spec = entry.auth_spec(spec_name)
    assert spec
    assert list(auth_problems(spec, auth_params(entry.name, spec_name, params))) == []
    assert all(entry.describes(spec_name, param) for param in params.split())


def test_each_authentication_type_is_on_a_page_or_was_on_an_older_copy() -> None:
    sent = {(page.connector, kind) for page in PAGES.values() for kind, _ in page.signs_in}
    listed = {(name, spec.name) for name in connector_names() for spec in known(name).auth_specs}
    older = {("salesforce", "Basic Authentication"), ("snowflake", "Basic Authentication for Snowflake")}
    assert {each for each in listed - sent if each[0] not in ELSEWHERE} == older


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_what_a_page_reads_is_described(page: Page) -> None:
    entry = known(page.connector)
    read = set(page.reads.split())
    assert set(entry.source_schema.get("required", ())) <= read <= set(entry.source_schema["properties"])
    assert page.format in (entry.formats or ("",))
    assert page.flow_spec in entry.flow_specs


def test_every_page_can_be_followed_to_the_end_and_the_count_is_current(platform: Platform) -> None:
    found = {name: replayed(platform.http, name) for name in PAGES}
    assert {name: replay.refused for name, replay in found.items() if not replay.to_the_end} == {}
    text = PAGE.read_text(encoding="utf-8")
    assert text == written(text, found), "run: python -m tests.sources --write"
    paths = {(each["method"], each["path"].rpartition("/")[2]) for each in platform.log()}
    posted = {path for method, path in paths if method == "POST"}
    assert posted >= {"connections", "sourceConnections", "targetConnections", "dataSets", "mappingSets", "flows"}


def test_a_page_is_followed_to_the_request_that_is_refused(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "create/databases/mysql"
    wrong = Page("mysql", (("Basic Authentication", "connectionString"),), "tabular", "tableName", "CRMToAEP")
    monkeypatch.setitem(PAGES, name, wrong)  # type: ignore[arg-type]
    replay = replayed(platform.http, name)
    assert (replay.sent, replay.to_the_end) == (1, False)
    assert "POST /data/foundation/flowservice/connections: 400" in replay.refused
    rows = "\n".join(report({page: Replay(3) for page in PAGES} | {name: replay}))
    assert f"| followed to the end | {len(PAGES) - 1} |" in rows
    assert re.search(r"mysql\.md\) \| .* \| 1 \| no \| POST /data", rows)


# The same with flowctl


def test_each_printed_manifest_and_each_page_is_applied_and_planned_to_nothing(
    examples: Workspace, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("connections", "pipelines", "datasets"):
        for path in (examples.root / folder).glob("*.yaml"):
            path.unlink()
    for name in connector_names():
        _write(examples, f"printed-{name}", list(_printed(examples, name, monkeypatch)))
    for number, page in enumerate(PAGES.values()):
        _write(examples, f"page-{number}", list(_of_page(f"page-{number}", page)))
    result = examples.run("validate", "--format", "json")
    assert [each for each in result.json["diagnostics"] if each["severity"] == "error"] == []
    examples.apply()
    assert examples.plan("--detailed-exitcode").json["summary"]["noop"] > 5 * len(connector_names())
    assert examples.plan("--detailed-exitcode").code == 0
    live = _Live(platform)
    for number, page in enumerate(PAGES.values()):
        _check(live, f"page-{number}", page)
    for name in connector_names():
        entry = known(name)
        flow = live.flows[f"my-{name}-data"]
        assert flow["flowSpec"]["id"] == _flow_spec_id(entry.flow_spec)
        source = live.sources[flow["sourceConnectionIds"][0]]
        assert source["connectionSpec"]["id"] == entry.spec_id
        assert ("baseConnectionId" in source) == bool(entry.auth_specs)


class _Live:
    """What the platform has."""

    def __init__(self, platform: Platform) -> None:
        self.flows = {each["name"]: each for each in platform.items("flows")}
        self.sources = {each["id"]: each for each in platform.items("sourceConnections")}
        self.bases = {each["name"]: each for each in platform.items("connections")}


def _check(live: _Live, name: str, page: Page) -> None:
    """The objects of a page's manifests have what its requests send, and nothing else."""
    spec_id = known(page.connector).spec_id
    for number, (kind, params) in enumerate(page.signs_in):
        base = live.bases[f"{name}-{number}"]
        assert (base["connectionSpec"]["id"], base["auth"]["specName"]) == (spec_id, kind)
        assert set(base["auth"]["params"]) - INLET == set(params.split())
    flow = live.flows[name]
    assert flow["flowSpec"]["id"] == _flow_spec_id(page.flow_spec)
    source = live.sources[flow["sourceConnectionIds"][0]]
    assert source["connectionSpec"]["id"] == spec_id
    assert set(source.get("params", ())) == set(page.reads.split())
    assert source.get("data", {}).get("format", "") == page.format
    assert source.get("baseConnectionId") == (live.bases[f"{name}-0"]["id"] if page.signs_in else None)


def _flow_spec_id(name: str) -> str:
    found = pinned(name)
    assert found is not None
    return found.id


def _write(workspace: Workspace, name: str, documents: list[dict[str, Any]]) -> None:
    workspace.write(f"pipelines/{name}.yaml", "\n---\n".join(json.dumps(each, default=str) for each in documents))


def _printed(workspace: Workspace, name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The manifests that `connectors NAME` prints, with their gaps filled and their secrets set."""
    (shown,) = workspace.run("connectors", name, "--format", "json").json["connectors"]
    entry = connector(name)
    assert entry is not None
    for number, kind in enumerate(shown["authenticationTypes"]):
        for variable in re.findall(r"\$\{env:(\w+)\}", kind["manifest"]):
            monkeypatch.setenv(variable, "a-secret")
        document = yaml.safe_load(kind["manifest"])
        described = entry.auth_specs[number].schema["properties"]
        params = document["auth"]["params"]
        params |= {key: value(key, described[key]) for key, written_value in params.items() if written_value == "..."}
        document["metadata"]["name"] += f"-{number}" if number else ""
        yield document
    pipeline = yaml.safe_load(shown["pipeline"])
    params = pipeline["source"].get("params", {})
    pipeline["source"] |= {"params": source_params(name, " ".join(params))} if params else {}
    pipeline["dataset"]["schema"] = "customer"
    pipeline["mappings"] = [{"source": "id", "destination": "_id"}]
    if "incremental" in pipeline:
        pipeline["incremental"] = {"column": "updated_at"}
    if "schedule" in pipeline:
        pipeline["schedule"]["startTime"] = pipeline["schedule"]["startTime"].isoformat()
    assert "..." not in json.dumps(pipeline)
    yield pipeline


def _of_page(name: str, page: Page) -> Iterator[dict[str, Any]]:
    """Manifests with exactly the parameters that a page sends."""
    head = {"apiVersion": "flowctl/v1"}
    for number, (kind, params) in enumerate(page.signs_in):
        auth = {"specName": kind, "params": auth_params(page.connector, kind, params)}
        of_base = {"metadata": {"name": f"{name}-{number}"}, "connector": page.connector, "auth": auth}
        yield head | {"kind": "Connection"} | of_base
    source: dict[str, Any] = {"connection": f"{name}-0"} if page.signs_in else {"connector": page.connector}
    if page.format:
        source["data"] = {"format": page.format}
    if page.reads:
        source["params"] = source_params(page.connector, page.reads)
    pipeline = head | {
        "kind": "Pipeline",
        "metadata": {"name": name},
        "source": source,
        "flowSpec": page.flow_spec,
        "dataset": {"title": name, "schema": "customer"},
        "mappings": [{"source": "id", "destination": "_id"}],
    }
    flow_spec = pinned(page.flow_spec)
    assert flow_spec is not None
    if flow_spec.schedule_schema is not None:
        pipeline["schedule"] = {"startTime": 4102444800, "frequency": "minute", "interval": 15}
    yield pipeline
