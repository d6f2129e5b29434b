"""The example `company`, copied for a test, with a second environment for another organization."""

import shutil
from pathlib import Path

import pytest
from surroundings import EXAMPLES, Platform, Workspace

SETTINGS = """\
apiVersion: flowctl/v1
kind: Workspace
defaultEnvironment: dev
environments:
  dev: {{endpoint: {url}, variables: {{postgresConnectionString: Server=db;Password=canary}}}}
  other:
    endpoint: {url}
    organization: ACME@AdobeOrg
    sandbox: dev
    auth: {{tokenUrl: "{url}/ims/token/v3", clientId: acme-client, clientSecret: "${{env:ACME_SECRET}}"}}
    variables: {{postgresConnectionString: Server=db;Password=canary}}
"""


def company_workspace(root: Path, platform: Platform, capsys: pytest.CaptureFixture[str]) -> Workspace:
    """The manifests of the company in a new folder."""
    shutil.copytree(EXAMPLES / "company", root, ignore=shutil.ignore_patterns(".flowctl", "*.lock*"))
    workspace = Workspace(root=root, capsys=capsys, platform=platform)
    workspace.write("flowctl.yaml", SETTINGS.format(url=platform.url))
    return workspace
