"""`flowctl show`."""

from typing import Any

import click

from flowctl.cli.commands.plan import write_plan
from flowctl.cli.completing import recorded
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, ledger_of, session_of, workspace_of, write_result
from flowctl.model.address import Address
from flowctl.operations.saved_plan import is_plan_file, shown_plan
from flowctl.operations.show import entries_document, entry_document
from flowctl.views.show_text import entries_lines, entry_lines


@click.command("show")
@click.argument("what", metavar="[ADDRESS|FILE]", required=False, shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, what: str | None, **given: Any) -> None:
    """Show what the lockfile records, ADDRESS beside its live object, or the plan that is saved in FILE."""
    options = begin(context, given)
    if what is None:
        document = entries_document(*ledger_of(options))
        write_result(options, f"flowctl show: {document['environment']}", entries_lines(document), document)
    elif is_plan_file(what):
        write_plan(options, shown_plan(what))
    else:
        with session_of(options, given, *workspace_of(options)) as session:
            document = entry_document(session, Address(what))
        write_result(options, f"flowctl show {what}", entry_lines(document), document)
