"""`flowctl connectors`."""

from typing import Any

import click

from flowctl.cli.completing import connectors
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, specs_of_workspace


@click.command(
    "connectors",
    cls=Command,
    examples=["flowctl connectors", "flowctl connectors --search sql", "flowctl connectors hubspot"],
)
@click.argument("name", required=False, shell_complete=connectors)
@click.option("--search", metavar="WORD", help="List only connectors with WORD in their name or title or category.")
@global_options
@click.pass_context
def command(context: click.Context, /, name: str | None, search: str | None, **given: Any) -> ExitCode:
    """List the sources that flowctl knows, or show the parameters of NAME and manifests to copy.

    Needs no network and no workspace. Connectors in the `specs` folder of a workspace are listed too.
    """
    from flowctl.operations.connectors import listed_connectors, shown_connector

    options = begin(context, given)
    specs_of_workspace(options)
    if name is None:
        return finish(options, listed_connectors(search or ""))
    if search is not None:
        raise click.UsageError("`--search` cannot be combined with NAME", context)
    return finish(options, shown_connector(name))
