"""`flowctl version`."""

import click

from flowctl import __version__
from flowctl.cli.options import global_options


@click.command("version")
@global_options
def command(**_given: object) -> None:
    """Print the version."""
    click.echo(f"flowctl {__version__}")
