"""`flowctl explore`."""

from typing import Any, Final

import click

from flowctl.cli.completing import connections
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.option_types import Number
from flowctl.cli.options import global_options, network_options, show_values_option
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of

_MOST_ROWS: Final = 100


@click.command(
    "explore",
    cls=Command,
    examples=["flowctl explore hubspot", "flowctl explore hubspot customers --rows 5", "flowctl explore bucket /in/"],
)
@click.argument("connection", shell_complete=connections)
@click.argument("path", metavar="[PLACE]", required=False)
@click.option(
    "--rows",
    metavar="N",
    type=Number(0, _MOST_ROWS),
    help=f"Show N rows (0 to {_MOST_ROWS}) with the form of their values. Default: 3.",
)
@show_values_option
@network_options
@global_options
@click.pass_context
def command(
    context: click.Context, /, connection: str, path: str | None, rows: int | None, show_values: bool, **given: Any
) -> ExitCode:
    """Show what a source holds: its tables or folders, or the columns and first rows of PLACE.

    CONNECTION is the name of a Connection document that is applied, or the ID of a base connection. A PLACE that ends
    in a slash is a folder; any other is a table or a file.
    """
    from flowctl.operations.explore import account_of, listed_source, shown_table

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    with session_of(options, given, workspace, environment) as session:
        account = account_of(session, manifests, connection)
        if path is None or path.endswith("/"):
            return finish(options, listed_source(session, account, path or ""))
        most = 3 if rows is None else int(rows)
        return finish(options, shown_table(session, account, path, most_rows=most, shows_values=show_values))
