"""What an editor knows of the catalogue: it accepts what `validate` accepts, finds its mistakes, and proposes names."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from surroundings import EXAMPLES, Workspace
from yaml_server import SERVER, YamlServer

from flowctl.operations.starting.first_files import first_files
from flowctl.specs.catalogue import connector, connector_names
from flowctl.specs.files import schemas_dir
from flowctl.specs.published_schemas import publish, published
from flowctl.text.composing import read_composed
from flowctl.text.substitution import verbatim
from flowctl.xdm.standard_paths import standard_paths

MODELINE = "# yaml-language-server: $schema=schemas/manifest.schema.json\n"
Judge = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the schemas as they are written."""
    folder = tmp_path_factory.mktemp("editor")
    publish(folder / "schemas")
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[YamlServer]:
    with YamlServer(folder) as running:
        yield running


@pytest.fixture(scope="module")
def by_schema() -> Judge:
    """The problems of a text by the schemas alone."""
    contents = {name: json.loads(text) for name, text in published()}
    for content in contents.values():
        Draft202012Validator.check_schema(content)
    resources = [(name, Resource.from_contents(content)) for name, content in contents.items()]
    validator = Draft202012Validator(contents["manifest.schema.json"], registry=Registry().with_resources(resources))

    def problems(text: str) -> list[str]:
        documents = read_composed(text, verbatim).documents
        return [error.message for document in documents for error in validator.iter_errors(document.value)]

    return problems


@pytest.fixture(scope="module", params=["schema", *(["server"] if SERVER else [])])
def judge(request: pytest.FixtureRequest) -> Judge:
    """The problems of a text: by the schemas, and by the server of an editor if there is one."""
    if request.param == "schema":
        found: Judge = request.getfixturevalue("by_schema")
        return found
    running: YamlServer = request.getfixturevalue("server")
    numbers = iter(range(10_000))
    return lambda text: running.problems(f"{next(numbers)}.yaml", MODELINE + text)


def _manifests() -> list[Path]:
    return [path for path in sorted(EXAMPLES.rglob("*.yaml")) if path.name != "flowctl.yaml"]


