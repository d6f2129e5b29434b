"""`flowctl show`."""

from typing import Any

import click

from flowctl.cli.completing import recorded
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, ledger_of, session_of, workspace_of, write_result
from flowctl.model.address import Address
from flowctl.operations.show import entries_document, entry_document
from flowctl.views.show_text import entries_lines, entry_lines


@click.command("show")
@click.argument("address", required=False, shell_complete=recorded)
@network_options
@global_options
@click.pass_context
def command(context: click.Context, /, address: str | None, **given: Any) -> None:
    """Show what the lockfile records; with ADDRESS, what is recorded beside what is live."""
    options = begin(context, given)
    if address is None:
        document = entries_document(*ledger_of(options))
        write_result(options, f"flowctl show: {document['environment']}", entries_lines(document), document)
    else:
        with session_of(options, given, *workspace_of(options)) as session:
            document = entry_document(session, Address(address))
        write_result(options, f"flowctl show {address}", entry_lines(document), document)
