"""`flowctl explain`."""

from typing import Any

import click

from flowctl.cli.completing import explainable_names
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish


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
    return finish(options, explainable() if name is None else explained(name))