def _without_modeline(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text.partition("\n")[2] if text.startswith(MODELINE[:30]) else text


def test_the_examples_are_accepted(judge: Judge) -> None:
    found = {path.name: judge(_without_modeline(path)) for path in _manifests()}
    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("name", connector_names())
def test_the_first_manifests_of_each_connector_are_accepted(by_schema: Judge, name: str) -> None:
    entry = connector(name)
    assert entry is not None
    texts = [text for path, text in first_files(entry, date(2026, 11, 1)) if "manifest.schema.json" in text]
    assert texts
    assert [problem for text in texts for problem in by_schema(text)] == []


MISTAKES = {
    "connector": ("connections/hubspot.yaml", "connector: hubspot", "connector: hubspott", "unknown-connector"),
    "missing parameter": ("connections/hubspot.yaml", "    clientId: example-client\n", "", "invalid-auth-params"),
    "type of a parameter": ("connections/landing-bucket.yaml", "acme-landing", "[acme]", "wrong-type"),
    "flow spec": ("pipelines/partner-files.yaml", "\nsource:", "\nflowSpec: CRMToAEPP\nsource:", "unknown-flow-spec"),
    "source parameter": (
        "pipelines/partner-files.yaml",
        "  connection: landing-bucket\n",
        "  connector: amazon-s3\n  connection: landing-bucket\n",
        "invalid-source-params",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_that_validate_finds_is_found(examples: Workspace, judge: Judge, mistake: str) -> None:
    file, right, wrong, code = MISTAKES[mistake]
    path = examples.root / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    text = text.replace(right, wrong)
    if code == "invalid-source-params":
        text = text.replace("type: folder", "type: foldr")
    path.write_text(text, encoding="utf-8")
    result = examples.run("validate", "--format", "json")
    assert code in [each["code"] for each in result.json["diagnostics"]]
    assert judge(_without_modeline(path))


CONNECTION = "apiVersion: flowctl/v1\nkind: Connection\nmetadata: {name: x}\n"
PIPELINE = "apiVersion: flowctl/v1\nkind: Pipeline\nmetadata: {name: x}\ndataset: {id: x}\n"
S3 = "source:\n  connector: amazon-s3\n  connection: x\n"


@pytest.mark.parametrize(
    "text",
    [
        CONNECTION + "connector: ${var:which}\nauth: {specName: '${var:how}', params: {a: 1}}\n",
        CONNECTION + "connector: hubspot\nauth:\n  specName: ${var:how}\n",
        CONNECTION + "connector: hubspot\nauth: {specName: One of the platform, params: {a: 1}}\n",
        CONNECTION + "connectionSpec: {id: x}\nauth: {specName: Some, params: {a: 1}}\n",
        CONNECTION + "connector: sugarcrm\nauth: {specName: Unverified, params: {a: 1}}\n",
        PIPELINE + S3 + "  params: {path: '${var:path}', type: '${var:type}', recursive: '${var:yes}'}\n",
        PIPELINE + "flowSpec: ${var:flow}\n" + S3 + "  params: {path: x}\n",
    ],
)
def test_a_substitution_and_what_no_document_confirms_are_accepted(judge: Judge, text: str) -> None:
    assert judge(text) == []


def test_validate_reads_the_schemas_without_the_catalogue() -> None:
    texts = dict(published())
    for name in ("connection", "pipeline"):
        packaged = (schemas_dir() / f"{name}.schema.json").read_text(encoding="utf-8")
        assert "enumDescriptions" not in packaged
        assert '"Amazon S3"' in texts[f"{name}.schema.json"]
    assert texts["manifest.schema.json"] == (schemas_dir() / "manifest.schema.json").read_text(encoding="utf-8")


def test_destinations_are_proposed_and_few_enough_to_be_quick() -> None:
    """With 2,733 of them a yaml-language-server answers in 0.3 s at first, and in 0.1 s then."""
    pipeline = json.loads(dict(published())["pipeline.schema.json"])
    proposed = pipeline["properties"]["mappings"]["oneOf"][0]["items"]["properties"]["destination"]["examples"]
    assert proposed == sorted(set(proposed))
    assert {"_id", "person.name.firstName", "personalEmail.address", "_repo.createDate"} <= set(proposed)
    assert len(proposed) < 4_000
    assert len(json.dumps(pipeline)) < 500_000


PROPOSALS = {
    "connectors": (CONNECTION + "connector: <here>\nauth: {specName: x}\n", {"hubspot": "HubSpot", "sftp": "SFTP"}),
    "authentications": (CONNECTION + "connector: hubspot\nauth:\n  specName: <here>\n", {"Basic Authentication": ""}),
    "parameters of an authentication": (
        CONNECTION + "connector: hubspot\nauth:\n  specName: Basic Authentication\n  params:\n    <here>\n",
        {"clientId": "Client id of the source's OAuth application."},
    ),
    "parameters of a source": (
        PIPELINE + S3 + "  params:\n    <here>\n",
        {"recursive": "Whether folders below the path are read."},
    ),
    "values of a parameter": (PIPELINE + S3 + "  params:\n    path: x\n    type: <here>\n", {"folder": ""}),
    "flow specs": (PIPELINE + "flowSpec: <here>\n" + S3, {"CloudStorageToAEP": ""}),
    "destinations": (
        PIPELINE + S3 + "mappings:\n  - source: a\n    destination: <here>\n",
        {"personalEmail.address": ""},
    ),
    "destinations in one line": (PIPELINE + S3 + "mappings:\n  - {source: a, destination: per<here>}\n", {"_id": ""}),
}


@pytest.mark.parametrize("what", PROPOSALS if SERVER else [])
def test_an_editor_proposes(server: YamlServer, what: str) -> None:
    text, expected = PROPOSALS[what]
    proposed = server.proposals(f"{what.replace(' ', '-')}.yaml", MODELINE + text)
    assert expected.items() <= proposed.items()


_PROPOSED = re.compile(r"\b(connector|specName|format|frequency|destination): (?P<value>[^,}\n#]+)")


@pytest.mark.skipif(not SERVER, reason="there is no yaml-language-server")
def test_an_editor_proposes_what_the_examples_have(server: YamlServer) -> None:
    """It proposes the first value of each key, if one asks in its place."""
    known, tried = set(standard_paths()), set()
    manifests = [path for path in _manifests() if path.parent.name in ("connections", "pipelines")]
    for path in manifests:
        text, seen = _without_modeline(path), set()
        for match in _PROPOSED.finditer(text):
            key, value = match[1], match["value"].strip()
            if key in seen or (key == "destination" and value not in known):
                continue
            seen.add(key)
            asked = f"{MODELINE}{text[: match.start('value')]}<here>{text[match.end('value') :]}"
            assert value in server.proposals(f"{path.stem}-{key}.yaml", asked), (path.name, key, value)
        tried |= seen
    assert tried == {"connector", "specName", "format", "frequency", "destination"}
