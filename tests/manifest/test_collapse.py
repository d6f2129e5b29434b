"""Documents that are expanded and collapsed again are the same documents; what `expand` adds is left out."""

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from surroundings import EXAMPLES

from flowctl.kinds.registry import KINDS
from flowctl.manifest.collapse.flow import flow_members
from flowctl.manifest.collapse.registry import COLLAPSED_KINDS
from flowctl.manifest.collapse.subject import Subject
from flowctl.manifest.collapse.typed import typed, without_defaults
from flowctl.manifest.graph import desired_graph
from flowctl.manifest.reading.in_memory import beside
from flowctl.model.resource import Reference, Resource, Sensitive
from flowctl.model.values import transform
from flowctl.text.writer import document_text

FILES = sorted(
    path
    for folder in ("connections", "schemas", "datasets", "pipelines")
    for path in (EXAMPLES / folder).glob("*.yaml")
    if "file:" not in path.read_text(encoding="utf-8")
)


def resources() -> dict[str, Resource]:
    """The resources of all examples, by address."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in FILES}
    documents, _ = beside((), texts)
    return {str(address): resource for address, resource in desired_graph(documents).items()}


def live(resource: Resource) -> Mapping[str, Any]:
    """The attributes as the platform shows them: IDs in place of references, and no secrets."""

    def fill(gap: Any) -> Any:
        if isinstance(gap, Reference):
            return f"{gap.output} of {gap.address}"
        return Sensitive(None) if isinstance(gap, Sensitive) else gap

    attributes: Mapping[str, Any] = transform(resource.attributes, fill)
    return attributes


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_is_the_same_after_expand_and_collapse(path: Any) -> None:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    kind = next(each for each in COLLAPSED_KINDS if each.name == written["kind"])
    name = written["metadata"]["name"]
    everything = resources()
    subject = Subject(
        name=name,
        attributes={each: live(everything[f"{name}.{each}"]) for each in kind.kinds if f"{name}.{each}" in everything},
        refers={
            "connection": written.get("source", {}).get("connection"),
            "dataset": written.get("dataset"),
            "schema": written.get("schema"),
        },
        variable=lambda words: words.upper().replace("-", "_"),
    )
    text = document_text(kind.collapse(subject))
    names = [file.name for file in FILES if file != path]
    others = {file: (next(each for each in FILES if each.name == file)).read_text(encoding="utf-8") for file in names}
    documents, problems = beside((), {**others, "again.yaml": text})
    own = [each for each in problems if each.span is not None and each.span.file == "again.yaml"]
    assert [problem for problem in own if problem.severity == "error"] == []
    again = {str(address): resource for address, resource in desired_graph(documents).items()}
    for each in kind.kinds:
        address = f"{name}.{each}"
        if address in everything:
            assert live(again[address]) == live(everything[address])


def test_every_kind_of_object_has_a_document() -> None:
    collapsed = [name for kind in COLLAPSED_KINDS for name in kind.kinds]
    assert sorted(collapsed) == sorted(KINDS)


@pytest.mark.parametrize(
    ("value", "schema", "wanted"),
    [
        ("24", {"type": "integer"}, 24),
        ("0024", {"type": "integer"}, 24),
        ("24.0", {"type": "integer"}, 24),
        (24.0, {"type": "integer"}, 24),
        ("True", {"type": "boolean"}, True),
        ("5.5", {"type": "number"}, 5.5),
        ("24", {"type": ["string", "integer"]}, "24"),
        ("x", {"type": "integer"}, "x"),
        ({"a": "1"}, {"properties": {"a": {"type": "integer"}}}, {"a": 1}),
        (["1"], {"items": {"type": "integer"}}, [1]),
        ("1", None, "1"),
    ],
)
def test_text_becomes_what_a_schema_asks_for(value: Any, schema: Any, wanted: Any) -> None:
    found = typed(value, schema)
    assert (found, type(found)) == (wanted, type(wanted))


def test_defaults_are_left_out_only_if_the_schema_says_them() -> None:
    schema = {"properties": {"a": {"default": False}, "b": {}}}
    assert without_defaults({"a": False, "b": False}, schema) == {"b": False}
    assert without_defaults({"a": True}, schema) == {"a": True}
    assert without_defaults({"a": False}, None) == {"a": False}


def test_what_a_schedule_does_not_need_is_left_out() -> None:
    spec = {"flowSpec": {"id": "14518937-270c-4525-bdec-c2ba7cce3860"}}
    once = {"startTime": "1796083200", "frequency": "once", "interval": "15", "backfill": "true"}
    assert flow_members({**spec, "scheduleParams": once}, "none")["schedule"] == {
        "startTime": "2026-12-01T00:00:00Z",
        "frequency": "once",
    }
    daily = {"startTime": 1796083200, "frequency": "day", "interval": "2", "backfill": "False"}
    assert flow_members({**spec, "scheduleParams": daily}, "none")["schedule"] == {
        "startTime": "2026-12-01T00:00:00Z",
        "frequency": "day",
        "interval": 2,
        "backfill": False,
    }
    assert "schedule" not in flow_members({**spec, "scheduleParams": None}, "none")


def test_a_flow_that_is_not_enabled_says_so() -> None:
    assert "state" not in flow_members({"state": "enabled"}, "none")
    assert flow_members({"state": "draft"}, "none")["state"] == "draft"
