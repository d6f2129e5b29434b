"""`flowctl show`."""

from typing import Any

import click

from flowctl.cli.completing import recorded
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import Options, global_options, network_options
from flowctl.cli.run import begin, finish, ledger_of, session_of, workspace_of
from flowctl.model.address import Address
from flowctl.model.errors import FlowctlError
from flowctl.operations.saved_plan import is_plan_file, shown_plan
from flowctl.operations.show import recorded_object, recorded_objects
from flowctl.views.formats import Format


@click.command(
    "show", cls=Command, examples=["flowctl show", "flowctl show shop-customers.flow", "flowctl show plan.json"]
)
@click.argument("what", metavar="[ADDRESS|FILE]", required=False, shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, what: str | None, **given: Any) -> ExitCode:
    """List the lockfile entries, compare ADDRESS with its live object, or print the plan saved in FILE."""
    options = begin(context, given)
    if what is not None and is_plan_file(what):
        plan = shown_plan(what, lambda: _addresses(options))
        return finish(options, plan, diagnostics=plan.diagnostics)
    if options.format.shows_plans_only:
        from flowctl.validation.wording import code, one_of

        known = one_of([code(form) for form in Format if form.is_of("show") and not form.shows_plans_only])
        raise click.UsageError(
            f"`show` has no format `{options.format}` without a plan file; expected {known}", context
        )
    if what is None:
        return finish(options, recorded_objects(*ledger_of(options)))
    with session_of(options, given, *workspace_of(options)) as session:
        shown = recorded_object(session, Address(what))
    return finish(options, shown)


def _addresses(options: Options) -> tuple[str, ...]:
    """The addresses in the lockfile; none if there is no workspace or the lockfile cannot be read."""
    try:
        return tuple(ledger_of(options)[0].lockfile.entries)
    except FlowctlError:
        return ()
