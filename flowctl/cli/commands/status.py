"""`flowctl status`."""

from typing import Any

import click

from flowctl.cli.completing import recorded_or_documents
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options, network_options, selection_options
from flowctl.cli.pipelines import status_of
from flowctl.cli.run import begin, finish


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
    options = begin(context, given)
    return finish(options, status_of(context, options, given, pipelines))
