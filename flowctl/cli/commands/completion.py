"""`flowctl completion SHELL`."""

import click

from flowctl.cli.completing import script
from flowctl.cli.help import Command
from flowctl.cli.option_types import OneOf
from flowctl.cli.options import global_options
from flowctl.views.lines import write_text


@click.command(
    "completion",
    cls=Command,
    examples=['eval "$(flowctl completion bash)"', "flowctl completion fish > ~/.config/fish/completions/flowctl.fish"],
)
@click.argument("shell", metavar="SHELL", type=OneOf(("bash", "zsh", "fish")))
@global_options
@click.pass_context
def command(context: click.Context, /, shell: str, **_given: object) -> None:
    """Print the completion script for SHELL: bash, zsh or fish."""
    write_text(script(context.find_root().command, shell) + "\n")
