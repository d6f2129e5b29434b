"""The environments of a workspace as they would be used now, without a network."""

from collections.abc import Mapping

from flowctl.model.environments_report import ListedEnvironment, ListedEnvironments
from flowctl.model.errors import ManifestError, StateError
from flowctl.operations.record import recorded
from flowctl.settings.workspace import Environment, Workspace, environment


def listed_environments(workspace: Workspace, environ: Mapping[str, str]) -> ListedEnvironments:
    """Every environment with its settings, its lockfile, and what keeps it from being used."""
    return ListedEnvironments(environments=tuple(_listed(workspace, name, environ) for name in workspace.environments))


def _listed(workspace: Workspace, name: str, environ: Mapping[str, str]) -> ListedEnvironment:
    problems: list[str] = []
    resolved: Environment | None = None
    try:
        resolved = environment(workspace, name, environ)
    except ManifestError as error:
        problems += [diagnostic.summary for diagnostic in error.diagnostics]
    lockfile, resources = f"flowctl.{name}.lock", None
    try:
        ledger = recorded(workspace, name)
        lockfile, resources = ledger.name, len(ledger.lockfile.entries)
    except StateError as error:
        problems += [diagnostic.summary for diagnostic in error.diagnostics]
    return ListedEnvironment(
        name=name,
        is_default=name == workspace.default_environment,
        embedded=resolved is not None and resolved.embedded,
        endpoint=(resolved.endpoint or "") if resolved else "",
        organization=resolved.organization if resolved else "",
        sandbox=resolved.sandbox if resolved else "",
        lockfile=lockfile,
        resources=resources,
        problems=tuple(problems),
    )
