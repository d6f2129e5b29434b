"""`flowctl destroy`."""

from typing import Any

import click

from flowctl.cli.applying import apply_and_report
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, workspace_of
from flowctl.operations.plan import make_destroy_plan
from flowctl.operations.session import open_session
from flowctl.state.runlock import run_lock


@click.command("destroy")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, **given: Any) -> int:
    """Delete everything that the lockfile records; datasets that hold data stay."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    with (
        run_lock(workspace.root, environment, "flowctl destroy"),
        open_session(workspace, environment, options.environ, options.parallelism) as session,
    ):
        return apply_and_report(options, session, make_destroy_plan(session), approved=auto_approve)
