"""`flowctl destroy`."""

from typing import Any

import click

from flowctl.cli.applying import apply_and_report
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import deletion_options, global_options, locking_options, network_options
from flowctl.cli.run import begin, locked_session_of, workspace_of
from flowctl.operations.plan import make_destroy_plan


@click.command("destroy")
@locking_options
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@deletion_options
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, **given: Any) -> ExitCode:
    """Delete everything that the lockfile records; datasets that hold data stay."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with locked_session_of(options, given, workspace, environment, command="flowctl destroy") as session:
        return apply_and_report(
            options, session, make_destroy_plan(session, max_delete=given["max_delete"]), approved=auto_approve
        )
