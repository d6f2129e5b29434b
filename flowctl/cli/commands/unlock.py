"""`flowctl unlock`."""

from typing import Any

import click

from flowctl.cli.asking import ask
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import approval_option, global_options
from flowctl.cli.run import begin, finish, workspace_of
from flowctl.model.report import HeldLock, LockRemoval
from flowctl.operations.record import store_of
from flowctl.settings.declaration import declared


@click.command("unlock", cls=Command, examples=["flowctl -e dev unlock"])
@approval_option
@global_options
@click.pass_context
def command(context: click.Context, /, auto_approve: bool, **given: Any) -> ExitCode:
    """Release the run lock of a hung process, on this host or another.

    The lock of a process that has ended is released automatically.
    """
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    store = store_of(workspace, environment)
    owner = store.lock_holder()
    if owner is None:
        declared(workspace.environments, environment)
        return finish(options, LockRemoval(environment=environment, owner=None))
    finish(options, HeldLock(environment=environment, owner=owner))
    ask(
        "Release the lock? If that process still runs, two runs may change the same objects.",
        approved=auto_approve,
        otherwise="End that process, which releases the lock. If you cannot, run `flowctl unlock` in a terminal.",
    )
    store.break_lock()
    return finish(options, LockRemoval(environment=environment, owner=owner))
