"""A workspace against a registry that shows writes late, its documents, and what that is set to."""

from pathlib import Path

import pytest
from surroundings import Platform, Workspace

REGISTRY = "/data/foundation/schemaregistry/tenant"
DATA_TYPE = """\
apiVersion: flowctl/v1
kind: DataType
metadata: {name: amount}
title: Acme amount
fields:
  value: {type: number}
"""
DATASET = """\
---
apiVersion: flowctl/v1
kind: Dataset
metadata: {name: members}
title: Acme members
schema: member
"""
_SETTINGS = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments: {{dev: {{endpoint: "{url}"}}}}
"""


def field_group(name: str) -> str:
    """A field group of profiles with one field, which ends the document."""
    return f"""\
---
apiVersion: flowctl/v1
kind: FieldGroup
metadata: {{name: {name}}}
title: Acme {name}
extends: [https://ns.adobe.com/xdm/context/profile]
fields:
  {name}.id: {{type: string}}
"""


def schema(*groups: str, name: str = "member") -> str:
    """A schema of profiles with these field groups, which end the document."""
    return f"""\
---
apiVersion: flowctl/v1
kind: Schema
metadata: {{name: {name}}}
title: Acme {name}
class: https://ns.adobe.com/xdm/context/profile
fieldGroups: [{", ".join(groups)}]
"""


def late_workspace(root: Path, capsys: pytest.CaptureFixture[str], platform: Platform, text: str) -> Workspace:
    """A workspace of one file of documents."""
    workspace = Workspace(root, capsys, platform)
    lead_to(workspace, platform.url)
    workspace.write("all.yaml", text)
    return workspace


def lead_to(workspace: Workspace, url: str) -> None:
    """Let the requests of a workspace go to this place, such as a proxy."""
    workspace.write("flowctl.yaml", _SETTINGS.format(url=url))


def set_delays(platform: Platform, **milliseconds: int) -> None:
    """Set how late the registry shows what is new (`visibilityDelay`) and what is changed (`updateDelay`)."""
    platform.http.post("/_emulator/settings", json=milliseconds).raise_for_status()
