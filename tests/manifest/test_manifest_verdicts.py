"""Verdicts that are kept with cached documents: they save the checks, and never hide a problem."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from manifest_texts import CREDENTIALS

from flowctl.manifest.checking import checked
from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.document_kind import DocumentKinds
from flowctl.manifest.index import Index
from flowctl.manifest.reading import cache
from flowctl.manifest.reading.discover import SMALLEST
from flowctl.manifest.reading.load import load
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.release_stamp import sources
from flowctl.settings.workspace import find
from flowctl.specs.files import schemas_dir

SCHEMA = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: %s}\nclass: c\n"
DATASET = "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: %s}\nschema: %s\n"
CONNECTION = """\
apiVersion: flowctl/v1
kind: Connection
metadata: {name: shop}
connector: ${var:connector}
auth:
  specName: %s
  params: {%s}
"""
POSTGRESQL = CONNECTION % (
    "Connection String Based Authentication",
    'connectionString: "${env:HUBSPOT_TOKEN}"',
)
PIPELINE = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: orders}
source:
  connection: shop
  params: {tableName: public.orders, columns: [{name: id, type: string}]}
dataset: {schema: s001, title: Orders}
mappings: [{source: id, destination: _id}]
incremental: {column: updated_at, dateFormat: yyyy-MM-dd, timezone: UTC}
schedule: {startTime: "2036-12-01T00:00:00Z", frequency: hour, interval: 1}
"""
STREAM = """\
apiVersion: flowctl/v1
kind: Pipeline
metadata: {name: stream}
source: {connector: %s, connection: {id: a}, params: {%s}}
dataset: {id: b}
mappings: [{source: id, destination: _id}]
"""
GROUP = """\
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {name: loyalty}
extends: [%s]
fields: {loyalty.id: {type: string}}
"""
SHOWN = " ['c', None, None, None]"
"""What a schema of the class `c` shows to the checks of mappings."""
NO_CLASS = ["Class", "", "none of this kind"]


class Workspace:
    """A workspace that is large enough to be kept."""

    def __init__(self, root: Path, cache: Path) -> None:
        self.root = root
        self.cache = cache

    def write(self, file: str, text: str) -> None:
        (self.root / file).write_text(text)

    def load(self, connector: str = "postgresql", kinds: DocumentKinds = DOCUMENT_KINDS, **environ: str) -> Manifests:
        values = {**CREDENTIALS, "HUBSPOT_TOKEN": "Pwd=hush", "XDG_CACHE_HOME": str(self.cache), **environ}
        return load(find(self.root), variables={"connector": connector}, environ=values, kinds=kinds)

    def codes(self, connector: str = "postgresql", **environ: str) -> list[str]:
        return [problem.code for problem in self.load(connector, **environ).diagnostics]

    @property
    def kept(self) -> dict[str, Any]:
        (file,) = (path for path in self.cache.rglob("*") if path.is_file())
        body: dict[str, Any] = json.loads(file.read_text().partition("\n")[2])
        return body

    def basis(self, file: str) -> list[list[str]] | None:
        """What the kept verdict on a file rests on."""
        found: list[list[str]] | None = self.kept["good"].get(sha256((self.root / file).read_bytes()).hexdigest())
        return found


