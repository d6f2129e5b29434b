"""The file with which a code host validates, plans and applies a new workspace."""

from collections.abc import Iterator, Mapping
from typing import Final

from flowctl.operations.starting.sample_params import authentication
from flowctl.specs.connector import Connector

_GITHUB: Final = """\
name: dataflows
on:
  pull_request:
  push: {branches: [main]}
  schedule: [{cron: "0 6 * * 1-5"}]

env:
  AEP_ORG_ID: ${{ vars.AEP_ORG_ID }}
  AEP_CLIENT_ID: ${{ vars.AEP_CLIENT_ID }}
  AEP_CLIENT_SECRET: ${{ secrets.AEP_CLIENT_SECRET }}
@SECRETS@
# Replace OWNER and VERSION: the place of the action, and the release that you use.
jobs:
  plan:
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    permissions: {contents: read, pull-requests: write}
    steps:
      - uses: actions/checkout@v4
      - uses: OWNER/flowctl@VERSION
        with: {command: plan, environment: dev}

  apply:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    environment: dev
    concurrency: {group: flowctl-dev, cancel-in-progress: false}
    permissions: {contents: write, pull-requests: read}
    steps:
      - uses: actions/checkout@v4
      - uses: OWNER/flowctl@VERSION
        with: {command: apply, environment: dev}

  drift:
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    permissions: {contents: read, issues: write}
    steps:
      - uses: actions/checkout@v4
      - uses: OWNER/flowctl@VERSION
        with: {command: drift, environment: dev}
"""
_GITLAB: Final = """\
# Copy ci/gitlab/flowctl.gitlab-ci.yml of the flowctl repository to ci/flowctl.gitlab-ci.yml, and set FLOWCTL_PACKAGE
# in the CI/CD variables of the project.
include:
  - local: ci/flowctl.gitlab-ci.yml

variables:
  FLOWCTL_ENVIRONMENT: dev
  FLOWCTL_WORKSPACE: "."

flowctl-apply:
  environment: dev
"""
_WORKFLOW: Final = ".github/workflows/dataflows.yml"
_PIPELINE: Final = ".gitlab-ci.yml"
LEFT_TO_DO: Final[Mapping[str, str]] = {
    "": "",
    "github": f"In {_WORKFLOW}, replace OWNER and VERSION: the place of the action, and the release that you use.",
    "gitlab": f"For {_PIPELINE}, copy ci/gitlab/flowctl.gitlab-ci.yml of the flowctl repository to "
    "ci/flowctl.gitlab-ci.yml, and set FLOWCTL_PACKAGE in the CI/CD variables of the project.",
}
"""What a user does before the file of a code host works."""


def ci_files(host: str, entry: Connector) -> Iterator[tuple[str, str]]:
    """The files for a code host; none if it is empty."""
    if host == "github":
        secrets = authentication(entry, entry.auth_specs[0]).secrets.values() if entry.auth_specs else ()
        lines = "".join(f"  {name}: ${{{{ secrets.{name} }}}}\n" for name in secrets)
        yield _WORKFLOW, _GITHUB.replace("@SECRETS@", lines)
    elif host == "gitlab":
        yield _PIPELINE, _GITLAB
