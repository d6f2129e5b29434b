"""`flowctl env`: the environments of the workspace."""

from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Group
from flowctl.cli.options import global_options
from flowctl.cli.run import begin, finish, workspace_of


@click.group("env", cls=Group, examples=["flowctl env list"])
def command() -> None:
    """Inspect the environments of the workspace."""


@command.command("list", short_help="List the environments.", examples=["flowctl env list"])
@global_options
@click.pass_context
def list_environments(context: click.Context, /, **given: Any) -> ExitCode:
    """List the environments with their sandboxes, their lockfiles, and the settings that they lack.

    Does not use the network, and prints no credentials.
    """
    from flowctl.operations.environments import listed_environments

    options = begin(context, given)
    workspace, _ = workspace_of(options)
    return finish(options, listed_environments(workspace, options.environ))
