"""`flowctl version`."""

from typing import Any

import click

from flowctl import __specs_date__, __version__
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Command
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish
from flowctl.model.report import Version


@click.command("version", cls=Command, examples=["flowctl version", "flowctl version --format json"])
@global_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> ExitCode:
    """Print the version."""
    return finish(begin(context, given), Version(version=__version__, specs_date=__specs_date__))
