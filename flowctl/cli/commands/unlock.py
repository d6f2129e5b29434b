"""`flowctl unlock`."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, workspace_of
from flowctl.model.report import HeldLock, LockRemoval
from flowctl.operations.record import store_of


@click.command("unlock")
@click.option("--auto-approve", is_flag=True, help="Do not ask.")
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, **given: Any) -> ExitCode:
    """Take the run lock away from a process that hangs, on this host or another. A dead one holds no lock."""
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    store = store_of(workspace, environment)
    owner = store.lock_holder()
    if owner is None:
        return finish(options, LockRemoval(environment=environment, owner=None))
    finish(options, HeldLock(environment=environment, owner=owner))
    ask("Take the lock away? If that run is alive, two runs may change the same objects.", approved=auto_approve)
    store.break_lock()
    return finish(options, LockRemoval(environment=environment, owner=owner))
