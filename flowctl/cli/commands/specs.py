"""`flowctl specs`: what Experience Platform itself says of schemas, kept for checks without a network."""

from typing import Any

import click

from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Group
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of


@click.group("specs", cls=Group, examples=["flowctl -e dev specs pull"])
def command() -> None:
    """Keep schemas of Experience Platform for checks."""


@command.command("pull", short_help="Read schemas for offline checks.", examples=["flowctl -e dev specs pull"])
@network_options
@global_options
@click.pass_context
def pull_schemas(context: click.Context, /, **given: Any) -> ExitCode:
    """Read the schemas and field groups that manifests refer to by ID or title.

    `validate`, `plan`, `preview` and `test` then check mappings to them without a network.
    """
    from flowctl.operations.specs_pull import pull

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    with session_of(options, given, workspace, environment) as session:
        pulled = pull(session, manifests)
    return finish(options, pulled)
