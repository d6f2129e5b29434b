"""Workspaces with one pipeline, whose mappings and sample files a test chooses."""

from collections.abc import Callable
from pathlib import Path

import pytest
from surroundings import Workspace

PIPELINE = """\
apiVersion: flowctl/v1
kind: Schema
metadata: {{name: person}}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details]
---
apiVersion: flowctl/v1
kind: Schema
metadata: {{name: event}}
class: https://ns.adobe.com/xdm/context/experienceevent
---
apiVersion: flowctl/v1
kind: Pipeline
metadata: {{name: people, labels: {{team: crm}}}}
source: {{connector: amazon-s3, connection: {{id: c1}}, data: {data}, params: {{path: /in}}}}
dataset: {{title: People, schema: {schema}}}
mappings: {mappings}
schedule: {{startTime: 2026-12-01T00:00:00Z, frequency: day, interval: 1}}
"""
NAMES = "[{source: id, destination: _id}, {expression: upper(name), destination: person.name.firstName}]"
TEST = "apiVersion: flowctl/v1\nkind: MappingTest\nmetadata: {name: one}\npipeline: people\n"


class People(Workspace):
    """A workspace with the pipeline `people`."""

    def pipeline(self, mappings: str = NAMES, *, schema: str = "person", data: str = "{format: delimited}") -> None:
        self.write("people.yaml", PIPELINE.format(mappings=mappings, schema=schema, data=data))

    def test(self, cases: str, head: str = TEST) -> None:
        self.write("tests.yaml", f"{head}cases:\n{cases}\n")

    def bytes(self, name: str, data: bytes) -> None:
        (self.root / name).write_bytes(data)

    def preview(self, name: str, *arguments: str) -> dict:
        result = self.run("preview", "people", "--input", str(self.root / name), "--format", "json", *arguments)
        assert result.code == 0, result.out + result.err
        return result.json


@pytest.fixture
def people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> People:
    workspace = People(tmp_path, capsys)
    workspace.write("flowctl.yaml", "apiVersion: flowctl/v1\nkind: Workspace\n")
    workspace.pipeline()
    return workspace


@pytest.fixture
def faults(people: People) -> Callable[..., list[dict]]:
    """The diagnostics of a command that fails."""

    def found(*arguments: str) -> list[dict]:
        result = people.run(*arguments, "--format", "json")
        assert result.code == 1
        assert "Traceback" not in result.err
        return result.json["diagnostics"]

    return found
