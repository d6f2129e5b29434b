"""`flowctl init`."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from flowctl.cli.asking import answered
from flowctl.cli.completing import connectors, folders
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.option_types import OneOf
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish
from flowctl.model.errors import FlowctlError
from flowctl.operations.starting.hosts import HOSTS

_FIRST: Final = "hubspot"


@click.command(
    "init",
    cls=Command,
    examples=["flowctl init", "flowctl init dataflows --connector amazon-s3 --ci github"],
)
@click.argument("folder", metavar="[DIR]", required=False, shell_complete=folders)
@click.option(
    "--connector",
    metavar="NAME",
    shell_complete=connectors,
    help=f"Read from this source. Default: {_FIRST}. flowctl connectors lists all.",
)
@click.option("--ci", "host", type=OneOf(HOSTS), help="Write the file that plans and applies there.")
@global_options
@click.pass_context
def command(
    context: click.Context, /, folder: str | None, connector: str | None, host: str | None, **given: Any
) -> ExitCode:
    """Write a workspace with one pipeline into DIR, or into the current folder.

    It validates, and applies on the emulator, as it is. Replaces no file.
    """
    from flowctl.operations.starting import start_workspace

    if folder == "":
        raise click.UsageError("DIR is empty", context)
    options = begin(context, given)
    chosen = connector if connector is not None else _chosen()
    today = datetime.fromtimestamp(time.time(), UTC).date()
    place = options.directory / folder if folder else options.directory
    return finish(options, start_workspace(Path(place), chosen, host=host or "", today=today))


def _chosen() -> str:
    """The connector that a person names, who is asked again after a wrong name; without an answer, the default."""
    from flowctl.operations.connectors import known_connector

    question = f"Which source? A name of `flowctl connectors` [{_FIRST}]:"
    while name := answered(question):
        try:
            return known_connector(name).name
        except FlowctlError as error:
            told = error.diagnostics[0]
            question = f"{told.summary[0].upper()}{told.summary[1:]}. {told.hint} Which source? [{_FIRST}]:"
    return _FIRST
