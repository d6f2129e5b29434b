"""`flowctl completion SHELL`."""

import click

from flowctl.cli.completing import script
from flowctl.cli.options import global_options
from flowctl.views.lines import write_text


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@global_options
@click.pass_context
def command(context: click.Context, /, shell: str, **_given: object) -> None:
    """Print a completion script: `eval "$(flowctl completion bash)"`."""
    write_text(script(context.find_root().command, shell) + "\n")