@pytest.fixture
def workspace(workspace_of: Callable[[Mapping[str, str]], Path], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    files = {f"schemas/s{number:03}.yaml": SCHEMA % f"s{number:03}" for number in range(SMALLEST)}
    files |= {"shop.yaml": POSTGRESQL, "orders.yaml": PIPELINE, "shared.yaml": DATASET % ("shared", "s002")}
    return Workspace(workspace_of(files), tmp_path_factory.mktemp("cache"))


def counted(counts: list[str]) -> DocumentKinds:
    """The kinds with checks that note each document that they are asked about."""

    def note(document: Document, index: Index) -> Any:
        counts.append(document.name)
        return iter(())

    return {name: kind._replace(checks=(note, *kind.checks)) for name, kind in DOCUMENT_KINDS.items()}


def test_good_documents_are_checked_once_and_connections_each_time(workspace: Workspace) -> None:
    first: list[str] = []
    assert not workspace.load(kinds=counted(first)).diagnostics
    assert len(first) == SMALLEST + 3
    again: list[str] = []
    assert not workspace.load(kinds=counted(again)).diagnostics
    assert again == ["shop"]


def test_a_verdict_rests_on_what_a_document_refers_to(workspace: Workspace) -> None:
    workspace.load()
    assert workspace.basis("orders.yaml") == [["Connection", "shop", "postgresql"], ["Schema", "s001", SHOWN], NO_CLASS]
    assert workspace.basis("shared.yaml") == [["Schema", "s002", SHOWN], NO_CLASS]
    assert workspace.basis("schemas/s000.yaml") == [NO_CLASS]
    assert workspace.basis("shop.yaml") is None


def test_a_document_that_is_gone_is_missed(workspace: Workspace) -> None:
    assert workspace.codes() == []
    (workspace.root / "schemas/s001.yaml").unlink()
    assert workspace.codes() == ["missing-reference"]
    workspace.write("schemas/s001.yaml", SCHEMA % "s001")
    assert workspace.codes() == []


def test_a_connection_of_another_connector_is_seen(workspace: Workspace) -> None:
    assert workspace.codes() == []
    off = workspace.codes(connector="amazon-s3", FLOWCTL_CACHE="off")
    assert "invalid-source-params" in off
    assert workspace.codes(connector="amazon-s3") == off
    assert workspace.codes() == []


def test_a_connection_of_another_name_is_seen(workspace: Workspace) -> None:
    assert workspace.codes() == []
    workspace.write("shop.yaml", POSTGRESQL.replace("name: shop", "name: other"))
    assert workspace.codes() == ["missing-reference"]


def test_a_schema_that_loses_a_field_is_seen(workspace: Workspace) -> None:
    """Through the Dataset that stands between: a pipeline refers to no schema itself."""
    profile = SCHEMA.replace("class: c", "class: https://ns.adobe.com/xdm/context/profile")
    groups = "fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details]\n"
    pipeline = PIPELINE.replace("dataset: {schema: s001, title: Orders}", "dataset: shared")
    workspace.write("orders.yaml", pipeline.replace("destination: _id", "destination: person.gender"))
    workspace.write("schemas/s002.yaml", profile % "s002" + groups)
    assert workspace.codes() == []
    assert workspace.codes() == []
    workspace.write("schemas/s002.yaml", profile % "s002")
    assert workspace.codes() == ["field-group-missing"]
    workspace.write("schemas/s002.yaml", profile % "s002" + groups)
    assert workspace.codes() == []


def test_a_verdict_also_rests_on_what_follows_a_class_that_is_no_document(workspace: Workspace) -> None:
    workspace.write("group.yaml", GROUP % "https://ns.adobe.com/xdm/context/profile")
    workspace.write("member.yaml", SCHEMA % "member" + "fieldGroups: [loyalty]\n")
    assert workspace.codes() == []
    basis = workspace.basis("member.yaml")
    assert basis is not None
    assert [each[:2] for each in basis] == [NO_CLASS[:2], ["FieldGroup", "loyalty"]]


def test_a_mapping_file_that_changes_is_seen(workspace: Workspace) -> None:
    workspace.write("orders.yaml", PIPELINE.replace("[{source: id, destination: _id}]", "{file: mappings.csv}"))
    workspace.write("mappings.csv", "expression,destination\nlower(id),_id\n")
    assert workspace.codes() == []
    assert ["file", "mappings.csv"] in [each[:2] for each in workspace.basis("orders.yaml")]
    workspace.write("mappings.csv", "expression,destination\nlowr(id),_id\n")
    assert workspace.codes() == ["unknown-function"]
    (workspace.root / "mappings.csv").unlink()
    assert workspace.codes() == ["unreadable-file"]
    workspace.write("mappings.csv", "expression,destination\nlower(id),_id\n")
    assert workspace.codes() == []


def test_problems_between_documents_are_found_each_time(workspace: Workspace) -> None:
    assert workspace.codes() == []
    workspace.write("more.yaml", DATASET % ("orders", "s003"))
    assert workspace.codes() == ["duplicate-address"]
    workspace.write("more.yaml", SCHEMA % "more" + "title: s004\n")
    assert workspace.codes() == ["duplicate-title"]
    workspace.write("more.yaml", SCHEMA % "s005" + "description: another\n")
    assert workspace.codes() == ["duplicate-name"]


def test_a_document_with_a_warning_is_checked_each_time(workspace: Workspace) -> None:
    workspace.write("shared.yaml", DATASET % ("shared", "s002") + 'tags: {unifiedIdentity: ["enabled:true"]}\n')
    assert workspace.codes() == ["tags-disagree"]
    assert workspace.codes() == ["tags-disagree"]
    assert workspace.basis("shared.yaml") is None


def test_verdicts_stay_where_another_file_changes(workspace: Workspace) -> None:
    workspace.load()
    workspace.write("shared.yaml", DATASET % ("shared", "s003"))
    workspace.load()
    assert workspace.basis("schemas/s000.yaml") == [NO_CLASS]
    assert workspace.basis("shared.yaml") == [["Schema", "s003", SHOWN], NO_CLASS]


def test_everything_that_a_verdict_is_made_with_is_looked_at() -> None:
    """Another size or time of any of these makes the cache another one."""
    names = {name for name, _, _ in sources(cache.PARTS, (schemas_dir(),))}
    code = {"pipeline.py", "flow.py", "load.py", "catalogue.py", "parts.py", "reader.py", "compile.py", "finish.py"}
    assert names >= code | {"pipeline.schema.json", "postgresql.json", "CRMToAEP.json"}


def test_two_files_of_the_same_bytes_stand_or_fall_together(workspace: Workspace) -> None:
    workspace.write("again.yaml", DATASET % ("shared", "s002"))
    assert workspace.codes() == ["duplicate-name"]
    assert workspace.basis("again.yaml") == [["Schema", "s002", SHOWN], ["Schema", "s002", SHOWN], NO_CLASS]
    (workspace.root / "again.yaml").unlink()
    assert workspace.codes() == []


def test_a_file_is_good_only_if_all_its_documents_are(workspace: Workspace) -> None:
    tag = 'tags: {unifiedIdentity: ["enabled:true"]}\n'
    workspace.write("shared.yaml", DATASET % ("shared", "s002") + "---\n" + DATASET % ("other", "s003") + tag)
    assert workspace.codes() == workspace.codes() == ["tags-disagree"]
    assert workspace.basis("shared.yaml") is None


def test_what_a_connection_says_itself_about_its_source_is_no_basis(workspace: Workspace) -> None:
    own = POSTGRESQL.replace("connector: ${var:connector}", "connectionSpec: {id: a-b-c}")
    workspace.write("shop.yaml", own)
    workspace.write("orders.yaml", PIPELINE + "flowSpec: CRMToAEP\n")
    assert workspace.codes() == workspace.codes(FLOWCTL_CACHE="off")
    assert workspace.basis("orders.yaml") is None


def test_a_time_zone_that_the_system_knows_is_asked_for_each_time(workspace: Workspace) -> None:
    params = "tableName: t, timestampColumn: c, timezoneValue: %s"
    for zone, is_kept in (("UTC", True), ("Europe/Paris", False)):
        workspace.write("stream.yaml", STREAM % ("snowflake-streaming", params % zone))
        assert workspace.codes() == []
        assert (workspace.basis("stream.yaml") is not None) is is_kept


def test_a_document_with_a_secret_is_not_cached(workspace: Workspace) -> None:
    workspace.write("orders.yaml", PIPELINE.replace("tableName:", "password: hunter22secret, tableName:"))
    workspace.load()
    assert "hunter22secret" not in json.dumps(workspace.kept)
    assert sha256((workspace.root / "orders.yaml").read_bytes()).hexdigest() not in workspace.kept["documents"]


@pytest.mark.parametrize(
    "body", [{}, {"documents": {}}, {"documents": [], "good": {}}, {"documents": {}, "good": []}, []]
)
def test_a_cache_of_another_shape_is_none(workspace: Workspace, body: object) -> None:
    workspace.load()
    (file,) = (path for path in workspace.cache.rglob("*") if path.is_file())
    head = json.loads(file.read_text().partition("\n")[0])
    text = json.dumps(body)
    file.write_text(json.dumps([*head[:-1], sha256(text.encode()).hexdigest()]) + "\n" + text)
    counts: list[str] = []
    assert not workspace.load(kinds=counted(counts)).diagnostics
    assert len(counts) == SMALLEST + 3


class _Asked(dict[tuple[str, str], Document]):
    """Documents that note which of them were asked for."""

    def __init__(self, documents: Mapping[tuple[str, str], Document]) -> None:
        super().__init__(documents)
        self.asked: set[tuple[str, str]] = set()

    def get(self, key: Any, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("file", ["orders.yaml", "shared.yaml", "shop.yaml", "schemas/s000.yaml"])
def test_checks_ask_only_for_the_documents_that_their_kind_refers_to(workspace: Workspace, file: str) -> None:
    documents = workspace.load().documents
    found = _Asked({(document.kind, document.name): document for document in documents})
    (document,) = (document for document in documents if document.file == file)
    index = Index(documents=found, belongs=lambda kind, path, name: "")
    checked([document], index, (), DOCUMENT_KINDS)
    known, waiting = {(each.kind, each.name): each for each in documents}, [document]
    declared = []
    for each in waiting:
        named = [(part.to, each.at(*part.path)) for part in DOCUMENT_KINDS[each.kind].references_of(each)]
        declared += named
        waiting += [known[key] for key in named if isinstance(key[1], str) and key in known]
    assert all(key in declared for key in found.asked)


def test_a_verdict_rests_on_the_schemas_that_were_pulled(workspace: Workspace) -> None:
    workspace.write("stream.yaml", STREAM % ("http-api", ""))

    def codes() -> list[str]:
        environ = {**CREDENTIALS, "HUBSPOT_TOKEN": "x", "XDG_CACHE_HOME": str(workspace.cache)}
        found = load(find(workspace.root), variables={"connector": "postgresql"}, environ=environ, environment="dev")
        return [problem.code for problem in found.diagnostics]

    assert codes() == codes() == []
    schema = {"title": "b", "class": "c", "version": "1", "facts": {"fields": {"id": {"type": "string"}}}}
    pulled = {"references": {"dataset id b": "s"}, "schemas": {"s": schema}, "resources": {}, "formatVersion": "1"}
    (workspace.root / ".flowctl").mkdir(exist_ok=True)
    workspace.write(".flowctl/schemas.dev.json", json.dumps(pulled))
    assert codes() == ["destination-unknown"]
