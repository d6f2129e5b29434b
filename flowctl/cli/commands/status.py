"""`flowctl status`."""

from typing import Any

import click

from flowctl.cli.completing import recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, network_options, selection_options
from flowctl.cli.pipelines import choice_beside
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of


@click.command("status", cls=Command, examples=["flowctl -e dev status", "flowctl -e dev status --format json"])
@click.argument("pipelines", nargs=-1, metavar="[PIPELINE]...", shell_complete=recorded_or_documents)
@selection_options
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, pipelines: tuple[str, ...], **given: Any) -> ExitCode:
    """Show the state, the last run and the health of each pipeline.

    A pipeline is overdue if its schedule expects a run that has not started.
    """
    from flowctl.operations.runs.declared_health import declared_limits, declared_pipelines
    from flowctl.operations.runs.recorded_flows import pipelines_of
    from flowctl.operations.runs.status import pipelines_status

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    choice = choice_beside(context, given, pipelines, manifests, workspace, environment)
    names = sorted(pipelines_of(choice)) if choice is not None else pipelines or None
    with session_of(options, given, workspace, environment) as session:
        found = pipelines_status(
            session, names, declared=declared_pipelines(manifests), limits=declared_limits(manifests)
        )
    return finish(options, found)
