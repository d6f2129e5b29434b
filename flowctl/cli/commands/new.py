"""`flowctl new`: write manifests from what is there."""

import time
from datetime import UTC, datetime
from typing import Any

import click

from flowctl.cli.completing import connections
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Group
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of


@click.group("new", cls=Group, examples=["flowctl new pipeline --connection shop-database --table orders"])
def command() -> None:
    """Write manifests from what a source holds."""


@command.command(
    "pipeline",
    short_help="Write a pipeline from a table or file.",
    examples=[
        "flowctl new pipeline --connection shop-database --table public.customers",
        "flowctl new pipeline --connection bucket --path /in/people.csv",
    ],
)
@click.option(
    "--connection",
    required=True,
    metavar="NAME",
    shell_complete=connections,
    help="Read from this Connection document.",
)
@click.option("--table", metavar="NAME", help="Read this table.")
@click.option("--path", metavar="FILE", help="Read this file.")
@click.option("--schema", metavar="NAME", help="Map to this Schema document. Default: the only one.")
@click.option("--name", metavar="NAME", help="Call the pipeline so. Default: of connection and table.")
@network_options
@global_options
@click.pass_context
def pipeline(
    context: click.Context,
    /,
    connection: str,
    table: str | None,
    path: str | None,
    schema: str | None,
    name: str | None,
    **given: Any,
) -> ExitCode:
    """Write a pipeline that reads a table or file, with mappings by name and type.

    Mappings that are sure are written, likely ones are comments, and other columns are listed. Replaces no file.
    """
    from flowctl.operations.new_pipeline import Wanted, new_pipeline

    if (table is None) == (path is None):
        raise click.UsageError("use either `--table` or `--path`", context)
    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    wanted = Wanted(connection=connection, table=table or "", path=path or "", schema=schema or "", name=name or "")
    today = datetime.fromtimestamp(time.time(), UTC).date()
    with session_of(options, given, workspace, environment) as session:
        return finish(options, new_pipeline(session, manifests, wanted, today))
