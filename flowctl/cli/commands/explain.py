"""`flowctl explain`."""

from typing import Any

import click

from flowctl.cli.completing import explainable_names
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, specs_of_workspace
from flowctl.model.errors import FlowctlError


@click.command(
    "explain",
    cls=Command,
    examples=["flowctl explain unknown-key", "flowctl explain mapping_set", "flowctl explain Pipeline"],
)
@click.argument("name", required=False, metavar="[CODE_OR_KIND]", shell_complete=explainable_names)
@global_options
@click.pass_context
def command(context: click.Context, /, name: str | None, **given: Any) -> ExitCode:
    """Explain a diagnostic code, the kind of an address or a kind of document.

    Without a name, lists all of them. Needs no workspace and no network.
    """
    from flowctl.operations.explaining import explainable, explained

    options = begin(context, given)
    if name is None:
        return finish(options, explainable())
    try:
        return finish(options, explained(name))
    except FlowctlError:
        # It may be a connector of the workspace, whose folder only then has to be in order.
        specs_of_workspace(options)
        return finish(options, explained(name))
