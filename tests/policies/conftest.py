"""Workspaces with policies, on the served platform."""

import pytest
from surroundings import Platform, Workspace

HEAD = "apiVersion: flowctl/v1\nkind: Policy\nmetadata: {name: house}\nrules:\n"
PEOPLE = """\
apiVersion: flowctl/v1
kind: Schema
metadata: {name: person}
title: Acme people
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [https://ns.adobe.com/xdm/context/profile-person-details]
---
apiVersion: flowctl/v1
kind: Connection
metadata: {name: bucket}
connector: amazon-s3
auth: {specName: Access Key, params: {s3AccessKey: key, s3SecretKey: "${var:secret}"}}
---
apiVersion: flowctl/v1
kind: Pipeline
metadata:
  name: people
  labels: {team: crm}
source: {connection: bucket, data: {format: delimited}, params: {path: /in, type: folder}}
dataset: {title: People, schema: person}
mappings:
  - {source: id, destination: _id}
  - {source: name, destination: person.name.firstName}
schedule:
  startTime: 2036-12-01T00:00:00Z
  frequency: hour
  interval: 1
"""
WORKSPACE = """\
apiVersion: flowctl/v1
kind: Workspace
manifests: [flows]
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
    variables: {{secret: canary-secret-key}}
"""


class Ruled(Workspace):
    """A workspace with the pipeline `people`, whose rules a test chooses."""

    def rules(self, text: str, file: str = "policies/house.yaml") -> None:
        self.write(file, HEAD + text)

    def problems(self, *arguments: str) -> list[dict]:
        return self.run(*arguments, "--format", "json").json["diagnostics"]

    def codes(self, *arguments: str) -> list[str]:
        return [problem["code"] for problem in self.problems(*arguments)]


@pytest.fixture
def ruled(tmp_path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Ruled:
    workspace = Ruled(root=tmp_path, capsys=capsys, platform=platform)
    workspace.write("flowctl.yaml", WORKSPACE.format(url=platform.url))
    workspace.write("flows/people.yaml", PEOPLE)
    return workspace
