"""`flowctl show`."""

from typing import Any

import click

from flowctl.cli.completing import recorded
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, ledger_of, session_of, workspace_of
from flowctl.model.address import Address
from flowctl.operations.saved_plan import is_plan_file, shown_plan
from flowctl.operations.show import recorded_object, recorded_objects


@click.command("show")
@click.argument("what", metavar="[ADDRESS|FILE]", required=False, shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, what: str | None, **given: Any) -> ExitCode:
    """Show what the lockfile records, ADDRESS beside its live object, or the plan that is saved in FILE."""
    options = begin(context, given)
    if what is None:
        return finish(options, recorded_objects(*ledger_of(options)))
    if is_plan_file(what):
        plan = shown_plan(what)
        return finish(options, plan, diagnostics=plan.diagnostics)
    with session_of(options, given, *workspace_of(options)) as session:
        shown = recorded_object(session, Address(what))
    return finish(options, shown)
