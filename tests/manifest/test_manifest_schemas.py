"""The published schemas: valid, described, with examples, and read by us as any validator reads them."""

# ruff: noqa: E501 - tables read better in long lines

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from referencing import Registry, Resource

from flowctl.manifest.published import schema
from flowctl.manifest.registry import DOCUMENT_KINDS as KINDS
from flowctl.specs.files import schemas_dir
from flowctl.specs.flow_specs import pinned, pinned_names
from flowctl.validation.check import accepted, problems_of_document
from flowctl.validation.compile import compiled

NAMES = [*KINDS, "Workspace", "Manifest"]
CONTRACT_WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [connections, schemas, pipelines]   # default: [.] ; `.flowctl` and hidden folders are never read
defaultEnvironment: local
environments:
  local: {}                                   # the embedded platform, data under .flowctl/local ; needs no settings and no network
  dev:
    endpoint: https://platform.adobe.io       # or http://127.0.0.1:PORT of a served emulator
    organization: ${env:AEP_ORG_ID}
    sandbox: dev
    auth:
      tokenUrl: https://ims-na1.adobelogin.com/ims/token/v3
      clientId: ${env:AEP_CLIENT_ID}
      clientSecret: ${env:AEP_CLIENT_SECRET}
      scopes: [openid, AdobeID, read_organizations, additional_info.projectedProductContext, session]
    variables: {tenant: acme}                 # ${var:tenant}
"""


def read(name: str) -> Any:
    return json.loads((schemas_dir() / f"{name.lower()}.schema.json").read_text(encoding="utf-8"))


def members(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every described place: the schema of each property."""
    for name, member in node.get("properties", {}).items():
        yield f"{path}.{name}", member
        yield from members(member, f"{path}.{name}")
    for key in ("items", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from members(node[key], f"{path}.{key}")
    for branch in node.get("oneOf", []):
        yield from members(branch, path)


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_every_key_is_described_with_examples(name):
    document = read(name)
    Draft202012Validator.check_schema(document)
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "$id" not in document  # a relative $ref has to lead to the file beside it, not to the network
    for path, member in [("", document), *members(document)]:
        assert member.get("description", "").strip(), path
        if path.count(".") or path:
            assert member.get("examples"), path


@pytest.mark.parametrize("name", [*KINDS, "Workspace"])
def test_every_example_is_valid(name):
    document = read(name)
    for path, member in [("", document), *members(document)]:
        for example in member.get("examples", []):
            wanted = json.loads(json.dumps(example).replace('"${env:AEP_ORG_ID}"', '"x"'))
            assert Draft202012Validator(member).is_valid(wanted), path


@pytest.mark.parametrize("name", [*KINDS, "Workspace"])
def test_unknown_keys_are_refused_but_in_the_platforms_own_mappings(name):
    opened = {
        path
        for path, member in members(read(name))
        if member.get("type") == "object" and member.get("additionalProperties") is not False
    }
    data = {".source.data", ".source.data.properties", ".target.data", ".target.data.schema"}
    allowed = {".auth.params", ".source.params", ".options", *data}
    maps = {
        ".metadata.labels",
        ".tags",
        ".dataset.tags",
        ".environments",
        ".objects",
        ".environments.additionalProperties.variables",
        ".environments.additionalProperties.sources",
        ".displayNames",
        ".fields",
        *(f".fields.additionalProperties.{key}" for key in ("fields", "items", "values", "suggested")),
        *(f".rules.items.{key}" for key in ("match.labels", "require", "deny")),
        *(f".cases.items.given.items.{key}" for key in ("manifest", "attributes", "labels", "xdm", "lastRun")),
        *(f".cases.items.{key}" for key in ("given", "expect", "exactly")),
    }
    assert opened <= allowed | maps


def test_the_contracts_examples_are_accepted_by_any_validator(contract):
    files = {f"{kind.lower()}.schema.json": read(kind) for kind in KINDS}
    registry: Any = Registry().with_resources(
        [(name, Resource.from_contents(document)) for name, document in files.items()]
    )
    validator = Draft202012Validator(read("Manifest"), registry=registry)
    documents = list(yaml.load_all(contract, Loader=yaml.BaseLoader))
    for document in documents:
        typed = json.loads(json.dumps(document).replace('"true"', "true").replace('"1"', "1").replace('"5"', "5"))
        assert list(validator.iter_errors(typed)) == []
        assert not validator.is_valid({**typed, "unknown": 1})
    assert not validator.is_valid({**documents[0], "kind": "Other"})
    assert Draft202012Validator(read("Workspace")).is_valid(yaml.safe_load(CONTRACT_WORKSPACE))


def examples() -> list[tuple[str, Any]]:
    return [(kind, example) for kind in (*KINDS, "Workspace") for example in read(kind)["examples"]]


ODD = st.sampled_from(
    [None, True, False, 0, 1, 1.0, -1, 15, 1.5, "", "a", "A b", "a\n", "once", "true", [], ["a"], ["a", "a"], [1], {},
     {"id": "a"}, {"title": "a"}, {"id": "a", "title": "b"}, {"id": 1}, {"schema": "a"}, {"source": "a", "destination": "b"},
     [{"source": "a", "destination": "b"}], [{"destination": "b"}], [{"source": "a", "expression": "b", "destination": "c"}]]
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in steps:
        found += places(member, (*path, step))
    return found


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, Any]:
    """An example in which some values, keys or members were changed."""
    kind, example = draw(st.sampled_from(examples()))
    value = {"root": copy.deepcopy(example)}
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(value)[1:]))
        holder: Any = value
        for step in way:
            holder = holder[step]
        change = draw(st.sampled_from(["value", "remove", "add", "rename"]))
        if change == "remove" and way:
            del holder[last]
        elif change == "rename" and isinstance(holder, dict) and way:
            holder[draw(st.sampled_from(["other", "nam", "id", "title", "connector"]))] = holder.pop(last)
        elif change == "add" and isinstance(holder[last], dict):
            name = draw(
                st.sampled_from(["other", "id", "title", "schema", "connector", "connectionSpec", "expression"])
            )
            holder[last][name] = copy.deepcopy(draw(ODD))
        else:
            holder[last] = copy.deepcopy(draw(ODD))
    return kind, value["root"]


