"""`flowctl version`."""

from typing import Any

import click

from flowctl import __version__
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, write_result
from flowctl.views.lines import Line


@click.command("version")
@global_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Print the version."""
    document = {"formatVersion": "1", "version": __version__}
    write_result(begin(context, given), "flowctl version", [Line(f"flowctl {__version__}")], document)
