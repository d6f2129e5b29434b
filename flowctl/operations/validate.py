"""Validation: every problem of every manifest, without a network."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from flowctl.manifest.document import Manifests
from flowctl.manifest.load import load
from flowctl.model.diagnostic import Diagnostic
from flowctl.settings.workspace import Workspace, variables


def validate(
    workspace: Workspace,
    *,
    environment: str,
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    paths: Sequence[Path] = (),
) -> tuple[Diagnostic, ...]:
    """The problems of the manifests, or of those below `paths`."""
    return load_manifests(
        workspace, environment=environment, overrides=overrides, environ=environ, paths=paths
    ).diagnostics


def load_manifests(
    workspace: Workspace,
    *,
    environment: str,
    overrides: Mapping[str, str],
    environ: Mapping[str, str],
    paths: Sequence[Path] = (),
) -> Manifests:
    """The workspace's documents with the variables of an environment filled in."""
    chosen = variables(workspace, environment, overrides)
    return load(workspace, variables=chosen, environ=environ, paths=paths)
