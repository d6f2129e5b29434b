"""`flowctl completion SHELL`."""

import click
from click.shell_completion import get_completion_class

from flowctl.cli.options import global_options


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
@global_options
@click.pass_context
def command(context: click.Context, /, shell: str, **_given: object) -> None:
    """Print a completion script: `eval "$(flowctl completion bash)"`."""
    completion = get_completion_class(shell)
    if completion is None:
        raise click.UsageError(f"no completion for {shell}")
    root = context.find_root().command
    click.echo(completion(root, {}, "flowctl", "_FLOWCTL_COMPLETE").source())
