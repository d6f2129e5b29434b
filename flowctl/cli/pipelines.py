"""Commands about runs: which pipelines they work on, and the status of those."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from flowctl.cli.options import Options, selection_of
from flowctl.cli.run import choice_of, manifests_of, session_of, workspace_of
from flowctl.manifest.document import Manifests
from flowctl.model.selection import Choice
from flowctl.settings.workspace import Workspace

if TYPE_CHECKING:
    from flowctl.model.health import Thresholds
    from flowctl.model.run_report import PipelinesStatus


def choice_beside(
    context: click.Context,
    given: Mapping[str, Any],
    names: tuple[str, ...],
    manifests: Manifests,
    workspace: Workspace,
    environment: str,
) -> Choice | None:
    """What `--select` and `--exclude` choose, which cannot stand beside names; None without them."""
    if names and selection_of(given):
        raise click.UsageError("PIPELINE cannot be combined with `--select` or `--exclude`", context)
    return choice_of(context, given, manifests, workspace, environment)


def status_of(
    context: click.Context,
    options: Options,
    given: Mapping[str, Any],
    names: tuple[str, ...],
    default: "Thresholds | None" = None,
    *,
    accepts_errors: bool = True,
) -> "PipelinesStatus":
    """The status of the named, the chosen or all pipelines; `default` is for those whose manifest has no limits.

    Raises ManifestError for manifests with errors, unless it `accepts_errors`.
    """
    from flowctl.operations.pipelines import require_sound
    from flowctl.operations.runs.declared_health import declared_limits, declared_pipelines
    from flowctl.operations.runs.recorded_flows import pipelines_of
    from flowctl.operations.runs.status import pipelines_status

    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    if not accepts_errors:
        require_sound(manifests)
    choice = choice_beside(context, given, names, manifests, workspace, environment)
    with session_of(options, given, workspace, environment) as session:
        return pipelines_status(
            session,
            sorted(pipelines_of(choice)) if choice is not None else names or None,
            declared=declared_pipelines(manifests),
            limits=declared_limits(manifests, default),
            default=default,
        )
