"""Kinds of documents: what the seam allows that no kind of today needs, tried with changed ones."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from surroundings import DEV, Workspace

from flowctl.manifest.document import Document, Manifests
from flowctl.manifest.document_kind import DocumentKind, DocumentKinds, Scope, no_resources
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.index import named
from flowctl.manifest.reading.cache import ManifestCache
from flowctl.manifest.reading.load import load
from flowctl.manifest.registry import DOCUMENT_KINDS
from flowctl.model.diagnostic import Diagnostic
from flowctl.settings.workspace import find
from flowctl.specs.files import schemas_dir

SCHEMA = "apiVersion: flowctl/v1\nkind: Schema\nmetadata: {name: %s}\nclass: c\n"
DATASET = "apiVersion: flowctl/v1\nkind: Dataset\nmetadata: {name: %s}\nschema: %s\n"


def changed(name: str, **members: object) -> DocumentKinds:
    """The kinds of today, one of them changed."""
    kind: DocumentKind = DOCUMENT_KINDS[name]._replace(**members)  # type: ignore[arg-type]
    return {**DOCUMENT_KINDS, name: kind}


def manifests(
    workspace_of: Callable[[Mapping[str, str]], Path],
    files: Mapping[str, str],
    kinds: DocumentKinds,
    environment: str = "dev",
) -> Manifests:
    return load(find(workspace_of(files)), variables={}, environ={}, environment=environment, kinds=kinds)


def test_every_kind_has_a_published_schema_and_is_in_the_schema_of_manifests():
    known = json.loads((schemas_dir() / "manifest.schema.json").read_text(encoding="utf-8"))
    assert known["properties"]["kind"]["enum"] == list(DOCUMENT_KINDS)
    for name, kind in DOCUMENT_KINDS.items():
        assert kind.name == name
        assert (schemas_dir() / f"{name.lower()}.schema.json").is_file()
        assert {reference.to for reference in kind.references} <= DOCUMENT_KINDS.keys()


def test_a_document_may_stand_for_nothing_in_an_environment(workspace_of):
    def only_in_dev(document: Document, scope: Scope) -> Iterator[Document]:
        if scope.environment == "dev":
            yield document

    kinds = changed("Schema", transform=only_in_dev)
    files = {"a.yaml": SCHEMA % "one"}
    assert [document.name for document in manifests(workspace_of, files, kinds).documents] == ["one"]
    others = manifests(workspace_of, files, kinds, environment="prod")
    assert (others.documents, others.diagnostics) == ((), ())


def test_a_document_may_become_others_which_are_checked_and_expanded(workspace_of):
    def twice(document: Document, scope: Scope) -> Iterator[Document]:
        for number in (1, 2):
            yield replace(document, name=f"{document.name}-{number}")

    kinds = changed("Dataset", transform=twice)
    found = manifests(workspace_of, {"a.yaml": SCHEMA % "s" + "---\n" + DATASET % ("d", "s")}, kinds)
    assert not found.diagnostics
    assert [str(address) for address in desired_graph(found.documents, kinds)] == [
        "s.schema",
        "d-1.dataset",
        "d-2.dataset",
    ]
    missing = manifests(workspace_of, {"a.yaml": DATASET % ("d", "nowhere")}, kinds)
    assert [problem.code for problem in missing.diagnostics] == ["missing-reference"]


def test_what_a_document_became_is_transformed_by_its_own_kind_and_each_kind_transforms_once(workspace_of):
    def into_schema(document: Document, scope: Scope) -> Iterator[Document]:
        yield replace(scope.documents["Schema", "s"], name="made")

    def renamed(document: Document, scope: Scope) -> Iterator[Document]:
        yield replace(document, name=f"{document.name}-again")

    kinds = {**changed("Dataset", transform=into_schema), "Schema": changed("Schema", transform=renamed)["Schema"]}
    found = manifests(workspace_of, {"a.yaml": SCHEMA % "s" + "---\n" + DATASET % ("d", "s")}, kinds)
    assert [(document.kind, document.name) for document in found.documents] == [
        ("Schema", "s-again"),
        ("Schema", "made-again"),
    ]


def test_what_is_wrong_with_a_transformation_is_told_once_at_its_place(workspace_of):
    def refused(document: Document, scope: Scope) -> Iterator[Document | Diagnostic]:
        yield document.error("missing-reference", "there is no such template", "schema", hint="Declare it.")
        yield document

    kinds = changed("Dataset", transform=refused)
    found = manifests(workspace_of, {"a.yaml": DATASET % ("d", "nowhere")}, kinds)
    assert [problem.summary for problem in found.diagnostics] == ["there is no such template"]


def test_a_kind_may_make_no_resources(workspace_of):
    kinds = changed("Schema", expand=no_resources)
    found = manifests(workspace_of, {"a.yaml": SCHEMA % "s"}, kinds)
    assert [document.name for document in found.documents] == ["s"]
    assert not desired_graph(found.documents, kinds)


def test_a_kind_that_is_not_known_is_told_with_those_that_are(workspace_of):
    kinds = {"Schema": DOCUMENT_KINDS["Schema"]}
    (problem,) = manifests(workspace_of, {"a.yaml": DATASET % ("d", "s")}, kinds).diagnostics
    assert (problem.code, problem.detail) == ("unknown-kind", "Expected `Schema`.")


@pytest.mark.parametrize("name", DOCUMENT_KINDS)
def test_a_workspace_of_documents_of_one_kind_only_needs_no_other_kind(name, workspace_of):
    """Nothing outside the file of a kind looks for it by name."""
    kinds = {name: DOCUMENT_KINDS[name]}
    found = manifests(workspace_of, {"a.yaml": f"apiVersion: flowctl/v1\nkind: {name}\nmetadata: {{name: x}}\n"}, kinds)
    assert found.documents[0].kind == name
    assert {problem.code for problem in found.diagnostics} <= {"missing-key", "missing-one-of"}, found.diagnostics


def test_what_may_hold_a_secret_is_never_kept():
    assert ManifestCache(None).put("a", [{"kind": "Schema"}])
    assert not ManifestCache(None).put("b", [{"kind": "Schema"}, {"kind": "Connection"}])


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("tableName", "`source.params.tableName` of a Pipeline document"),
        ("connectionString", "`auth.params.connectionString` of a Connection document"),
        ("frequency", "`schedule.frequency` of a Pipeline document"),
    ],
)
def test_a_key_of_another_kind_is_told_where_it_belongs(key, place, workspace_of):
    files = {"a.yaml": SCHEMA % "s" + f"{key}: x\n"}
    (problem,) = manifests(workspace_of, files, DOCUMENT_KINDS).diagnostics
    assert (problem.code, problem.hint) == ("unknown-key", f"Move it to {place}.")


def test_a_connection_without_an_authentication_is_told_those_of_its_connector(workspace_of):
    text = "apiVersion: flowctl/v1\nkind: Connection\nmetadata: {name: c}\nconnector: postgresql\n"
    (problem,) = manifests(workspace_of, {"a.yaml": text}, DOCUMENT_KINDS).diagnostics
    assert problem.hint.startswith("Add `auth: {specName: Connection String Based Authentication")


def test_a_pipeline_may_have_the_name_of_the_dataset_that_it_writes(workspace_of):
    pipeline = (
        "apiVersion: flowctl/v1\nkind: Pipeline\nmetadata: {name: d}\nsource: {connector: http-api}\ndataset: %s\n"
    )
    text = SCHEMA % "s" + "---\n" + DATASET % ("d", "s") + "---\n" + pipeline
    for dataset, is_taken in (("d", False), ("{id: a}", False), ("{schema: s}", True)):
        found = manifests(workspace_of, {"a.yaml": text % dataset}, DOCUMENT_KINDS)
        assert ("duplicate-address" in {problem.code for problem in found.diagnostics}) is is_taken


def test_a_variable_elsewhere_of_the_name_of_a_secret_does_not_make_it_one(workspace_of):
    text = (
        "apiVersion: flowctl/v1\nkind: Connection\nconnector: generic-rest\n"
        "metadata: {name: c, labels: {password: '${var:team}'}}\n"
        "auth: {specName: Basic Authentication, params: {host: h, username: u, password: hunter22}}\n"
    )
    found = load(find(workspace_of({"a.yaml": text})), variables={"team": "crm"}, environ={})
    assert [problem.code for problem in found.diagnostics] == ["unknown-key", "literal-secret"]


def test_a_kind_says_which_kinds_of_resources_it_makes(examples: Workspace) -> None:
    """By that, an entry of the lockfile is known to belong to a document."""
    made: dict[str, set[str]] = {name: set() for name in DOCUMENT_KINDS}
    for root in (examples.root, examples.root / "company"):
        found = load(find(root), variables=dict.fromkeys(VARIABLES, "x"), environ={}, environment="dev")
        known = named(found.documents)
        for document in found.documents:
            made[document.kind] |= {each.kind for each in DOCUMENT_KINDS[document.kind].expand(document, known)}
    assert made == {name: set(kind.makes) for name, kind in DOCUMENT_KINDS.items()}


VARIABLES = yaml.safe_load(DEV.format(url="http://localhost"))["environments"]["dev"]["variables"]
