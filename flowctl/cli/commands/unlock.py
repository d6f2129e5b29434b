"""`flowctl unlock`."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, workspace_of
from flowctl.state.runlock import break_lock, lock_owner
from flowctl.views.lines import Line, write_lines


@click.command("unlock")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, **given: Any) -> None:
    """Take the run lock away from a process that hangs, on this host or another. A dead one holds no lock."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    owner = lock_owner(workspace.root, environment)
    if owner is None:
        write_lines([Line(f"Nothing holds environment {environment}.")], colour=options.colour)
        return
    write_lines([Line(f"Environment {environment} is held by {owner}.")], colour=options.colour)
    ask("Take the lock away? If that run is alive, two runs may change the same objects.", approved=auto_approve)
    break_lock(workspace.root, environment)
    write_lines([Line("The lock is removed.")], colour=options.colour)
