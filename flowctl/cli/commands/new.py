"""`flowctl new`: write manifests from what is there."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from flowctl.cli.completing import connections
from flowctl.cli.exit_codes import ExitCode
from flowctl.cli.help import Group
from flowctl.cli.options import global_options, network_options
from flowctl.cli.run import begin, finish, manifests_of, session_of, workspace_of


@click.group(
    "new",
    cls=Group,
    examples=[
        "flowctl new pipeline --connection shop-database --table orders",
        "flowctl new fieldgroup --from orders.csv",
    ],
)
def command() -> None:
    """Write manifests from a source or a sample file."""


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


@command.command(
    "fieldgroup",
    short_help="Write a field group from a sample file.",
    examples=[
        "flowctl new fieldgroup --from members.csv",
        "flowctl new fieldgroup --from orders.json --name order-details",
    ],
)
@click.option(
    "--from",
    "from_",
    required=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read this sample file or CSV template.",
)
@click.option(
    "--extends", metavar="CLASS", multiple=True, help="For schemas of this class. Default: XDM Individual Profile."
)
@click.option("--name", metavar="NAME", help="Call the field group so. Default: of the file.")
@global_options
@click.pass_context
def field_group(
    context: click.Context, /, from_: Path, extends: tuple[str, ...], name: str | None, **given: Any
) -> ExitCode:
    """Write a field group with the fields of a CSV, JSON, NDJSON or Parquet file, or of Adobe's CSV template.

    The first 10,000 rows are read. Names are made fit for Schema Registry, and what is a guess has a comment.
    Replaces no file.
    """
    from flowctl.operations.drafting.proposed_groups import WantedGroup
    from flowctl.operations.new_field_group import new_field_group

    options = begin(context, given)
    workspace, environment = workspace_of(options)
    manifests = manifests_of(options, workspace, environment)
    wanted = WantedGroup(file=from_, name=name or "", extends=extends)
    return finish(options, new_field_group(workspace, manifests, wanted))
