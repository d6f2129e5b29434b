"""`flowctl show`."""

from typing import Any

import click

from flowctl.cli.completing import recorded
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, ledger_of, session_of, workspace_of
from flowctl.model.address import Address
from flowctl.operations.show import recorded_object, recorded_objects


@click.command("show")
@click.argument("address", required=False, shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, address: str | None, **given: Any) -> ExitCode:
    """Show what the lockfile records; with ADDRESS, what is recorded beside what is live."""
    options = begin(context, given)
    if address is None:
        return finish(options, recorded_objects(*ledger_of(options)))
    with session_of(options, given, *workspace_of(options)) as session:
        shown = recorded_object(session, Address(address))
    return finish(options, shown)