@settings(max_examples=600, deadline=None)
@given(damaged())
def test_the_fast_check_the_validator_and_the_words_agree(case):
    kind, value = case
    # `$` of a pattern also matches before a final line break in Python, not in JSON Schema: ours is stricter.
    by_validator = Draft202012Validator(schema(kind)).is_valid(value)
    if "a\n" not in json.dumps(value).replace("\\n", "\n"):
        assert accepted(schema(kind), value) == by_validator
    found = list(problems_of_document(schema(kind), value))
    assert bool(found) == (not accepted(schema(kind), value))
    for fault in found:
        assert fault.message
        assert "given schemas" not in fault.message


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_fast_check_agrees_on_the_pinned_flow_specs(data):
    specs = [pinned(name) for name in pinned_names()]
    schemas = [one for spec in specs for one in (spec.schedule_schema, spec.option_schema) if one is not None]
    schemas += [one for spec in specs for one in spec.transformation_schemas.values()]
    chosen = data.draw(st.sampled_from(schemas))
    names = ["startTime", "frequency", "interval", "backfill", "deltaColumn", "mappingId", "mappingVersion",
             "errorDiagnosticsEnabled", "partialIngestionPercent", "name"]  # fmt: skip
    values = st.one_of(
        ODD, st.sampled_from(["minute", "day", {"name": "a"}]), st.integers(), st.floats(allow_nan=False)
    )
    value = data.draw(st.dictionaries(st.sampled_from(names), values))
    assert compiled(chosen)(value) == Draft7Validator(chosen).is_valid(value)
