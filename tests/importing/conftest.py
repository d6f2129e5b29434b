"""What tests of imports share: an empty workspace beside a served platform."""

from pathlib import Path

import pytest
from surroundings import Platform, Workspace

EMPTY = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments:
  dev:
    endpoint: {url}
"""


@pytest.fixture
def empty(tmp_path: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """A workspace without manifests, whose environment `dev` is the served platform."""
    root = tmp_path / "empty"
    root.mkdir()
    workspace = Workspace(root=root, capsys=capsys)
    workspace.write("flowctl.yaml", EMPTY.format(url=platform.url))
    return workspace
